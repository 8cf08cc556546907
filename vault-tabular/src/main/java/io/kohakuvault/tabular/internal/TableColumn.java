package io.kohakuvault.tabular.internal;

import io.kohakuvault.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * A column that belongs to a table, which alone knows its nulls and what its elements mean.
 *
 * @param table the table
 * @param column its name within the table
 */
public record TableColumn(String table, String column) {
    /** What a full name, {@code TABLE.COLUMN}, means; empty for a column of no table. */
    public static Optional<TableColumn> of(Snapshot snapshot, String name) {
        for (String table : snapshot.tables().list()) {
            boolean within = name.startsWith(table + ".");
            String column = within ? name.substring(table.length() + 1) : "";
            if (within
                    && snapshot.tables().get(table).schema().columns().stream()
                            .anyMatch(own -> own.name().equals(column))) {
                return Optional.of(new TableColumn(table, column));
            }
        }
        return Optional.empty();
    }

    /** Its elements, as rows of the table with nothing else. */
    public RowSelection rows(Snapshot snapshot, long limit) {
        return new RowSelection(snapshot.tables().get(table), List.of(column), List.of(), limit);
    }
}
