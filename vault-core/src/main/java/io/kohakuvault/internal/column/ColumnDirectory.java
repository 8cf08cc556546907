package io.kohakuvault.internal.column;

import io.kohakuvault.VaultFormatException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.column.ArrayColumn;
import io.kohakuvault.column.BooleanColumn;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.Column;
import io.kohakuvault.column.ColumnInfo;
import io.kohakuvault.column.ColumnVault;
import io.kohakuvault.column.DoubleColumn;
import io.kohakuvault.column.FloatVectorColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.column.ValueColumn;
import io.kohakuvault.internal.block.BlockSizes;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.state.StateAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/** The columns of a vault or of a snapshot. */
public final class ColumnDirectory implements ColumnVault {
    private final Access<? extends StateAccess> access;

    public ColumnDirectory(Access<? extends StateAccess> access) {
        this.access = access;
    }

    @Override
    public List<ColumnInfo> list() {
        return access.read(session -> {
            List<ColumnInfo> all = new ArrayList<>();
            BlockTables.columns(session)
                    .forEach(c -> all.add(new ListedColumn(c.name(), c.dtype(), c.length(), false)));
            LegacyTables.columns(session)
                    .forEach(c -> all.add(new ListedColumn(c.name(), c.dtype(), c.length(), true)));
            return all;
        });
    }

    @Override
    public boolean contains(String name) {
        return access.read(session -> BlockTables.columnByName(session, name).isPresent()
                || LegacyTables.column(session, name).isPresent());
    }

    @Override
    public LongColumn longs(String name) {
        return ColumnViews.as(column(name), LongColumn.class, "integers");
    }

    @Override
    public DoubleColumn doubles(String name) {
        return ColumnViews.as(column(name), DoubleColumn.class, "floating-point numbers");
    }

    @Override
    public BooleanColumn booleans(String name) {
        return ColumnViews.as(column(name), BooleanColumn.class, "truth values");
    }

    @Override
    public StrColumn strings(String name) {
        return ColumnViews.as(column(name), StrColumn.class, "text");
    }

    @Override
    public FloatVectorColumn floatVectors(String name) {
        ColumnEngine engine = open(name);
        return new ObjectViews.FloatVectors(engine, ColumnViews.checkFloats(ColumnViews.vectors(engine)));
    }

    @Override
    public ArrayColumn arrays(String name) {
        ColumnEngine engine = open(name);
        return new ObjectViews.NumericArrays(engine, ColumnViews.vectors(engine));
    }

    @Override
    public ValueColumn values(String name) {
        return ColumnViews.as(column(name), ValueColumn.class, "MessagePack or CBOR");
    }

    @Override
    public BytesColumn bytes(String name) {
        ColumnEngine engine = open(name);
        return new ObjectViews.Raw(engine, engine.dtype());
    }

    @Override
    public LongColumn ensure(String name, DType.IntegerType dtype) {
        return (LongColumn) ColumnViews.view(ensureEngine(name, dtype));
    }

    @Override
    public DoubleColumn ensure(String name, DType.FloatingType dtype) {
        return (DoubleColumn) ColumnViews.view(ensureEngine(name, dtype));
    }

    @Override
    public BooleanColumn ensure(String name, DType.BooleanType dtype) {
        return (BooleanColumn) ColumnViews.view(ensureEngine(name, dtype));
    }

    @Override
    public StrColumn ensure(String name, DType.StringType dtype) {
        return (StrColumn) ColumnViews.view(ensureEngine(name, dtype));
    }

    @Override
    public BytesColumn ensure(String name, DType.BytesType dtype) {
        return (BytesColumn) ColumnViews.view(ensureEngine(name, dtype));
    }

    @Override
    public FloatVectorColumn ensure(String name, DType.VectorType dtype) {
        ColumnViews.checkFloats(dtype);
        return new ObjectViews.FloatVectors(ensureEngine(name, dtype), dtype);
    }

    @Override
    public ArrayColumn ensureArrays(String name, DType.VectorType dtype) {
        return new ObjectViews.NumericArrays(ensureEngine(name, dtype), dtype);
    }

    @Override
    public ValueColumn ensure(String name, DType.PackedType dtype) {
        return (ValueColumn) ColumnViews.view(ensureEngine(name, dtype));
    }

    @Override
    public BytesColumn ensureRaw(String name, DType dtype) {
        return new ObjectViews.Raw(ensureEngine(name, dtype), dtype);
    }

    @Override
    public Optional<Column> find(String name) {
        return access.read(session -> opened(session, name)).map(ColumnViews::view);
    }

    @Override
    public Column column(String name) {
        return ColumnViews.view(open(name));
    }

    @Override
    public Column ensure(String name, DType dtype) {
        return ColumnViews.view(ensureEngine(name, dtype));
    }

    @Override
    public Column create(String name, DType dtype) {
        checkName(name);
        return access.write(transaction -> {
            checkFree(transaction.session(), name);
            return ColumnViews.view(writable(made(transaction, name, dtype)));
        });
    }

    @Override
    public boolean delete(String name) {
        return access.write(transaction -> {
            Session session = transaction.session();
            Optional<ColumnRecord> column = BlockTables.columnByName(session, name);
            if (column.isEmpty()) {
                checkNotLegacy(session, name);
                return false;
            }
            checkLoose(session, column.get());
            transaction.buffer(OpenBlocks.class).settle(session, column.get().colId());
            session.update(
                    "DELETE FROM kvault_col_columns WHERE col_id = ?",
                    column.get().colId());
            return true;
        });
    }

    @Override
    public void rename(String name, String newName) {
        checkName(newName);
        access.run(transaction -> {
            Session session = transaction.session();
            ColumnRecord column = BlockTables.columnByName(session, name).orElse(null);
            if (column == null) {
                checkNotLegacy(session, name);
                throw missing(session, name);
            }
            if (!name.equals(newName)) {
                checkFree(session, newName);
            }
            checkLoose(session, column);
            transaction.buffer(OpenBlocks.class).settle(session, column.colId());
            session.update("UPDATE kvault_col_columns SET name = ? WHERE col_id = ?", newName, column.colId());
        });
    }

    /** Throws when there is a column of this name, in either layout. */
    public static void checkFree(Session session, String name) {
        if (BlockTables.columnByName(session, name).isPresent()) {
            throw new IllegalArgumentException(session.file() + ": there is a column '" + name + "' already");
        }
        checkNotLegacy(session, name);
    }

    private static NoSuchElementException missing(Session session, String name) {
        return new NoSuchElementException(session.file() + ": there is no column '" + name + "'");
    }

    private static void checkName(String name) {
        Objects.requireNonNull(name, "the name of a column");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a column needs a name");
        }
        Utf8.check(name);
    }

    private ColumnEngine open(String name) {
        return access.read(session -> opened(session, name).orElseThrow(() -> missing(session, name)));
    }

    private Optional<ColumnEngine> opened(Session session, String name) {
        ColumnRecord column = BlockTables.columnByName(session, name).orElse(null);
        if (column == null) {
            return LegacyTables.column(session, name).map(legacy -> new LegacyEngine(access, legacy, legacy.type()));
        }
        Optional<String> table = ownedBy(session, column);
        Access<? extends StateAccess> how = table.isEmpty()
                ? access
                : access.readOnly("column '" + name + "' belongs to the table '" + table.get()
                        + "' and is read here; write to the table, so that its columns keep one length");
        return Optional.of(watched(new ColumnEngine(how, column.colId(), name, column.dtype(), column.type())));
    }

    /** A handle that notices when the transaction that it was made in, which is open still, is rolled back. */
    private ColumnEngine watched(ColumnEngine engine) {
        access.onRollback(engine::recheck);
        return engine;
    }

    /**
     * Nothing is written beside a column of the older layout under its name: a reader would not know which is meant.
     */
    private static void checkNotLegacy(Session session, String name) {
        if (LegacyTables.column(session, name).isPresent()) {
            throw LegacyEngine.refusal(name);
        }
    }

    /** Takes the columns of KohakuVault 0.x over, all or none, and answers how many there were. */
    public int migrateLegacy() {
        return access.write(transaction -> {
            Session session = transaction.session();
            List<String> conflicts = Migration.conflicts(session);
            if (!conflicts.isEmpty()) {
                throw new VaultFormatException(
                        session.file() + ": columns " + conflicts
                                + " are in the layout of KohakuVault 0.x and in the newer one too; rename or delete the newer ones,"
                                + " then migrate. Nothing was changed",
                        null);
            }
            return Migration.run(session, transaction.buffer(OpenBlocks.class));
        });
    }

    private ColumnEngine ensureEngine(String name, DType dtype) {
        access.checkWritable();
        checkName(name);
        // A column that exists is opened without the write lock, which another process may have for long.
        ColumnEngine engine = access.read(session -> existing(session, name).map(this::writable))
                .orElseGet(() -> access.write(transaction -> writable(made(transaction, name, dtype))));
        if (!engine.dtype().equals(dtype)) {
            throw new IllegalArgumentException(
                    access.path() + ": column '" + name + "' is " + engine.token() + " and not " + dtype.token());
        }
        return engine;
    }

    private ColumnEngine writable(ColumnRecord column) {
        return watched(new ColumnEngine(access, column.colId(), column.name(), column.dtype(), column.type()));
    }

    private static ColumnRecord made(Transaction transaction, String name, DType dtype) {
        Session session = transaction.session();
        return existing(session, name).orElseGet(() -> {
            checkNotLegacy(session, name);
            BlockTables.createColumnTables(session);
            return create(session, name, dtype);
        });
    }

    private static Optional<ColumnRecord> existing(Session session, String name) {
        Optional<ColumnRecord> column = BlockTables.columnByName(session, name);
        column.ifPresent(found -> checkLoose(session, found));
        return column;
    }

    /** Adds a column without elements; the caller is in a transaction and has made the tables. */
    public static ColumnRecord create(Session session, String name, DType dtype) {
        String token = dtype.token();
        if (dtype instanceof DType.StringType text) {
            if (!text.encoding().isSupported()) {
                throw new IllegalArgumentException(
                        "column '" + name + "' (" + token + ") cannot be made: the text encoding '"
                                + text.encoding().token() + "' is not known here, or this Java runtime lacks it");
            }
            if (text.isFixedSize()) {
                token = new DType.StringType(text.sizeBytes(), text.encoding())
                        .token(); // KohakuVault knows few spellings here
            }
        }
        return create(session, name, token, dtype, dtype.elementSizeBytes());
    }

    static ColumnRecord create(Session session, String name, String token, DType dtype, int elemSize) {
        checkName(name);
        Long pageSize = session.queryLong("PRAGMA page_size");
        session.update(
                "INSERT INTO kvault_col_columns (name, dtype, elem_size, length, block_bytes) VALUES (?, ?, ?, 0, ?)",
                name,
                token,
                elemSize,
                BlockSizes.blockBytes(dtype, pageSize == null ? 4096 : pageSize.intValue()));
        return BlockTables.columnById(session, session.lastInsertRowid()).orElseThrow();
    }

    /** The name of the table that a column belongs to. */
    private static Optional<String> ownedBy(Session session, ColumnRecord column) {
        if (!BlockTables.hasTables(session)) {
            return Optional.empty();
        }
        try (Rows rows = session.query(
                "SELECT coalesce(t.name, '') FROM vault_table_columns c LEFT JOIN vault_tables t USING (table_id) WHERE c.col_id = ?",
                column.colId())) {
            return rows.next() ? Optional.of(String.valueOf(rows.getString(0))) : Optional.empty();
        }
    }

    private static void checkLoose(Session session, ColumnRecord column) {
        if (ownedBy(session, column).isPresent()) {
            throw new IllegalArgumentException(session.file() + ": column '" + column.name()
                    + "' belongs to a table; write to the table, so that its columns keep one length");
        }
    }
}
