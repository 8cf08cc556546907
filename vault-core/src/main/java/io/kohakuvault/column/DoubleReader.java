package io.kohakuvault.column;

import java.util.List;

/**
 * A column of floating-point numbers, for reading. Elements of f16 and f32 columns are rounded to the nearest on
 * writing; what is finite stays finite.
 */
public interface DoubleReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    double get(long index);

    /**
     * A range, copied in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    double[] slice(long from, long to);

    /**
     * Elements from anywhere, all of one state of the column. Each block is read once, whatever the order.
     *
     * @param indexes each from 0 to length - 1
     * @return the elements in the order of the indexes
     * @throws IndexOutOfBoundsException for an index outside that range
     */
    double[] take(long... indexes);

    /**
     * Where the elements are that lie in a half-open range; NaN lies in no range. In a guarded file blocks whose
     * statistics rule them out are not read.
     *
     * @param atLeast the least value that is wanted
     * @param below the least value that is not wanted any more
     * @return batches of one index and more, together ascending; each iterator starts anew, and each part is
     *     searched in one state of the column
     */
    Iterable<long[]> indexesBetween(double atLeast, double below);

    /**
     * Where the elements are that are no less than a value.
     *
     * @param atLeast the least value that is wanted
     * @return as {@link #indexesBetween}
     */
    Iterable<long[]> indexesFrom(double atLeast);

    /**
     * What {@link #indexesBetween} was called before, with the greatest value within the range.
     *
     * @param least the least value looked for
     * @param greatest the greatest value looked for
     * @return their indexes, ascending
     * @deprecated goes with 1.0; use {@link #indexesBetween}
     */
    @Deprecated(forRemoval = true)
    long[] indexesWithin(double least, double greatest);

    /**
     * All elements, batch by batch. On a live vault each batch is read as the column is then, up to the length it had
     * when the iterator was made.
     *
     * @param size elements of each batch but the last, at least 1
     * @return the batches; each iterator starts anew
     */
    Iterable<double[]> batches(int size);

    /**
     * A range as floats, exact for f16 and f32 columns, of f64 rounded to the nearest.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     * @throws IllegalArgumentException when one of f64 is finite and beyond what a float holds
     */
    float[] sliceFloats(long from, long to);

    /**
     * The column as a list. Each call on it reads the column: for bulk work take {@link #slice} or {@link #batches}.
     *
     * @return a live view; of a column that can be written, one that can be changed
     */
    @Override
    List<Double> asList();
}
