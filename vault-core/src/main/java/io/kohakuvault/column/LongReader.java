package io.kohakuvault.column;

import java.util.List;

/** A column of integers, for reading. Elements of a u64 column are the longs of the same bits. */
public interface LongReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    long get(long index);

    /**
     * A range, copied in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    long[] slice(long from, long to);

    /**
     * Elements from anywhere, all of one state of the column. Each block is read once, whatever the order.
     *
     * @param indexes each from 0 to length - 1
     * @return the elements in the order of the indexes
     * @throws IndexOutOfBoundsException for an index outside that range
     */
    long[] take(long... indexes);

    /**
     * Where the elements are that lie in a half-open range; of u64 as numbers without a sign. In a guarded file blocks
     * whose statistics rule them out are not read.
     *
     * @param atLeast the least value that is wanted
     * @param below the least value that is not wanted any more
     * @return batches of one index and more, together ascending; each iterator starts anew, and each part is
     *     searched in one state of the column
     */
    Iterable<long[]> indexesBetween(long atLeast, long below);

    /**
     * Where the elements are that are no less than a value.
     *
     * @param atLeast the least value that is wanted
     * @return as {@link #indexesBetween}
     */
    Iterable<long[]> indexesFrom(long atLeast);

    /**
     * What {@link #indexesBetween} was called before, with the greatest value within the range.
     *
     * @param least the least value looked for
     * @param greatest the greatest value looked for
     * @return their indexes, ascending
     * @deprecated goes with 1.0; use {@link #indexesBetween}
     */
    @Deprecated(forRemoval = true)
    long[] indexesWithin(long least, long greatest);

    /**
     * All elements, batch by batch. On a live vault each batch is read as the column is then, up to the length it had
     * when the iterator was made.
     *
     * @param size elements of each batch but the last, at least 1
     * @return the batches; each iterator starts anew
     */
    Iterable<long[]> batches(int size);

    /**
     * The column as a list. Each call on it reads the column: for bulk work take {@link #slice} or {@link #batches}.
     *
     * @return a live view; of a column that can be written, one that can be changed
     */
    @Override
    List<Long> asList();
}
