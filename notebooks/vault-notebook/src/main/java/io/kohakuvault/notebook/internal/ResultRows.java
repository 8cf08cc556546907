package io.kohakuvault.notebook.internal;

import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows of a query, which are read once. */
public final class ResultRows {
    private static final long MOST = 1_000_000;

    private ResultRows() {}

    public static Rendered of(ResultSet result) throws SQLException {
        checkOpen(result);
        ResultSetMetaData about = result.getMetaData();
        List<Grid.Column> columns = new ArrayList<>();
        for (int c = 1; c <= about.getColumnCount(); c++) {
            columns.add(new Grid.Column(about.getColumnLabel(c), about.getColumnTypeName(c)));
        }
        int[] shown = IntStream.range(0, Math.min(columns.size(), Grid.COLUMNS)).toArray();
        List<Object[]> head = new ArrayList<>();
        ArrayDeque<Object[]> tail = new ArrayDeque<>();
        long rows = 0;
        while (rows < MOST && result.next()) {
            Object[] row = row(result, shown);
            rows++;
            if (head.size() < Grid.HEAD) {
                head.add(row);
            } else {
                tail.add(row);
                if (tail.size() > Grid.TAIL) {
                    tail.remove();
                }
            }
        }
        String note = rows == MOST && result.next()
                ? "there are more, which were not read"
                : rows == 0 ? "a result that has been shown once is used up: run the query again" : "";
        return new Grid("", columns, head, new ArrayList<>(tail), rows, note).render();
    }

    static void checkOpen(ResultSet result) throws SQLException {
        if (result.isClosed()) {
            throw new SQLException("this result is closed: run the query again, and show it before the statement,"
                    + " the connection or the next query of the statement closes it");
        }
    }

    /** @param places of columns, from 0 */
    static Object[] row(ResultSet result, int... places) throws SQLException {
        Object[] row = new Object[places.length];
        for (int c = 0; c < places.length; c++) {
            row[c] = value(result.getObject(places[c] + 1));
        }
        return row;
    }

    private static @Nullable Object value(@Nullable Object value) throws SQLException {
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        }
        if (value instanceof Blob blob) {
            return blob.getBytes(1, (int) Math.min(blob.length(), Integer.MAX_VALUE - 8));
        }
        if (value instanceof Array array) {
            return elements((Object[]) array.getArray());
        }
        if (value instanceof Struct struct) {
            return elements(struct.getAttributes());
        }
        return value;
    }

    private static List<@Nullable Object> elements(Object[] elements) throws SQLException {
        Object[] plain = new Object[elements.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = value(elements[i]);
        }
        return Arrays.asList(plain);
    }
}
