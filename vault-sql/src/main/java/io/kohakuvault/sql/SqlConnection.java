package io.kohakuvault.sql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** A connection whose statements each read one state of the vault. */
final class SqlConnection implements InvocationHandler {
    /** How names of streams begin. */
    static final String STREAM = "__vault_stream_";

    /** How statements begin that leave names and comparisons as they are. */
    private static final Set<String> HARMLESS = Set.of(
            "SELECT",
            "WITH",
            "FROM",
            "VALUES",
            "(",
            "INSERT",
            "COPY",
            "DESCRIBE",
            "SHOW",
            "SUMMARIZE",
            "PIVOT",
            "BEGIN",
            "COMMIT",
            "ROLLBACK");

    private static final Set<String> EXPLAINING = Set.of("ANALYZE", "VERBOSE");

    private final VaultSql vault;
    private final DuckDBConnection raw;
    private final boolean owner;
    private @Nullable Connection proxy;
    /** Statements whose results may be read on. */
    private final Set<SqlStatement> streaming = ConcurrentHashMap.newKeySet();

    /** Held while it is interrupted, so that it is not closed meanwhile. */
    private final Object interrupting = new Object();

    private boolean ended;

    private long streamNames;
    private boolean streams;

    private SqlConnection(VaultSql vault, DuckDBConnection raw, boolean owner) {
        this.vault = vault;
        this.raw = raw;
        this.owner = owner;
    }

    static SqlConnection of(VaultSql vault, DuckDBConnection raw, boolean owner) {
        SqlConnection handler = new SqlConnection(vault, raw, owner);
        Connection proxy = (Connection) Proxy.newProxyInstance(
                SqlConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
        handler.proxy = proxy;
        return handler;
    }

    VaultSql vault() {
        return vault;
    }

    DuckDBConnection raw() {
        return raw;
    }

    Connection proxy() {
        return Objects.requireNonNull(proxy);
    }

    /** Whether a result may be a stream, which reads as long as it is open. */
    boolean streamsResults() {
        return streams || vault.streamsResults();
    }

    /** A name for a stream that no other of this connection has. */
    String streamName() {
        return STREAM + streamNames++;
    }

    /** Takes note of statements that may make, or choose, something of a view's name, or compare otherwise. */
    void executed(String sql) {
        String lower = sql.toLowerCase(Locale.ROOT);
        if (lower.contains(StreamedResult.SETTING)) {
            streams = true;
            if (!lower.contains("session")) {
                vault.streamResults();
            }
        }
        for (String statement : SqlText.statements(sql)) {
            List<String> words = explained(SqlText.tokens(statement)).stream()
                    .map(SqlText.Token::text)
                    .limit(3)
                    .toList();
            boolean known =
                    !words.isEmpty() && (HARMLESS.contains(words.get(0)) || words.equals(StreamedResult.SETTING_WORDS));
            if (!known || words.equals(List.of("COPY", "FROM", "DATABASE"))) {
                vault.becomesStrange();
            }
        }
    }

    /** A statement without EXPLAIN and its options, which may execute it: {@code EXPLAIN (ANALYZE) DROP VIEW t}. */
    private static List<SqlText.Token> explained(List<SqlText.Token> tokens) {
        if (tokens.isEmpty() || !tokens.get(0).is("EXPLAIN")) {
            return tokens;
        }
        int first = 1;
        if (tokens.size() > first && tokens.get(first).is("(")) {
            while (first < tokens.size()
                    && !(tokens.get(first).is(")") && tokens.get(first).depth() == 0)) {
                first++;
            }
            return tokens.subList(Math.min(first + 1, tokens.size()), tokens.size());
        }
        while (first < tokens.size() && EXPLAINING.contains(tokens.get(first).text())) {
            first++;
        }
        return tokens.subList(first, tokens.size());
    }

    /** Whether a query's names mean views of the vault. */
    boolean meansViews(QueryPlan plan) throws SQLException {
        if (!vault.isStrange()) {
            return true;
        }
        if (!raw.getCatalog().equals("memory") || !raw.getSchema().equals("main")) {
            return false;
        }
        Set<String> ours = new HashSet<>();
        try (Statement statement = raw.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT view_name FROM duckdb_views() WHERE "
                    + "database_name = 'memory' AND schema_name = 'main' AND contains(sql, '" + ViewFunction.NAME
                    + "(')")) {
                while (found.next()) {
                    ours.add(SqlText.key(found.getString(1)));
                }
            }
            try (ResultSet found = statement.executeQuery(
                    "SELECT table_name FROM information_schema.tables " + "WHERE table_catalog = 'temp'")) {
                while (found.next()) {
                    ours.remove(SqlText.key(found.getString(1)));
                }
            }
        }
        return plan.mentions().stream()
                .allMatch(mention -> ours.contains(SqlText.key(mention.view().name())));
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "SQL over " + vault.file();
            case "unwrap", "setSchema", "setCatalog", "setClientInfo" -> {
                vault.becomesStrange(); // what is done with it is not seen
                yield call(raw, method, arguments);
            }
            case "close" -> {
                close();
                yield null;
            }
            case "createStatement" -> {
                ((Statement) Objects.requireNonNull(call(raw, method, arguments))).close(); // refuses other results
                yield SqlStatement.of(this, null);
            }
            case "getMetaData" -> metaData((DatabaseMetaData) Objects.requireNonNull(call(raw, method, arguments)));
            case "prepareStatement" -> {
                @Nullable Object[] given = Objects.requireNonNull(arguments);
                if (given.length > 2 && given[1] instanceof Integer type && given[2] instanceof Integer concurrency) {
                    raw.createStatement(type, concurrency).close();
                }
                yield prepare((String) given[0]);
            }
            default -> call(raw, method, arguments);
        };
    }

    /** DuckDB's, but for the connection that it is of, by which programs go on with statements. */
    private DatabaseMetaData metaData(DatabaseMetaData its) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                SqlConnection.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (self, method, arguments) ->
                        method.getName().equals("getConnection") ? proxy() : call(its, method, arguments));
    }

    /** Ends results that are streams, and with them what they read from. */
    void end() throws SQLException {
        interruptStreams(); // another thread may be fetching, which would be waited for
        try {
            for (SqlStatement statement : streaming) {
                statement.end();
            }
        } finally {
            synchronized (interrupting) {
                ended = true;
            }
            raw.close();
        }
    }

    /** What results that are streams still compute fails, for another thread. */
    void interruptStreams() {
        synchronized (interrupting) {
            if (!ended && !streaming.isEmpty()) {
                FetchInterrupt.of(raw);
            }
        }
    }

    /** The same of one statement's result: a connection computes one at a time. */
    void interruptStream(SqlStatement statement) {
        if (streaming.contains(statement)) {
            interruptStreams();
        }
    }

    void streams(SqlStatement statement) {
        streaming.add(statement);
    }

    void endsStream(SqlStatement statement) {
        streaming.remove(statement);
    }

    private void close() throws SQLException {
        end();
        vault.left(this);
        if (owner) {
            vault.close();
        }
    }

    private Statement prepare(@Nullable String sql) throws SQLException {
        SqlGuard.check(Objects.requireNonNull(sql), vault.file());
        return SqlStatement.of(this, sql);
    }

    static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
