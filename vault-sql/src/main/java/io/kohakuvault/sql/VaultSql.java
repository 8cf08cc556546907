package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowImport;
import io.kohakuvault.arrow.VaultArrow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.jspecify.annotations.Nullable;

/**
 * SQL over a vault: a DuckDB instance in memory, in which every table of the vault is a view, and so are columns that
 * belong to no table, key-values, documents and vectors. Views can be named as often as a query likes, in prepared
 * statements too, and from as many connections as are asked for; a query reads the columns that it names.
 *
 * <ul>
 *   <li>A table's view has its columns. A loose column is a view of one column, both of its name.
 *   <li>Key-values: {@code key} (null where it is no text), {@code key_bytes}, {@code bytes} and, where the value says
 *       what it is, {@code value} as JSON.
 *   <li>Documents: {@code id}, their texts, {@code value} as JSON. Vectors: {@code id}, {@code vector}, {@code value}.
 *   <li>Where two have one name (case does not count), the first of the kinds above has it; the other's is its name
 *       with {@code _table}, {@code _column}, {@code _kv}, {@code _documents} or {@code _vectors}.
 * </ul>
 *
 * <p>Over a vault, each statement sees all that was committed when it began, in all views alike; over a snapshot, what
 * that holds. Views are read-only. What else DuckDB has is there: tables of its own, Parquet and CSV files, other
 * databases. Data goes back with {@link #insertInto}.
 *
 * <p>SQL may read whatever files this process may; for statements of somebody else say {@code SET
 * enable_external_access = false} first. What is damaged, or of a kind that this library does not read, has no view; an
 * error that names it says why.
 *
 * <p>DuckDB must not open the vault's file by itself in this process, neither by its extension for SQLite nor as a
 * text: closing it would give up the locks that this library holds. Statements that name the file are refused; names
 * that SQL computes are not seen.
 *
 * <p>Thread-safe; each of its connections is for one thread at a time. The JVM needs the flags of {@link VaultArrow}.
 */
public final class VaultSql implements AutoCloseable {
    private final Supplier<Snapshot> states;
    private final boolean fresh;
    private final Path file;
    private final BufferAllocator allocator;
    private final DuckDBConnection root;
    private final Views views;
    private final Set<SqlConnection> connections = ConcurrentHashMap.newKeySet();
    private final Running running = new Running();
    private volatile boolean strange;
    private volatile boolean streams;
    private volatile boolean closed;

    private VaultSql(Supplier<Snapshot> states, boolean fresh, Path file) throws SQLException {
        this.states = states;
        this.fresh = fresh;
        this.file = file;
        this.allocator = VaultArrow.allocator();
        DuckDBConnection connection = null;
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
            try (DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
                function.withName(ViewFunction.NAME)
                        .withParameter(String.class)
                        .withParameter(String.class)
                        .withProjectionPushdown()
                        .withFunction(new ViewFunction(this))
                        .register(connection);
            }
            root = connection;
            views = new Views(this, connection);
            views.refresh();
        } catch (SQLException | RuntimeException e) {
            if (connection != null) {
                connection.close();
            }
            allocator.close();
            throw e;
        }
    }

    /**
     * SQL over the newest state of a vault.
     *
     * @param vault the vault, to be closed after this
     * @return to be closed
     * @throws SQLException when DuckDB cannot be started
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static VaultSql open(Vault vault) throws SQLException {
        return new VaultSql(vault::snapshot, true, vault.path());
    }

    /**
     * SQL over one state of a vault.
     *
     * @param snapshot the state, to be closed after this
     * @return to be closed
     * @throws SQLException when DuckDB cannot be started
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static VaultSql open(Snapshot snapshot) throws SQLException {
        return new VaultSql(() -> snapshot, false, snapshot.path());
    }

    /**
     * A connection over the newest state of a vault; {@link #open(Vault)} where there are to be several.
     *
     * @param vault the vault, to be closed after the connection
     * @return a connection of DuckDB's, which closes what it stands on
     * @throws SQLException when DuckDB cannot be started
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static Connection connect(Vault vault) throws SQLException {
        return open(vault).connect(true).proxy();
    }

    /**
     * A connection over one state of a vault.
     *
     * @param snapshot the state, to be closed after the connection
     * @return a connection of DuckDB's, which closes what it stands on
     * @throws SQLException when DuckDB cannot be started
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static Connection connect(Snapshot snapshot) throws SQLException {
        return open(snapshot).connect(true).proxy();
    }

    /**
     * One more connection: all of them share what they make in DuckDB, but for temporary tables and settings. {@code
     * unwrap(DuckDBConnection.class)} is the driver's own; statements made by that read views more slowly, each view in
     * a state of its own.
     *
     * @return the connection, for one thread at a time, to be closed
     * @throws SQLException when DuckDB refuses
     */
    public Connection connection() throws SQLException {
        return connect(false).proxy();
    }

    SqlConnection connect(boolean owner) throws SQLException {
        if (closed) {
            throw new SQLException("SQL over " + file + " is closed");
        }
        SqlConnection connection = SqlConnection.of(this, root.duplicate(), owner);
        connections.add(connection);
        return connection;
    }

    /**
     * The views.
     *
     * @return their names, sorted
     */
    public List<String> views() {
        return views.names();
    }

    /**
     * Looks for what has been made, changed or removed in the vault since, and brings the views up to it. A statement
     * that names a view that is not there does so by itself.
     *
     * @return whether something was different
     * @throws SQLException when DuckDB refuses a view
     */
    public boolean refresh() throws SQLException {
        return views.refresh();
    }

    /**
     * Writes the result of a query as a Parquet file, compressed with zstd. The file is there whole or not at all; one
     * of that name is replaced. Columns that the query takes from a table as they are, by name or by a star, keep their
     * types in the file's metadata, by which {@code vault import} makes the same columns again; integers of 128 bits,
     * such as sums, are decimals of 38 digits.
     *
     * @param query one statement that answers rows
     * @param target the file
     * @return how many rows there are
     * @throws SQLException when the query fails or the file cannot be written
     * @throws IllegalArgumentException when the query is none or several statements
     */
    public long copyToParquet(String query, Path target) throws SQLException {
        return ParquetResult.copy(this, query, target);
    }

    /**
     * Writes the result of a query as a file of any format that DuckDB's {@code COPY} has. The file is there whole or
     * not at all; one of that name is replaced.
     *
     * @param query one statement that answers rows
     * @param target the file
     * @param options those of {@code COPY}, for example {@code "FORMAT csv, HEADER"}; they are SQL
     * @return how many rows there are
     * @throws SQLException when the query fails or the file cannot be written
     * @throws IllegalArgumentException when the query is none or several statements
     */
    public long copyTo(String query, Path target, String options) throws SQLException {
        String asked = SqlText.oneStatement(query);
        return ResultFiles.replace(target, file, part -> {
            try (Connection connection = connection();
                    Statement statement = connection.createStatement()) {
                return statement.executeUpdate(
                        "COPY (" + asked + "\n) TO " + SqlText.literal(part.toString()) + " (" + options + ")");
            }
        });
    }

    /**
     * Writes the result of a query as an Arrow IPC file, not compressed. The file is there whole or not at all; one of
     * that name is replaced. The result is not in memory as a whole. Columns of tables tell their types.
     *
     * @param query one statement that answers rows
     * @param target the file
     * @return how many rows there are
     * @throws SQLException when the query fails or the file cannot be written
     * @throws IllegalArgumentException when the query is none or several statements, or a column has a type that
     *     Arrow's batches of DuckDB do not tell, which is named
     */
    public long copyToArrow(String query, Path target) throws SQLException {
        return ResultFiles.replace(
                target,
                file,
                part -> StreamedResult.read(this, query, (reader, columns) -> ResultFiles.writeArrow(reader, part)));
    }

    /**
     * What DuckDB says of a failure, for people: one line, without the JSON in which it puts what failed beside the
     * statement's own thread. Of a full disk also what to do.
     *
     * @param e of any of DuckDB's connections
     * @return a line
     */
    public static String message(SQLException e) {
        return DuckDbWords.of(e);
    }

    /**
     * Whether a text ends with the end of a statement, and not in the middle of one, of a text or of a comment.
     *
     * @param text SQL
     * @return whether its last token is a semicolon
     */
    public static boolean endsStatement(String text) {
        List<SqlText.Token> tokens = SqlText.tokens(text);
        return !tokens.isEmpty() && tokens.get(tokens.size() - 1).is(";");
    }

    /**
     * The statements of a text: what stands between semicolons, but for those in texts, names and comments.
     *
     * @param text SQL
     * @return the statements without their ends; none for comments alone
     */
    public static List<String> statements(String text) {
        return SqlText.statements(text);
    }

    /**
     * Appends the result of a query to a table of a vault, which is made where it is missing, in one transaction.
     *
     * @param query one statement that answers rows; their columns are those of the table, by name
     * @param target the vault, this one or another
     * @param table the table
     * @return how many rows were appended
     * @throws SQLException when the query fails
     * @throws IllegalArgumentException when the query is none or several statements, a column has a type that tables do
     *     not have, or another than the table, or a value does not fit or is infinite; it is named, nothing is written
     */
    public long insertInto(String query, Vault target, String table) throws SQLException {
        try {
            return StreamedResult.read(this, query, (reader, columns) -> {
                ArrowImport batches = ArrowImport.of(reader).withColumns(columns);
                return batches.withoutInfinite().into(target, table);
            });
        } catch (IOException e) {
            throw new SQLException("the result cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Cancels what its connections are executing, which fails then, as do results that are written to tables and files.
     * May be called by any thread.
     */
    public void cancel() {
        running.cancel();
        connections.forEach(SqlConnection::interruptStreams);
    }

    /**
     * Closes the connections. What they are executing fails; results that are written to tables and files are waited
     * for until they have failed.
     */
    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        running.endReadings();
        try {
            for (SqlConnection connection : connections) {
                connection.end();
            }
            views.close();
            root.close();
        } finally {
            allocator.close();
        }
    }

    Running running() {
        return running;
    }

    /** Whether names may mean something else than views by now, or comparisons something else than they did. */
    boolean isStrange() {
        return strange;
    }

    /** Whether results of all connections may be streams, which read as long as they are open. */
    boolean streamsResults() {
        return streams;
    }

    void streamResults() {
        streams = true;
    }

    /** Of all connections: views are shared, and so are some settings. */
    void becomesStrange() {
        strange = true;
    }

    void left(SqlConnection connection) {
        connections.remove(connection);
    }

    Views known() {
        return views;
    }

    Path file() {
        return file;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    ViewSource source(String view) {
        return views.source(view);
    }

    /** Whether each statement has a state of its own. */
    boolean isFresh() {
        return fresh;
    }

    /** The state for a statement: that of an execution where there is one, else one of its own. */
    Use use(@Nullable Execution execution) {
        Snapshot shared = execution == null ? null : execution.snapshot();
        return shared != null ? new Use(shared, false) : new Use(states.get(), fresh);
    }

    /** The state that a statement is to read. */
    Use newestState() throws SQLException {
        try {
            return use(null);
        } catch (RuntimeException e) { // the vault is closed, or cannot be read
            throw new SQLException(e.getMessage(), e);
        }
    }

    /**
     * A state in use.
     *
     * @param snapshot the state
     * @param owned whether it ends with this use
     */
    record Use(Snapshot snapshot, boolean owned) implements AutoCloseable {
        @Override
        public void close() {
            if (owned) {
                snapshot.close();
            }
        }
    }
}
