package io.kohakuvault.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The rows of {@link EditBenchmark}, and tables of them. */
final class EditData {
    static final int ROWS = 340_000;
    static final long START = 1_700_000_000_000L;
    static final String[] CARRIERS = {"AA", "UA", "DL", "B6", "EV", "MQ", "US", "WN"};
    static final List<String> NAMES = List.of(
            "id",
            "departed",
            "carrier",
            "flight",
            "origin",
            "dest",
            "dep_delay",
            "arr_delay",
            "air_time",
            "distance",
            "temp",
            "note");
    static final String COLUMNS = String.join(", ", NAMES);

    private EditData() {}

    /** The values of a row; the same for everyone. */
    static @Nullable Object[] row(int i) {
        Random random = new Random(i);
        boolean cancelled = random.nextInt(40) == 0;
        return new @Nullable Object[] {
            (long) i,
            Instant.ofEpochMilli(START + 90_000L * i),
            CARRIERS[random.nextInt(8)],
            1 + random.nextInt(6000),
            "JFK",
            "D" + random.nextInt(100),
            cancelled ? null : random.nextInt(200) - 20,
            cancelled ? null : random.nextInt(200) - 20,
            cancelled ? null : 30 + random.nextInt(600),
            100 + random.nextInt(4000),
            random.nextInt(10) == 0 ? null : random.nextInt(400) / 10.0,
            random.nextInt(20) == 0 ? "weather at the origin " + i : null
        };
    }

    static void fill(Connection connection, boolean duck) throws SQLException {
        if (duck) {
            append(connection.unwrap(DuckDBConnection.class));
            return;
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO flights VALUES (" + String.join(", ", Collections.nCopies(NAMES.size(), "?")) + ")")) {
            for (int i = 0; i < ROWS; i++) {
                @Nullable Object[] row = row(i);
                for (int c = 0; c < row.length; c++) {
                    set(insert, c + 1, row[c], false);
                }
                insert.addBatch();
                if (i % 10_000 == 9_999) {
                    insert.executeBatch();
                }
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void append(DuckDBConnection connection) throws SQLException {
        try (DuckDBAppender appender = connection.createAppender("main", "flights")) {
            for (int i = 0; i < ROWS; i++) {
                appender.beginRow();
                for (@Nullable Object value : row(i)) {
                    if (value instanceof Long number) {
                        appender.append(number);
                    } else if (value instanceof Integer number) {
                        appender.append(number);
                    } else if (value instanceof Double number) {
                        appender.append(number);
                    } else if (value instanceof Instant instant) {
                        appender.append(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
                    } else if (value instanceof String text) {
                        appender.append(text);
                    } else {
                        appender.appendNull();
                    }
                }
                appender.endRow();
            }
        }
    }

    static void set(PreparedStatement statement, int at, @Nullable Object value, boolean duck) throws SQLException {
        if (value instanceof Instant instant) {
            if (duck) {
                statement.setObject(at, LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
            } else {
                statement.setLong(at, instant.toEpochMilli());
            }
        } else {
            statement.setObject(at, value);
        }
    }
}
