package io.kohakuvault.internal.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.internal.page.MappedTable;
import io.kohakuvault.internal.sqlite.ReadAccess;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the columns of one state of the file. A column keeps its whole directory, so that a further read is no query, once
 * it was read so often that the queries have cost about as much as that takes. Thread-safe.
 */
final class SnapshotCache {
    private static final int LEAST_READS = 3;

    /** A query for a block or two takes as long as this many rows of a directory. */
    private static final int BLOCKS_A_READ = 8;

    private final Map<Long, Optional<ColumnRecord>> columns = new ConcurrentHashMap<>();
    private final Map<Long, Directory> directories = new ConcurrentHashMap<>();
    private final Map<Long, Long> reads = new ConcurrentHashMap<>();
    private final Map<Long, Long> worthReads = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private @Nullable MappedTable mapped;

    @GuardedBy("this")
    private boolean mappedKnown;

    Optional<ColumnRecord> column(long colId, ReadAccess sql) {
        Optional<ColumnRecord> known = columns.get(colId);
        if (known == null) {
            known = sql.read(session -> BlockTables.columnById(session, colId));
            columns.put(colId, known);
        }
        return known;
    }

    /** The directory, or null while a query for the range asked for is cheaper. */
    @Nullable
    Directory directory(ColumnRecord column, ReadAccess sql) {
        Directory known = directories.get(column.colId());
        if (known == null) {
            long n = reads.merge(column.colId(), 1L, Long::sum);
            if (n > LEAST_READS && n > worth(column, sql)) {
                return load(column, sql);
            }
        }
        return known;
    }

    /** After how many reads the directory pays. */
    private long worth(ColumnRecord column, ReadAccess sql) {
        Long known = worthReads.get(column.colId());
        if (known == null) {
            known = sql.read(session -> BlockTables.lastBlockNo(session, column.colId())) / BLOCKS_A_READ;
            worthReads.put(column.colId(), known);
        }
        return known;
    }

    /** The table of blocks in the mapped file; opened once, null where it cannot be followed. */
    synchronized @Nullable MappedTable mapped(Supplier<@Nullable MappedTable> open) {
        if (!mappedKnown) {
            mapped = open.get();
            mappedKnown = true;
        }
        return mapped;
    }

    Directory load(ColumnRecord column, ReadAccess sql) {
        Directory known = directories.get(column.colId());
        if (known == null) {
            known = sql.read(session -> Directory.load(session, column));
            directories.put(column.colId(), known);
        }
        return known;
    }
}
