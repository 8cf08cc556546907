package io.kohakuvault.connect;

import io.kohakuvault.testkit.IdleSinkContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;

/** The framework's side of a task, which notes what the task asks for. */
final class FakeContext extends IdleSinkContext {
    final Map<TopicPartition, Long> rewinds = new HashMap<>();
    final List<SinkRecord> reported = new ArrayList<>();
    final List<Throwable> reasons = new ArrayList<>();
    long timeoutMs = -1;
    boolean withReporter = true;
    Runnable onReport = () -> {};

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        rewinds.putAll(offsets);
    }

    @Override
    public void offset(TopicPartition tp, long offset) {
        rewinds.put(tp, offset);
    }

    @Override
    public void timeout(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    @Override
    public ErrantRecordReporter errantRecordReporter() {
        return withReporter ? this::report : null;
    }

    private Future<Void> report(SinkRecord record, Throwable error) {
        reported.add(record);
        reasons.add(error);
        onReport.run();
        return CompletableFuture.completedFuture(null);
    }
}
