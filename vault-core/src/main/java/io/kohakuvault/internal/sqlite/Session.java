package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultIoException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One SQLite connection with its prepared statements. Used by one thread at a time; whoever hands it out sees to that.
 * Arguments may be Long, Integer, Double, String, byte[] or null.
 */
public final class Session implements AutoCloseable {
    /** More statements than any feature uses at once; text and vector tables each bring a handful. */
    private static final int CACHED_STATEMENTS = 256;

    /** A function that connections of this library have and others do not; its name is what those report. */
    public static final String GUARD_FUNCTION = "columns are written by KohakuVault for Java only (vault_guard)";

    private static final int LARGE_BYTES = 1 << 20;
    private static final int BATCH_ROWS = 512;
    private static final int BATCH_BYTES = 1 << 20;

    /** Called before each statement runs; tests inject faults here. Null in production. */
    private static volatile @Nullable Consumer<String> hook;

    private final String file;
    private final Connection connection;
    private final Interruption interruption;
    private final LinkedHashMap<String, PreparedStatement> cache = new LinkedHashMap<>(64, 0.75f, true);

    private @Nullable Runnable allowed;
    private long changes;
    private long bytes;

    Session(String file, Connection connection, Interruption interruption) {
        this.file = file;
        this.connection = connection;
        this.interruption = interruption;
    }

    /** Installs what is called with the SQL before each statement of every session, or removes it with null. */
    public static void hook(@Nullable Consumer<String> before) {
        hook = before;
    }

    /** From now on no statement runs that this throws an exception for; null allows all. */
    void allow(@Nullable Runnable check) {
        allowed = check;
    }

    private void checkAllowed() {
        Runnable check = allowed;
        if (check != null) {
            check.run();
        }
    }

    /** Runs a statement and answers how many rows it changed. */
    public int update(String sql, @Nullable Object... args) {
        changes++;
        count(args);
        PreparedStatement statement = take(sql);
        try {
            bind(statement, args);
            before(sql);
            int changed = statement.executeUpdate();
            if (isLarge(args)) {
                statement.clearParameters(); // else the cached statement keeps the bytes
            }
            giveBack(sql, statement);
            return changed;
        } catch (SQLException e) {
            closeQuietly(statement); // the driver may have closed it already: it is not used again
            throw failure(e, sql);
        } catch (RuntimeException e) {
            closeQuietly(statement);
            throw e;
        }
    }

    /**
     * Runs a statement for each row of arguments; several rows cross into the driver at once, which a row's own
     * crossings outweigh.
     */
    public void updateAll(String sql, Iterator<Object[]> rows) {
        PreparedStatement statement = take(sql);
        try {
            before(sql);
            while (rows.hasNext()) {
                long end = bytes + BATCH_BYTES;
                for (int n = 0; n < BATCH_ROWS && bytes < end && rows.hasNext(); n++) {
                    Object[] args = rows.next();
                    count(args);
                    bind(statement, args);
                    statement.addBatch();
                }
                changes++; // not before: arguments that are refused have written nothing
                checkAllowed(); // whoever gave the rows may have called something that failed
                statement.executeBatch();
            }
            statement.clearParameters(); // else the cached statement keeps the last row
            giveBack(sql, statement);
        } catch (SQLException e) {
            closeQuietly(statement);
            throw failure(e, sql);
        } catch (RuntimeException e) {
            closeQuietly(statement); // with what was added to it
            throw e;
        }
    }

    /** Runs a query; the rows must be closed. */
    public Rows query(String sql, @Nullable Object... args) {
        PreparedStatement statement = take(sql);
        try {
            bind(statement, args);
            before(sql);
            ResultSet rows = statement.executeQuery();
            return new Rows(this, sql, statement, rows);
        } catch (SQLException e) {
            closeQuietly(statement);
            throw failure(e, sql);
        } catch (RuntimeException e) {
            closeQuietly(statement);
            throw e;
        }
    }

    /** Says that something was gathered in memory that will be written by this connection. */
    public void gathered(long byteCount) {
        changes++;
        bytes += byteCount;
    }

    /** Grows with everything that this connection was given to write: unchanged between two moments, nothing was. */
    long changes() {
        return changes;
    }

    /** About how many bytes it was given to write. */
    long bytes() {
        return bytes;
    }

    private void count(@Nullable Object... args) {
        for (Object arg : args) {
            if (arg instanceof byte[] array) {
                bytes += array.length;
            } else if (arg instanceof String text) {
                bytes += text.length();
            }
        }
        bytes += 16;
    }

    /** The first column of the first row, or null when there is no row. */
    public @Nullable Long queryLong(String sql, @Nullable Object... args) {
        try (Rows rows = query(sql, args)) {
            return rows.next() ? Long.valueOf(rows.getLong(0)) : null;
        }
    }

    /** The rowid of the last insert of this connection. */
    public long lastInsertRowid() {
        Long id = queryLong("SELECT last_insert_rowid()");
        return id == null ? 0 : id;
    }

    /** A statement without arguments that is not worth keeping prepared: DDL, pragmas. */
    public void execute(String sql) {
        changes++;
        try (Statement statement = connection.createStatement()) {
            before(sql);
            statement.execute(sql);
        } catch (SQLException e) {
            throw failure(e, sql);
        }
    }

    /**
     * Changes the journal mode, or says why it stayed. The statement is closed at once: an open one makes the next
     * CREATE fail.
     */
    void journalMode(String wanted) {
        try (Rows rows = query("PRAGMA journal_mode = " + wanted)) {
            String mode = rows.next() ? rows.getString(0) : null;
            if (!wanted.equals(mode)) {
                throw wanted.equals("wal")
                        ? new VaultIoException(
                                file + ": the file system does not take SQLite's write-ahead log (journal mode " + mode
                                        + "); use a local disk",
                                null)
                        : new VaultBusyException(
                                file + ": another connection has the file open (journal mode stays " + mode
                                        + "); close it and try again",
                                null);
            }
        }
    }

    /** See {@link Interruption#cancellable}. */
    public <T> T cancellable(BooleanSupplier goesOn, Supplier<T> work) {
        return interruption.cancellable(goesOn, work);
    }

    /** Runs what fails at once where another connection holds a lock. */
    <T> T withoutWaiting(Supplier<T> work) {
        return interruption.waitingAtMost(Duration.ZERO, work);
    }

    /** Runs what waits no longer than this where another connection holds a lock. */
    <T> T waitingAtMost(Duration longest, Supplier<T> work) {
        return interruption.waitingAtMost(longest, work);
    }

    /** Runs what an interrupt of the thread does not end. */
    <T> T shielded(Supplier<T> work) {
        return interruption.shielded(work);
    }

    /** {@link #update} of what ends a transaction, which an interrupt of the thread does not keep from being done. */
    void end(String sql) {
        boolean unused = shielded(() -> update(sql) >= 0);
    }

    /** Whether nothing has been made in the file yet. */
    public boolean isEmpty() {
        return queryLong("SELECT 1 FROM sqlite_master LIMIT 1") == null;
    }

    /**
     * Whether the schema has a table (or virtual table) of this name, in which case does not count.
     *
     * @throws VaultFormatException when it is a view: what reading one does is up to whoever made it
     */
    public boolean hasTable(String name) {
        try (Rows rows = query(
                "SELECT m.type FROM sqlite_master m WHERE m.name = ? COLLATE NOCASE AND m.type IN ('table', 'view')",
                name)) {
            if (!rows.next()) {
                return false;
            }
            if ("view".equals(rows.getString(0))) {
                throw new VaultFormatException(
                        file + ": " + name
                                + " is a view and not a table; only tables are read and written, give another name",
                        null);
            }
            return true;
        }
    }

    /** The columns of a table in order; empty when there is no such table. */
    public List<String> columnsOf(String table) {
        List<String> columns = new ArrayList<>();
        try (Rows rows = query("SELECT name FROM pragma_table_info(?)", table)) {
            while (rows.next()) {
                columns.add(String.valueOf(rows.getString(0)));
            }
        }
        return columns;
    }

    public String file() {
        return file;
    }

    VaultException failure(SQLException e, String sql) {
        String doing = sql.length() > 80 ? sql.substring(0, 80) + "…" : sql;
        VaultException ended = interruption.endedBy(e, doing);
        return ended != null ? ended : SqlErrors.map(e, file, doing);
    }

    private void before(String sql) {
        checkAllowed();
        Consumer<String> h = hook;
        if (h != null) {
            h.accept(sql);
        }
    }

    private PreparedStatement take(String sql) {
        PreparedStatement cached = cache.remove(sql);
        if (cached != null) {
            return cached;
        }
        try {
            return connection.prepareStatement(sql);
        } catch (SQLException e) {
            throw failure(e, sql);
        }
    }

    void giveBack(String sql, PreparedStatement statement) {
        PreparedStatement displaced = cache.putIfAbsent(sql, statement);
        if (displaced != null) {
            closeQuietly(statement);
        } else if (cache.size() > CACHED_STATEMENTS) {
            Map.Entry<String, PreparedStatement> eldest =
                    cache.entrySet().iterator().next();
            cache.remove(eldest.getKey());
            closeQuietly(eldest.getValue());
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... args) throws SQLException {
        for (int i = 0; i < args.length; i++) {
            Object arg = args[i];
            if (arg instanceof Long value) {
                statement.setLong(i + 1, value);
            } else if (arg instanceof Integer value) {
                statement.setInt(i + 1, value);
            } else if (arg instanceof byte[] value) {
                statement.setBytes(i + 1, value);
            } else if (arg instanceof String value) {
                statement.setString(i + 1, value);
            } else if (arg instanceof Double value) {
                statement.setDouble(i + 1, value);
            } else if (arg == null) {
                statement.setNull(i + 1, java.sql.Types.NULL);
            } else {
                throw new IllegalArgumentException("cannot bind a " + arg.getClass());
            }
        }
    }

    private static boolean isLarge(@Nullable Object... args) {
        for (Object arg : args) {
            if (arg instanceof byte[] bytes && bytes.length > LARGE_BYTES) {
                return true;
            }
        }
        return false;
    }

    private static void closeQuietly(PreparedStatement statement) {
        try {
            statement.close();
        } catch (SQLException ignored) {
            // A statement that fails to close reports the error of its last run, which was thrown then.
        }
    }

    @Override
    public void close() {
        List<PreparedStatement> statements = new ArrayList<>(cache.values());
        cache.clear();
        statements.forEach(Session::closeQuietly);
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e, "close");
        }
    }
}
