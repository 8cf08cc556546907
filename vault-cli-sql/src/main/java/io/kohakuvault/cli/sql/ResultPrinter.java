package io.kohakuvault.cli.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kohakuvault.cli.Interruption;
import io.kohakuvault.cli.terminal.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Executes statements and prints what they answer. DuckDB itself says values as text or JSON, as far as a statement can
 * stand in parentheses: Java's types of time know no infinity, no 24 o'clock, and would bring a time zone in.
 */
final class ResultPrinter {
    /** More would not be read by anybody, and all of a table's cells are kept to align them. */
    private static final int TABLE_ROWS = 1_000;

    private static final int TABLE_CELL = 64;
    private static final JsonFactory JSON = new JsonFactory();

    /** Names that nobody gives to a column. */
    private static final String ROW = "__vault_cli_row__";

    /** Statements that change rows or what holds them. */
    private static final Set<String> WRITING =
            Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "DROP");

    private static final String WRITES =
            "\nThe vault is only read by SQL; 'vault sql FILE QUERY --into TABLE' appends the rows of a query";

    private static final Pattern NUMBER =
            Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\\(.*\\))");

    private final Connection connection;
    private final PrintWriter out;
    private final PrintWriter err;
    private final int width;

    private volatile boolean stopped;

    /**
     * @param connection where statements are executed
     * @param out for rows
     * @param err for what is worth to know besides
     * @param width columns of the terminal
     */
    ResultPrinter(Connection connection, PrintWriter out, PrintWriter err, int width) {
        this.connection = connection;
        this.out = out;
        this.err = err;
        this.width = width;
    }

    /** A result's columns, by name and DuckDB's type. */
    private record Columns(List<String> names, List<String> types) {}

    /** Executes a statement and prints its rows, or how many it changed. */
    void print(String sql, ResultFormat format) throws SQLException {
        check();
        try (Statement statement = connection.createStatement()) {
            if (isQuery(sql)) {
                Columns columns = format == ResultFormat.jsonl ? null : described(statement, sql);
                check();
                String said = columns == null
                        ? "SELECT to_json(" + ROW + ")::VARCHAR FROM (" + sql + "\n) AS " + ROW
                        : texts(columns.names().size(), sql);
                try (ResultSet rows = statement.executeQuery(said)) {
                    print(rows, columns, format);
                }
            } else if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    Columns columns = columns(rows.getMetaData());
                    if (format == ResultFormat.jsonl) {
                        objects(rows, columns);
                    } else {
                        print(rows, columns, format);
                    }
                }
            } else {
                told(firstWord(sql), statement.getUpdateCount());
            }
        } catch (SQLException e) {
            if (WRITING.contains(firstWord(sql))
                    && !String.valueOf(e.getMessage()).startsWith("Parser Error")) {
                throw new SQLException(e.getMessage() + WRITES, e.getSQLState(), e.getErrorCode(), e);
            }
            throw e;
        }
        out.flush();
    }

    /** Says what a statement without a result has done; of what has no count nothing. */
    private void told(String word, long count) {
        if (word.equals("COPY")) {
            err.println(count + " rows copied");
        } else if (count >= 0 && WRITING.contains(word)) {
            err.println(count
                    + " rows, in memory: they are gone when this command ends; --into TABLE writes rows of a query");
        }
    }

    /** Forgets that it was stopped, before the first of the statements that belong together. */
    void start() {
        stopped = false;
    }

    /** Ends the printing, for another thread: the next row is not printed, nor the next statement's, until a start. */
    void stop() {
        stopped = true;
    }

    /** Whether it was stopped since its start. */
    boolean isStopped() {
        return stopped;
    }

    private void check() {
        Interruption.check();
        if (stopped) {
            throw new CancellationException("stopped");
        }
    }

    private static String firstWord(String sql) {
        return sql.stripLeading().split("\\W", 2)[0].toUpperCase(Locale.ROOT);
    }

    /** Whether it may stand in parentheses. */
    private static boolean isQuery(String sql) {
        return Set.of("SELECT", "WITH", "FROM", "VALUES").contains(firstWord(sql));
    }

    /**
     * The query with texts in the place of values. Its columns get names of their own, since they may have one name
     * twice; {@code COLUMNS(*)} would hide from the connection which columns are read, and each would be, value by
     * value.
     */
    static String texts(int columns, String sql) {
        List<String> names = IntStream.range(0, columns).mapToObj(i -> ROW + i).toList();
        return names.stream()
                        .map(name -> "CAST(" + name + " AS VARCHAR)")
                        .collect(Collectors.joining(", ", "SELECT ", ""))
                + " FROM (" + sql + "\n) AS " + ROW + "(" + String.join(", ", names) + ")";
    }

    private static Columns described(Statement statement, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        try (ResultSet columns = statement.executeQuery("DESCRIBE " + sql)) {
            while (columns.next()) {
                names.add(columns.getString(1));
                types.add(columns.getString(2));
            }
        } catch (SQLException e) {
            statement.getConnection().prepareStatement(sql).close(); // fails with the user's own words in its message
            throw e;
        }
        return new Columns(names, types);
    }

    private static Columns columns(ResultSetMetaData meta) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            names.add(meta.getColumnLabel(i));
            types.add(String.valueOf(meta.getColumnTypeName(i)));
        }
        return new Columns(names, types);
    }

    private void print(ResultSet rows, @Nullable Columns columns, ResultFormat format) throws SQLException {
        if (columns == null) {
            while (rows.next()) {
                check();
                out.println(rows.getString(1));
            }
        } else if (format == ResultFormat.table) {
            table(rows, columns);
        } else {
            csv(rows, columns);
        }
    }

    private void table(ResultSet rows, Columns columns) throws SQLException {
        List<Boolean> right = columns.types().stream()
                .map(type -> NUMBER.matcher(type).matches())
                .toList();
        TextTable table = new TextTable(columns.names(), right);
        boolean hasMore = rows.next();
        for (int count = 0; hasMore && count < TABLE_ROWS; count++) {
            check();
            List<String> cells = new ArrayList<>();
            for (int i = 1; i <= columns.names().size(); i++) {
                String text = text(rows, i);
                boolean folded =
                        text != null && columns.types().get(i - 1).equals("BLOB") && text.length() > TABLE_CELL;
                cells.add(text == null ? "null" : folded ? text.substring(0, TABLE_CELL) + "…" : text);
            }
            table.add(cells);
            hasMore = rows.next();
        }
        table.lines(width).forEach(out::println);
        if (hasMore) { // how many are not computed for that
            err.println("the first " + TABLE_ROWS
                    + " rows, there are more; --format csv or jsonl prints all, --out writes them to a file");
        }
    }

    private void csv(ResultSet rows, Columns columns) throws SQLException {
        int cells = columns.names().size();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells; i++) {
            add(columns.names().get(i), i, line);
        }
        out.println(line);
        while (rows.next()) {
            check();
            line.setLength(0);
            for (int i = 0; i < cells; i++) {
                add(text(rows, i + 1), i, line);
            }
            out.println(line);
        }
    }

    private static void add(@Nullable String text, int column, StringBuilder line) {
        if (column > 0) {
            line.append(',');
        }
        if (text == null) {
            return;
        }
        if (isPlain(text)) {
            line.append(text);
        } else {
            line.append('"').append(text.replace("\"", "\"\"")).append('"');
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Rows of what does not stand in parentheses: numbers and truth values as themselves, all else as text. */
    private void objects(ResultSet rows, Columns columns) throws SQLException {
        while (rows.next()) {
            check();
            StringWriter line = new StringWriter();
            try (JsonGenerator json = JSON.createGenerator(line)) {
                json.writeStartObject();
                for (int i = 1; i <= columns.names().size(); i++) {
                    json.writeFieldName(columns.names().get(i - 1));
                    Object value = rows.getObject(i);
                    if (value instanceof Boolean truth) {
                        json.writeBoolean(truth);
                    } else if (value instanceof Integer || value instanceof Long || value instanceof BigDecimal) {
                        json.writeNumber(value.toString());
                    } else {
                        json.writeString(text(rows, i));
                    }
                }
                json.writeEndObject();
            } catch (IOException e) {
                throw new IllegalStateException(e); // of a writer in memory
            }
            out.println(line);
        }
    }

    private static @Nullable String text(ResultSet rows, int column) throws SQLException {
        Object value = rows.getObject(column);
        if (value instanceof String text) {
            return text;
        } else if (value instanceof Blob blob) {
            return "\\x" + HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
        }
        return value == null ? null : rows.getString(column);
    }
}
