package io.kohakuvault.internal.table;

import io.kohakuvault.codec.Utf8;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.SnapshotColumn;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.column.ColumnDirectory;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.state.FileState;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.internal.state.StateAccess;
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
import java.util.OptionalLong;

/** The tables of a vault or of a snapshot. */
public final class TableDirectory implements Tables {
    private final Access<? extends StateAccess> access;

    public TableDirectory(Access<? extends StateAccess> access) {
        this.access = access;
    }

    @Override
    public List<String> list() {
        return access.read(TableCatalogRows::names);
    }

    @Override
    public boolean contains(String name) {
        return access.read(session -> TableCatalogRows.id(session, name).isPresent());
    }

    @Override
    public Optional<Table> find(String name) {
        return access.read(session -> made(session, name).map(Made::table));
    }

    @Override
    public Table get(String name) {
        return access.read(session -> made(session, name).map(Made::table).orElseThrow(() -> missing(session, name)));
    }

    /** A handle that notices when the transaction that it was made in, which is open still, is rolled back. */
    private TableHandle watched(TableHandle table) {
        access.onRollback(table::recheck);
        return table;
    }

    static long existing(Session session, String name) {
        return TableCatalogRows.id(session, name).orElseThrow(() -> missing(session, name));
    }

    private static NoSuchElementException missing(Session session, String name) {
        return new NoSuchElementException(
                session.file() + ": there is no table '" + name + "', there are " + TableCatalogRows.names(session));
    }

    @Override
    public Table ensure(String name, Schema schema) {
        checkName(name);
        access.checkWritable();
        // A table that exists is opened without the write lock, which another process may have for long.
        Made made = access.read(session -> made(session, name))
                .orElseGet(() -> access.write(transaction -> {
                    Session session = transaction.session();
                    return made(session, name).orElseGet(() -> make(session, name, schema));
                }));
        List<SchemaColumn> found = made.columns();
        if (!found.equals(schema.columns())) {
            throw new IllegalArgumentException(access.path() + ": table '" + name + "' has the columns " + found
                    + " and not " + schema.columns() + "; tables().get(name) opens it as it is, addColumn adds to it");
        }
        return made.table();
    }

    @Override
    public Table create(String name, Schema schema) {
        checkName(name);
        return access.write(transaction -> {
            Session session = transaction.session();
            if (TableCatalogRows.id(session, name).isPresent()) {
                throw new IllegalArgumentException(session.file() + ": there is a table '" + name + "' already");
            }
            return make(session, name, schema).table();
        });
    }

    private record Made(TableHandle table, List<SchemaColumn> columns) {}

    private Made made(long id, String name, List<TableColumn> columns) {
        return new Made(
                watched(new TableHandle(access, id, name, columns)),
                columns.stream().map(TableColumn::schema).toList());
    }

    private Optional<Made> made(Session session, String name) {
        OptionalLong id = TableCatalogRows.id(session, name);
        return id.isPresent()
                ? Optional.of(made(id.getAsLong(), name, TableCatalogRows.columns(session, id.getAsLong())))
                : Optional.empty();
    }

    private Made make(Session session, String name, Schema schema) {
        BlockTables.createTableTables(session);
        session.update("INSERT INTO vault_tables (name) VALUES (?)", name);
        long id = session.lastInsertRowid();
        List<TableColumn> columns = new ArrayList<>();
        for (SchemaColumn column : schema.columns()) {
            checkFree(session, name + "." + column.name());
            columns.add(TableCatalogRows.add(session, id, name, column));
        }
        return made(id, name, columns);
    }

    private static void checkName(String name) {
        Objects.requireNonNull(name, "the name of a table");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a table needs a name");
        }
        Utf8.check(name);
    }

    private static void checkFree(Session session, String fullName) {
        if (BlockTables.columnByName(session, fullName).isPresent()) {
            throw new IllegalArgumentException(session.file() + ": a column '" + fullName
                    + "' exists already; name the table otherwise or delete the column");
        }
        ColumnDirectory.checkFree(session, fullName); // of the older layout too
    }

    @Override
    public boolean delete(String name) {
        return access.write(transaction -> {
            Session session = transaction.session();
            OptionalLong id = TableCatalogRows.id(session, name);
            if (id.isEmpty()) {
                return false;
            }
            for (TableColumn column : TableCatalogRows.columns(session, id.getAsLong())) {
                transaction.buffer(OpenBlocks.class).settle(session, column.colId());
                session.update("DELETE FROM kvault_col_columns WHERE col_id = ?", column.colId());
            }
            session.update("DELETE FROM vault_tables WHERE table_id = ?", id.getAsLong());
            transaction.schemaChanged();
            return true;
        });
    }

    @Override
    public void rename(String name, String newName) {
        checkName(newName);
        access.run(transaction -> {
            Session session = transaction.session();
            OptionalLong id = TableCatalogRows.id(session, name);
            if (id.isEmpty()) {
                throw missing(session, name);
            }
            if (name.equals(newName)) {
                return;
            }
            if (TableCatalogRows.id(session, newName).isPresent()) {
                throw new IllegalArgumentException(session.file() + ": there is a table '" + newName + "' already");
            }
            List<TableColumn> columns = TableCatalogRows.columns(session, id.getAsLong());
            for (TableColumn column : columns) {
                String fullName = newName + "." + column.schema().name();
                ColumnDirectory.checkFree(session, fullName);
            }
            for (TableColumn column : columns) {
                renameColumn(
                        session,
                        transaction.buffer(OpenBlocks.class),
                        column.colId(),
                        newName + "." + column.schema().name());
            }
            session.update("UPDATE vault_tables SET name = ? WHERE table_id = ?", newName, id.getAsLong());
            transaction.schemaChanged();
        });
    }

    /** What is gathered of a column names it in messages: it is written first. */
    static void renameColumn(Session session, OpenBlocks tails, long colId, String fullName) {
        tails.settle(session, colId);
        session.update("UPDATE kvault_col_columns SET name = ? WHERE col_id = ?", fullName, colId);
    }

    /** The blocks of a table's columns in a snapshot. */
    public static List<ColumnBlocks> blocks(FileState snapshot, String name) {
        try (Hold hold = snapshot.hold()) {
            return KnownTables.columns(hold, name).stream()
                    .<ColumnBlocks>map(c -> new SnapshotColumn(
                            snapshot,
                            c.record(),
                            c.schema().name(),
                            c.schema().logicalType(),
                            c.schema().nullable()))
                    .toList();
        }
    }

    /** The blocks of a column by its full name, with what its table says of it. */
    public static ColumnBlocks column(FileState snapshot, String name) {
        ColumnRecord record = snapshot.read(session -> BlockTables.columnByName(session, name)
                .orElseThrow(() -> new NoSuchElementException(session.file() + ": there is no column '" + name + "'")));
        Optional<SchemaColumn> schema = snapshot.read(session -> TableCatalogRows.ofColumn(session, record));
        return new SnapshotColumn(
                snapshot,
                record,
                name,
                schema.flatMap(SchemaColumn::logicalType),
                schema.map(SchemaColumn::nullable).orElse(false));
    }
}
