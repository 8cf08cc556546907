package io.kohakuvault.connect;

import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What a batch brings of one partition.
 *
 * @param progress the partition
 * @param records the records to write, in order
 * @param first the offset of the first record that was offered
 * @param next the offset to go on from when they are written
 * @param mark the last record that was offered, written or not
 */
record Delivery(PartitionProgress progress, List<SinkRecord> records, long first, long next, RecordMark mark) {
    /** About how many bytes they hold, judged by the larger of the first and the last one. */
    long sizeBytes() {
        if (records.isEmpty()) {
            return 0;
        }
        return records.size() * Math.max(size(records.get(0)), size(records.get(records.size() - 1)));
    }

    private static long size(SinkRecord record) {
        return ContentChecksum.of(record.key(), record.value()).sizeBytes();
    }
}
