package io.kohakuvault.column;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column whose elements are objects, for reading.
 *
 * @param <T> what an element is
 */
public interface ElementReader<T extends @Nullable Object> extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    T get(long index);

    /**
     * A range, read in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements, in a list of their own
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    List<T> slice(long from, long to);

    /**
     * Elements from anywhere, all of one state of the column. Each block is read once, whatever the order.
     *
     * @param indexes each from 0 to length - 1
     * @return the elements in the order of the indexes
     * @throws IndexOutOfBoundsException for an index outside that range
     */
    List<T> take(long... indexes);

    /**
     * All elements, batch by batch. On a live vault each batch is read as the column is then, up to the length it had
     * when the iterator was made.
     *
     * @param size elements of each batch but the last, at least 1
     * @return the batches; each iterator starts anew
     */
    Iterable<List<T>> batches(int size);

    /**
     * {@link #batches(int)} for elements that may be long: a batch also ends where its elements take about so many
     * bytes.
     *
     * @param size most elements of a batch, at least 1
     * @param bytes about how many bytes of elements a batch may have, at least 1; it has one element at least,
     *     however long
     * @return the batches; each iterator starts anew
     */
    Iterable<List<T>> batches(int size, long bytes);

    /**
     * The column as a list. Each call on it reads the column: for bulk work take {@link #slice} or {@link #batches}.
     * Arrays in it are equal only to themselves, as in any list.
     *
     * @return a live view; of a column that can be written, one that can be changed
     */
    @Override
    List<T> asList();
}
