package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is acknowledged that is not in the file, however a put has ended. */
class AcknowledgedTest {
    private static final TopicPartition ZERO = new TopicPartition("events", 0);
    private static final TopicPartition ONE = new TopicPartition("events", 1);

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private final FakeContext context = new FakeContext();
    private Path file;

    @BeforeEach
    void settings() {
        file = folder.resolve("a.db");
        settings.put("name", "sink");
        settings.put("database.path", file.toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        settings.put("check.pause.ms", "0");
    }

    private VaultSinkTask task() {
        VaultSinkTask task = new VaultSinkTask(
                VaultOptions.defaults().withGuardNewFiles(true).withBusyTimeout(Duration.ofMillis(10)));
        task.initialize(context);
        task.start(settings);
        return task;
    }

    private static SinkRecord record(int partition, long offset, Object n) {
        return new SinkRecord(
                "events", partition, null, "k", null, Map.of("n", n), offset, offset, TimestampType.CREATE_TIME);
    }

    private static List<SinkRecord> records(int partition, long from, long to) {
        List<SinkRecord> records = new ArrayList<>();
        for (long i = from; i < to; i++) {
            records.add(record(partition, i, i));
        }
        return records;
    }

    private List<Long> offsets(int partition) {
        List<Long> offsets = new ArrayList<>();
        try (Vault vault = Vault.openReadOnly(file)) {
            vault.tables().get("events").scan("_partition", "_offset").forEach(row -> {
                if (row.getLong("_partition") == partition) {
                    offsets.add(row.getLong("_offset"));
                }
            });
        }
        return offsets;
    }

    private static long acknowledged(VaultSinkTask task, TopicPartition partition, long position) {
        OffsetAndMetadata answer = task.preCommit(Map.of(partition, new OffsetAndMetadata(position)))
                .get(partition);
        return answer == null ? -1 : answer.offset();
    }

    /** What was gathered before the record that ends the task is in the file, or not acknowledged. */
    @Test
    void aRecordThatStopsTheTaskTakesNoOthersWithIt() {
        context.withReporter = false;
        settings.put("commit.interval.ms", "3600000");
        settings.put("commit.records", "5000");
        VaultSinkTask task = task();
        task.open(List.of(ZERO));
        long next = 0;
        for (; next < 40; next++) { // the first ones are committed at once, the others gathered
            task.put(records(0, next, next + 1));
        }
        List<SinkRecord> last = records(0, next, next + 6_000);
        last.set(5_000, record(0, next + 5_000, "poison"));
        assertThatThrownBy(() -> task.put(last)).isInstanceOf(DataException.class);
        long acknowledged = acknowledged(task, ZERO, next);
        assertThat(acknowledged).isLessThanOrEqualTo(next);
        assertThat(offsets(0)).hasSize((int) acknowledged);
        task.close(List.of(ZERO));
        task.stop();
        context.rewinds.clear();
        VaultSinkTask again = task();
        again.open(List.of(ZERO));
        again.put(records(0, context.rewinds.get(ZERO), 100));
        again.close(List.of(ZERO));
        again.stop();
        assertThat(offsets(0))
                .isEqualTo(java.util.stream.LongStream.range(0, 100).boxed().toList());
    }

    /** One of two partitions of a file goes while the file is locked: the other one's records are read again. */
    @Test
    void aPartitionThatStaysLosesNothingWhenAnotherGoes() {
        settings.put("commit.interval.ms", "3600000");
        VaultSinkTask task = task();
        task.open(List.of(ZERO, ONE));
        for (int i = 0; i < 40; i++) {
            task.put(List.of(record(0, i, (long) i), record(1, i, (long) i)));
        }
        try (Vault other = Vault.open(file)) {
            other.transact(() -> {
                other.kv("x").put("x", new byte[0]);
                assertThat(acknowledged(task, ONE, 40)).isLessThan(40);
                task.close(List.of(ZERO));
            });
        }
        assertThat(acknowledged(task, ONE, 40)).isLessThan(40);
        context.rewinds.clear();
        task.put(List.of());
        long from = context.rewinds.get(ONE);
        task.put(records(1, from, 50));
        assertThat(acknowledged(task, ONE, 50)).isEqualTo(50);
        task.close(List.of(ONE));
        task.stop();
        assertThat(offsets(1))
                .isEqualTo(java.util.stream.LongStream.range(0, 50).boxed().toList());
    }

    /** The framework's position is a batch's end until it seeks; a claim within put must not take it for its own. */
    @Test
    void thePositionOfABatchThatWasLeftOutIsNotFollowed() {
        VaultSinkTask first = task();
        first.open(List.of(ZERO));
        first.put(records(0, 0, 10));
        first.close(List.of(ZERO));
        first.stop();
        new VaultSinkConnector().alterOffsets(settings, Map.of(ZERO, 5L)); // leaves no mark
        VaultSinkTask task = task();
        try (Vault other = Vault.open(file)) {
            other.transact(() -> {
                other.kv("x").put("x", new byte[0]);
                task.open(List.of(ZERO)); // cannot claim
            });
        }
        task.put(records(0, 10, 20)); // claims, asks for offset 5, leaves the batch out
        assertThat(context.rewinds).containsEntry(ZERO, 5L);
        assertThat(acknowledged(task, ZERO, 20)).isEqualTo(5);
        task.put(records(0, 5, 20));
        assertThat(acknowledged(task, ZERO, 20)).isEqualTo(20);
        task.close(List.of(ZERO));
        task.stop();
    }

    @Test
    void newRecordsAreNotTakenForThoseOfBeforeARebalance() {
        VaultSinkTask task = task();
        task.open(List.of(ZERO));
        task.put(records(0, 0, 5));
        try (Vault other = Vault.open(file)) {
            List<SinkRecord> old = records(0, 5, 10);
            other.transact(() -> {
                other.kv("x").put("x", new byte[0]);
                assertThatThrownBy(() -> task.put(old)).isInstanceOf(RetriableException.class);
            });
            task.close(List.of(ZERO));
            task.open(List.of(ZERO));
            List<SinkRecord> anew = records(0, context.rewinds.get(ZERO), 12);
            other.transact(() -> {
                other.kv("x").put("y", new byte[0]);
                assertThatThrownBy(() -> task.put(anew)).isInstanceOf(RetriableException.class);
            });
            task.put(anew);
        }
        assertThat(acknowledged(task, ZERO, 12)).isEqualTo(12);
        task.close(List.of(ZERO));
        task.stop();
        assertThat(offsets(0))
                .isEqualTo(java.util.stream.LongStream.range(0, 12).boxed().toList());
    }

    /** Topics that a transformation gave names of the day, with one key-value table and one table for all. */
    @Test
    void theOrderOfAPartitionHoldsAcrossNamesOfItsTopic() {
        settings.put("kv.table", "latest");
        settings.put("kv.value", "n");
        VaultSinkTask task = task();
        task.open(List.of(ZERO));
        List<SinkRecord> batch = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SinkRecord r = record(0, i, (long) i);
            batch.add(r.newRecord("events-" + (i * 7) % 5, 0, null, r.key(), null, r.value(), r.timestamp()));
        }
        task.put(batch);
        task.close(List.of(ZERO));
        task.stop();
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.kv("latest").findValue("k")).contains(39L);
        }
        assertThat(offsets(0))
                .isEqualTo(java.util.stream.LongStream.range(0, 40).boxed().toList());
    }

    /** A connector that was renamed, or configured twice, would write each record again. */
    @Test
    void anotherConnectorOfTheSamePartitionIsNamed() {
        VaultSinkTask task = task();
        task.open(List.of(ZERO));
        task.put(records(0, 0, 5));
        task.preCommit(Map.of());
        task.stop();
        settings.put("name", "renamed");
        VaultSinkTask other = task();
        other.open(List.of(ONE)); // which nobody else has delivered
        assertThatThrownBy(() -> other.open(List.of(ZERO)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("events-0 has been delivered into " + file)
                .hasMessageContaining("connector 'sink' up to offset 5")
                .hasMessageContaining(Holder.NAME)
                .hasMessageContaining("behavior.on.other.connectors");
        other.stop();
        settings.put("behavior.on.other.connectors", "ignore");
        VaultSinkTask wanted = task();
        wanted.open(List.of(ZERO));
        wanted.put(records(0, 0, 5));
        wanted.preCommit(Map.of());
        wanted.stop();
        assertThat(offsets(0)).hasSize(10);
    }

    /** Neither has delivered anything when the other one begins: the one that comes second finds out as it commits. */
    @ParameterizedTest
    @ValueSource(ints = {5, 2 * Batch.LARGE}) // written by the task's thread, and beside it
    void twoConnectorsThatBeginTogetherAreNoticed(int size) {
        VaultSinkTask first = task();
        first.open(List.of(ZERO));
        settings.put("name", "twin");
        VaultSinkTask second = task();
        second.open(List.of(ZERO));
        first.put(records(0, 0, 5));
        first.preCommit(Map.of());
        assertThatThrownBy(() -> {
                    second.put(records(0, 0, size));
                    second.preCommit(Map.of());
                    second.put(List.of());
                })
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("connector 'sink' up to offset 5");
        assertThat(acknowledged(second, ZERO, size)).isEqualTo(-1);
        second.stop();
        first.put(records(0, 5, 10));
        first.preCommit(Map.of());
        first.stop();
        assertThat(offsets(0)).hasSize(10);
    }

    /** A record that ends the task in the middle of a delivery takes none of the delivery along. */
    @Test
    void aSchemaConflictThatStopsTheTaskDoublesNothing() {
        settings.remove("table.columns");
        settings.put("behavior.on.schema.conflict", "fail");
        settings.put("auto.evolve", "false");
        Schema narrow = SchemaBuilder.struct().field("n", Schema.INT64_SCHEMA).build();
        Schema wide = SchemaBuilder.struct()
                .field("n", Schema.INT64_SCHEMA)
                .field("more", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        List<SinkRecord> records =
                List.of(struct(0, 0, narrow), struct(1, 0, narrow), struct(1, 1, narrow), struct(1, 2, wide));
        VaultSinkTask task = task();
        task.open(List.of(ZERO, ONE));
        assertThatThrownBy(() -> task.put(records))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("events-1@2");
        task.preCommit(Map.of()); // the framework does so when it closes the task
        task.close(List.of(ZERO, ONE));
        task.stop();
        settings.put("behavior.on.schema.conflict", "reject"); // the operator's answer
        VaultSinkTask next = task();
        next.open(List.of(ZERO, ONE));
        next.put(records);
        next.preCommit(Map.of());
        next.stop();
        assertThat(offsets(0)).containsExactly(0L);
        assertThat(offsets(1)).containsExactly(0L, 1L);
    }

    private static SinkRecord struct(int partition, long offset, Schema schema) {
        return new SinkRecord(
                "events",
                partition,
                null,
                "k",
                schema,
                new Struct(schema).put("n", offset),
                offset,
                1000L + offset,
                TimestampType.CREATE_TIME);
    }
}
