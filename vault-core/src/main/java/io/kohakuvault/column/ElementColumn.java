package io.kohakuvault.column;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A column whose elements are objects. A value that does not fit the dtype is an {@link IllegalArgumentException};
 * nothing is written then.
 *
 * @param <T> what an element is
 */
public interface ElementColumn<T extends @Nullable Object> extends ElementReader<T>, Column {
    /**
     * Adds an element at the end.
     *
     * @param value the element
     */
    void append(T value);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     */
    void appendAll(Collection<? extends T> values);

    /**
     * Replaces an element. Of a variable size this rewrites its block.
     *
     * @param index from 0 to length - 1
     * @param value the new element
     * @throws IndexOutOfBoundsException outside that range
     */
    void set(long index, T value);

    /**
     * Inserts an element before the one at an index: of a variable size a block or two are rewritten, of a fixed one
     * what stands behind moves.
     *
     * @param index from 0 to length
     * @param value the element
     * @throws IndexOutOfBoundsException outside that range
     */
    void insert(long index, T value);

    /**
     * Inserts elements before the one at an index.
     *
     * @param index from 0 to length
     * @param values the elements
     * @throws IndexOutOfBoundsException outside that range
     */
    void insertAll(long index, Collection<? extends T> values);
}
