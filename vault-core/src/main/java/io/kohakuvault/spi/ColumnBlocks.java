package io.kohakuvault.spi;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import java.util.Optional;

/** A column of a snapshot as the blocks it is stored in. Thread-safe; valid while the snapshot is open. */
public interface ColumnBlocks {
    /**
     * The name: of the column, or within its table.
     *
     * @return the name
     */
    String name();

    /**
     * What the elements are.
     *
     * @return the physical type
     */
    DType dtype();

    /**
     * What they mean.
     *
     * @return the logical type of a table's column, if it has one
     */
    Optional<LogicalType> logicalType();

    /**
     * Whether blocks may bring a validity bitmap.
     *
     * @return true for nullable columns of tables
     */
    boolean nullable();

    /**
     * How many rows the column has in this snapshot.
     *
     * @return at least 0
     */
    long length();

    /**
     * Where the block that holds a row begins, without reading the block.
     *
     * @param row from 0 to length - 1
     * @return the block's first row
     * @throws IndexOutOfBoundsException for a row outside the column
     */
    long blockStart(long row);

    /**
     * Where the block that holds a row ends, without reading the block.
     *
     * @param row from 0 to length - 1
     * @return the first row after the block
     * @throws IndexOutOfBoundsException for a row outside the column
     */
    long blockEnd(long row);

    /**
     * How many bytes the elements of the block that holds a row take, without reading the block.
     *
     * @param row from 0 to length - 1
     * @return at least 0
     * @throws IndexOutOfBoundsException for a row outside the column
     */
    long blockBytes(long row);

    /**
     * Reads the block that holds a row.
     *
     * @param row from 0 to length - 1
     * @return the block; the caller closes it
     * @throws IndexOutOfBoundsException for a row outside the column
     * @throws io.kohakuvault.VaultCorruptException when the block contradicts the format
     */
    BlockView block(long row);
}
