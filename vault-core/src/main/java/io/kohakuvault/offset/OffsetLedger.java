package io.kohakuvault.offset;

/**
 * How far each partition of a source has been delivered, kept in the file next to the data so that both change in one
 * transaction. Exactly-once writing is: {@link #claim} when a partition is taken over, go on from its next offset, and
 * in each transaction write the data and {@link #advance}. A holder that was stopped and wakes up after its successor
 * has claimed is fenced: it commits nothing more. Thread-safe.
 */
public interface OffsetLedger extends OffsetReader {
    /** The longest note. */
    int MAX_NOTE_LENGTH = 1_000;

    /**
     * Takes a partition over, in a transaction of its own or the caller's.
     *
     * @param source who delivers
     * @param topic the topic
     * @param partition the partition, at least 0
     * @return the claim: where to go on and the new epoch
     */
    Claim claim(String source, String topic, int partition);

    /**
     * Notes, in the current transaction, that everything below {@code nextOffset} is delivered.
     *
     * @param claim the right to deliver
     * @param nextOffset the offset to go on from
     * @throws FencedException when the partition was claimed again; the transaction must be rolled back
     * @throws IllegalStateException outside a transaction
     */
    void advance(Claim claim, long nextOffset);

    /**
     * The same with a note that {@link Claim#note} answers from then on; without one the note of before stays.
     *
     * @param claim the right to deliver
     * @param nextOffset the offset to go on from
     * @param note what the source wants to know again, at most {@value #MAX_NOTE_LENGTH} characters
     * @throws FencedException when the partition was claimed again; the transaction must be rolled back
     * @throws IllegalArgumentException when the note is longer
     * @throws IllegalStateException outside a transaction
     */
    void advance(Claim claim, long nextOffset, String note);

    /**
     * Says from outside where a source goes on: forwards, backwards or, with -1, as if nothing had been delivered. Who
     * has a claim on the partition is fenced, and the note is forgotten. In a transaction of its own or the caller's.
     *
     * @param source who delivers
     * @param topic the topic
     * @param partition the partition, at least 0
     * @param nextOffset the offset to go on from, or -1
     * @throws IllegalArgumentException when it is below -1
     */
    void set(String source, String topic, int partition, long nextOffset);
}
