package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes away by itself is waited for; what does not is told once. */
class RetryTest {
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void settings() {
        settings.put("name", "sink");
        settings.put("database.path", folder.resolve("mount/a.db").toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
    }

    private VaultSinkTask task(FakeContext context) {
        VaultSinkTask task = new VaultSinkTask(
                VaultOptions.defaults().withGuardNewFiles(true).withBusyTimeout(Duration.ofMillis(10)));
        task.initialize(context);
        task.start(settings);
        task.open(List.of(PARTITION));
        return task;
    }

    private static SinkRecord record(long offset, Object n) {
        return new SinkRecord("events", 0, null, "k", null, Map.of("n", n), offset, 1L, TimestampType.CREATE_TIME);
    }

    private long rows() {
        return Written.rows(folder.resolve("mount/a.db"));
    }

    @Test
    void aFolderThatIsNotThereIsWaitedForLongerEachTime() throws Exception {
        settings.put("retry.backoff.ms", "100");
        settings.put("retry.backoff.max.ms", "350");
        FakeContext context = new FakeContext();
        VaultSinkTask task = task(context); // does not end it
        List<SinkRecord> batch = List.of(record(0, 0L));
        for (long[] between : new long[][] {{75, 100}, {150, 200}, {262, 350}, {262, 350}}) {
            assertThatThrownBy(() -> task.put(batch))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("mount");
            assertThat(context.timeoutMs).isBetween(between[0], between[1]);
        }
        Files.createDirectories(folder.resolve("mount"));
        task.put(batch);
        assertThat(rows()).isEqualTo(1);
        assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(1);
        task.stop();
    }

    @Test
    void retriesEndWhereTheSettingsSaySo() {
        settings.put("max.retries", "2");
        VaultSinkTask task = task(new FakeContext());
        List<SinkRecord> batch = List.of(record(0, 0L));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
        }
        assertThatThrownBy(() -> task.put(batch))
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("3 times")
                .hasMessageContaining("max.retries")
                .hasMessageContaining("mount");
        task.stop();
    }

    @Test
    void aRejectedRecordIsReportedOnceHoweverOftenItsBatchIsTried() throws Exception {
        Files.createDirectories(folder.resolve("mount"));
        FakeContext context = new FakeContext();
        VaultSinkTask task = task(context);
        task.put(List.of(record(0, 0L)));
        List<SinkRecord> batch = List.of(record(1, 1L), record(2, "poison"));
        try (Vault other = Vault.open(folder.resolve("mount/a.db"))) {
            other.transact(() -> {
                other.kv("x").put("x", new byte[0]);
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> task.put(batch)).isInstanceOf(RetriableException.class);
                }
            });
        }
        task.put(batch);
        task.stop();
        assertThat(context.reported).hasSize(1);
        assertThat(rows()).isEqualTo(2);
    }

    /** Two connectors of one name, of two clusters perhaps, take the partition from one another for ever. */
    @Test
    void aConnectorOfTheSameNameIsNamed() throws Exception {
        Files.createDirectories(folder.resolve("mount"));
        FakeContext context = new FakeContext();
        VaultSinkTask task = task(context);
        task.put(List.of(record(0, 0L)));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        task(new FakeContext()).stop();
                        try {
                            task.put(List.of(record(1, 1L)));
                        } catch (RetriableException e) {
                            task.put(List.of(record(1, 1L))); // claims again, and is sent back
                        }
                    }
                })
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("another connector named 'sink'")
                .hasMessageContaining(":" + ProcessHandle.current().pid());
        task.stop();
    }
}
