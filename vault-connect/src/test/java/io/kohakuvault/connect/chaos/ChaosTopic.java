package io.kohakuvault.connect.chaos;

import io.kohakuvault.Vault;
import io.kohakuvault.offset.Claim;
import io.kohakuvault.testkit.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A topic of the load, the connector of the same name that writes it, and what that connector's files are to hold.
 * Thread-safe: who makes the topic anew holds its monitor meanwhile.
 */
final class ChaosTopic implements AutoCloseable {
    private final KafkaBroker broker;
    private final String name;
    private final String path;
    private final boolean compacted;

    private int partitions;
    private long next;
    private KafkaProducer<String, String> producer;

    /** What topics of this name held that are gone. */
    private final List<Map<Integer, SampleLog>> earlier = new ArrayList<>();

    /** Where partitions were sent back to by moving their offsets: each from there on anew. */
    private final Map<Integer, List<SentBack>> sentBack = new HashMap<>();

    /** What was sent, by partition, where the topic does not keep it. */
    private final Map<Integer, SampleLog> sent = new HashMap<>();

    /** At {@code at} the partition was sent to {@code to}. */
    private record SentBack(long at, long to) {}

    private record Sent(Sample sample, Future<RecordMetadata> answer) {}

    /**
     * @param path of the files, with {@code ${partition}} where there is one for each
     */
    ChaosTopic(KafkaBroker broker, String name, String path, int partitions, boolean compacted) {
        this.broker = broker;
        this.name = name;
        this.path = path;
        this.partitions = partitions;
        this.compacted = compacted;
        this.producer = broker.producer();
        broker.createTopic(name, partitions, compacted ? compaction() : Map.of());
    }

    private static Map<String, String> compaction() {
        return Map.of("cleanup.policy", "compact", "segment.ms", "500", "min.cleanable.dirty.ratio", "0.01");
    }

    String name() {
        return name;
    }

    boolean isCompacted() {
        return compacted;
    }

    /** The setting database.path. */
    String path() {
        return path;
    }

    Path file(int partition) {
        return Path.of(path.replace("${partition}", Integer.toString(partition)));
    }

    synchronized int partitions() {
        return partitions;
    }

    /** The number that the next record gets: all have less. */
    synchronized long next() {
        return next;
    }

    /** The next record, to be sent by whoever asks. */
    synchronized ProducerRecord<String, String> record(Sample.Kind kind) {
        Sample sample = new Sample(kind, next++);
        return record((int) (sample.number() % partitions), sample);
    }

    private ProducerRecord<String, String> record(int partition, Sample sample) {
        return new ProducerRecord<>(name, partition, sample.key(), sample.json());
    }

    /** Sends records and waits until the broker has them. */
    synchronized void send(int count, Supplier<Sample.Kind> kinds) {
        List<Sent> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Sample sample = new Sample(kinds.get(), next++);
            answers.add(new Sent(sample, producer.send(record((int) (sample.number() % partitions), sample))));
        }
        producer.flush();
        answers.forEach(this::taken);
    }

    /** Sends a record to each partition; answers which they are. */
    synchronized Map<Integer, Probe> sendToEach(Sample.Kind kind) {
        Map<Integer, Probe> probes = new HashMap<>();
        for (int p = 0; p < partitions; p++) {
            Sample sample = new Sample(kind, next++);
            probes.put(p, new Probe(taken(new Sent(sample, producer.send(record(p, sample)))), sample.number()));
        }
        return probes;
    }

    /** A record that was sent. */
    record Probe(long offset, long number) {}

    private long taken(Sent record) {
        try {
            RecordMetadata at = record.answer().get();
            if (compacted) {
                sent.computeIfAbsent(at.partition(), p -> new SampleLog())
                        .add(at.offset(), at.timestamp(), record.sample());
            }
            return at.offset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker has not taken a record of " + name, e);
        }
    }

    /** The offset that a partition's file goes on from; -1 while it holds nothing of it. */
    long written(int partition) {
        Path file = file(partition);
        if (!Files.exists(file)) {
            return -1;
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            for (Claim claim : vault.offsets().claims(name)) {
                if (claim.partition() == partition) {
                    return claim.nextOffset();
                }
            }
            return -1;
        }
    }

    /** Whether a partition's file holds a good record, and with it all that stands before it in the topic. */
    boolean holds(int partition, Probe good) {
        if (written(partition) <= good.offset()) {
            return false;
        }
        if (!isMadeAnew()) {
            return true;
        }
        // The offset may be that of the topic before; the numbers rise through all of them.
        try (Vault vault = Vault.openReadOnly(file(partition))) {
            var table = vault.tables().get(FileVerifier.TABLE);
            return table.rows(table.length() - 1, table.length(), "n").get(0).getLong("n") >= good.number();
        }
    }

    private synchronized boolean isMadeAnew() {
        return !earlier.isEmpty();
    }

    /** A partition has one more run of records from {@code to} on, behind those below {@code at}. */
    synchronized void sendBack(int partition, long at, long to) {
        sentBack.computeIfAbsent(partition, p -> new ArrayList<>()).add(new SentBack(at, to));
    }

    synchronized void addPartition() {
        broker.addPartitions(name, partitions + 1);
        partitions++;
    }

    /**
     * Deletes the topic, whose records must all be in the file, and makes it anew; answers how many records it had.
     *
     * @param between what is done before there is a new one
     */
    synchronized int makeAnew(Runnable between) {
        Map<Integer, SampleLog> held = SampleLog.read(broker, name);
        earlier.add(held);
        producer.close();
        broker.deleteTopic(name);
        between.run();
        broker.createTopic(name, partitions);
        producer = broker.producer(); // one that has sent to the old topic counts on
        return held.values().stream().mapToInt(SampleLog::size).sum();
    }

    /** How many records of those that were sent the topic holds no more. */
    synchronized long compactedAway() {
        return count(sent) - count(SampleLog.read(broker, name));
    }

    private static long count(Map<Integer, SampleLog> logs) {
        return logs.values().stream().mapToLong(SampleLog::size).sum();
    }

    /**
     * What the file of a partition is to hold.
     *
     * @param now what the topic holds of it now
     */
    synchronized Expected expected(int partition, SampleLog now) {
        if (compacted) {
            return new Expected(sent.getOrDefault(partition, new SampleLog()), now);
        }
        List<SentBack> moves = sentBack.getOrDefault(partition, List.of());
        if (moves.isEmpty() && earlier.isEmpty()) {
            return new Expected(now, now);
        }
        SampleLog records = new SampleLog();
        for (Map<Integer, SampleLog> before : earlier) {
            records.addAll(before.getOrDefault(partition, new SampleLog()), 0, Long.MAX_VALUE);
        }
        long from = 0;
        for (SentBack move : moves) {
            records.addAll(now, from, move.at());
            from = move.to();
        }
        records.addAll(now, from, Long.MAX_VALUE);
        return new Expected(records, records);
    }

    /**
     * What the file of a partition is to hold.
     *
     * @param records in their order
     * @param required those that must be there: compaction may have removed others before the sink came to them
     */
    record Expected(SampleLog records, SampleLog required) {}

    @Override
    public void close() {
        producer.close();
    }
}
