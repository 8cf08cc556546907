package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator says of the connector's offsets holds for those in the file. */
class OffsetMovesTest {
    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();

    private FakeWorker worker(long records) {
        settings.put("name", "sink");
        settings.put("database.path", folder.resolve("a.db").toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        FakeWorker worker = new FakeWorker(settings);
        worker.send(
                1_000,
                LongStream.range(0, records).mapToObj(n -> Map.of("n", n)).toArray());
        return worker;
    }

    private long rows() {
        return Written.rows(folder.resolve("a.db"));
    }

    /** The framework moves the group's offset when the connector has answered. */
    private void move(FakeWorker worker, Long offset) {
        assertThat(new VaultSinkConnector()
                        .alterOffsets(settings, Collections.singletonMap(FakeWorker.PARTITION, offset)))
                .isTrue();
        worker.group = offset == null ? -1 : offset;
    }

    @Test
    void backwardsForwardsAndToTheBeginning() {
        try (FakeWorker worker = worker(200)) {
            worker.start().drain();
            worker.end();
            move(worker, 50L);
            worker.start().drain();
            assertThat(rows()).isEqualTo(350);
            worker.end();
            worker.send(
                    1_000,
                    LongStream.range(200, 300).mapToObj(n -> Map.of("n", n)).toArray());
            move(worker, 280L);
            worker.start().drain();
            assertThat(rows()).isEqualTo(370);
            worker.end();
            move(worker, null);
            worker.start().drain();
            assertThat(rows()).isEqualTo(670);
            assertThat(worker.group).isEqualTo(300);
        }
    }

    @Test
    void beforeTheFirstStartToo() {
        try (FakeWorker worker = worker(100)) {
            move(worker, 90L);
            worker.start().drain();
            assertThat(rows()).isEqualTo(10);
        }
    }

    /**
     * Connect may refuse what the sink has agreed to: of a partition that brought nothing, the group says where to
     * begin.
     */
    @Test
    void aRequestThatConnectRefusesLosesNothing() {
        try (FakeWorker worker = worker(100)) {
            move(worker, 90L);
            worker.group = -1;
            worker.start().drain();
            assertThat(rows()).isEqualTo(100);
        }
    }

    /** Also when the first task that has claimed it is stopped before a record came. */
    @Test
    void beforeTheFirstStartIsRemembered() {
        try (FakeWorker worker = worker(100)) {
            move(worker, 90L);
            worker.start().end();
            worker.start().drain();
            assertThat(rows()).isEqualTo(10);
        }
    }

    @Test
    void topicsThatAreNotReadAreRefused() {
        try (FakeWorker worker = worker(10)) {
            worker.start().drain();
            worker.end();
            Map<TopicPartition, Long> both = new HashMap<>(Map.of(FakeWorker.PARTITION, 5L));
            both.put(new TopicPartition("event", 0), 1L);
            settings.put("topics", "events, others");
            assertThatThrownBy(() -> new VaultSinkConnector().alterOffsets(settings, both))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("does not read topic 'event'");
            worker.start().drain();
            assertThat(rows()).isEqualTo(10);
            settings.remove("topics");
            settings.put("topics.regex", "event.*");
            assertThat(new VaultSinkConnector().alterOffsets(settings, both)).isTrue();
        }
    }

    /** DELETE forgets all that the group knows, also of topics that the connector has read before. */
    @Test
    void whatWasReadBeforeIsForgotten() {
        try (FakeWorker worker = worker(10)) {
            worker.start().drain();
            worker.end();
            settings.put("topics", "others");
            Map<TopicPartition, Long> all = new HashMap<>();
            all.put(FakeWorker.PARTITION, null);
            all.put(new TopicPartition("others", 0), null);
            assertThat(new VaultSinkConnector().alterOffsets(settings, all)).isTrue();
            settings.put("topics", "events");
            worker.group = -1;
            worker.start().drain();
            assertThat(rows()).isEqualTo(20);
        }
    }

    @Test
    void aRunningTaskIsFenced() {
        try (FakeWorker worker = worker(100)) {
            worker.start().drain();
            move(worker, 50L);
            worker.group = 100;
            worker.send(1_000, Map.of("n", 100L));
            worker.drain();
            assertThat(rows()).isEqualTo(151);
        }
    }

    @Test
    void aFolderThatIsNotHereIsRefusedAndAFileThatIsNotHereHasNothingToForget() {
        settings.put("name", "sink");
        settings.put("table.name", "events");
        settings.put("database.path", folder.resolve("no/such/a.db").toString());
        Map<TopicPartition, Long> to = Map.of(FakeWorker.PARTITION, 5L);
        assertThatThrownBy(() -> new VaultSinkConnector().alterOffsets(settings, to))
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("no/such");
        // Its disk may be mounted again, and the file would go on from where it stands.
        Map<TopicPartition, Long> toNone = Collections.singletonMap(FakeWorker.PARTITION, null);
        assertThatThrownBy(() -> new VaultSinkConnector().alterOffsets(settings, toNone))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("no/such", "make the folder");
        assertThat(folder.resolve("no")).doesNotExist();
        settings.put("database.path", folder.resolve("a.db").toString());
        assertThat(new VaultSinkConnector().alterOffsets(settings, toNone)).isTrue();
        assertThat(Files.exists(folder.resolve("a.db"))).isFalse();
        settings.put("database.path", folder.resolve("${topic}/a.db").toString());
        assertThat(new VaultSinkConnector().alterOffsets(settings, toNone)).isTrue(); // of a topic that never came
    }
}
