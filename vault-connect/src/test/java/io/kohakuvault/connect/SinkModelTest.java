package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.text.TextDocument;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Seeded random histories of one partition: batches of one record and of thousands, locks of others, restarts, workers
 * that wake up late, columns that are added. Each record is in the file once, in order.
 */
class SinkModelTest {
    private static final int STEPS = 120;

    @TempDir
    Path folder;

    private static int retries;

    private FakeWorker worker;
    private Random random;
    private long sent;
    private final Map<Long, Object> poison = new LinkedHashMap<>();
    private final Map<String, Long> latest = new HashMap<>();
    private final List<Runnable> asleep = new ArrayList<>();

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("vault.sink.seeds", 8));
    }

    @AfterAll
    static void troubleWasMet() {
        assertThat(retries).as("batches that were offered again").isPositive();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eachRecordIsThereOnceAndInOrder(long seed) {
        random = new Random(seed);
        Path file = folder.resolve(seed + ".db");
        Map<String, String> settings = new HashMap<>();
        settings.put("name", "sink");
        settings.put("database.path", file.toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        settings.put("kv.table", "latest");
        settings.put("kv.key", "key");
        settings.put("kv.value", "n");
        settings.put("text.table", "words");
        settings.put("text.fields", "word");
        settings.put("retry.backoff.ms", "1");
        settings.put("retry.backoff.max.ms", "1");
        settings.put("commit.interval.ms", seed % 2 == 0 ? "0" : "20");
        settings.put("commit.records", seed % 3 == 0 ? "700" : "5000");
        if (seed % 4 == 1) { // nothing is read again, to see whether the topic is the same
            settings.put("consumer.override.auto.offset.reset", "latest");
        } else if (seed % 4 == 2) {
            settings.put("errors.deadletterqueue.topic.name", "dead");
        }
        worker = new FakeWorker(settings);
        worker.options = VaultSinkTask.newFiles().withBusyTimeout(Duration.ofMillis(5));
        worker.start();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> send(random.nextInt(random.nextInt(4) == 0 ? 3_000 : 30));
                case 3 -> worker.commit();
                case 4 -> withTheLockHeld(file, () -> poll());
                case 5 -> {
                    worker.end();
                    worker.start();
                }
                case 6 -> {
                    asleep.add(worker.abandon());
                    worker.start();
                }
                case 7 -> wakeOne();
                case 8 -> addColumn(file, "c" + step);
                default -> poll();
            }
        }
        send(1);
        while (!asleep.isEmpty()) {
            wakeOne();
        }
        for (int i = 0; worker.group < sent; i++) {
            assertThat(i).as("progress, group %d of %d", worker.group, sent).isLessThan(100);
            worker.drain();
        }
        worker.end();
        retries += worker.retries;
        verify(file);
    }

    private boolean poll() {
        return worker.poll(List.of(1, 7, 400, 600, 2_500).get(random.nextInt(5)));
    }

    private void send(int records) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < records; i++, sent++) {
            Map<String, Object> value = new HashMap<>();
            String key = "key" + random.nextInt(200);
            value.put("key", key);
            value.put("word", "word" + sent);
            boolean bad = random.nextInt(400) == 0;
            value.put("n", bad ? "poison" : sent);
            values.add(value);
            if (bad) {
                poison.put(sent, value);
            } else {
                latest.put(key, sent);
            }
        }
        worker.send(1_000_000, values.toArray());
    }

    private void withTheLockHeld(Path file, Runnable work) {
        try (Vault other = Vault.open(file, VaultOptions.defaults())) {
            other.transact(() -> {
                other.kv("other").put("x", new byte[0]);
                work.run();
            });
        }
    }

    private void wakeOne() {
        if (!asleep.isEmpty()) {
            asleep.remove(random.nextInt(asleep.size())).run();
        }
    }

    private void addColumn(Path file, String name) {
        try (Vault other = Vault.open(file)) {
            if (random.nextInt(3) == 0) {
                other.tables().find("events").ifPresent(t -> t.addColumn(SchemaColumn.of(name, DType.I64, true)));
            }
        }
    }

    private void verify(Path file) {
        List<Long> expected = new ArrayList<>();
        for (long n = 0; n < sent; n++) {
            if (!poison.containsKey(n)) {
                expected.add(n);
            }
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            Table table = vault.tables().get("events");
            List<Long> numbers = new ArrayList<>();
            List<Long> offsets = new ArrayList<>();
            for (Row row : table.scan("n", "_offset")) {
                numbers.add(row.getLong("n"));
                offsets.add(row.getLong("_offset"));
            }
            assertThat(numbers).isEqualTo(expected);
            assertThat(offsets).isEqualTo(expected);
            List<String> words = new ArrayList<>();
            for (TextDocument document : vault.text("words").scan()) {
                words.add(document.texts().get(0));
            }
            assertThat(words).isEqualTo(expected.stream().map(n -> "word" + n).toList());
            assertThat(vault.kv("latest").count()).isEqualTo(latest.size());
            latest.forEach((key, n) ->
                    assertThat(vault.kv("latest").findValue(key)).as(key).contains(n));
            assertThat(vault.offsets().claims("sink").get(0).nextOffset()).isEqualTo(sent);
        }
        Set<Long> reported = new LinkedHashSet<>();
        for (SinkRecord record : worker.context.reported) {
            reported.add(record.kafkaOffset());
        }
        assertThat(reported).isEqualTo(poison.keySet());
    }
}
