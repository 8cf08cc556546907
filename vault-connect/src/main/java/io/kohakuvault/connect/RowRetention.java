package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the rows at a table's head whose records are too old. A row without a timestamp, or a younger one, keeps
 * those behind it: rows are removed from the head alone, which costs little. Not thread-safe.
 */
final class RowRetention {
    private static final Logger LOG = LoggerFactory.getLogger(RowRetention.class);

    /** So many rows are looked at in one transaction. */
    private static final int MOST = 1_000_000;

    private static final long MOST_BETWEEN_MS = 60_000;

    private final Vault vault;
    private final String name;
    private final String column;
    private final long ageMs;
    private final long betweenMs;
    private long next = Long.MIN_VALUE;

    /**
     * @param metadata has the column of timestamps
     * @param ageMs older rows are removed
     */
    RowRetention(Vault vault, String name, Metadata metadata, long ageMs) {
        this.vault = vault;
        this.name = name;
        this.column = metadata.column(Metadata.Item.TIMESTAMP).orElseThrow();
        this.ageMs = ageMs;
        this.betweenMs = Math.min(MOST_BETWEEN_MS, ageMs / 10);
    }

    /** Removes what is too old, at most once a minute. */
    void look(long nowMillis) {
        if (nowMillis < next) {
            return;
        }
        next = nowMillis + betweenMs;
        Optional<Table> table = vault.tables().find(name);
        if (table.isEmpty()
                || table.get().schema().columns().stream()
                        .noneMatch(c -> c.name().equals(column))) {
            return;
        }
        long removed = vault.compute(() -> {
            long rows = tooOld(table.get(), nowMillis - ageMs);
            if (rows > 0) {
                table.get().removeBefore(rows);
            }
            return rows;
        });
        if (removed > 0) {
            LOG.info("table '{}': {} rows were removed, older than {} ms", name, removed, ageMs);
        }
        if (removed == MOST) {
            next = nowMillis;
        }
    }

    private long tooOld(Table table, long before) {
        long rows = 0;
        for (List<Row> some : table.batches(0, Math.min(MOST, table.length()), 10_000, 1 << 20, column)) {
            for (Row row : some) {
                Instant at = row.getInstant(column);
                if (at == null || at.toEpochMilli() >= before) {
                    return rows;
                }
                rows++;
            }
        }
        return rows;
    }
}
