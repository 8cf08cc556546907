package io.kohakuvault.internal.table;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.util.List;

/**
 * What a table was like when it was looked at. The epoch is of the writer and guarded by its lock; -1 outside of it.
 */
record TableShape(String name, List<TableColumn> columns, Schema schema, long epoch) {

    static TableShape of(String name, List<TableColumn> columns, long epoch) {
        try {
            return new TableShape(
                    name,
                    List.copyOf(columns),
                    new Schema(columns.stream().map(TableColumn::schema).toList()),
                    epoch);
        } catch (IllegalArgumentException e) {
            throw new VaultCorruptException(
                    "vault_table_columns: what it says of table '" + name + "' is no table: " + e.getMessage()
                            + "; drop the table, its columns remain readable until then",
                    e);
        }
    }

    TableColumn column(String wanted) {
        return columns.stream()
                .filter(c -> c.schema().name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("table '" + name + "' has no column '" + wanted
                        + "', it has "
                        + schema.columns().stream().map(SchemaColumn::name).toList()));
    }
}
