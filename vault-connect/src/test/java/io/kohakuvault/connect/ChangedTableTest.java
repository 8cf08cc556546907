package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else changes the sink's table while the sink runs: no good record is rejected, no task dies of it. */
class ChangedTableTest {
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);

    @TempDir
    Path folder;

    private Path file;
    private final FakeContext context = new FakeContext();
    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void makeTable() {
        file = folder.resolve("a.db");
        settings.put("database.path", file.toString());
        settings.put("table.name", "events");
        elsewhere(table -> {});
    }

    private void elsewhere(Consumer<Table> change) {
        try (Vault vault = Vault.open(file)) {
            change.accept(
                    vault.tables().list().contains("events")
                            ? vault.tables().get("events")
                            : vault.tables().ensure("events", s -> s.column("n", DType.I64)));
        }
    }

    private VaultSinkTask task() {
        VaultSinkTask task = new VaultSinkTask();
        task.initialize(context);
        task.start(settings);
        task.open(List.of(PARTITION));
        return task;
    }

    private static SinkRecord record(long offset, Object n) {
        return new SinkRecord(
                "events",
                0,
                null,
                "k",
                null,
                Map.of("n", n, "note", "note " + n),
                offset,
                1L,
                TimestampType.CREATE_TIME);
    }

    private List<Map<String, Object>> rows() {
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().get("events");
            return table.rows(0, table.length()).stream().map(Row::toMap).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aColumnThatIsAddedTakesItsFieldFromTheNextBatchOn(boolean columnsInTheSettings) {
        if (columnsInTheSettings) {
            settings.put("table.columns", "n i64");
            settings.put("table.metadata", "false");
        }
        VaultSinkTask task = task();
        task.put(List.of(record(0, 0L), record(1, 1L)));
        elsewhere(table -> table.addColumn(SchemaColumn.of("note", DType.STR, true)));
        task.put(List.of(record(2, 2L), record(3, 3L)));
        elsewhere(table -> table.renameColumn("note", "remark"));
        task.put(List.of(record(4, 4L)));
        elsewhere(table -> table.deleteColumn("remark"));
        task.put(List.of(record(5, 5L)));
        elsewhere(table -> table.addColumn(SchemaColumn.of("note", DType.STR, true)));
        task.stop();
        VaultSinkTask next = task();
        next.put(List.of(record(6, 6L)));
        next.stop();
        assertThat(context.reported).isEmpty();
        assertThat(rows()).extracting(row -> row.get("n")).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(rows().get(6)).containsEntry("note", "note 6");
        assertThat(rows().get(5)).containsEntry("note", null);
    }

    /** Between mapping and writing, while the report of a bad record is awaited. */
    @Test
    void aChangeBetweenMappingAndWritingMakesTheBatchMapAnew() {
        VaultSinkTask task = task();
        List<SinkRecord> batch = List.of(record(0, 0L), record(1, "no number"), record(2, 2L));
        context.onReport = () -> elsewhere(table -> {
            if (table.schema().columns().size() == 1) {
                table.addColumn(SchemaColumn.of("note", DType.STR, true));
            }
        });
        task.put(batch);
        task.stop();
        assertThat(context.reported).hasSize(1);
        assertThat(rows()).containsExactly(Map.of("n", 0L, "note", "note 0"), Map.of("n", 2L, "note", "note 2"));
    }

    @Test
    void aTableThatIsDroppedIsMadeAnew() {
        settings.put("table.columns", "n i64");
        settings.put("table.metadata", "false");
        VaultSinkTask task = task();
        task.put(List.of(record(0, 0L)));
        try (Vault vault = Vault.open(file)) {
            vault.tables().delete("events");
        }
        task.put(List.of(record(1, 1L)));
        task.stop();
        assertThat(rows()).containsExactly(Map.of("n", 1L));
    }

    @Test
    void settingsThatTheTableCannotTakeStopTheTaskAndBlameNoRecord() {
        settings.put("table.columns", "n i64, note str null");
        settings.put("table.metadata", "false");
        VaultSinkTask lacking = task();
        assertThatThrownBy(() -> lacking.put(List.of(record(0, 0L))))
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("table.columns")
                .hasMessageContaining("note str null");
        lacking.stop();
        settings.put("table.columns", "note str null");
        VaultSinkTask beside = task();
        assertThatThrownBy(() -> beside.put(List.of(record(0, 0L))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("n i64");
        beside.stop();
        assertThat(context.reported).isEmpty();
    }
}
