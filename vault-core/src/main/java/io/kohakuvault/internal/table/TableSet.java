package io.kohakuvault.internal.table;

import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.BlockAccess;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.SnapshotColumn;
import io.kohakuvault.internal.block.SnapshotState;
import io.kohakuvault.internal.block.Tails;
import io.kohakuvault.internal.column.Columns;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of a live vault or, without a file to write to, of a snapshot. */
public final class TableSet implements Tables {
    private final BlockAccess access;
    private final @Nullable SqliteFile file;
    private final @Nullable Tails tails;

    /** @param file null in a snapshot */
    public TableSet(BlockAccess access, @Nullable SqliteFile file, @Nullable Tails tails) {
        this.access = access;
        this.file = file;
        this.tails = tails;
    }

    @Override
    public List<String> list() {
        return access.read(TableRows::names);
    }

    @Override
    public Table get(String name) {
        List<TableColumn> columns = access.read(session -> existing(session, name));
        return new TableView(access, file, tails, name, columns);
    }

    private static List<TableColumn> existing(Session session, String name) {
        List<TableColumn> columns = TableRows.columns(session, name);
        if (columns.isEmpty()) {
            throw new NoSuchElementException(
                    session.file() + ": there is no table '" + name + "', there are " + TableRows.names(session));
        }
        return columns;
    }

    @Override
    public Table ensure(String name, Schema schema) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a table needs a name");
        }
        SqliteFile f = writable();
        List<TableColumn> columns = f.write(() -> {
            Session session = f.writer().session();
            BlockTables.createTableTables(session);
            List<TableColumn> found = TableRows.columns(session, name);
            return found.isEmpty() ? create(session, name, schema) : found;
        });
        List<SchemaColumn> found = columns.stream().map(TableColumn::schema).toList();
        if (!found.equals(schema.columns())) {
            throw new IllegalArgumentException(
                    f.path() + ": table '" + name + "' has the columns " + found + " and not " + schema.columns());
        }
        return new TableView(access, f, tails, name, columns);
    }

    private static List<TableColumn> create(Session session, String name, Schema schema) {
        session.update("INSERT INTO vault_tables (name) VALUES (?)", name);
        long tableId = session.lastInsertRowid();
        List<TableColumn> columns = new ArrayList<>();
        for (SchemaColumn column : schema.columns()) {
            String fullName = name + "." + column.name();
            if (BlockTables.columnByName(session, fullName).isPresent()) {
                throw new IllegalArgumentException(session.file() + ": a column '" + fullName
                        + "' exists already; name the table otherwise or delete the column");
            }
            ColumnRecord record = Columns.create(session, fullName, column.dtype());
            session.update(
                    "INSERT INTO vault_table_columns (col_id, table_id, ordinal, name, logical_type, nullable) VALUES (?, ?, ?, ?, ?, ?)",
                    record.colId(),
                    tableId,
                    columns.size(),
                    column.name(),
                    column.logicalType().map(LogicalType::token).orElse(null),
                    column.nullable() ? 1 : 0);
            columns.add(new TableColumn(record.colId(), column));
        }
        return columns;
    }

    @Override
    public boolean drop(String name) {
        SqliteFile f = writable();
        return f.write(() -> {
            Session session = f.writer().session();
            List<TableColumn> columns = TableRows.columns(session, name);
            for (TableColumn column : columns) {
                Objects.requireNonNull(tails).settle(session, column.colId());
                session.update("DELETE FROM kvault_col_columns WHERE col_id = ?", column.colId());
            }
            return !columns.isEmpty() && session.update("DELETE FROM vault_tables WHERE name = ?", name) > 0;
        });
    }

    private SqliteFile writable() {
        SqliteFile f = file;
        if (f == null) {
            throw new UnsupportedOperationException("a snapshot is read-only");
        }
        f.writer();
        return f;
    }

    /** The blocks of a table's columns in a snapshot. */
    public static List<ColumnBlocks> blocks(SnapshotState snapshot, String name) {
        return snapshot.read(session -> existing(session, name)).stream()
                .<ColumnBlocks>map(c -> new SnapshotColumn(
                        snapshot,
                        snapshot.read(s -> BlockTables.columnById(s, c.colId()).orElseThrow()),
                        c.schema().name(),
                        c.schema().logicalType(),
                        c.schema().nullable()))
                .toList();
    }

    /** The blocks of a column by its full name, with what its table says of it. */
    public static ColumnBlocks column(SnapshotState snapshot, String name) {
        ColumnRecord record = snapshot.read(session -> BlockTables.columnByName(session, name)
                .orElseThrow(() -> new NoSuchElementException(session.file() + ": there is no column '" + name + "'")));
        Optional<SchemaColumn> schema = snapshot.read(session -> TableRows.ofColumn(session, record));
        return new SnapshotColumn(
                snapshot,
                record,
                name,
                schema.flatMap(SchemaColumn::logicalType),
                schema.map(SchemaColumn::nullable).orElse(false));
    }
}
