package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;

/** What happens to topics. */
final class TopicEvents {
    private static final int SOME = 200;
    private static final int BLOCK = 1_000;

    private TopicEvents() {}

    /** The consumer's position is behind the new topic's end. */
    static String makeShorter(Arena arena) {
        return makeAnew(arena, false);
    }

    /** The consumer's position is another record's. */
    static String makeLonger(Arena arena) {
        return makeAnew(arena, true);
    }

    private static String makeAnew(Arena arena, boolean longer) {
        ChaosTopic topic = arena.anew();
        synchronized (topic) { // the load waits
            topic.send(SOME, () -> Sample.Kind.GOOD);
            arena.awaitWritten(List.of(topic));
            Map<Path, Long> heard = arena.workers().heard();
            int before = topic.makeAnew(() -> {
                if (!arena.asksForIds()) {
                    awaitRevoked(arena, heard, topic.name() + "-0");
                }
            });
            int records = longer ? before + SOME : before / 2;
            for (int left = records; left > 0; left -= BLOCK) {
                topic.send(Math.min(left, BLOCK), () -> Sample.Kind.GOOD);
            }
            // Before the load may make it as long as the one before.
            arena.awaitWritten(List.of(topic));
            return before + " records, then " + records
                    + (arena.asksForIds() ? ", told by its id" : ", told by its last record");
        }
    }

    /**
     * The consumer sees that the topic is gone. Else it goes on in the new one, and the sink, which can only look at
     * records, learns it when it has written some: they are there once, but before those from the beginning on.
     */
    private static void awaitRevoked(Arena arena, Map<Path, Long> heard, String partition) {
        String revoked = "previously assigned partitions ";
        Await.until(
                "the consumer sees that " + partition + " is gone",
                () -> arena.workers().hasLogged(heard, revoked + partition, revoked + '[' + partition),
                arena.workers()::tails);
    }

    static String addPartition(Arena arena) {
        arena.main().addPartition();
        return arena.main().partitions() + " partitions";
    }

    /** What is compacted before the sink comes to it leaves gaps in the offsets. */
    static String compact(Arena arena) throws Exception {
        ChaosTopic topic = arena.compacted();
        ConnectWorker worker = arena.workers().any();
        worker.pause(topic.name());
        long gone = topic.compactedAway();
        for (int i = 0; i < 3; i++) {
            topic.send(BLOCK, () -> Sample.Kind.GOOD);
        }
        Await.until(
                "records that others have replaced are gone",
                () -> {
                    topic.send(1, () -> Sample.Kind.GOOD); // only what stands before the last segment is compacted
                    LockSupport.parkNanos(500_000_000);
                    return topic.compactedAway() > gone + BLOCK;
                },
                () -> topic.compactedAway() + " records are gone");
        worker.resume(topic.name());
        arena.awaitRunning(topic);
        return topic.compactedAway() - gone + " records gone";
    }

    /** What is aborted is not there, and what is behind it waits until that is decided. */
    static String abort(Arena arena) {
        try (KafkaProducer<String, String> producer = Load.transactional(arena.broker(), "event")) {
            producer.beginTransaction();
            for (int i = 0; i < SOME; i++) {
                var unused = producer.send(arena.main().record(Sample.Kind.GOOD));
            }
            producer.flush();
            int behind = arena.main().sendToEach(Sample.Kind.GOOD).size();
            producer.abortTransaction();
            arena.load().countAborted(SOME);
            producer.beginTransaction();
            for (int i = 0; i < SOME; i++) {
                var unused = producer.send(arena.main().record(Sample.Kind.GOOD));
            }
            producer.commitTransaction();
            producer.close(Duration.ofSeconds(10));
            return SOME + " records, and " + behind + " behind them that waited";
        }
    }

    /** One of each kind for each partition, one behind the other. */
    static String poison(Arena arena) {
        int sent = 0;
        for (Sample.Kind kind : List.of(Sample.Kind.UNREADABLE, Sample.Kind.UNFIT)) {
            sent += arena.main().sendToEach(kind).size();
        }
        arena.awaitWritten(List.of(arena.main()));
        return sent + " records";
    }
}
