package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkMetricsTest {
    @TempDir
    Path folder;

    private static SinkRecord record(long offset, Object n) {
        return new SinkRecord("events", 0, null, "k", null, Map.of("n", n), offset, 1L, TimestampType.CREATE_TIME);
    }

    @Test
    void whatATaskHasDoneIsShownByJmx() throws Exception {
        Path file = folder.resolve("a.db");
        VaultSinkConnector connector = new VaultSinkConnector();
        connector.start(Map.of(
                "name",
                "metrics, test",
                "database.path",
                file.toString(),
                "table.name",
                "t",
                "table.columns",
                "n i64"));
        Map<String, String> settings = connector.taskConfigs(1).get(0);
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name =
                new ObjectName("io.kohakuvault.connect:type=sink-task,connector=\"metrics, test\",task=\"0\"");
        VaultSinkTask task = new VaultSinkTask(VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(5)));
        task.initialize(new FakeContext());
        task.start(settings);
        task.open(List.of(new TopicPartition("events", 0)));
        SinkMetricsMXBean metrics = JMX.newMXBeanProxy(server, name, SinkMetricsMXBean.class);
        task.put(List.of(record(0, 0L), record(1, "poison"), record(2, 2L)));
        assertThat(metrics.getRecordsWritten()).isEqualTo(2);
        assertThat(metrics.getRecordsRejected()).isEqualTo(1);
        assertThat(metrics.getCommits()).isEqualTo(1);
        assertThat(metrics.getBytesWritten()).isPositive();
        assertThat(metrics.getLastCommitTime()).isPositive();
        try (Vault other = Vault.open(file)) {
            other.transact(() -> {
                other.kv("x").put("x", new byte[0]);
                assertThatThrownBy(() -> task.put(List.of(record(3, 3L)))).isInstanceOf(RetriableException.class);
            });
        }
        assertThat(metrics.getRetries()).isEqualTo(1);
        assertThat(metrics.getRecordsWaiting()).isEqualTo(1);
        assertThat(metrics.getOffsetLag()).isEqualTo(1);
        List<SinkRecord> many = new ArrayList<>();
        for (long i = 3; i < 3_000; i++) {
            many.add(record(i, i));
        }
        task.put(many);
        assertThat(task.preCommit(Map.of()).get(new TopicPartition("events", 0)).offset())
                .isEqualTo(3_000);
        assertThat(metrics.getRecordsWritten()).isEqualTo(2_999);
        assertThat(metrics.getRecordsWaiting()).isZero();
        assertThat(metrics.getOffsetLag()).isZero();
        assertThat(metrics.getFenced()).isZero();
        VaultSinkTask successor = new VaultSinkTask();
        successor.initialize(new FakeContext());
        successor.start(settings);
        task.stop();
        assertThat(metrics.getCommits()).as("the successor's").isZero();
        successor.stop();
        assertThat(server.isRegistered(name)).isFalse();
    }
}
