package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.testkit.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic that is made anew, and a file that is lost: nothing is left out without a word. */
class TopicChangeTest {
    private static final long OLD = 1_000_000;
    private static final long NEW = 2_000_000;

    @TempDir
    Path folder;

    private Path file;
    private FakeWorker worker;

    @BeforeEach
    void settings() {
        file = folder.resolve("a.db");
        Map<String, String> settings = new HashMap<>();
        settings.put("name", "sink");
        settings.put("database.path", file.toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64 null");
        settings.put("check.pause.ms", "0");
        settings.put("retry.backoff.ms", "1");
        settings.put("retry.backoff.max.ms", "1");
        worker = new FakeWorker(settings);
    }

    @AfterEach
    void close() {
        worker.end();
    }

    private static Object[] numbers(long from, long to) {
        return LongStream.range(from, to).mapToObj(n -> Map.of("n", n)).toArray();
    }

    private List<Long> written() {
        return Written.numbers(file, "n");
    }

    private static List<Long> of(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private void deliver(long from, long to) {
        worker.send(OLD, numbers(from, to));
        worker.start().drain();
        assertThat(worker.group).isEqualTo(to);
    }

    private void assertTopicChanged() {
        assertThatThrownBy(worker::drain)
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("events-0")
                .hasMessageContaining("a.db")
                .hasMessageContaining("behavior.on.topic.change");
    }

    /** Longer and shorter than before, while the task was stopped and while it runs. */
    @ParameterizedTest
    @CsvSource({"250, true", "250, false", "60, true", "60, false", "100, true"})
    void aTopicThatWasMadeAnewStopsTheTaskOrIsTakenInFromItsBeginning(int records, boolean stopped) {
        deliver(0, 100);
        if (stopped) {
            worker.end();
        }
        worker.topic.clear();
        worker.send(NEW, numbers(1_000, 1_000 + records));
        if (stopped || records > 100) { // a longer one is not noticed without a pause: see below
            worker.start();
        }
        assertTopicChanged();
        assertThat(written()).isEqualTo(of(0, 100));
        worker.start();
        assertTopicChanged(); // a restart alone does not make it right
        worker.settings.put("behavior.on.topic.change", "restart");
        worker.start().drain();
        List<Long> expected = new ArrayList<>(of(0, 100));
        expected.addAll(of(1_000, 1_000 + records));
        assertThat(written()).isEqualTo(expected);
        assertThat(worker.group).isEqualTo(records);
        worker.start().drain();
        assertThat(written()).isEqualTo(expected);
    }

    /** The consumer goes on behind the offset that it had: only the last record of the old topic tells. */
    @ParameterizedTest
    @ValueSource(strings = {"fail", "restart"})
    void aLongerTopicIsNoticedAfterThePauseThatItsMakingTakes(String choice) {
        worker.settings.put("check.pause.ms", "20");
        worker.settings.put("behavior.on.topic.change", choice);
        deliver(0, 50);
        long pause = System.nanoTime() + Duration.ofMillis(25).toNanos();
        while (System.nanoTime() < pause) {
            worker.drain();
        }
        worker.topic.clear();
        worker.send(NEW, numbers(1_000, 1_080));
        List<Long> expected = new ArrayList<>(of(0, 50));
        if (choice.equals("fail")) {
            assertThatThrownBy(() -> {
                        while (true) {
                            worker.drain();
                        }
                    })
                    .hasMessageContaining("is not what")
                    .hasMessageContaining("have been written since");
            return;
        }
        Await.until(
                "all of the new topic is there",
                () -> {
                    worker.drain();
                    return written().size() == 130;
                },
                () -> written().toString());
        worker.start().drain();
        expected.addAll(of(1_000, 1_080));
        assertThat(written()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void gapsAndCompactionAreNoNewTopic() {
        deliver(0, 100);
        worker.topic.remove(99L);
        worker.topic.remove(50L);
        worker.start().drain();
        worker.send(OLD, numbers(99, 105));
        worker.topic.keySet().removeIf(offset -> offset < 101);
        worker.start().drain();
        assertThat(written()).hasSize(104);
        assertThat(worker.group).isEqualTo(105);
    }

    @Test
    void anotherConverterIsNoNewTopic() {
        deliver(0, 10);
        worker.end();
        worker.settings.put("transforms", "x");
        worker.topic.replaceAll((offset, sent) -> new FakeWorker.Sent("other key", sent.value(), sent.timestamp()));
        worker.send(OLD, numbers(10, 20));
        worker.start().drain();
        assertThat(written()).isEqualTo(of(0, 20));
    }

    @Test
    void theFileFollowsTheFrameworkPastRecordsThatAreNotDelivered() {
        worker.dropped = sent -> ((Map<?, ?>) sent.value()).get("n") instanceof Long n && n >= 100;
        worker.send(OLD, numbers(0, 150));
        worker.start().drain();
        assertThat(worker.group).isEqualTo(150);
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.offsets().claims("sink").get(0).nextOffset()).isEqualTo(150);
        }
        worker.start().drain(); // the last record that was delivered is read again, and those behind it
        assertThat(written()).isEqualTo(of(0, 100));
        assertThat(worker.group).isEqualTo(150);
        worker.send(OLD, numbers(50, 60));
        worker.drain();
        assertThat(written()).hasSize(110);
    }

    /** What no converter understands would go to the queue once more with each restart. */
    @Test
    void withADeadLetterQueueNothingBehindTheLastRecordIsReadAgain() {
        worker.settings.put("errors.deadletterqueue.topic.name", "dead");
        long[] converted = {0};
        worker.dropped = sent -> {
            converted[0]++;
            return ((Map<?, ?>) sent.value()).get("n") instanceof Long n && n >= 10;
        };
        worker.send(OLD, numbers(0, 15));
        worker.start().drain();
        assertThat(converted[0]).isEqualTo(15);
        worker.start().drain();
        worker.start().drain();
        assertThat(converted[0]).isEqualTo(15);
        assertThat(worker.group).isEqualTo(15);
    }

    @Test
    void aFileThatIsGoneStopsTheTaskAndIsNotBegunAnewInSilence() throws IOException {
        deliver(0, 50);
        Files.move(file, folder.resolve("old.db"));
        worker.send(OLD, numbers(50, 60));
        assertThatThrownBy(worker::drain)
                .isInstanceOf(ConnectException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("renamed");
        worker.commit();
        assertThat(worker.group).isEqualTo(50);
        Files.move(folder.resolve("a.db-wal"), folder.resolve("old.db-wal"));
        worker.start();
        assertThatThrownBy(worker::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("holds nothing of it")
                .hasMessageContaining("behavior.on.missing.offsets");
        worker.settings.put("behavior.on.missing.offsets", "continue");
        worker.start().drain();
        assertThat(written()).isEqualTo(of(50, 60));
    }

    @Test
    void aLostFileIsFilledAnewOnRequest() throws IOException {
        deliver(0, 50);
        worker.end();
        try (var files = Files.list(folder)) {
            for (Path path : files.toList()) {
                Files.delete(path);
            }
        }
        worker.settings.put("behavior.on.missing.offsets", "restart");
        worker.send(OLD, numbers(50, 60));
        worker.start().drain();
        assertThat(written()).isEqualTo(of(0, 60));
    }

    @Test
    void aTopicWhoseBeginningRetentionHasRemovedIsNoLostFile() {
        worker.send(OLD, numbers(0, 50));
        worker.topic.keySet().removeIf(offset -> offset < 20);
        worker.start().drain();
        assertThat(written()).isEqualTo(of(20, 50));
    }

    /** Keys of a map that have no text of their own are the same when the record is read again. */
    @Test
    void aRecordWithBytesForKeysIsTheSameWhenItIsReadAgain() {
        for (boolean asBuffer : new boolean[] {false, true}) {
            worker.send(OLD, Map.of("n", 0L), keyedBy(asBuffer, 1));
            long last = worker.topic.lastKey();
            worker.start().drain();
            worker.end();
            FakeWorker.Sent sent = worker.topic.get(last);
            worker.topic.put(last, new FakeWorker.Sent(sent.key(), keyedBy(asBuffer, 1), sent.timestamp()));
            worker.start().drain();
            worker.end();
            worker.topic.put(last, new FakeWorker.Sent(sent.key(), keyedBy(asBuffer, 2), sent.timestamp()));
            worker.start();
            assertThatThrownBy(worker::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("at offset " + last);
            worker.topic.put(last, sent);
        }
    }

    private static Map<String, Object> keyedBy(boolean asBuffer, int key) {
        byte[] bytes = {(byte) key};
        return Map.of("m", Map.of(asBuffer ? ByteBuffer.wrap(bytes) : bytes, "value"));
    }

    /** Else they would be converted, and reported, whenever the task is started. */
    @Test
    void recordsThatAreNotDeliveredAreAcknowledgedFromTheBeginningOn() {
        worker.settings.put("errors.deadletterqueue.topic.name", "dead");
        worker.dropped = sent -> true;
        deliver(0, 30);
        worker.end();
        List<Object> again = new ArrayList<>();
        worker.dropped = sent -> again.add(sent.value());
        worker.start().drain();
        assertThat(again).isEmpty();
        worker.dropped = sent -> false;
        deliver(30, 40);
        assertThat(written()).isEqualTo(of(30, 40));
        assertThat(worker.group).isEqualTo(40);
    }

    /** Without a queue nothing is lost by reading them again: what could not be converted is taken in once it can. */
    @Test
    void recordsThatCanBeConvertedLaterAreTakenInWhereNothingWasReported() {
        worker.dropped = sent -> true;
        worker.send(OLD, numbers(0, 30));
        worker.start().drain();
        worker.dropped = sent -> false;
        deliver(30, 40);
        assertThat(written()).isEqualTo(of(0, 40));
    }
}
