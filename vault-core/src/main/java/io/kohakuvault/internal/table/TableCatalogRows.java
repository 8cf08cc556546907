package io.kohakuvault.internal.table;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.column.ColumnDirectory;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The rows of vault_tables and vault_table_columns. */
final class TableCatalogRows {
    private TableCatalogRows() {}

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

    static OptionalLong id(Session session, String table) {
        Objects.requireNonNull(table, "name");
        Long id = BlockTables.hasTables(session)
                ? session.queryLong("SELECT table_id FROM vault_tables WHERE name = ?", table)
                : null;
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    static Optional<String> name(Session session, long tableId) {
        try (Rows rows = session.query("SELECT name FROM vault_tables WHERE table_id = ?", tableId)) {
            return rows.next() ? Optional.of(String.valueOf(rows.getString(0))) : Optional.empty();
        }
    }

    /** The columns of a table in order; empty when there is no such table. */
    static List<TableColumn> columns(Session session, long tableId) {
        return columns(session, tableId, (record, schema) -> new TableColumn(record.colId(), schema));
    }

    /** What is made of the columns of a table, in order; empty when there is no such table. */
    static <T> List<T> columns(Session session, long tableId, BiFunction<ColumnRecord, SchemaColumn, T> make) {
        List<T> columns = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT t.col_id, t.name, t.logical_type, t.nullable, c.name, c.dtype, c.elem_size, c.length, c.block_bytes "
                        + "FROM vault_table_columns t JOIN kvault_col_columns c USING (col_id) WHERE t.table_id = ? ORDER BY t.ordinal",
                tableId)) {
            while (rows.next()) {
                ColumnRecord record = new ColumnRecord(
                        rows.getLong(0),
                        String.valueOf(rows.getString(4)),
                        String.valueOf(rows.getString(5)),
                        rows.getInt(6),
                        rows.getLong(7),
                        rows.getLong(8));
                columns.add(
                        make.apply(record, schema(rows.getString(1), record, rows.getString(2), rows.getLong(3) != 0)));
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
                    ? Optional.of(schema(rows.getString(0), column, rows.getString(1), rows.getLong(2) != 0))
                    : Optional.empty();
        }
    }

    /**
     * A logical type over another physical type than its own is one that somebody else made up: the column reads as it
     * is stored.
     */
    private static SchemaColumn schema(
            @Nullable String name, ColumnRecord column, @Nullable String logicalType, boolean nullable) {
        var dtype = column.type();
        Optional<LogicalType> logical = LogicalType.parse(logicalType)
                .map(type ->
                        type.physical().isPresent() && !type.physical().get().equals(dtype)
                                ? new LogicalType.Other(type.token())
                                : type);
        try {
            return new SchemaColumn(String.valueOf(name), dtype, logical, nullable);
        } catch (IllegalArgumentException e) {
            throw new VaultCorruptException(
                    "vault_table_columns row " + column.colId() + " (" + column.describe() + "): " + e.getMessage(), e);
        }
    }

    /** Adds a column to a table, after those that it has. */
    static TableColumn add(Session session, long tableId, String table, SchemaColumn column) {
        ColumnRecord record = ColumnDirectory.create(session, table + "." + column.name(), column.dtype());
        session.update(
                "INSERT INTO vault_table_columns (col_id, table_id, ordinal, name, logical_type, nullable) VALUES (?, ?, "
                        + "(SELECT coalesce(max(ordinal) + 1, 0) FROM vault_table_columns WHERE table_id = ?), ?, ?, ?)",
                record.colId(),
                tableId,
                tableId,
                column.name(),
                column.logicalType().map(LogicalType::token).orElse(null),
                column.nullable() ? 1 : 0);
        return new TableColumn(record.colId(), column);
    }
}
