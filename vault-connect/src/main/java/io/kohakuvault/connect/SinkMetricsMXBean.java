package io.kohakuvault.connect;

/**
 * What a sink task has done since it was started, by JMX under {@code
 * io.kohakuvault.connect:type=sink-task,connector=<name>,task=<number>}. Counters only rise while a task lives.
 */
public interface SinkMetricsMXBean {
    /** {@return records that are in files} */
    long getRecordsWritten();

    /** {@return records that could not be written, reported to the dead letter queue or left out} */
    long getRecordsRejected();

    /** {@return records that were accepted and are not in a file yet} */
    long getRecordsWaiting();

    /**
     * {@return how many offsets the files are behind what was delivered to the task, of its partitions together; what
     * the task is behind the topics is the consumer's lag}
     */
    long getOffsetLag();

    /** {@return about how many bytes the written records held} */
    long getBytesWritten();

    /** {@return transactions} */
    long getCommits();

    /** {@return how long transactions took together, in milliseconds} */
    long getCommitMillis();

    /** {@return how long the longest one took, in milliseconds} */
    long getCommitMillisMax();

    /** {@return when the last one ended, in milliseconds since 1970; 0 when there was none} */
    long getLastCommitTime();

    /** {@return how often a batch was to be tried again} */
    long getRetries();

    /** {@return how often another task had claimed a partition} */
    long getFenced();
}
