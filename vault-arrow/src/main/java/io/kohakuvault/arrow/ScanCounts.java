package io.kohakuvault.arrow;

import io.kohakuvault.spi.Origin;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the public type stands for, as it was read. */
record ScanCounts(
        long rows,
        long batches,
        long mappedBlocks,
        long gatheredBlocks,
        long copiedBlocks,
        long joinedBytes,
        List<ColumnScanStats> columns)
        implements ScanStats {

    static ScanCounts of(long rows, long batches, List<ColumnCounts> columns) {
        return new ScanCounts(
                rows,
                batches,
                columns.stream().mapToLong(c -> c.mapped).sum(),
                columns.stream().mapToLong(c -> c.gathered).sum(),
                columns.stream().mapToLong(c -> c.throughSqlite).sum(),
                columns.stream().mapToLong(c -> c.joinedBytes).sum(),
                columns.stream().map(ColumnCounts::stats).toList());
    }

    /** Those of a column, as they go up. Not thread-safe. */
    static final class ColumnCounts {
        private final String name;
        private final EnumMap<CopyReason, Long> copied = new EnumMap<>(CopyReason.class);
        private long mapped;
        private long gathered;
        private long throughSqlite;
        private long byAddress;
        private long joinedBytes;

        ColumnCounts(String name) {
            this.name = name;
        }

        void block(Origin origin) {
            switch (origin) {
                case MAPPED -> mapped++;
                case GATHERED -> gathered++;
                case COPIED -> throughSqlite++;
            }
        }

        void byAddress(int rows) {
            byAddress += rows;
        }

        void copied(CopyReason why, int rows) {
            copied.merge(why, (long) rows, Long::sum);
        }

        void joined(long bytes) {
            joinedBytes += bytes;
        }

        ColumnScanStats stats() {
            return new OfColumn(
                    name, mapped, gathered, throughSqlite, byAddress, Collections.unmodifiableMap(copied.clone()));
        }
    }

    private record OfColumn(
            String name,
            long mappedBlocks,
            long gatheredBlocks,
            long copiedBlocks,
            long rowsByAddress,
            Map<CopyReason, Long> rowsCopied)
            implements ColumnScanStats {}
}
