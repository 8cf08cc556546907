package io.kohakuvault.internal.block.guard;

import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of columns in one state of the file, kept of a column once they were asked for half as many rows as it
 * has: whoever filters it once will do so again. Thread-safe.
 */
final class KnownZones {
    private final Map<Long, ZoneMap> zones = new ConcurrentHashMap<>();
    private final Map<Long, AtomicLong> asked = new ConcurrentHashMap<>();

    /** Those of a column; null while a query for the range asked for is cheaper. */
    @Nullable
    ZoneMap of(BlockReader reader, ColumnRecord column, long rows) {
        ZoneMap known = zones.get(column.colId());
        if (known == null) {
            long sum = asked.computeIfAbsent(column.colId(), id -> new AtomicLong())
                    .addAndGet(rows);
            if (sum < column.length() / 2) {
                return null;
            }
            known = ZoneMap.load(reader, column, 0, column.length());
            zones.put(column.colId(), known);
        }
        return known;
    }
}
