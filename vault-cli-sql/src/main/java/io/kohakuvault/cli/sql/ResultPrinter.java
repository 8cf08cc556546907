package io.kohakuvault.cli.sql;

import io.kohakuvault.cli.Interruption;
import io.kohakuvault.cli.terminal.TextTable;
import java.io.PrintWriter;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executes statements and prints what they answer. */
final class ResultPrinter {
    /** More would not be read by anybody, and all of a table's cells are kept to align them. */
    private static final int TABLE_ROWS = 1_000;

    private static final int BLOB_BYTES = 32;
    private static final Set<Integer> NUMBERS = Set.of(
            Types.TINYINT,
            Types.SMALLINT,
            Types.INTEGER,
            Types.BIGINT,
            Types.FLOAT,
            Types.DOUBLE,
            Types.REAL,
            Types.DECIMAL,
            Types.NUMERIC);

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

    /** Executes a statement, which may be cancelled from another thread. */
    void print(String sql, ResultFormat format) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Interruption.whenRequested(() -> cancel(statement));
            Interruption.check();
            String asked = format == ResultFormat.jsonl && isQuery(sql)
                    ? "SELECT to_json(vault_row)::VARCHAR FROM (" + sql + "\n) AS vault_row"
                    : sql;
            if (!statement.execute(asked)) {
                err.println(statement.getUpdateCount() + " rows changed");
                return;
            }
            try (ResultSet rows = statement.getResultSet()) {
                switch (format) {
                    case table -> table(rows);
                    case csv -> csv(rows);
                    case jsonl -> lines(rows);
                }
            }
        } finally {
            Interruption.whenRequested(() -> {});
        }
        out.flush();
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            // it has ended meanwhile
        }
    }

    /** Whether it may stand in parentheses. */
    private static boolean isQuery(String sql) {
        String first = sql.stripLeading().split("\\W", 2)[0].toUpperCase(java.util.Locale.ROOT);
        return Set.of("SELECT", "WITH", "FROM", "VALUES").contains(first);
    }

    private void table(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> names = new ArrayList<>();
        List<Boolean> right = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            names.add(meta.getColumnLabel(i));
            right.add(NUMBERS.contains(meta.getColumnType(i)));
        }
        TextTable table = new TextTable(names, right);
        long count = 0;
        while (rows.next()) {
            if (count++ < TABLE_ROWS) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= names.size(); i++) {
                    String text = text(rows, i);
                    cells.add(text == null ? "null" : text);
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

    private void csv(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        int columns = meta.getColumnCount();
        String[] cells = new String[columns];
        for (int i = 1; i <= columns; i++) {
            cells[i - 1] = quoted(meta.getColumnLabel(i));
        }
        out.println(String.join(",", cells));
        while (rows.next()) {
            Interruption.check();
            for (int i = 1; i <= columns; i++) {
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

    private void lines(ResultSet rows) throws SQLException {
        while (rows.next()) {
            Interruption.check();
            out.println(rows.getString(1));
        }
    }

    private static @Nullable String text(ResultSet rows, int column) throws SQLException {
        Object value = rows.getObject(column);
        if (value instanceof Blob blob) {
            long length = blob.length();
            byte[] bytes = blob.getBytes(1, (int) Math.min(length, BLOB_BYTES));
            return "x'" + HexFormat.of().formatHex(bytes) + (length > BLOB_BYTES ? "…' " + length + " bytes" : "'");
        }
        return value == null ? null : rows.getString(column);
    }
}
