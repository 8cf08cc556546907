package io.kohakuvault.connect;

import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What a document or a vector is stored with.
 *
 * @param template what of a record it is
 * @param setting the setting that says so
 * @param replaces whether a newer record of a key takes the place of the older one
 */
record DocumentKey(KeyTemplate template, String setting, boolean replaces) {
    /**
     * The value to store. A record without a key is known by its place in Kafka, unless it is to replace another.
     *
     * @throws UnfitException when there is none
     */
    Object of(SinkRecord record, Coordinates at) {
        Object key = template.value(record, at);
        if (key != null) {
            return key;
        } else if (!replaces && template.isRecordKey()) {
            return Map.of("topic", at.topic(), "partition", (long) at.partition(), "offset", at.offset());
        }
        throw new UnfitException(
                (template.isRecordKey() ? "it has no key" : "'" + template + "' is missing in it or null")
                        + ", by which " + setting
                        + " says that it replaces what is there; name something that each record has in "
                        + setting);
    }

    /** Whether a record without a value says what it deletes. */
    boolean deletes() {
        return replaces && template.needsNoValue();
    }
}
