package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Generated queries over the same rows in Spark and in DuckDB. */
final class GeneratedQueries {
    private static final long SEED = Long.getLong("vault.spark.seed", 20261128);
    private static final int ROWS = 15_000;
    private static final String[] TEXTS = {"", "a", "abc", "ab", "zebra", "κ", "Ω", "a b"};

    private final Random random = new Random(SEED);
    private final Path folder;

    /** @param folder where files of tables are made */
    GeneratedQueries(Path folder) {
        this.folder = folder;
    }

    /** Asks both, and compares the rows. */
    void check(SparkSession spark, int queries) throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            write(duck);
            read(spark, "t", folder).createOrReplaceTempView("t");
            read(spark, "dim", folder.resolve("dim.vault")).createOrReplaceTempView("dim");
            for (int i = 0; i < queries; i++) {
                String query = query();
                List<String> expected = new ArrayList<>();
                try (Statement statement = duck.createStatement();
                        ResultSet rows = statement.executeQuery(query.replace("TS'", "TIMESTAMP '"))) {
                    while (rows.next()) {
                        StringJoiner line = new StringJoiner("|");
                        for (int c = 1; c <= rows.getMetaData().getColumnCount(); c++) {
                            line.add(text(rows.getObject(c)));
                        }
                        expected.add(line.toString());
                    }
                }
                List<String> found = new ArrayList<>();
                for (Row row :
                        spark.sql(query.replace("TS'", "TIMESTAMP_NTZ '")).collectAsList()) {
                    StringJoiner line = new StringJoiner("|");
                    for (int c = 0; c < row.size(); c++) {
                        line.add(text(row.get(c)));
                    }
                    found.add(line.toString());
                }
                Collections.sort(expected);
                Collections.sort(found);
                assertThat(found).as("seed %d, query %d: %s", SEED, i, query).isEqualTo(expected);
            }
        }
    }

    private static Dataset<Row> read(SparkSession spark, String table, Path path) {
        return spark.read().format("kohakuvault").option("table", table).load(path.toString());
    }

    /** Three files, two of them guarded, of different lengths; a small table to join with. */
    private void write(Connection duck) throws Exception {
        try (Statement statement = duck.createStatement()) {
            statement.execute("CREATE TABLE t (id BIGINT, i INTEGER, s VARCHAR, d DOUBLE, f BOOLEAN, day DATE,"
                    + " ts TIMESTAMP, price DECIMAL(10,2), big DECIMAL(30,5), u SMALLINT, w BIGINT, fl REAL)");
            statement.execute("CREATE TABLE dim (k INTEGER, label VARCHAR)");
        }
        duck.setAutoCommit(false);
        try (PreparedStatement insert =
                duck.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (int file = 0; file < 3; file++) {
                VaultOptions options = VaultOptions.defaults().withGuardNewFiles(file < 2);
                try (Vault vault = Vault.open(folder.resolve("f" + file + ".db"), options)) {
                    Table table = vault.tables()
                            .ensure(
                                    "t",
                                    s -> s.column("id", DType.I64)
                                            .nullable("i", DType.I32)
                                            .nullable("s", DType.STR)
                                            .nullable("d", DType.F64)
                                            .column("f", DType.BOOL)
                                            .nullable("day", new LogicalType.Date())
                                            .nullable("ts", new LogicalType.Timestamp(LogicalType.TimeUnit.US, null))
                                            .nullable("price", new LogicalType.Decimal(10, 2))
                                            .nullable("big", new LogicalType.Decimal(30, 5))
                                            .column("u", DType.U8)
                                            .nullable("w", DType.U32)
                                            .nullable("fl", DType.F32));
                    RowBatch batch = table.newBatch();
                    for (int r = 0; r < ROWS / 3 + file * 100; r++) {
                        List<Object> values = row(file * 8_000 + r);
                        batch.add(row -> {
                            for (int c = 0; c < values.size(); c++) {
                                Object value = values.get(c);
                                row.setObject(
                                        c,
                                        value instanceof LocalDateTime time ? time.toInstant(ZoneOffset.UTC) : value);
                            }
                        });
                        for (int c = 0; c < values.size(); c++) {
                            insert.setObject(c + 1, values.get(c));
                        }
                        insert.addBatch();
                    }
                    table.append(batch);
                    insert.executeBatch();
                }
            }
        }
        Local.table(
                folder.resolve("dim.vault"),
                "dim",
                s -> s.column("k", DType.I32).nullable("label", DType.STR),
                table -> {
                    for (int k = 0; k < 8; k++) {
                        int key = k;
                        table.append(row -> row.set("k", key).set("label", key == 3 ? null : "label" + key % 5));
                    }
                });
        try (Statement statement = duck.createStatement()) {
            for (int k = 0; k < 8; k++) {
                statement.execute(
                        "INSERT INTO dim VALUES (" + k + ", " + (k == 3 ? "NULL" : "'label" + k % 5 + "'") + ")");
            }
        }
        duck.commit();
        duck.setAutoCommit(true);
    }

    private List<Object> row(long id) {
        List<Object> values = new ArrayList<>();
        values.add(id);
        values.add(orNull((int) (id / 100 % 500)));
        values.add(orNull(TEXTS[random.nextInt(TEXTS.length)]));
        values.add(orNull(random.nextInt(4000) * 0.25 - 200));
        values.add(random.nextBoolean());
        values.add(orNull(LocalDate.of(2026, 1, 1).plusDays(id / 300)));
        values.add(orNull(LocalDateTime.of(2026, 1, 1, 0, 0).plusSeconds(id).plusNanos(id % 1000 * 1000)));
        values.add(orNull(BigDecimal.valueOf(random.nextInt(100_000) - 50_000, 2)));
        values.add(orNull(BigDecimal.valueOf(random.nextLong() >> 4, 5)));
        values.add((short) random.nextInt(256));
        values.add(orNull(random.nextInt() & 0xFFFFFFFFL));
        values.add(orNull(random.nextInt(1000) / 4f));
        return values;
    }

    private Object orNull(Object value) {
        return random.nextInt(10) == 0 ? null : value;
    }

    private String query() {
        boolean joins = random.nextInt(4) == 0;
        String from = joins ? "t JOIN dim ON t.i % 10 = dim.k" : "t";
        String where = random.nextInt(5) == 0 ? "" : " WHERE " + condition(random.nextInt(3));
        if (random.nextInt(4) == 0) {
            return "SELECT id, i, s, d, f, day, ts, price, big, u, w, fl FROM " + from + where
                    + (where.isEmpty() ? " WHERE " : " AND ") + "id % 97 < 3";
        }
        String[] groups = joins
                ? new String[] {"label", "k", "f", "label, f"}
                : new String[] {"s", "f", "u", "day", "i", "s, f", "u % 7", "i, f"};
        StringJoiner select = new StringJoiner(", ");
        boolean grouped = random.nextInt(3) > 0;
        String group = grouped ? groups[random.nextInt(groups.length)] : "";
        if (grouped) {
            select.add(group);
        }
        for (int i = 0; i <= random.nextInt(4); i++) {
            select.add(aggregate());
        }
        return "SELECT " + select + " FROM " + from + where
                + (grouped ? " GROUP BY " + group : "")
                + (grouped && random.nextInt(4) == 0 ? " HAVING count(*) > 20" : "");
    }

    private String aggregate() {
        String[] all = {
            "count(*)",
            "count(i)",
            "count(s)",
            "sum(id)",
            "sum(i)",
            "sum(d)",
            "sum(price)",
            "sum(u)",
            "sum(w)",
            "min(id)",
            "max(i)",
            "min(s)",
            "max(s)",
            "min(d)",
            "max(d)",
            "min(day)",
            "max(ts)",
            "min(price)",
            "max(big)",
            "min(w)",
            "max(fl)",
            "avg(d)",
            "count(DISTINCT s)",
            "count(DISTINCT u)",
            "sum(CASE WHEN f THEN 1 ELSE 0 END)",
            "sum(CAST(fl AS DOUBLE))"
        };
        return all[random.nextInt(all.length)];
    }

    private String condition(int depth) {
        if (depth > 0) {
            String operator = random.nextInt(3) == 0 ? " OR " : " AND ";
            return "(" + condition(depth - 1) + operator + condition(depth - 1) + ")";
        }
        String compared = new String[] {"<", "<=", "=", ">=", ">"}[random.nextInt(5)];
        long id = random.nextInt(22_000);
        return switch (random.nextInt(14)) {
            case 0 -> "id " + compared + " " + id;
            case 1 -> "id BETWEEN " + id + " AND " + (id + random.nextInt(5000));
            case 2 -> "i " + compared + " " + random.nextInt(500);
            case 3 -> "i IN (" + random.nextInt(500) + ", " + random.nextInt(500) + ")";
            case 4 -> "s " + compared + " '" + TEXTS[random.nextInt(TEXTS.length)] + "'";
            case 5 -> "s LIKE 'ab%'";
            case 6 -> "d " + compared + " " + random.nextInt(800) * 0.25;
            case 7 -> random.nextBoolean() ? "f" : "NOT f";
            case 8 -> "day " + compared + " DATE '" + LocalDate.of(2026, 1, 1).plusDays(random.nextInt(170)) + "'";
            case 9 ->
                "ts " + compared + " TS'"
                        + LocalDateTime.of(2026, 1, 1, 0, 0)
                                .plusSeconds(id)
                                .plusNanos(id % 1000 * 1000)
                                .toString()
                                .replace('T', ' ')
                        + "'";
            case 10 -> "price " + compared + " " + BigDecimal.valueOf(random.nextInt(100_000) - 50_000, 2);
            case 11 -> "u " + compared + " " + random.nextInt(256);
            case 12 ->
                new String[] {"i", "s", "d", "day", "ts", "price", "big", "w"}[random.nextInt(8)]
                        + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
            default -> "w " + compared + " " + (random.nextInt() & 0xFFFFFFFFL);
        };
    }

    private static String text(Object value) {
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime().toString();
        } else if (value instanceof java.sql.Date date) {
            return date.toLocalDate().toString();
        } else if (value instanceof Number number) {
            return new BigDecimal(number.toString())
                    .setScale(5, RoundingMode.HALF_EVEN)
                    .stripTrailingZeros()
                    .toPlainString();
        }
        return String.valueOf(value).toLowerCase(Locale.ROOT).equals("null") ? "null" : String.valueOf(value);
    }
}
