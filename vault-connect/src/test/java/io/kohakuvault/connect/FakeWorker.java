package io.kohakuvault.connect;

import io.kohakuvault.VaultOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What Kafka Connect does with a task and one partition: seeks where the task asks, delivers, offers a batch again that
 * is to be retried, and commits what the task answers. The topic's records can be changed under it.
 */
final class FakeWorker implements AutoCloseable {
    static final TopicPartition PARTITION = new TopicPartition("events", 0);

    /** The topic, by offset: what a producer gave it, and when. */
    final TreeMap<Long, Sent> topic = new TreeMap<>();

    record Sent(Object key, Object value, long timestamp) {}

    final FakeContext context = new FakeContext();
    final Map<String, String> settings;

    /** How tasks open files. */
    VaultOptions options = VaultSinkTask.newFiles();

    /** When tasks look after files. */
    Upkeep upkeep = Upkeep.normal();

    /** The consumer group's offset, which outlives tasks; -1 for none. */
    long group = -1;

    /** Records that a transformation leaves out, or that no converter understands. */
    Predicate<Sent> dropped = sent -> false;

    /** How often a batch was to be offered again. */
    int retries;

    private VaultSinkTask task;
    private long position;
    private List<SinkRecord> batch = List.of();

    FakeWorker(Map<String, String> settings) {
        this.settings = settings;
    }

    /** Sends records behind what the topic has. */
    void send(long timestamp, Object... values) {
        long next = topic.isEmpty() ? 0 : topic.lastKey() + 1;
        for (Object value : values) {
            topic.put(next, new Sent("key", value, timestamp + next));
            next++;
        }
    }

    private long topicEnd() {
        return topic.isEmpty() ? 0 : topic.lastKey() + 1;
    }

    private long begin() {
        return topic.isEmpty() ? 0 : topic.firstKey();
    }

    /** A task is started, or another one in its place. */
    FakeWorker start() {
        end();
        context.rewinds.clear();
        batch = List.of();
        VaultSinkTask t = new VaultSinkTask(options, upkeep);
        t.initialize(context);
        t.start(settings);
        position = group >= 0 ? group : begin();
        t.open(List.of(PARTITION));
        task = t;
        seek();
        return this;
    }

    private void seek() {
        Long asked = context.rewinds.remove(PARTITION);
        if (asked != null) {
            position = asked;
        }
        if (position > topicEnd() || position < begin()) {
            position = begin(); // auto.offset.reset=earliest
        }
    }

    /** One poll of at most so many records; false when there was nothing. */
    boolean poll(int most) {
        seek();
        if (batch.isEmpty()) {
            List<SinkRecord> polled = new ArrayList<>();
            long next = position;
            for (Map.Entry<Long, Sent> entry : topic.tailMap(position).entrySet()) {
                if (polled.size() == most) {
                    break;
                }
                next = entry.getKey() + 1;
                Sent sent = entry.getValue();
                if (!dropped.test(sent)) {
                    polled.add(new SinkRecord(
                            "events",
                            0,
                            null,
                            sent.key(),
                            null,
                            sent.value(),
                            entry.getKey(),
                            sent.timestamp(),
                            TimestampType.CREATE_TIME));
                }
            }
            boolean moved = next > position;
            position = next;
            batch = polled;
            if (polled.isEmpty()) {
                try {
                    task.put(List.of());
                } catch (RetriableException e) {
                    retries++;
                    return true;
                }
                return moved || !context.rewinds.isEmpty();
            }
        }
        try {
            task.put(batch);
            batch = List.of();
        } catch (RetriableException e) {
            retries++;
        }
        return true;
    }

    /** Polls until nothing comes any more, and commits. */
    void drain() {
        for (int i = 0; i < 1_000 && poll(10); i++) {
            // goes on
        }
        commit();
    }

    void commit() {
        Map<TopicPartition, OffsetAndMetadata> current = new HashMap<>();
        current.put(PARTITION, new OffsetAndMetadata(position));
        OffsetAndMetadata answer = task.preCommit(current).get(PARTITION);
        if (answer != null && answer.offset() <= position) {
            group = answer.offset();
        }
    }

    VaultSinkTask task() {
        return task;
    }

    @Override
    public void close() {
        end();
    }

    /**
     * The worker stands still and is taken for dead: its task goes on later, with the batch that it had.
     *
     * @return what it does when it wakes up
     */
    Runnable abandon() {
        VaultSinkTask stale = task;
        List<SinkRecord> had = batch;
        task = null;
        batch = List.of();
        return () -> {
            try {
                stale.put(had);
            } catch (RetriableException e) {
                // the framework learns that the partition is gone
            }
            stale.preCommit(Map.of());
            stale.close(List.of(PARTITION));
            stale.stop();
        };
    }

    /** The task is stopped; its successor comes with {@link #start}. */
    void end() {
        VaultSinkTask t = task;
        task = null;
        if (t != null) {
            t.close(List.of(PARTITION));
            t.stop();
        }
    }
}
