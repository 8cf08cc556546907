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
 * @param sizeBytes about how many bytes they hold
 */
record Delivery(
        PartitionProgress progress, List<SinkRecord> records, long first, long next, RecordMark mark, long sizeBytes) {}
