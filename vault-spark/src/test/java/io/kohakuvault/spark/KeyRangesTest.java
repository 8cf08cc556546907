package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions on keys read the keys that they leave, and no others. */
class KeyRangesTest {
    private static final long SEED = Long.getLong("vault.spark.seed", 20261129);

    /** Bytes that order otherwise with a sign, that prefixes end with, and those of a text. */
    private static final int[] BYTES = {0x00, 0x01, 'a', 'b', 0x7F, 0x80, 0xC3, 0xFE, 0xFF};

    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    static Path folder;

    private static final List<byte[]> KEYS = new ArrayList<>();

    @BeforeAll
    static void write() {
        KEYS.add(new byte[0]);
        for (int first : BYTES) {
            KEYS.add(new byte[] {(byte) first});
            for (int second : BYTES) {
                KEYS.add(new byte[] {(byte) first, (byte) second});
                for (int third : BYTES) {
                    KEYS.add(new byte[] {(byte) first, (byte) second, (byte) third});
                }
            }
        }
        try (Vault odd = Vault.open(folder.resolve("odd.db"));
                Vault even = Vault.open(folder.resolve("even.db"))) {
            for (int i = 0; i < KEYS.size(); i++) {
                (i % 2 == 0 ? even : odd).kv("m").put(KEYS.get(i), ("v" + i).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static Dataset<Row> read() {
        return Local.spark()
                .read()
                .format("kohakuvault")
                .option("kind", "kv")
                .option("table", "m")
                .load(folder.resolve("*.db").toString());
    }

    private static List<String> keys(Dataset<Row> rows) {
        return rows.collectAsList().stream()
                .map(row -> HEX.formatHex(row.<byte[]>getAs("key")))
                .sorted()
                .toList();
    }

    /** The rows that the scan of a query that was run has handed over. */
    private static long scanned(Dataset<Row> query) {
        for (Object leaf : Local.list(query.queryExecution().executedPlan().collectLeaves())) {
            if (leaf instanceof BatchScanExec batch) {
                return batch.metrics().apply("numOutputRows").value();
            }
        }
        return 0; // Spark knows that there is none
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key = X'6162' | 1",
                "X'6162' = key | 1",
                "key <=> X'6162' | 1",
                "key = X'6164' | 0",
                "key = X'' | 1",
                "key < X'00' | 1",
                "key <= X'00' | 2",
                "key < X'' | 0",
                "key > X'FFFF' | 9",
                "key >= X'FFFFFF' | 1",
                "key > X'FFFFFF' | 0",
                "key BETWEEN X'61' AND X'6161' | 22",
                "key IN (X'61', X'FF', X'0203', X'61') | 2",
                "key IN (X'00',X'01',X'61',X'62',X'7F',X'80',X'C3',X'FE',X'FF',X'0000',X'0001',X'0061') | 12",
                "string(key) = 'ab' | 1",
                "string(key) IN ('a', 'ab', 'c') | 2",
                "string(key) LIKE 'a%' | 91",
                "string(key) LIKE 'ab' | 1",
                "key LIKE 'ab%' | 10",
                "string(key) > 'aa' AND string(key) < 'ac' | 19",
                "key < X'00' OR key > X'FFFF' OR key = X'61' | 11",
                "(key < X'61' OR key > X'62') AND key >= X'60' AND key <= X'6300' | 90",
                "key > X'62' AND key < X'61' | 0",
                "key >= X'FF' AND length(value) > 0 | 91",
            })
    void onlyWantedKeysAreRead(String condition, long rows) {
        Dataset<Row> found = read().where(condition);
        List<String> expected = keys(copy().where(condition));
        assertThat(expected).hasSize((int) rows);
        assertThat(keys(found)).isEqualTo(expected);
        assertThat(scanned(found)).as("entries that are read").isEqualTo(rows);
    }

    /** The same rows in Spark's memory. */
    private static Dataset<Row> copy() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < KEYS.size(); i++) {
            rows.add(RowFactory.create(KEYS.get(i), ("v" + i).getBytes(StandardCharsets.UTF_8)));
        }
        return Local.spark()
                .createDataFrame(
                        rows, new StructType().add("key", DataTypes.BinaryType).add("value", DataTypes.BinaryType));
    }

    @Test
    void generatedConditionsLeaveWhatTheyMean() {
        Random random = new Random(SEED);
        Dataset<Row> copy = copy().cache();
        for (int i = 0; i < 60; i++) {
            String condition = condition(random, random.nextInt(3));
            assertThat(keys(read().where(condition)))
                    .as("seed %d, %d: %s", SEED, i, condition)
                    .isEqualTo(keys(copy.where(condition)));
        }
    }

    private static String condition(Random random, int depth) {
        if (depth > 0) {
            String both = condition(random, depth - 1)
                    + (random.nextBoolean() ? " AND " : " OR ")
                    + condition(random, depth - 1);
            return random.nextInt(4) == 0 ? "NOT (" + both + ")" : "(" + both + ")";
        }
        String compared = List.of("=", "<", "<=", ">", ">=", "<=>", "!=").get(random.nextInt(7));
        return switch (random.nextInt(5)) {
            case 0 -> "key IN (" + literal(random) + ", " + literal(random) + ", " + literal(random) + ")";
            case 1 -> "string(key) LIKE '" + List.of("a", "ab", "b", "ü", "").get(random.nextInt(5)) + "%'";
            case 2 ->
                "string(key) " + compared + " '" + List.of("", "a", "ba", "ü").get(random.nextInt(4)) + "'";
            case 3 -> "length(value) = " + (2 + random.nextInt(3));
            default -> "key " + compared + " " + literal(random);
        };
    }

    private static String literal(Random random) {
        return "X'" + HEX.formatHex(KEYS.get(random.nextInt(KEYS.size()))) + "'";
    }

    @Test
    void thePlanSaysWhichKeysAreRead() {
        assertThat(read().where("key > X'61'").queryExecution().executedPlan().toString())
                .contains("keys where")
                .contains("key >");
        assertThatThrownBy(() -> Local.spark()
                        .read()
                        .format("kohakuvault")
                        .option("kind", "kv")
                        .option("table", "m")
                        .schema("key string, value binary")
                        .load(folder.resolve("*.db").toString()))
                .hasMessageContaining("key-values are read as struct<key:binary,value:binary>")
                .hasMessageContaining("struct<key:string,value:binary>");
    }

    @Test
    void theGuidesTableOfConditionsIsRight() throws IOException {
        Path table = folder.resolve("tables").resolve("t.db");
        Files.createDirectories(table.getParent());
        Local.table(table, "t", s -> s.nullable("s", DType.STR), t -> t.append(row -> row.set("s", "a")));
        Map<String, String> conditions = new HashMap<>();
        for (String operator : List.of("=", "<=>", "<", "<=", ">", ">=")) {
            conditions.put("`" + operator + "`", "%s " + operator + " 'b'");
        }
        conditions.put("`IN`", "%s IN ('a', 'b')");
        conditions.put("`NOT IN`", "%s NOT IN ('a', 'b')");
        conditions.put("`LIKE 'x%'`", "%s LIKE 'x%%'");
        conditions.put("`LIKE '%x'`", "%s LIKE '%%x'");
        conditions.put("`IS NULL`", "%s IS NULL");
        conditions.put("`IS NOT NULL`", "%s IS NOT NULL");
        conditions.put("`OR` of these", "(%1$s = 'a' OR %1$s = 'b' OR %1$s < 'A')");

        String guide = Files.readString(Path.of(System.getProperty("vault.root"), "docs", "spark.md"));
        String documented =
                guide.substring(guide.indexOf("| condition | leaves out"), guide.indexOf("Of tables those"));
        Matcher rows = Pattern.compile("(?m)^\\| ([^|]+) \\| (yes|no) \\| (yes|no) \\|$")
                .matcher(documented);
        while (rows.find()) {
            String condition = conditions.remove(rows.group(1));
            assertThat(condition).as(rows.group(1)).isNotNull();
            assertThat(isPushed(Local.read("t", table).where(condition.formatted("s")), "blocks where [", condition))
                    .as("tables, %s", condition)
                    .isEqualTo(rows.group(2).equals("yes"));
            assertThat(isPushed(read().where(condition.formatted("string(key)")), "keys where [", condition))
                    .as("key-values, %s", condition)
                    .isEqualTo(rows.group(3).equals("yes"));
        }
        assertThat(conditions).as("conditions that the guide does not have").isEmpty();
    }

    /** Whether a scan says that it leaves out what a condition rules out; that nulls are left out is another one. */
    private static boolean isPushed(Dataset<Row> query, String label, String condition) {
        for (Object leaf : Local.list(query.queryExecution().executedPlan().collectLeaves())) {
            if (leaf instanceof BatchScanExec batch) {
                String said = batch.scan().description();
                int at = said.indexOf(label);
                String pushed = at < 0 ? "" : said.substring(at + label.length());
                return !(condition.contains("IS NOT NULL") ? pushed : pushed.replaceFirst("^s IS NOT NULL", ""))
                        .replaceFirst("^]", "")
                        .isEmpty();
            }
        }
        return false;
    }
}
