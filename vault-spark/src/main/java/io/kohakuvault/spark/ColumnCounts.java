package io.kohakuvault.spark;

import io.kohakuvault.VaultException;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.RowFilter;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.SchemaColumn;

/**
 * How many values of a file's column are there: its rows without the nulls, which bitmaps tell without a value being
 * read. Where many blocks have such a bitmap the query is run instead, by many tasks.
 */
final class ColumnCounts {
    /** Rows of blocks with nulls that are looked at, of a file, at most: of a bit each. */
    private static final long MOST_LOOKED_AT = 4 << 20;

    /** Rows that are asked for at once. */
    private static final int WINDOW = 1 << 20;

    /** Not known without a reading. */
    static final long UNKNOWN = -1;

    private ColumnCounts() {}

    /**
     * Counts.
     *
     * @param name of a column that the file may have
     * @param names how the file's columns are found
     * @return values that are there, or {@link #UNKNOWN}
     */
    static long of(OpenTable open, String name, ColumnNames names) {
        SchemaColumn column = names.find(open.columns(), name).orElse(null);
        if (column == null || open.rows() == 0) {
            return 0;
        } else if (!column.nullable()) {
            return open.rows();
        }
        try {
            ColumnBlocks blocks = open.blocks(column.name());
            if (blocks.length() < open.rows()) {
                return UNKNOWN;
            }
            Filter nulls = Filter.isNull(column.name());
            RowFilter rows = open.snapshot().blocks().filter(open.filtered(nulls), nulls);
            long lookedAt = 0;
            long absent = 0;
            for (long from = 0; from < open.rows(); from += WINDOW) {
                long to = Math.min(open.rows(), from + WINDOW);
                int possible = rows.possible(from, to).cardinality();
                lookedAt += possible;
                if (lookedAt > MOST_LOOKED_AT) {
                    return UNKNOWN;
                } else if (possible > 0) {
                    absent += rows.matching(from, to).cardinality();
                }
            }
            return open.rows() - absent;
        } catch (VaultException e) {
            return UNKNOWN; // whoever reads the rows meets it, and says so
        }
    }
}
