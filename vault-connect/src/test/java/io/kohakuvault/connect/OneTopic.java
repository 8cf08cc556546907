package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records of one partition, put into a file by a task that starts where the one before has stopped. */
final class OneTopic {
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);

    private final Path file;
    private final Map<String, String> settings = new HashMap<>();
    private final FakeContext context = new FakeContext();
    private long next;

    OneTopic(Path folder, String... settings) {
        this.file = folder.resolve("a.db");
        this.settings.put("name", "sink");
        this.settings.put("database.path", file.toString());
        set(settings);
    }

    void set(String... more) {
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
    }

    Path file() {
        return file;
    }

    /** The next record. */
    SinkRecord record(Object key, Object value) {
        SchemaAndValue k = typed(key);
        SchemaAndValue v = typed(value);
        return new SinkRecord(
                "events", 0, k.schema(), k.value(), v.schema(), v.value(), next++, 1L, TimestampType.CREATE_TIME);
    }

    private static SchemaAndValue typed(Object value) {
        return new SchemaAndValue(
                value instanceof Struct struct
                        ? struct.schema()
                        : value instanceof String ? Schema.STRING_SCHEMA : null,
                value);
    }

    /** Delivers records to a task of its own, and sees to it that all are settled. */
    void put(SinkRecord... records) {
        deliver(List.of(List.of(records)));
    }

    /** Delivers records one by one to a task of their own. */
    void putEach(List<SinkRecord> records) {
        deliver(records.stream().map(List::of).toList());
    }

    private void deliver(List<List<SinkRecord>> deliveries) {
        VaultSinkTask task = new VaultSinkTask();
        task.initialize(context);
        try {
            task.start(settings);
            task.open(List.of(PARTITION));
            deliveries.forEach(task::put);
            assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(next);
        } finally {
            task.stop();
        }
    }

    /** Delivers one record, which is to be written. */
    void putOne(Object key, Object value) {
        int before = context.reported.size();
        put(record(key, value));
        assertThat(context.reported).hasSize(before);
    }

    /** The reasons of what was rejected. */
    List<String> rejected() {
        return context.reasons.stream().map(Throwable::getMessage).toList();
    }

    List<Map<String, Object>> rows() {
        try (Vault vault = Vault.openReadOnly(file)) {
            Table table = vault.tables().get("events");
            List<Map<String, Object>> rows = new ArrayList<>();
            table.scan().forEach(row -> rows.add(row.toMap()));
            return rows;
        }
    }

    List<String> columns() {
        try (Vault vault = Vault.openReadOnly(file)) {
            return vault.tables().get("events").schema().columns().stream()
                    .map(SchemaColumn::toString)
                    .toList();
        }
    }
}
