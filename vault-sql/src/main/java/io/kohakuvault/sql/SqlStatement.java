package io.kohakuvault.sql;

import io.kohakuvault.sql.Views.View;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement, prepared or not, each execution of which reads one state of the vault. DuckDB closes a statement that
 * failed, and a prepared one goes on with the streams that it was bound to: behind this one stand as many of DuckDB's
 * as it takes.
 */
final class SqlStatement implements InvocationHandler {
    private static final Set<String> EXECUTIONS = Set.of(
            "execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "executeBatch", "executeLargeBatch");
    private static final Set<String> RESULTS = Set.of(
            "getResultSet", "getUpdateCount", "getLargeUpdateCount", "getMoreResults", "getWarnings", "clearWarnings");

    private final SqlConnection connection;

    /** Of a prepared statement; null where each execution brings its own. */
    private final @Nullable String preparedSql;

    /** What DuckDB binds for a prepared statement belongs to this, whenever it is executed. */
    private final Execution execution = new Execution();

    /** What has been set, by parameter or by method: for each statement of DuckDB's anew. */
    private final Map<Object, Setting> settings = new LinkedHashMap<>();

    /** Values of parameters, by number. */
    private final Map<Integer, Object> parameters = new HashMap<>();

    private Statement raw;

    /** What was executed last, for its results: the one above, or one for an execution with streams. */
    private volatile Statement last;

    private @Nullable QueryPlan plan;

    /** What the plan was made of; another map once views have been made anew. */
    private @Nullable Map<String, View> planned;

    /** What the execution's views were taken for; null where that is not certain. */
    private @Nullable QueryPlan executed;

    /** Whether a parameter is a stream, which can be read once and so set in one statement only. */
    private boolean takesStreams;

    /** What a result that is a stream still reads from; newest last. */
    private final Deque<AutoCloseable> held = new ArrayDeque<>();

    private boolean closed;

    private SqlStatement(SqlConnection connection, @Nullable String preparedSql) throws SQLException {
        this.connection = connection;
        this.preparedSql = preparedSql;
        this.raw = fresh(preparedSql);
        this.last = raw;
    }

    /** A call that sets a parameter or a property. */
    @FunctionalInterface
    private interface Setting {
        void on(Statement statement) throws Throwable;
    }

    /** A statement; prepared where there is a text. */
    static Statement of(SqlConnection connection, @Nullable String preparedSql) throws SQLException {
        return (Statement) Proxy.newProxyInstance(
                SqlStatement.class.getClassLoader(),
                new Class<?>[] {preparedSql == null ? Statement.class : PreparedStatement.class},
                new SqlStatement(connection, preparedSql));
    }

    /** The plan of what a statement has executed last, of the state that it read; null where nothing is certain. */
    static @Nullable QueryPlan executed(Statement statement) {
        return Proxy.getInvocationHandler(statement) instanceof SqlStatement its ? its.executed : null;
    }

    /** One of DuckDB's, prepared where there is a text. */
    private Statement fresh(@Nullable String prepared) throws SQLException {
        if (prepared == null) {
            return connection.raw().createStatement();
        }
        if (execution.snapshot() != null) {
            return prepare(prepared);
        }
        try (VaultSql.Use use = connection.vault().newestState()) {
            execution.read(use.snapshot());
            return prepare(prepared);
        } finally {
            execution.read(null);
        }
    }

    private Statement prepare(String prepared) throws SQLException {
        try {
            return prepareOnce(prepared);
        } catch (SQLException e) {
            if (!StreamedQuery.isOfNames(e) || !connection.vault().refresh()) {
                throw connection.vault().known().explained(e);
            }
            return prepareOnce(prepared);
        }
    }

    private Statement prepareOnce(String prepared) throws SQLException {
        try {
            return (Statement)
                    Objects.requireNonNull(execution.call(() -> connection.raw().prepareStatement(prepared)));
        } catch (SQLException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new SQLException(e);
        }
    }

    /** The statement that stays, made anew where DuckDB has closed it. */
    private Statement raw() throws Throwable {
        if (raw.isClosed() && !closed) {
            raw = fresh(preparedSql);
            set(raw);
        }
        return raw;
    }

    private void set(Statement statement) throws Throwable {
        for (Setting setting : settings.values()) {
            setting.on(statement);
        }
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        String name = method.getName();
        if (EXECUTIONS.contains(name)) {
            return execute(method, arguments);
        } else if (name.equals("cancel")) {
            last.cancel();
            connection.interruptStream(this); // the driver's cancel() does nothing while rows are fetched
            return null;
        } else if (RESULTS.contains(name)) {
            return SqlConnection.call(last, method, arguments);
        }
        return switch (name) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> preparedSql == null ? "a statement of " + connection.proxy() : preparedSql;
            case "getConnection" -> connection.proxy();
            case "isClosed" -> closed || connection.raw().isClosed();
            case "close" -> {
                end();
                yield null;
            }
            default -> {
                if (name.equals("addBatch") && arguments != null && arguments[0] instanceof String sql) {
                    SqlGuard.check(sql, connection.vault().file());
                    connection.executed(sql); // sooner or later
                }
                @Nullable Object[] kept = copied(arguments);
                Object result = SqlConnection.call(raw(), method, kept);
                noteSetting(method, kept);
                yield result;
            }
        };
    }

    /** Arguments that the caller may not change any more. */
    private @Nullable Object @Nullable [] copied(@Nullable Object @Nullable [] arguments) throws SQLException {
        if (arguments == null) {
            return null;
        }
        @Nullable Object[] kept = arguments.clone();
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] instanceof byte[] bytes) {
                kept[i] = bytes.clone();
            } else if (kept[i] instanceof java.sql.Timestamp time) {
                kept[i] = time.clone();
            } else if (kept[i] instanceof java.sql.Date day) {
                kept[i] = day.clone();
            } else if (preparedSql != null && kept[i] instanceof String text) {
                SqlGuard.checkText(text, connection.vault().file());
            }
        }
        return kept;
    }

    private void noteSetting(Method method, @Nullable Object @Nullable [] arguments) {
        String name = method.getName();
        if (name.equals("clearParameters")) {
            settings.keySet().removeIf(key -> key instanceof Integer);
            parameters.clear();
            takesStreams = false;
        } else if (name.startsWith("set") && arguments != null) {
            Object key = arguments.length > 1 ? Objects.requireNonNull(arguments[0]) : name;
            takesStreams |=
                    arguments.length > 1 && (arguments[1] instanceof Reader || arguments[1] instanceof InputStream);
            if (key instanceof Integer parameter
                    && arguments.length == 2
                    && arguments[1] != null
                    && !name.equals("setNull")) {
                parameters.put(parameter, arguments[1]);
            } else {
                parameters.keySet().remove(key);
            }
            settings.put(key, statement -> SqlConnection.call(statement, method, arguments));
        }
    }

    private void forgetLast() throws SQLException {
        Statement before = last;
        last = raw;
        if (before != raw) {
            before.close();
        }
    }

    /** Closes it; the second time nothing. */
    void end() throws SQLException {
        closed = true;
        forgetLast();
        raw.close();
        release();
    }

    /** Ends what a result that was a stream has read from. It is closed itself by now, or DuckDB closes it. */
    private void release() throws SQLException {
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (SQLException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new SQLException(e);
            }
        }
        execution.read(null);
        connection.endsStream(this);
    }

    private @Nullable Object execute(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        if (closed) {
            throw new SQLException("this statement is closed");
        }
        forgetLast();
        if (!held.isEmpty()) {
            if (!raw.isClosed()) { // with a stream that is open DuckDB does nothing else
                raw.close();
            }
            release();
            raw = fresh(preparedSql);
            set(raw);
            last = raw;
        }
        boolean withSql = arguments != null && arguments.length > 0 && arguments[0] instanceof String;
        String sql = withSql ? (String) Objects.requireNonNull(arguments)[0] : preparedSql;
        if (sql == null || method.getName().contains("Batch")) {
            return inOneState(() -> SqlConnection.call(raw(), method, arguments));
        }
        SqlGuard.check(sql, connection.vault().file());
        boolean alone = connection.raw().getAutoCommit() && SqlText.isOneStatement(sql);
        try {
            return inOneState(() -> executeOnce(sql, withSql, method, arguments));
        } catch (SQLException e) {
            if (!alone || !StreamedQuery.isOfNames(e) || !connection.vault().refresh()) {
                throw connection.vault().known().explained(e);
            }
            return executeAgain(sql, withSql, method, arguments);
        } finally {
            connection.executed(sql);
        }
    }

    private @Nullable Object executeAgain(
            String sql, boolean withSql, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return inOneState(() -> executeOnce(sql, withSql, method, arguments));
        } catch (SQLException e) {
            throw connection.vault().known().explained(e);
        }
    }

    private @Nullable Object inOneState(Execution.SqlCall call) throws Throwable {
        VaultSql.Use use = connection.vault().newestState();
        boolean isHeld = false;
        try {
            execution.read(use.snapshot());
            Object result = call.call();
            if (connection.streamsResults()) {
                held.addLast(use);
                connection.streams(this);
                isHeld = true;
            }
            return result;
        } finally {
            if (!isHeld) {
                use.close();
                execution.read(null);
            }
        }
    }

    private @Nullable Object executeOnce(
            String sql, boolean withSql, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        QueryPlan its = plan(sql, withSql);
        StreamedQuery streamed =
                StreamedQuery.of(connection, its, Objects.requireNonNull(execution.snapshot()), parameters);
        executed = streamed == null ? null : its;
        if (streamed != null) {
            boolean isHeld = false;
            try {
                Object result = streamed(streamed, method, arguments, withSql);
                if (connection.streamsResults()) {
                    held.push(streamed);
                    isHeld = true;
                }
                return result;
            } catch (SQLException e) {
                if (!streamed.mayBeTriedOtherwise(e)) {
                    throw streamed.inUsersWords(e);
                }
            } finally {
                if (!isHeld) {
                    streamed.close();
                }
            }
            forgetLast();
        }
        Statement statement = raw();
        return called(statement, method, arguments);
    }

    private @Nullable QueryPlan plan(String sql, boolean withSql) throws SQLException {
        Views views = connection.vault().known();
        if (withSql) {
            return views.plan(sql);
        }
        Map<String, View> now = views.all();
        if (planned != now) {
            plan = takesStreams ? null : views.plan(sql);
            planned = takesStreams ? null : now;
        }
        return takesStreams ? null : plan;
    }

    private @Nullable Object streamed(
            StreamedQuery query, Method method, @Nullable Object @Nullable [] arguments, boolean withSql)
            throws Throwable {
        Statement statement = fresh(withSql ? null : query.sql());
        last = statement;
        set(statement);
        if (!withSql) {
            return called(statement, method, arguments);
        }
        @Nullable Object[] changed = Objects.requireNonNull(arguments).clone();
        changed[0] = query.sql();
        return called(statement, method, changed);
    }

    private @Nullable Object called(Statement statement, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        last = statement;
        connection.vault().running().began(statement);
        try {
            return execution.call(() -> SqlConnection.call(statement, method, arguments));
        } finally {
            connection.vault().running().ended(statement);
        }
    }
}
