package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.Session;
import java.util.List;

/** All blocks of a column in one state of the file, checked to hold its rows without a gap. Immutable. */
final class Directory {
    private final BlockEntry[] entries;

    private Directory(BlockEntry[] entries) {
        this.entries = entries;
    }

    static Directory load(Session session, ColumnRecord column) {
        List<BlockEntry> all =
                column.length() == 0 ? List.of() : BlockTables.entries(session, column, 0, column.length());
        long row = 0;
        BlockEntry previous = null;
        for (BlockEntry entry : all) {
            BlockChecks.entry(session.file(), column, entry);
            if (entry.rowCount() > 0) {
                BlockChecks.continuity(session.file(), column, previous, entry, row);
                row = entry.firstRow() + entry.rowCount();
                previous = entry;
            }
        }
        if (row < column.length()) {
            BlockChecks.continuity(session.file(), column, previous, null, row);
        }
        return new Directory(all.stream().filter(e -> e.rowCount() > 0).toArray(BlockEntry[]::new));
    }

    int size() {
        return entries.length;
    }

    BlockEntry get(int i) {
        return entries[i];
    }

    /** The place of the block that holds a row of the column. */
    int indexOf(long row) {
        // Blocks of a fixed size have as many rows as the first one: most often this is it, and one entry is touched
        // instead of a dozen.
        long guess = entries.length == 0 ? -1 : row / entries[0].rowCount();
        if (guess >= 0 && guess < entries.length) {
            BlockEntry entry = entries[(int) guess];
            if (entry.firstRow() <= row && row < entry.endRow()) {
                return (int) guess;
            }
        }
        int low = 0;
        int high = entries.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (entries[middle].firstRow() <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
