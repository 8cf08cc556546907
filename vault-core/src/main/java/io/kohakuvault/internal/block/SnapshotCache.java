package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.ReadAccess;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot remembers of its columns. A column that is read a few times keeps its whole directory, so that a further read is no
 * query; one that is read once does not pay for that. Thread-safe.
 */
final class SnapshotCache {
    private static final int READS_BEFORE_DIRECTORY = 3;

    private final Map<Long, Optional<ColumnRecord>> columns = new ConcurrentHashMap<>();
    private final Map<Long, Directory> directories = new ConcurrentHashMap<>();
    private final Map<Long, Integer> reads = new ConcurrentHashMap<>();

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
        if (known == null && reads.merge(column.colId(), 1, Integer::sum) > READS_BEFORE_DIRECTORY) {
            return load(column, sql);
        }
        return known;
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
