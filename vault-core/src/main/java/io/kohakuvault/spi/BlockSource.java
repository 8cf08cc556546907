package io.kohakuvault.spi;

import io.kohakuvault.table.Filter;
import java.util.List;

/** The columns of a snapshot as blocks. Thread-safe; valid while the snapshot is open. */
public interface BlockSource {
    /**
     * A column by its full name.
     *
     * @param name for example {@code latency_ms} or {@code events.ts}
     * @return its blocks
     * @throws java.util.NoSuchElementException when there is no such column
     */
    ColumnBlocks column(String name);

    /**
     * The columns of a table.
     *
     * @param name the table
     * @return its columns in order; names are those within the table
     * @throws java.util.NoSuchElementException when there is no such table
     */
    List<ColumnBlocks> table(String name);

    /**
     * A filter of columns that stand side by side.
     *
     * @param columns columns of this source, of one length; the filter names them as {@link ColumnBlocks#name()} does
     * @param filter what is asked of their rows
     * @return the filter, to be asked range by range
     * @throws IllegalArgumentException when a condition names a column that is not among them, or cannot be asked of
     *     it; the message says which
     */
    RowFilter filter(List<ColumnBlocks> columns, Filter filter);

    /**
     * The state of the snapshot, kept alive until what this answers is run. Arrow buffers that point into the mapped
     * file hold one.
     *
     * @return releases the hold; to be run exactly once
     */
    Runnable hold();
}
