package io.kohakuvault.connect;

/**
 * What an operator wants when the topic and the file do not agree.
 *
 * @param topicChange when the topic is not the one that the file was filled from
 * @param missingOffsets when the file knows nothing of a partition whose beginning is behind the consumer
 * @param pauseNanos after how long without records the last one is read again; 0 for never
 * @param deadLetters whether the framework sends records that cannot be converted to a queue: reading them again would
 *     send them twice
 * @param topicIds whether Kafka is asked who the topic is
 * @param fromTheBeginning whether the consumer's own setting lets a partition be read from its beginning
 * @param settings a checksum of what converters and transformations are told
 * @param transforms whether there are transformations: some add another value each time
 */
record DeliveryPolicy(
        OnTopicChange topicChange,
        OnMissingOffsets missingOffsets,
        long pauseNanos,
        boolean deadLetters,
        boolean topicIds,
        boolean fromTheBeginning,
        int settings,
        boolean transforms) {
    /** What to do with a topic that was made anew. */
    enum OnTopicChange {
        FAIL,
        RESTART
    }

    /** What to do when the consumer group knows more than the file. */
    enum OnMissingOffsets {
        FAIL,
        RESTART,
        CONTINUE
    }

    /**
     * Whether the last record may be read again when the partition is claimed. Where the consumer does not go to the
     * beginning when it is out of range, a record that retention has removed would send it to the end.
     *
     * @param more whether the framework has moved past others behind it, which perhaps went to the queue
     */
    boolean mayReadAgain(boolean more) {
        return fromTheBeginning && !(more && deadLetters);
    }

    boolean looksAfterPauses() {
        return pauseNanos > 0 && (topicIds || (fromTheBeginning && !deadLetters));
    }

    boolean asksForTheBeginning() {
        return missingOffsets != OnMissingOffsets.CONTINUE && fromTheBeginning && !deadLetters;
    }
}
