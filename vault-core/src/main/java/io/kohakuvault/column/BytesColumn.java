package io.kohakuvault.column;

import java.util.Collection;

/** A column of byte strings. */
public interface BytesColumn extends BytesReader, Column {
    /**
     * Adds an element at the end.
     *
     * @param value the element
     * @throws IllegalArgumentException when it does not fit the dtype
     */
    void append(byte[] value);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     * @throws IllegalArgumentException when one does not fit the dtype
     */
    void appendAll(Collection<byte[]> values);
}
