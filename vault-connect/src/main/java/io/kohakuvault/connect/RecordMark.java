package io.kohakuvault.connect;

import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * By what the last record that was delivered of a partition is recognised when it is read again: a topic that was made
 * anew has another one there, or none.
 *
 * @param offset where it stands
 * @param timestamp its time in milliseconds since 1970, -1 where it has none
 * @param checksum of its key and value as the converters and transformations delivered them
 * @param settings a checksum of their settings: what others deliver is not compared
 */
record RecordMark(long offset, long timestamp, int checksum, int settings) {
    static RecordMark of(SinkRecord record, ContentChecksum content, long offset, int settings) {
        Long timestamp = record.timestamp();
        return new RecordMark(offset, timestamp == null ? -1 : timestamp, content.value(), settings);
    }

    /**
     * What tells that a record which stands at the same offset is another one; empty when nothing does.
     *
     * @param byContent whether the same record holds the same each time
     */
    Optional<String> differenceTo(RecordMark now, boolean byContent) {
        if (timestamp != now.timestamp) {
            return Optional.of("its record at offset " + offset + " was of " + time(timestamp) + " and is of "
                    + time(now.timestamp));
        } else if (byContent && settings == now.settings && checksum != now.checksum) {
            return Optional.of("its record at offset " + offset + " is of the same time, but holds something else");
        }
        return Optional.empty();
    }

    private static String time(long timestamp) {
        return timestamp < 0
                ? "no time"
                : java.time.Instant.ofEpochMilli(timestamp).toString();
    }
}
