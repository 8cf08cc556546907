package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** The log has the first rejected records of a minute, and how many more there were, whether or not others follow. */
class DeadLettersTest {
    private static List<VaultFile.Rejected> rejected(int from, int to) {
        List<VaultFile.Rejected> rejected = new ArrayList<>();
        for (int i = from; i < to; i++) {
            SinkRecord record = new SinkRecord("events", 0, null, null, null, null, i);
            rejected.add(VaultFile.Rejected.of(record, Coordinates.of(record), "it is poison"));
        }
        return rejected;
    }

    @Test
    void howManyMoreThereWereIsToldWhenTheMinuteIsOver() {
        ErrantRecordReporter reporter = (record, reason) -> CompletableFuture.completedFuture(null);
        DeadLetters letters = new DeadLetters(reporter, true);
        letters.settle(rejected(0, 12));
        letters.settle(rejected(0, 12)); // delivered again
        long now = System.nanoTime();
        assertThat(letters.count(now, false)).as("within the minute").isEmpty();
        long later = now + Duration.ofSeconds(61).toNanos();
        assertThat(letters.count(later, false))
                .contains("7 more records were rejected in the last minute, 12 since the task was started");
        assertThat(letters.count(later, false)).as("told once").isEmpty();
    }

    @Test
    void howManyMoreThereWereIsToldWhenTheTaskEnds() {
        DeadLetters letters = new DeadLetters(null, true);
        letters.settle(rejected(0, 5));
        assertThat(letters.count(System.nanoTime(), true)).as("all were told").isEmpty();
        letters.settle(rejected(5, 11));
        assertThat(letters.count(System.nanoTime(), true).orElse("")).startsWith("1 more records were skipped");
    }
}
