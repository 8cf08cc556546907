package io.kohakuvault.connect;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Where a record stands in Kafka, before any transformation renamed its topic: by this its delivery is tracked.
 *
 * @param topic the topic that was consumed
 * @param partition its partition
 * @param offset the record's offset
 */
record Coordinates(String topic, int partition, long offset) {
    private static final boolean ORIGINALS = hasOriginals();

    private static boolean hasOriginals() {
        try {
            SinkRecord.class.getMethod("originalTopic");
            return true;
        } catch (NoSuchMethodException e) {
            return false; // a worker older than 3.6
        }
    }

    static Coordinates of(SinkRecord record) {
        return new Coordinates(topic(record), partition(record), offset(record));
    }

    private static boolean hasOriginal(SinkRecord record) {
        return ORIGINALS && record.originalTopic() != null && record.originalKafkaPartition() != null;
    }

    static String topic(SinkRecord record) {
        return hasOriginal(record) ? record.originalTopic() : record.topic();
    }

    static int partition(SinkRecord record) {
        Integer partition = hasOriginal(record) ? record.originalKafkaPartition() : record.kafkaPartition();
        return partition == null ? 0 : partition;
    }

    static long offset(SinkRecord record) {
        return hasOriginal(record) ? record.originalKafkaOffset() : record.kafkaOffset();
    }

    /** What to add to a message about a partition that is not known. */
    static String hint() {
        return ORIGINALS ? "" : "; on workers before 3.6 the topic must not be renamed by a transformation";
    }

    TopicPartition topicPartition() {
        return new TopicPartition(topic, partition);
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
