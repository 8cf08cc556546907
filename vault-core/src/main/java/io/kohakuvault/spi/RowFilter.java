package io.kohakuvault.spi;

import java.util.BitSet;

/**
 * Which rows of a snapshot's columns a {@link io.kohakuvault.table.Filter} holds for. Asked range by range, each of
 * which takes a bit of memory for each row: a million rows at a time are a good measure. Thread-safe; valid as long as
 * the columns are.
 */
public interface RowFilter {
    /**
     * Rows that the filter may hold for, told without reading blocks: from the least and greatest values that a guarded
     * file keeps of each block, and from which blocks have nulls. For those who look at the rows themselves.
     *
     * @param from first row
     * @param to row after the last; at most 2^31 - 1 rows further on
     * @return bit i stands for row {@code from + i}; where it is not set the filter does not hold for the row
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    BitSet possible(long from, long to);

    /**
     * Rows that the filter holds for. Reads those blocks of its columns that have to be read for that.
     *
     * @param from first row
     * @param to row after the last; at most 2^31 - 1 rows further on
     * @return bit i stands for row {@code from + i}; it is set where the filter holds for the row, and not otherwise
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     * @throws io.kohakuvault.VaultCorruptException when a block contradicts the format
     */
    BitSet matching(long from, long to);
}
