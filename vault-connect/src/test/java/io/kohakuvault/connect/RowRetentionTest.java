package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are removed by their age, and no others. */
class RowRetentionTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void settings() {
        settings.put("name", "sink");
        settings.put("database.path", folder.resolve("a.db").toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        settings.put("commit.interval.ms", "0");
    }

    private VaultSinkTask task(TopicPartition... partitions) {
        VaultSinkTask task = new VaultSinkTask(VaultSinkTask.newFiles(), new Upkeep(clock, 0));
        task.initialize(new FakeContext());
        task.start(settings);
        task.open(List.of(partitions));
        return task;
    }

    private static SinkRecord record(String topic, long offset, Long timestamp) {
        return new SinkRecord(
                topic, 0, null, "k", null, Map.of("n", offset), offset, timestamp, TimestampType.CREATE_TIME);
    }

    @Test
    void aTableHasOneRetention() {
        settings.put("topic.debug.table.retention.ms", "60000");
        VaultSinkTask task = task(new TopicPartition("events", 0), new TopicPartition("debug", 0));
        assertThatThrownBy(() -> {
                    task.put(List.of(record("events", 0, 1L)));
                    task.put(List.of(record("debug", 0, 1L)));
                })
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'events' and 'debug'")
                .hasMessageContaining("table.retention.ms");
        task.stop();
        assertThat(Written.numbers(folder.resolve("a.db"), "n")).hasSize(1);
        settings.put("connector.class", VaultSinkConnector.class.getName());
        settings.put("topics", "events, debug");
        assertThat(new VaultSinkConnector().validate(settings).configValues())
                .filteredOn(value -> !value.errorMessages().isEmpty())
                .singleElement()
                .satisfies(value -> assertThat(value.name()).isEqualTo("table.retention.ms"));
    }

    @Test
    void topicsThatATransformationRenamesAreNoTrouble() {
        TopicPartition original = new TopicPartition("shop.public.a", 0);
        settings.put("kv.table", "now_${topic}");
        settings.put("table.retention.ms", "60000");
        settings.put("transforms", "r");
        VaultSinkTask task = task(original);
        task.put(List.of());
        SinkRecord sent = record("shop.public.a", 0, clock.millis());
        task.put(List.of(sent.newRecord("shop_public_a", 0, null, "k", null, sent.value(), sent.timestamp())));
        clock.goOn(Duration.ofMinutes(10));
        task.put(List.of());
        task.stop();
        assertThat(Written.numbers(folder.resolve("a.db"), "n")).isEmpty();
    }

    /** A row that has no time says nothing of its age, and keeps those behind it. */
    @Test
    void rowsWithoutATimeStay() {
        settings.put("table.retention.ms", "60000");
        VaultSinkTask task = task(new TopicPartition("events", 0));
        task.put(List.of(
                record("events", 0, clock.millis()), record("events", 1, null), record("events", 2, clock.millis())));
        clock.goOn(Duration.ofMinutes(10));
        task.put(List.of());
        task.stop();
        assertThat(Written.numbers(folder.resolve("a.db"), "n")).containsExactly(1L, 2L);
    }
}
