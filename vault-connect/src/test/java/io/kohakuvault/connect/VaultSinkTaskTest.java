package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.table.Row;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.VectorOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultSinkTaskTest {
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);

    @TempDir
    Path folder;

    private Map<String, String> settings() {
        Map<String, String> s = new HashMap<>();
        s.put("name", "sink");
        s.put("database.path", folder.resolve("vault.db").toString());
        s.put("table.name", "events");
        s.put("table.columns", "n i64, word str null, at timestamp:ms null, vec vec:f32:3 null");
        s.put("kv.table", "latest");
        s.put("kv.value", "word");
        s.put("text.table", "words");
        s.put("text.fields", "word");
        s.put("vector.table", "vecs");
        s.put("vector.field", "vec");
        s.put("vector.dimensions", "3");
        return s;
    }

    private static VaultSinkTask task(Map<String, String> settings, FakeContext context) {
        return task(new VaultSinkTask(), settings, context);
    }

    /** A task that does not wait for a lock that somebody else holds all the time. */
    private static VaultSinkTask impatient(Map<String, String> settings, FakeContext context) {
        VaultOptions options = VaultOptions.defaults().withGuardNewFiles(true).withBusyTimeout(Duration.ofMillis(20));
        return task(new VaultSinkTask(options), settings, context);
    }

    private static VaultSinkTask task(VaultSinkTask task, Map<String, String> settings, FakeContext context) {
        task.initialize(context);
        task.start(settings);
        return task;
    }

    private static SinkRecord record(long offset, Object key, Schema schema, Object value) {
        return new SinkRecord(
                "events",
                0,
                Schema.STRING_SCHEMA,
                key,
                schema,
                value,
                offset,
                1_000L + offset,
                TimestampType.CREATE_TIME);
    }

    private static Map<String, Object> map(long n) {
        Map<String, Object> value = new HashMap<>();
        value.put("n", n);
        value.put("word", "word" + n);
        value.put("at", "2026-01-01T00:00:00Z");
        value.put("vec", List.of(1.0, (double) n, 2L));
        return value;
    }

    @Test
    void aRecordBecomesRowEntryDocumentAndVectorOnce() {
        FakeContext context = new FakeContext();
        VaultSinkTask task = task(settings(), context);
        task.open(List.of(PARTITION));
        assertThat(context.rewinds).isEmpty();
        List<SinkRecord> records = new ArrayList<>();
        for (long i = 0; i < 10; i++) {
            records.add(record(i, "key" + i % 4, null, map(i)));
        }
        task.put(records);
        task.put(records.subList(5, 10)); // delivered again
        task.put(List.of());
        assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(10);
        task.close(List.of(PARTITION));
        task.stop();
        try (Vault vault = Vault.open(folder.resolve("vault.db"))) {
            List<Row> rows = vault.tables().get("events").rows(0, 10);
            assertThat(vault.tables().get("events").length()).isEqualTo(10);
            assertThat(rows.get(3).toMap())
                    .containsEntry("n", 3L)
                    .containsEntry("word", "word3")
                    .containsEntry("at", Instant.parse("2026-01-01T00:00:00Z"))
                    .containsEntry("_topic", "events")
                    .containsEntry("_partition", 0L)
                    .containsEntry("_offset", 3L)
                    .containsEntry("_timestamp", Instant.ofEpochMilli(1_003));
            assertThat((float[]) rows.get(3).get("vec")).containsExactly(1, 3, 2);
            assertThat(vault.kv("latest").count()).isEqualTo(4);
            assertThat(vault.kv("latest").findValue("key1")).contains("word9");
            assertThat(vault.text("words").count()).isEqualTo(10);
            assertThat(vault.text("words").search("word7", 5).get(0).value()).contains("key3");
            assertThat(vault.vectors("vecs", VectorOptions.cosine(3)).count()).isEqualTo(10);
        }
        // A new task goes back to the last record, to see whether it is the same, and on from there.
        FakeContext again = new FakeContext();
        VaultSinkTask next = task(settings(), again);
        next.open(List.of(PARTITION));
        assertThat(again.rewinds).containsExactly(Map.entry(PARTITION, 9L));
        next.stop();
    }

    @Test
    void documentsGoIntoATableOfAnyTokenizer() {
        try (Vault vault = Vault.open(folder.resolve("vault.db"))) {
            vault.text("words", PORTER).insert("running", "first");
        }
        VaultSinkTask task = task(settings(), new FakeContext());
        task.open(List.of(PARTITION));
        Map<String, Object> value = map(0);
        value.put("word", "she runs");
        task.put(List.of(record(0, "key", null, value)));
        task.stop();
        try (Vault vault = Vault.open(folder.resolve("vault.db"))) {
            assertThat(vault.text("words", PORTER).search("run", 5)).hasSize(2);
        }
    }

    private static final TextOptions PORTER =
            TextOptions.defaults().withColumns("word").withTokenizer(TextOptions.Tokenizer.PORTER);

    @Test
    void structsNeedNoColumnsInTheSettings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "database.path", folder.resolve("${topic}-${partition}.db").toString(), "table.name", "${topic}"));
        FakeContext context = new FakeContext();
        VaultSinkTask task = task(settings, context);
        Schema schema = SchemaBuilder.struct()
                .field("i", Schema.INT32_SCHEMA)
                .field("s", Schema.OPTIONAL_STRING_SCHEMA)
                .field("b", Schema.OPTIONAL_BYTES_SCHEMA)
                .field("t", Timestamp.SCHEMA)
                .build();
        task.open(List.of(PARTITION));
        task.put(List.of(record(
                0,
                null,
                schema,
                new Struct(schema)
                        .put("i", 7)
                        .put("b", ByteBuffer.wrap(new byte[] {1}))
                        .put("t", new java.util.Date(5)))));
        task.stop();
        try (Vault vault = Vault.open(folder.resolve("events-0.db"))) {
            Row row = vault.tables().get("events").rows(0, 1).get(0);
            assertThat(row.get("i")).isEqualTo(7L);
            assertThat(row.get("s")).isNull();
            assertThat((byte[]) row.get("b")).containsExactly(1);
            assertThat(row.get("t")).isEqualTo(Instant.ofEpochMilli(5));
        }
    }

    @Test
    void badRecordsAreReportedBeforeTheRestIsCommitted() {
        FakeContext context = new FakeContext();
        VaultSinkTask task = task(settings(), context);
        task.open(List.of(PARTITION));
        Map<String, Object> noNumber = map(1);
        noNumber.remove("n");
        Map<String, Object> wrongType = map(2);
        wrongType.put("n", "two");
        Map<String, Object> shortVector = map(3);
        shortVector.put("vec", List.of(1.0));
        Map<String, Object> noDirection = map(4);
        noDirection.put("vec", List.of(0, 0, 0));
        Map<String, Object> noInstant = map(5);
        noInstant.put("at", "yesterday");
        Object deep = List.of();
        for (int i = 0; i < 600; i++) {
            deep = List.of(deep);
        }
        Map<String, Object> tooDeep = map(9);
        tooDeep.put("word", deep);
        Map<String, Object> half = map(10);
        half.put("word", "x\uD800y");
        List<SinkRecord> bad = List.of(
                record(1, "k", null, noNumber),
                record(2, "k", null, wrongType),
                record(3, "k", null, shortVector),
                record(4, "k", null, noDirection),
                record(5, "k", null, noInstant),
                record(6, null, null, map(6)),
                record(7, "k", null, "no map"),
                record(8, "k", null, tooDeep),
                record(9, "k", null, half));
        List<SinkRecord> all = new ArrayList<>(bad);
        all.add(0, record(0, "a", null, map(0)));
        all.add(record(10, "b", null, map(8)));
        task.put(all);
        assertThat(context.reported).isEqualTo(bad);
        assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(11);
        task.stop();
        try (Vault vault = Vault.open(folder.resolve("vault.db"))) {
            assertThat(vault.tables().get("events").length()).isEqualTo(2);
            assertThat(vault.text("words").count()).isEqualTo(2);
            assertThat(vault.kv("latest").count()).isEqualTo(2);
        }
    }

    @Test
    void withoutAReporterToleranceDecides() {
        FakeContext context = new FakeContext();
        context.withReporter = false;
        VaultSinkTask strict = task(settings(), context);
        strict.open(List.of(PARTITION));
        List<SinkRecord> records = List.of(record(0, "a", null, map(0)), record(1, "b", null, "no map"));
        assertThatThrownBy(() -> strict.put(records))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("events-0@1");
        assertThat(strict.preCommit(Map.of())).isEmpty();
        strict.stop();
        Map<String, String> tolerant = settings();
        tolerant.put("errors.tolerance", "all");
        VaultSinkTask task = task(tolerant, context);
        task.open(List.of(PARTITION));
        task.put(records);
        assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(2);
        task.stop();
    }

    @Test
    void aNullValueDeletesTheKeyAndNothingElse() {
        FakeContext context = new FakeContext();
        VaultSinkTask task = task(settings(), context);
        task.open(List.of(PARTITION));
        task.put(List.of(record(0, "a", null, map(0)), record(1, "a", null, null)));
        task.stop();
        try (Vault vault = Vault.open(folder.resolve("vault.db"))) {
            assertThat(vault.kv("latest").count()).isZero();
            assertThat(vault.tables().get("events").length()).isEqualTo(1);
        }
    }

    /**
     * Tasks take the partition over from one another in random order; stale ones go on writing what they had been
     * given.
     */
    @Test
    void noInterleavingOfOldAndNewTasksLosesOrDoubles() {
        int allFenced = 0;
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Map<String, String> settings = settings();
            settings.put("database.path", folder.resolve("race" + seed + ".db").toString());
            List<SinkRecord> topic = new ArrayList<>();
            for (long i = 0; i < 60; i++) {
                topic.add(record(i, "key" + i, null, map(i)));
            }
            List<VaultSinkTask> tasks = new ArrayList<>();
            Map<VaultSinkTask, Integer> positions = new HashMap<>();
            int fenced = 0;
            long done = 0;
            while (done < topic.size()) {
                if (tasks.isEmpty() || random.nextInt(6) == 0) {
                    FakeContext context = new FakeContext();
                    VaultSinkTask task = task(settings, context);
                    task.open(List.of(PARTITION));
                    tasks.add(task);
                    positions.put(
                            task, context.rewinds.getOrDefault(PARTITION, 0L).intValue());
                }
                VaultSinkTask task = tasks.get(random.nextInt(tasks.size()));
                int from = positions.get(task);
                int to = Math.min(topic.size(), from + 1 + random.nextInt(8));
                try {
                    task.put(topic.subList(from, to));
                    positions.put(task, to);
                    var committed = task.preCommit(Map.of()).get(PARTITION);
                    done = committed == null ? done : committed.offset();
                } catch (RetriableException e) {
                    assertThat(tasks.indexOf(task))
                            .as("only a stale task is fenced")
                            .isLessThan(tasks.size() - 1);
                    assertThat(task.preCommit(Map.of())).isEmpty();
                    task.close(List.of(PARTITION)); // the framework polls, and learns that the partition is gone
                    task.stop();
                    tasks.remove(task);
                    fenced++;
                }
            }
            tasks.forEach(VaultSinkTask::stop);
            try (Vault vault = Vault.open(folder.resolve("race" + seed + ".db"))) {
                List<Object> offsets = new ArrayList<>();
                vault.tables()
                        .get("events")
                        .rows(0, vault.tables().get("events").length(), "_offset")
                        .forEach(r -> offsets.add(r.get("_offset")));
                List<Object> expected = new ArrayList<>();
                for (long i = 0; i < topic.size(); i++) {
                    expected.add(i);
                }
                assertThat(offsets).as("seed %d", seed).isEqualTo(expected);
                assertThat(vault.text("words").count()).isEqualTo(60);
                assertThat(vault.vectors("vecs", VectorOptions.cosine(3)).count())
                        .isEqualTo(60);
            }
            allFenced += fenced;
        }
        assertThat(allFenced).isPositive();
    }

    @Test
    void aRightfulOwnerThatWasFencedClaimsAnew() {
        FakeContext context = new FakeContext();
        VaultSinkTask owner = task(settings(), context);
        owner.open(List.of(PARTITION));
        owner.put(List.of(record(0, "a", null, map(0))));
        VaultSinkTask late = task(settings(), new FakeContext());
        late.open(List.of(PARTITION)); // woke up late, has no right to it any more, and ends
        late.stop();
        List<SinkRecord> batch = List.of(record(1, "b", null, map(1)));
        assertThatThrownBy(() -> owner.put(batch)).isInstanceOf(RetriableException.class);
        owner.put(batch); // claims, rewinds, leaves the batch out
        assertThat(context.rewinds).containsEntry(PARTITION, 0L);
        owner.put(List.of(record(0, "a", null, map(0)), record(1, "b", null, map(1))));
        assertThat(owner.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(2);
        owner.stop();
    }

    @Test
    void aTopicMadeAnewStopsTheTask() {
        VaultSinkTask before = task(settings(), new FakeContext());
        before.open(List.of(PARTITION));
        before.put(List.of(record(0, "a", null, map(0)), record(1, "b", null, map(1))));
        before.stop();
        VaultSinkTask task = task(settings(), new FakeContext());
        task.open(List.of(PARTITION));
        assertThatThrownBy(() -> task.put(List.of(record(0, "new", null, map(7)))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("made anew");
        task.stop();
    }

    @Test
    void aRewindIsRememberedWhileABatchIsRetried() {
        Map<String, String> settings = settings();
        settings.put("database.path", folder.resolve("${partition}.db").toString());
        TopicPartition other = new TopicPartition("events", 1);
        VaultSinkTask before = task(settings, new FakeContext());
        before.open(List.of(PARTITION));
        before.put(List.of(record(0, "a", null, map(0))));
        before.stop();
        FakeContext context = new FakeContext();
        VaultSinkTask task = impatient(settings, context);
        List<SinkRecord> batch = List.of(
                record(5, "a", null, map(5)), // the group's offset is ahead of the file's
                new SinkRecord("events", 1, null, "b", null, map(1), 0, 1L, TimestampType.CREATE_TIME));
        try (Vault zero = Vault.open(folder.resolve("0.db"));
                Vault one = Vault.open(folder.resolve("1.db"))) {
            zero.transact(() -> {
                zero.kv("x").put("x", new byte[0]);
                one.transact(() -> {
                    one.kv("x").put("x", new byte[0]);
                    task.open(List.of(PARTITION, other));
                });
            });
            one.transact(() -> {
                one.kv("x").put("y", new byte[0]);
                assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
            });
        }
        task.put(batch);
        assertThat(context.rewinds).containsEntry(PARTITION, 0L);
        task.put(List.of(record(0, "a", null, map(0)), record(1, "a", null, map(1))));
        task.stop();
        try (Vault vault = Vault.open(folder.resolve("0.db"))) {
            assertThat(vault.tables().get("events").rows(0, 2, "_offset").stream()
                            .map(r -> r.get("_offset")))
                    .containsExactly(0L, 1L);
        }
    }

    @Test
    void leftoversOfAPartitionThatWasTakenAwayAreNotTakenForAnotherTopic() {
        Map<String, String> settings = settings();
        settings.put("database.path", folder.resolve("${partition}.db").toString());
        TopicPartition other = new TopicPartition("events", 1);
        FakeContext context = new FakeContext();
        VaultSinkTask task = impatient(settings, context);
        task.open(List.of(PARTITION, other));
        List<SinkRecord> batch = List.of(
                record(0, "a", null, map(0)),
                new SinkRecord("events", 1, null, "b", null, map(1), 0, 1L, TimestampType.CREATE_TIME));
        try (Vault one = Vault.open(folder.resolve("1.db"))) {
            one.transact(() -> {
                one.kv("x").put("y", new byte[0]);
                assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
            });
        }
        // A rebalance between two tries takes the first partition away and gives it back; its records are
        // still in the batch.
        task.close(List.of(PARTITION));
        task.open(List.of(PARTITION));
        assertThat(context.rewinds).containsEntry(PARTITION, 0L);
        task.put(batch);
        task.put(List.of(record(0, "a", null, map(0)), record(1, "a", null, map(1))));
        assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(2);
        task.close(List.of(PARTITION));
        task.stop();
    }

    @Test
    void aLockedFileIsRetriedAndALockedClaimIsMadeUpFor() {
        Path path = folder.resolve("vault.db");
        FakeContext first = new FakeContext();
        VaultSinkTask before = task(settings(), first);
        before.open(List.of(PARTITION));
        before.put(List.of(record(0, "a", null, map(0))));
        before.stop();
        try (Vault holder = Vault.open(path)) {
            FakeContext context = new FakeContext();
            VaultSinkTask task = impatient(settings(), context);
            holder.transact(() -> {
                holder.kv("other").put("x", new byte[1]);
                task.open(List.of(PARTITION)); // waits for the busy timeout, then goes on unclaimed
                assertThat(context.rewinds).isEmpty();
            });
            task.put(List.of(record(0, "a", null, map(0)), record(1, "b", null, map(1))));
            assertThat(context.rewinds).containsExactly(Map.entry(PARTITION, 0L));
            task.put(List.of(record(0, "a", null, map(0)), record(1, "b", null, map(1))));
            assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(2);
            task.stop();
        }
    }

    @Test
    void onePathIsOneTaskAndATemplateIsMany() {
        VaultSinkConnector connector = new VaultSinkConnector();
        connector.start(settings());
        assertThat(connector.taskConfigs(4)).hasSize(1);
        Map<String, String> template = settings();
        template.put("database.path", "/data/${topic}-${shard}.db");
        template.put("database.shards", "4");
        connector.start(template);
        assertThat(connector.taskConfigs(4)).hasSize(4);
        assertThat(connector.version()).startsWith("0.");
        assertThat(Plain.floats(ByteBuffer.wrap(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(1)
                        .putFloat(2)
                        .array())))
                .isEqualTo(new float[] {1, 2});
        assertThat(connector.taskClass().getName()).isEqualTo(VaultSinkTask.class.getName());
    }

    @Test
    void numbersStayTheNumbersThatTheyAre() {
        assertThat(Plain.floats(List.of(1, 0.1, Float.MAX_VALUE, Double.POSITIVE_INFINITY)))
                .isEqualTo(new float[] {1, 0.1f, Float.MAX_VALUE, Float.POSITIVE_INFINITY});
        assertThatThrownBy(() -> Plain.floats(List.of(1, 1e39)))
                .isInstanceOf(UnfitException.class)
                .hasMessageContaining("element 1 of the vector")
                .hasMessageNotContaining("E39");
        assertThat(Plain.value(new BigDecimal("1E+3"))).isEqualTo("1000");
        assertThat(Plain.value(new BigDecimal("1E+999999999"))).isEqualTo("1E+999999999");
        assertThat(Plain.value(new BigInteger("9223372036854775808"))).isEqualTo("9223372036854775808");
    }
}
