package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;

/**
 * Sends records from a thread of its own: quickly as long as there is some of the amount left that it was told to send,
 * and then a few now and then, so that there is something to see of each event. Some are in transactions, some of these
 * are aborted, some records are poison, and some delete a key.
 */
final class Load {
    private static final int BATCH = 1_000;
    private static final int TRICKLE = 40;
    private static final int SIDE = 2;
    private static final long PAUSE_NANOS = 100_000_000;

    private final KafkaBroker broker;
    private final ChaosTopic main;
    private final List<ChaosTopic> others;
    private final Random random;
    private final AtomicLong left = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final AtomicInteger aborted = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "load");

    private KafkaProducer<String, String> transactions;

    Load(KafkaBroker broker, ChaosTopic main, List<ChaosTopic> others, long seed) {
        this.broker = broker;
        this.main = main;
        this.others = others;
        this.random = new Random(seed);
        this.transactions = transactional(broker, "load");
    }

    /** A producer for transactions, ready to begin one. */
    static KafkaProducer<String, String> transactional(KafkaBroker broker, String id) {
        KafkaProducer<String, String> producer =
                broker.producer(Map.of("transactional.id", id, "transaction.timeout.ms", "30000"));
        producer.initTransactions();
        return producer;
    }

    void start() {
        thread.start();
    }

    /** Has so many more records sent. */
    void add(long records) {
        left.addAndGet(records);
    }

    /** Whether all is sent that was to be. */
    boolean isDone() {
        check();
        return left.get() <= 0;
    }

    void countAborted(int records) {
        aborted.addAndGet(records);
    }

    /** How many records were in transactions that were aborted. */
    int aborted() {
        return aborted.get();
    }

    private void check() {
        Exception e = failure.get();
        if (e != null) {
            throw new IllegalStateException("the load has failed", e);
        }
    }

    private void run() {
        try {
            while (!ended.get()) {
                boolean trickles = left.get() <= 0;
                int count = trickles ? TRICKLE : (int) Math.min(BATCH, left.get());
                int way = random.nextInt(10);
                if (way < 2) {
                    transaction(trickles ? TRICKLE : count, way == 0);
                } else {
                    main.send(count, this::kind);
                    left.addAndGet(-count);
                }
                for (ChaosTopic topic : others) {
                    topic.send(SIDE, () -> random.nextInt(100) == 0 ? Sample.Kind.TOMBSTONE : Sample.Kind.GOOD);
                }
                if (trickles) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (RuntimeException e) {
            failure.set(e);
        } finally {
            transactions.close(Duration.ofSeconds(10));
        }
    }

    private Sample.Kind kind() {
        int dice = random.nextInt(4_000);
        return dice < 40
                ? Sample.Kind.TOMBSTONE
                : dice < 44 ? Sample.Kind.UNREADABLE : dice < 48 ? Sample.Kind.UNFIT : Sample.Kind.GOOD;
    }

    /** A transaction that a killed broker has broken is left to its successor, which aborts it. */
    private void transaction(int count, boolean abort) {
        try {
            transactions.beginTransaction();
            for (int i = 0; i < count; i++) {
                var unused = transactions.send(main.record(kind()));
            }
            if (abort) {
                transactions.flush();
                transactions.abortTransaction();
                countAborted(count);
            } else {
                transactions.commitTransaction();
                left.addAndGet(-count);
            }
        } catch (KafkaException e) {
            transactions.close(Duration.ZERO);
            transactions = transactional(broker, "load");
        }
    }

    /** Ends it. */
    void stop() {
        ended.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it, and tells when it has failed. */
    void finish() {
        stop();
        check();
    }
}
