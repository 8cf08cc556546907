package io.kohakuvault.internal.table;

import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.column.Columns;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reading vault_tables and vault_table_columns. */
final class TableRows {
    private TableRows() {}

    static List<String> names(Session session) {
        List<String> names = new ArrayList<>();
        if (BlockTables.hasTables(session)) {
            try (Rows rows = session.query("SELECT name FROM vault_tables ORDER BY table_id")) {
                while (rows.next()) {
                    names.add(String.valueOf(rows.getString(0)));
                }
            }
        }
        return names;
    }

    /** The columns of a table in order; empty when there is no such table. */
    static List<TableColumn> columns(Session session, String table) {
        List<TableColumn> columns = new ArrayList<>();
        if (!BlockTables.hasTables(session)) {
            return columns;
        }
        try (Rows rows = session.query(
                "SELECT c.col_id, c.name, c.logical_type, c.nullable FROM vault_table_columns c JOIN vault_tables t USING (table_id) "
                        + "WHERE t.name = ? ORDER BY c.ordinal",
                table)) {
            while (rows.next()) {
                long colId = rows.getLong(0);
                Optional<LogicalType> logical = LogicalType.parse(rows.getString(2));
                columns.add(new TableColumn(
                        colId,
                        new SchemaColumn(
                                String.valueOf(rows.getString(1)),
                                Columns.dtype(
                                        BlockTables.columnById(session, colId).orElseThrow()),
                                logical,
                                rows.getLong(3) != 0)));
            }
        }
        return columns;
    }

    /** What a table says of one of its columns; empty for a loose column. */
    static Optional<SchemaColumn> ofColumn(Session session, ColumnRecord column) {
        if (!BlockTables.hasTables(session)) {
            return Optional.empty();
        }
        try (Rows rows = session.query(
                "SELECT name, logical_type, nullable FROM vault_table_columns WHERE col_id = ?", column.colId())) {
            return rows.next()
                    ? Optional.of(new SchemaColumn(
                            String.valueOf(rows.getString(0)),
                            Columns.dtype(column),
                            LogicalType.parse(rows.getString(1)),
                            rows.getLong(2) != 0))
                    : Optional.empty();
        }
    }
}
