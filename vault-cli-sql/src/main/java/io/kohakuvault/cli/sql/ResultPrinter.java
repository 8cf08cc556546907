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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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

    private static final Pattern NUMBER =
            Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\\(.*\\))");

    private final Connection connection;
    private final PrintWriter out;
    private final PrintWriter err;
    private final int width;

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
        Interruption.check();
        try (Statement statement = connection.createStatement()) {
            if (isQuery(sql)) {
                Columns columns = format == ResultFormat.jsonl ? null : described(statement, sql);
                String said = columns == null
                        ? "SELECT to_json(" + ROW + ")::VARCHAR FROM (" + sql + "\n) AS " + ROW
                        : "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + sql + "\n) AS " + ROW;
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
                err.println(statement.getUpdateCount() + " rows changed");
            }
        }
        out.flush();
    }

    /** Whether it may stand in parentheses. */
    private static boolean isQuery(String sql) {
        String first = sql.stripLeading().split("\\W", 2)[0].toUpperCase(Locale.ROOT);
        return Set.of("SELECT", "WITH", "FROM", "VALUES").contains(first);
    }

    private static Columns described(Statement statement, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        try (ResultSet columns = statement.executeQuery("DESCRIBE " + sql)) {
            while (columns.next()) {
                names.add(columns.getString(1));
                types.add(columns.getString(2));
            }
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
                Interruption.check();
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
        long count = 0;
        while (rows.next()) {
            Interruption.check();
            if (count++ < TABLE_ROWS) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= columns.names().size(); i++) {
                    String text = text(rows, i);
                    boolean folded =
                            text != null && columns.types().get(i - 1).equals("BLOB") && text.length() > TABLE_CELL;
                    cells.add(text == null ? "null" : folded ? text.substring(0, TABLE_CELL) + "…" : text);
                }
                table.add(cells);
            }
        }
        table.lines(width).forEach(out::println);
        if (count > TABLE_ROWS) {
            err.println("the first " + TABLE_ROWS + " of " + count
                    + " rows; --format csv or jsonl prints all, --out writes them to a file");
        }
    }

    private void csv(ResultSet rows, Columns columns) throws SQLException {
        String[] cells = new String[columns.names().size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = quoted(columns.names().get(i));
        }
        out.println(String.join(",", cells));
        while (rows.next()) {
            Interruption.check();
            for (int i = 1; i <= cells.length; i++) {
                String text = text(rows, i);
                cells[i - 1] = text == null ? "" : quoted(text);
            }
            out.println(String.join(",", Arrays.asList(cells)));
        }
    }

    private static String quoted(String text) {
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** Rows of what does not stand in parentheses: numbers and truth values as themselves, all else as text. */
    private void objects(ResultSet rows, Columns columns) throws SQLException {
        while (rows.next()) {
            Interruption.check();
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
        if (value instanceof Blob blob) {
            return "\\x" + HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
        }
        return value == null ? null : rows.getString(column);
    }
}
