package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultBusyException;
import io.kohakuvault.offset.Claim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions that are handed over from file to file: several of them, idle ones, kills, lost and foreign files. */
class HandOverTest {
    private static final TopicPartition P0 = new TopicPartition("events", 0);
    private static final TopicPartition P1 = new TopicPartition("events", 1);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Map<String, String> settings = new HashMap<>();
    private final FakeContext context = new FakeContext();

    @BeforeEach
    void settings() {
        settings.put("name", "sink");
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        settings.put("retry.backoff.ms", "1");
        settings.put("retry.backoff.max.ms", "1");
        settings.put("commit.interval.ms", "0");
        settings.put("check.pause.ms", "0");
    }

    private void path(String name) {
        settings.put("database.path", folder.resolve(name).toString());
    }

    private VaultSinkTask task(TopicPartition... partitions) {
        VaultSinkTask task = new VaultSinkTask(VaultSinkTask.newFiles(), new Upkeep(clock, 0));
        task.initialize(context);
        task.start(settings);
        task.open(List.of(partitions));
        return task;
    }

    private static SinkRecord rec(TopicPartition p, long offset) {
        return new SinkRecord(
                p.topic(),
                p.partition(),
                null,
                "k",
                null,
                Map.of("n", offset),
                offset,
                1000L + offset,
                TimestampType.CREATE_TIME);
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".db"))
                    .sorted()
                    .toList();
        }
    }

    private List<Long> numbers(String name) {
        return Written.numbers(folder.resolve(name), "n");
    }

    /** A file of somebody else's that is older by its name, and written still, does not keep the sink's own. */
    @Test
    void aForeignFileThatIsWrittenKeepsNoOthers() throws Exception {
        path("events-${date}.db");
        settings.put("rotate.retention.ms", Long.toString(Duration.ofDays(2).toMillis()));
        VaultSinkTask first = task(P0);
        first.put(List.of(rec(P0, 0)));
        first.stop();
        FileTime ended = FileTime.from(clock.instant());
        clock.goOn(Duration.ofDays(5));
        Path foreign = folder.resolve("events-2025-06-01.db");
        try (Vault vault = Vault.open(foreign)) {
            vault.kv("others").put("x", new byte[] {1});
        }
        Files.setLastModifiedTime(foreign, FileTime.from(clock.instant()));
        context.rewinds.clear();
        VaultSinkTask next = task(P0); // which hands over
        Files.setLastModifiedTime(folder.resolve("events-2026-01-31.db"), ended);
        next.put(List.of(rec(P0, 0), rec(P0, 1)));
        next.stop();
        assertThat(names()).containsExactly("events-2025-06-01.db", "events-2026-02-05.db");
    }

    /** A task that stands still in the middle of handing over must not undo what its successor has done. */
    @Test
    void aTaskThatStoodStillDoesNotTurnBackTheNewFile() throws Exception {
        path("events-${date}.db");
        VaultSinkTask t = task(P0);
        for (long o = 0; o < 5; o++) {
            t.put(List.of(rec(P0, o)));
        }
        t.stop();
        clock.goOn(Duration.ofDays(1));
        SinkConfig config = new SinkConfig(settings);
        Rotation stale = new Rotation(config, VaultSinkTask.newFiles(), clock);
        String family = config.files().family("events", 0);
        Rotation.Holding held = stale.holding(
                        P0, new FamilyFiles(config.files(), config.databasePath()).existing(family), 0)
                .orElseThrow();
        context.rewinds.clear();
        VaultSinkTask successor = task(P0);
        successor.put(List.of(rec(P0, 4)));
        for (long o = 5; o < 10; o++) {
            successor.put(List.of(rec(P0, o)));
        }
        successor.stop();
        FileNames.Part part = config.files().at(clock.instant());
        assertThatThrownBy(() -> stale.handOver(P0, held, config.files().path(family, part), part))
                .isInstanceOf(ReadAgainException.class);
        context.rewinds.clear();
        VaultSinkTask again = task(P0);
        assertThat(context.rewinds).containsEntry(P0, 9L); // the last record, to be compared
        again.stop();
        assertThat(numbers("events-2026-02-01.db")).containsExactly(5L, 6L, 7L, 8L, 9L);
    }

    /** Files of others in the same folder are not the sink's to delete, whatever their names are. */
    @Test
    void foreignFilesAreNotDeleted() throws Exception {
        path("events-${date}.db");
        settings.put("rotate.retention.ms", Long.toString(Duration.ofDays(30).toMillis()));
        Path foreign = folder.resolve("events-2025-06-01.db");
        try (Vault v = Vault.open(foreign)) {
            v.kv("precious").put("x", new byte[] {1});
        }
        Files.setLastModifiedTime(foreign, FileTime.from(Instant.parse("2025-06-01T00:00:00Z")));
        VaultSinkTask t = task(P0);
        t.put(List.of(rec(P0, 0)));
        t.put(List.of());
        t.stop();
        assertThat(names()).contains("events-2025-06-01.db");
    }

    /** One partition was idle for longer than its topic keeps records: its mark is not there any more. */
    @Test
    void anIdlePartitionDoesNotStopTurns() throws Exception {
        path("events-${date}.db");
        VaultSinkTask t = task(P0, P1);
        t.put(List.of(rec(P0, 0), rec(P1, 0)));
        t.stop();
        context.rewinds.clear();
        t = task(P0, P1); // sent to the marks; that of P1 is gone
        t.put(List.of(rec(P0, 0)));
        for (int day = 1; day < 5; day++) {
            clock.goOn(Duration.ofDays(1));
            t.put(List.of());
            t.put(List.of());
            context.rewinds.clear();
            t.put(List.of(rec(P0, day)));
            t.preCommit(Map.of(P0, new OffsetAndMetadata(day + 1), P1, new OffsetAndMetadata(1)));
        }
        t.stop();
        assertThat(names().size()).isGreaterThan(1);
    }

    /** Offsets were moved, so that there is no mark, and nothing comes of the partition. */
    @Test
    void anIdlePartitionWithoutAMarkDoesNotStopTurns() throws Exception {
        path("events-${date}.db");
        VaultSinkTask t = task(P0, P1);
        t.put(List.of(rec(P0, 0), rec(P1, 0)));
        t.stop();
        new VaultSinkConnector().alterOffsets(settings, Map.of(P1, 1L));
        context.rewinds.clear();
        t = task(P0, P1);
        t.put(List.of(rec(P0, 0)));
        long o = 1;
        for (int day = 1; day < 6; day++) {
            clock.goOn(Duration.ofDays(1));
            t.put(List.of());
            t.put(List.of());
            Long back = context.rewinds.remove(P0);
            for (long i = back == null ? o : back; i < o; i++) t.put(List.of(rec(P0, i)));
            t.put(List.of(rec(P0, o++)));
            t.preCommit(Map.of(P0, new OffsetAndMetadata(o), P1, new OffsetAndMetadata(1)));
        }
        t.stop();
        assertThat(names()).hasSize(6);
    }

    /** A record that no converter understands is reported once, although a turn ends before it. */
    @Test
    void nothingIsConvertedTwiceWithADeadLetterQueue() throws Exception {
        path("events-${date}.db");
        settings.put("errors.deadletterqueue.topic.name", "dead");
        FakeWorker worker = new FakeWorker(settings);
        worker.upkeep = new Upkeep(clock, 0);
        Map<Object, Integer> converted = new TreeMap<>();
        worker.dropped = sent -> {
            long n = ((Number) ((Map<?, ?>) sent.value()).get("n")).longValue();
            converted.merge(n, 1, Integer::sum);
            return n == 7; // goes to the queue
        };
        worker.start();
        for (long i = 0; i < 5; i++) worker.send(1_000_000, Map.of("n", i));
        worker.drain();
        clock.goOn(Duration.ofDays(1));
        worker.commit(); // the turn ends
        for (long i = 5; i < 10; i++) worker.send(1_000_000, Map.of("n", i));
        worker.drain();
        worker.end();
        assertThat(converted.get(7L)).isEqualTo(1);
    }

    /** Files 1 to 56 were deleted: their names are not used again. */
    @Test
    void aNewPartitionGoesToTheNewestFile() throws Exception {
        path("events-${sequence}.db");
        settings.put("rotate.bytes", "1048576");
        try (Vault v = Vault.open(folder.resolve("events-000057.db"))) { // 1 to 56 are deleted
            Claim c = v.offsets().claim("sink", "events", 0);
            v.transact(() -> v.offsets().advance(c, 1000));
        }
        VaultSinkTask t = task(P0, P1);
        t.put(List.of(rec(P1, 0)));
        t.stop();
        assertThat(names()).containsExactly("events-000057.db");
    }

    /** Of one partition nothing ever comes. */
    @Test
    void anEmptyPartitionDoesNotKeepAFile() throws Exception {
        path("events-${date}.db");
        settings.put("rotate.retention.ms", Long.toString(Duration.ofDays(2).toMillis()));
        VaultSinkTask t = task(P0, P1); // nothing ever comes of P1
        long o = 0;
        for (int day = 0; day < 8; day++) {
            t.put(List.of());
            Long back = context.rewinds.remove(P0);
            for (long i = back == null ? o : back; i < o; i++) t.put(List.of(rec(P0, i)));
            t.put(List.of(rec(P0, o++)));
            for (String f : names()) {
                Files.setLastModifiedTime(
                        folder.resolve(f), FileTime.from(Instant.parse(f.substring(7, 17) + "T12:00:00Z")));
            }
            clock.goOn(Duration.ofDays(1));
            t.put(List.of());
            t.put(List.of());
        }
        t.stop();
        assertThat(names()).doesNotContain("events-2026-01-31.db");
    }

    @Test
    void filesAreDeletedWhenTheyAreOldAlsoWhileNoTurnEnds() throws Exception {
        path("events-${sequence}.db");
        settings.put("rotate.bytes", "1048576");
        settings.put("rotate.retention.ms", Long.toString(Duration.ofDays(2).toMillis()));
        for (int i = 1; i < 3; i++) {
            try (Vault v = Vault.open(folder.resolve("events-00000" + i + ".db"))) {
                Claim c = v.offsets().claim("sink", "events", 0);
                v.transact(() -> v.offsets().advance(c, 0));
                if (i == 1) v.kv("fill").put("x", new byte[2_000_000]);
            }
            Files.setLastModifiedTime(folder.resolve("events-00000" + i + ".db"), FileTime.from(clock.instant()));
        }
        VaultSinkTask t = task(P0);
        t.put(List.of(rec(P0, 0)));
        t.put(List.of());
        for (int day = 0; day < 60; day++) {
            clock.goOn(Duration.ofDays(1));
            t.put(List.of(rec(P0, day + 1)));
        }
        t.stop();
        assertThat(names()).containsExactly("events-000002.db");
    }

    /** Killed between the second step and the third; the new file is lost later. */
    @Test
    void aLostFileIsNoticedAlsoAfterAKillBehindTheSecondStep() throws Exception {
        path("events-${date}.db");
        VaultSinkTask t = task(P0);
        t.put(List.of(rec(P0, 0)));
        t.stop();
        clock.goOn(Duration.ofDays(1));
        try (Vault f1 = Vault.open(folder.resolve("events-2026-01-31.db"));
                Vault f2 = Vault.open(folder.resolve("events-2026-02-01.db"), VaultSinkTask.newFiles())) {
            Claim last = f1.compute(() -> {
                Claim c = f1.offsets().claim("sink", "events", 0);
                f1.offsets().advance(c, c.nextOffset(), c.note().orElse("") + " moving=2026-02-01__0");
                return c;
            });
            f2.transact(() -> {
                Claim c = f2.offsets().claim("sink", "events", 0);
                f2.offsets().advance(c, last.nextOffset(), last.note().orElse(""));
            });
        } // killed
        context.rewinds.clear();
        t = task(P0);
        t.put(List.of(rec(P0, 0)));
        for (long o = 1; o < 5; o++) t.put(List.of(rec(P0, o)));
        t.stop();
        Files.delete(folder.resolve("events-2026-02-01.db"));
        context.rewinds.clear();
        assertThatThrownBy(() -> task(P0)).hasMessageContaining("handed over");
    }

    @Test
    void aRenamedConnectorIsNoticedAlsoOvernight() throws Exception {
        path("events-${date}.db");
        VaultSinkTask t = task(P0);
        t.put(List.of(rec(P0, 0), rec(P0, 1)));
        t.stop();
        clock.goOn(Duration.ofDays(1));
        settings.put("name", "renamed");
        assertThatThrownBy(() -> {
                    VaultSinkTask n = task(P0);
                    n.put(List.of(rec(P0, 0), rec(P0, 1)));
                    n.stop();
                })
                .hasMessageContaining("has been delivered into");
    }

    /** As a task claims it: again while the file is locked. */
    private void claim(TopicPartition partition) {
        for (int tries = 1; ; tries++) {
            Rotation rotation = new Rotation(new SinkConfig(settings), VaultSinkTask.newFiles(), clock);
            try (VaultFile file =
                    new VaultFile(new SinkConfig(settings), rotation.turn(partition), VaultSinkTask.newFiles())) {
                PartitionProgress unused = file.claim(partition, Optional.empty(), 0);
                return;
            } catch (VaultBusyException | ReadAgainException e) {
                if (tries == 100) {
                    throw e;
                }
            }
        }
    }

    /** Tasks that share a shard's files begin the next one at once. */
    @Test
    void manyTasksBeginAFileAtOnce() throws Exception {
        path("events-${shard}-${date}.db");
        settings.put("database.shards", "2");
        Map<String, Integer> problems = new ConcurrentHashMap<>();
        int tasks = 6;
        for (int day = 0; day < 25; day++) {
            List<Thread> threads = new ArrayList<>();
            CountDownLatch go = new CountDownLatch(1);
            for (int i = 0; i < tasks; i++) {
                TopicPartition p = new TopicPartition("events", 2 * i);
                Thread th = new Thread(() -> {
                    try {
                        go.await();
                        claim(p);
                    } catch (Exception e) {
                        problems.merge(e.getClass().getSimpleName() + ": " + e.getMessage(), 1, Integer::sum);
                    }
                });
                th.start();
                threads.add(th);
            }
            go.countDown();
            for (Thread th : threads) th.join();
            clock.goOn(Duration.ofDays(1));
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void aDirectoryOrLinkOfThatNameIsNoFile() throws Exception {
        path("events-${date}.db");
        Files.createDirectory(folder.resolve("events-2026-01-30.db"));
        Files.writeString(
                folder.resolve("events-2026-01-29.db"),
                "a text that is no database, but has a name like one".repeat(20));
        VaultSinkTask t = task(P0);
        t.put(List.of(rec(P0, 0)));
        t.stop();
    }
}
