package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that take turns by day, hour and size: each record is in one of them, once, and in order. */
class RotationTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Map<String, String> settings = new HashMap<>();
    private FakeWorker worker;
    private long sent;

    static LongStream seeds() {
        return LongStream.range(0, Math.max(1, Long.getLong("vault.sink.seeds", 8) / 2)); // they open many files
    }

    @BeforeEach
    void settings() {
        settings.put("name", "sink");
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        settings.put("text.table", "words");
        settings.put("text.fields", "word");
        settings.put("retry.backoff.ms", "1");
        settings.put("retry.backoff.max.ms", "1");
        settings.put("commit.interval.ms", "0");
        settings.put("check.pause.ms", "0");
        worker = new FakeWorker(settings);
        worker.options = VaultSinkTask.newFiles().withBusyTimeout(Duration.ofMillis(5));
        worker.upkeep = new Upkeep(clock, 0);
    }

    private void path(String name) {
        settings.put("database.path", folder.resolve(name).toString());
    }

    private void send(int records) {
        for (int i = 0; i < records; i++, sent++) {
            worker.send(1_000_000, Map.of("n", sent, "word", "word" + sent));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".db")).sorted().toList();
        }
    }

    private List<String> names() throws IOException {
        return files().stream().map(f -> f.getFileName().toString()).toList();
    }

    private List<Long> numbers(Path file) {
        return Written.numbers(file, "n");
    }

    private void verify() throws IOException {
        List<Long> numbers = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Path file : files()) {
            numbers.addAll(numbers(file));
            if (Files.size(file) > 0) {
                try (Vault vault = Vault.openReadOnly(file)) {
                    if (vault.contents().contains(Content.Kind.DOCUMENTS, "words")) {
                        vault.text("words")
                                .scan()
                                .forEach(d -> words.add(d.texts().get(0)));
                    }
                }
            }
        }
        assertThat(numbers).isEqualTo(LongStream.range(0, sent).boxed().toList());
        assertThat(words).isEqualTo(numbers.stream().map(n -> "word" + n).toList());
    }

    @Test
    void eachDayHasItsFile() throws Exception {
        path("events-${date}.db");
        worker.start();
        send(5);
        worker.drain();
        clock.goOn(Duration.ofHours(1));
        send(5);
        worker.drain();
        clock.goOn(Duration.ofHours(1));
        worker.drain();
        send(5);
        worker.drain();
        worker.end();
        assertThat(names()).containsExactly("events-2026-01-31.db", "events-2026-02-01.db");
        assertThat(numbers(files().get(0))).hasSize(10);
        assertThat(numbers(files().get(1))).hasSize(5);
        verify();
        assertThat(worker.group).isEqualTo(15);
    }

    @Test
    void aLargeFileIsFollowedByAnother() throws Exception {
        path("events-${sequence}.db");
        settings.put("rotate.bytes", "1048576");
        worker.start();
        for (int i = 0; i < 30; i++) {
            send(1_500);
            worker.drain();
        }
        worker.end();
        assertThat(names()).contains("events-000001.db", "events-000002.db", "events-000003.db");
        for (Path file : files()) {
            assertThat(Files.size(file)).isLessThan(2_000_000);
        }
        verify();
    }

    /** With a dead letter queue turns end when offsets are committed, however often was looked in between. */
    @Test
    void aTurnEndsWhenOffsetsAreCommitted() throws Exception {
        path("events-${date}.db");
        settings.put("errors.deadletterqueue.topic.name", "dead");
        worker.upkeep = new Upkeep(clock, Duration.ofHours(1).toNanos());
        worker.start();
        send(5);
        worker.drain();
        clock.goOn(Duration.ofHours(2));
        worker.drain();
        send(5);
        worker.drain();
        worker.end();
        assertThat(names()).containsExactly("events-2026-01-31.db", "events-2026-02-01.db");
        assertThat(numbers(files().get(1))).hasSize(5);
        verify();
    }

    /** Whatever a clock says: a partition never goes back to an older file. */
    @Test
    void aClockThatIsBehindDoesNotTurnBack() throws Exception {
        path("events-${date}_${hour}.db");
        worker.start();
        send(5);
        worker.drain();
        clock.goOn(Duration.ofHours(-5));
        worker.start();
        send(5);
        worker.drain();
        worker.end();
        assertThat(names()).containsExactly("events-2026-01-31_22.db");
        verify();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomHistoriesLoseAndDoubleNothing(long seed) throws Exception {
        Random random = new Random(seed);
        path(seed % 2 == 0 ? "events-${date}_${hour}_${sequence}.db" : "${date}-${sequence}.db");
        settings.put("rotate.bytes", "1048576");
        if (seed % 3 == 1) {
            settings.put("errors.deadletterqueue.topic.name", "dead");
        } else if (seed % 3 == 2) {
            settings.put("commit.interval.ms", "20");
        }
        List<Runnable> asleep = new ArrayList<>();
        worker.start();
        for (int step = 0; step < 100; step++) {
            switch (random.nextInt(10)) {
                case 0, 1 -> send(random.nextInt(random.nextInt(4) == 0 ? 1_500 : 30));
                case 2 -> clock.goOn(Duration.ofMinutes(random.nextInt(200) - 20));
                case 3 -> worker.commit();
                case 4 -> {
                    worker.end();
                    worker.start();
                }
                case 5 -> {
                    asleep.add(worker.abandon());
                    worker.start();
                }
                case 6 -> {
                    if (!asleep.isEmpty()) {
                        asleep.remove(random.nextInt(asleep.size())).run();
                    }
                }
                case 7 -> withALock(random);
                default -> worker.poll(List.of(1, 7, 400, 1_000).get(random.nextInt(4)));
            }
        }
        send(1);
        asleep.forEach(Runnable::run);
        for (int i = 0; worker.group < sent; i++) {
            assertThat(i).as("progress, group %d of %d", worker.group, sent).isLessThan(100);
            worker.drain();
        }
        worker.end();
        assertThat(files().size()).isGreaterThan(1);
        verify();
    }

    /** Somebody holds the lock of a file, perhaps of the next one, when its turn comes. */
    private void withALock(Random random) throws IOException {
        List<Path> files = files();
        Path last = files.isEmpty() ? null : files.get(files.size() - 1);
        if (last != null && Files.size(last) > 0) {
            try (Vault other = Vault.open(last)) {
                other.transact(() -> {
                    other.kv("other").put("x", new byte[0]);
                    clock.goOn(Duration.ofMinutes(random.nextInt(60)));
                    worker.poll(400);
                    worker.poll(400);
                });
            }
        }
    }

    /** The next file is locked between the steps of handing over, by a worker that is killed then. */
    @Test
    void handingOverIsFinishedByWhoeverComesNext() throws Exception {
        path("events-${date}.db");
        worker.start();
        send(5);
        worker.drain();
        clock.goOn(Duration.ofHours(2));
        Path next = folder.resolve("events-2026-02-01.db");
        try (Vault other = Vault.open(next)) {
            other.transact(() -> {
                other.kv("other").put("x", new byte[0]);
                worker.drain();
                send(5);
                worker.drain();
                worker.end();
            });
        }
        assertThat(numbers(next)).isEmpty();
        worker.start();
        worker.drain();
        worker.end();
        assertThat(numbers(next)).hasSize(5);
        verify();
    }

    @Test
    void aFileThatIsGoneIsNotPassedOver() throws Exception {
        path("events-${date}.db");
        worker.start();
        send(5);
        worker.drain();
        clock.goOn(Duration.ofHours(2));
        worker.drain();
        send(5);
        worker.drain();
        worker.end();
        Files.delete(folder.resolve("events-2026-02-01.db"));
        assertThatThrownBy(() -> worker.start())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("events-0 was handed over from")
                .hasMessageContaining("2026-02-01")
                .hasMessageContaining("behavior.on.missing.offsets");
        settings.put("behavior.on.missing.offsets", "restart");
        worker.start();
        worker.drain();
        worker.end();
        verify();
    }

    @Test
    void oldFilesAreDeletedWhenAllTheirPartitionsHaveGoneOn() throws Exception {
        path("events-${date}.db");
        settings.put("rotate.retention.ms", Long.toString(Duration.ofDays(2).toMillis()));
        worker.start();
        for (int day = 0; day < 5; day++) {
            send(5);
            worker.drain();
            for (Path file : files()) { // as old as its name says
                Files.setLastModifiedTime(
                        file,
                        FileTime.from(
                                Instant.parse(file.getFileName().toString().substring(7, 17) + "T12:00:00Z")));
            }
            clock.goOn(Duration.ofDays(1));
            worker.drain();
            worker.poll(1);
        }
        worker.end();
        assertThat(names()).containsExactly("events-2026-02-04.db", "events-2026-02-05.db");
        assertThat(numbers(folder.resolve("events-2026-02-04.db"))).hasSize(5);
        assertThat(worker.group).isEqualTo(25);
    }

    @Test
    void offsetsAreMovedInTheFileWhoseTurnItIs() throws Exception {
        path("events-${date}.db");
        worker.start();
        send(5);
        worker.drain();
        clock.goOn(Duration.ofHours(2));
        worker.drain();
        send(5);
        worker.drain();
        worker.end();
        new VaultSinkConnector().alterOffsets(settings, Map.of(FakeWorker.PARTITION, 8L));
        worker.group = 8;
        worker.start();
        worker.drain();
        worker.end();
        assertThat(numbers(folder.resolve("events-2026-02-01.db"))).containsExactly(5L, 6L, 7L, 8L, 9L, 8L, 9L);
    }

    @Test
    void rowsAtTheHeadAreRemovedWhenTheyAreOld() throws Exception {
        path("a.db");
        settings.put("table.retention.ms", "60000");
        settings.remove("text.table");
        settings.remove("text.fields");
        worker.start();
        long now = clock.millis();
        for (int i = 0; i < 10; i++, sent++) {
            worker.send(now - 100_000 + 10_000L * i - sent, Map.of("n", sent));
        }
        worker.drain();
        clock.goOn(Duration.ofMinutes(2));
        worker.send(clock.millis() - 10, Map.of("n", 10L));
        worker.drain();
        worker.end();
        assertThat(numbers(folder.resolve("a.db"))).containsExactly(10L);
        clock.goOn(Duration.ofDays(1));
        worker.start();
        worker.drain();
        worker.end();
        assertThat(numbers(folder.resolve("a.db"))).isEmpty();
        assertThat(worker.group).isEqualTo(11);
    }
}
