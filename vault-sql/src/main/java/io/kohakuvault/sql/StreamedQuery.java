package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.sql.QueryPlan.Mention;
import io.kohakuvault.sql.ViewSource.RowRange;
import io.kohakuvault.table.Filter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** A query whose views are streams of Arrow batches, one for each time that it names one. */
final class StreamedQuery implements AutoCloseable {
    private final SqlConnection connection;
    private final QueryPlan plan;
    private final String sql;
    private final List<String> names;
    private final List<ArrowReader> readers = new ArrayList<>();

    private StreamedQuery(SqlConnection connection, QueryPlan plan) {
        this.connection = connection;
        this.plan = plan;
        this.names =
                plan.mentions().stream().map(mention -> connection.streamName()).toList();
        this.sql = plan.withNames(names);
    }

    /** The query, ready to be executed once; null where there is no plan or its names mean something else. */
    static @Nullable StreamedQuery of(
            SqlConnection connection, @Nullable QueryPlan plan, Snapshot snapshot, Map<Integer, Object> parameters)
            throws SQLException {
        if (plan == null || !connection.meansViews(plan)) {
            return null;
        }
        StreamedQuery query = new StreamedQuery(connection, plan);
        try {
            query.open(snapshot, parameters);
            return query;
        } catch (NoSuchElementException | IllegalArgumentException e) { // of a view that has been changed since
            query.close();
            throw new SQLException(e.getMessage() + " (" + ViewFunction.CHANGED + ")", e);
        } catch (RuntimeException | Error e) {
            query.close();
            if (e.getCause() instanceof SQLException cause) { // of an aborted transaction, for example
                throw cause;
            }
            throw new SQLException(e.getMessage(), e);
        }
    }

    private void open(Snapshot snapshot, Map<Integer, Object> parameters) {
        for (int i = 0; i < names.size(); i++) {
            Mention mention = plan.mentions().get(i);
            VaultSql vault = connection.vault();
            List<Filter> hints = mention.hints().stream()
                    .map(hint -> hint.filter(parameters, !connection.vault().isStrange()))
                    .toList();
            if (!mention.view()
                    .source()
                    .fields(snapshot, vault.allocator())
                    .equals(mention.view().fields())) {
                throw new IllegalArgumentException("'" + mention.view().name() + "' was changed");
            }
            ArrowReader reader =
                    mention.view().source().open(snapshot, mention.columns(), RowRange.ALL, hints, vault.allocator());
            readers.add(reader);
            DuckDbArrow.register(connection.raw(), names.get(i), reader, vault.allocator());
        }
    }

    String sql() {
        return sql;
    }

    /**
     * Whether the table function may do what the streams did not: the text is DuckDB's to judge, and what it says of
     * names is to be about those that the user knows.
     */
    boolean mayBeTriedOtherwise(SQLException e) throws SQLException {
        boolean readTwice = String.valueOf(e.getMessage()).contains("This stream has been released");
        return (isOfNames(e) || readTwice) && connection.raw().getAutoCommit();
    }

    /** What DuckDB says with the names of the views. */
    SQLException inUsersWords(SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains(SqlConnection.STREAM)) {
            return e;
        }
        for (int i = names.size() - 1; i >= 0; i--) { // of names that begin alike the longer ones come first
            message =
                    message.replace(names.get(i), plan.mentions().get(i).view().name());
        }
        SQLException told = new SQLException(message, e.getSQLState(), e.getErrorCode(), e);
        return told;
    }

    /** Whether a statement was refused before it did anything: it names what is not there, or is there otherwise. */
    static boolean isOfNames(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("Binder Error")
                || message.startsWith("Catalog Error")
                || message.startsWith("Parser Error")
                || message.contains(ViewFunction.CHANGED);
    }

    @Override
    public void close() {
        DuckDBConnection raw = connection.raw();
        try (Statement statement = raw.createStatement()) {
            for (String name : names) {
                statement.execute("DROP VIEW IF EXISTS temp." + SqlText.quoted(name));
            }
        } catch (SQLException e) {
            // of a transaction that failed, which takes them with it
        }
        for (ArrowReader reader : readers) {
            try {
                reader.close(); // where DuckDB did not read it to its end
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
