package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.KafkaBroker;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Records of a partition in their order: where each stands, and which it is. Ten millions of them fit into memory. */
final class SampleLog {
    private static final Sample.Kind[] KINDS = Sample.Kind.values();

    private long[] offsets = new long[1_024];
    private long[] numbers = new long[1_024];
    private long[] timestamps = new long[1_024];
    private byte[] kinds = new byte[1_024];
    private int size;

    void add(long offset, long timestamp, Sample sample) {
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * size);
            numbers = Arrays.copyOf(numbers, 2 * size);
            timestamps = Arrays.copyOf(timestamps, 2 * size);
            kinds = Arrays.copyOf(kinds, 2 * size);
        }
        offsets[size] = offset;
        numbers[size] = sample.number();
        timestamps[size] = timestamp;
        kinds[size] = (byte) sample.kind().ordinal();
        size++;
    }

    /** Adds those of another one that stand at offsets within a range. */
    void addAll(SampleLog other, long from, long to) {
        for (int i = 0; i < other.size; i++) {
            if (other.offsets[i] >= from && other.offsets[i] < to) {
                add(other.offsets[i], other.timestamps[i], other.sample(i));
            }
        }
    }

    int size() {
        return size;
    }

    long offset(int index) {
        return offsets[index];
    }

    long timestamp(int index) {
        return timestamps[index];
    }

    Sample sample(int index) {
        return new Sample(KINDS[kinds[index]], numbers[index]);
    }

    boolean isGood(int index) {
        return kinds[index] == Sample.Kind.GOOD.ordinal();
    }

    long number(int index) {
        return numbers[index];
    }

    /** What a topic holds now, without what was aborted, partition by partition. */
    static Map<Integer, SampleLog> read(KafkaBroker broker, String topic) {
        Map<Integer, SampleLog> partitions = new HashMap<>();
        broker.readCommitted(
                topic,
                r -> partitions
                        .computeIfAbsent(r.partition(), p -> new SampleLog())
                        .add(r.offset(), r.timestamp(), Sample.of(r.key(), r.value())));
        return partitions;
    }
}
