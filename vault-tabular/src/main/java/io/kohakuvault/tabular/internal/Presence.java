package io.kohakuvault.tabular.internal;

import io.kohakuvault.table.TableReader;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a table's column have a value: what stands in place of a null is none. Looked up for many rows
 * together, because rows come in their order. Not thread-safe.
 */
final class Presence {
    private static final int WINDOW_ROWS = 4096;

    /** Null where every row has one. */
    private final @Nullable TableReader table;

    private final String column;
    private long from;
    private long to;
    private BitSet present = new BitSet();

    Presence(@Nullable TableReader table, String column) {
        this.table = table;
        this.column = column;
    }

    /** Whether a row has a value. */
    boolean of(long row) {
        TableReader reader = table;
        if (reader == null) {
            return true;
        }
        if (row < from || row >= to) {
            from = row;
            to = Math.min(reader.length(), row + WINDOW_ROWS);
            present = reader.present(column, from, to);
        }
        return present.get((int) (row - from));
    }
}
