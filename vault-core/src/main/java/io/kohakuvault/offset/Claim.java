package io.kohakuvault.offset;

import java.util.Optional;

/**
 * The right to deliver one partition of a source, until somebody else claims it. Only this library makes one.
 */
public interface Claim {
    /** {@return who delivers, for example a connector's name} */
    String source();

    /** {@return the topic} */
    String topic();

    /** {@return the partition, at least 0} */
    int partition();

    /** {@return counts the claims on this partition; a later claim has a higher one} */
    long epoch();

    /** {@return the offset to go on from, -1 when nothing was delivered yet} */
    long nextOffset();

    /**
     * What the source noted beside that offset, for example how to recognise the last record.
     *
     * @return the note, empty when there is none
     */
    Optional<String> note();
}
