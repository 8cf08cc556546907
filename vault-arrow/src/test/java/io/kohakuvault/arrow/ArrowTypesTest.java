package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dtype and logical type, to Arrow and to SQL. */
class ArrowTypesTest {
    @TempDir
    Path folder;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
    }

    @AfterEach
    void nothingLeaks() {
        allocator.close(); // throws when a buffer is still out
    }

    private static final int ROWS = 5_000; // more than a block of eight bytes holds

    private static void set(RowWriter row, int i) {
        row.set("money", new BigDecimal(BigInteger.valueOf(i - 2_500), 2))
                .set("big", new BigDecimal(BigInteger.valueOf(i - 2_500).multiply(BigInteger.TEN.pow(30)), 5))
                .setObject("id", new UUID(i, ~i))
                .set("doc", "{\"i\":" + i + "}")
                .set("day", LocalDate.ofEpochDay(i - 100))
                .set("clock", LocalTime.ofSecondOfDay(i))
                .set("at_s", Instant.ofEpochSecond(i))
                .set("at_ns", Instant.ofEpochSecond(-i, 1_999))
                .set("tags", List.of("a", i))
                .set("props", Map.of("n", i))
                .set("u8", i & 0xFF)
                .set("u16", i & 0xFFFF)
                .set("u32", 0xFFFF_FFFFL - i)
                .set("u64", -1L - i)
                .set("half", (double) half16(i))
                .set("name", "n" + i % 10)
                .set("latin", "ü" + i)
                .set("yes", i % 3 == 0)
                .setObject("mask", new NumericArray(ElementType.BOOL, List.of(3), new byte[] {1, (byte) (i & 1), 0}))
                .setObject(
                        "grid",
                        new NumericArray(ElementType.I16, List.of(2, 2), new byte[] {(byte) i, 0, 2, 0, 3, 0, 4, 0}))
                .setObject("packed", i);
    }

    static Table make(Vault vault) {
        Table table = vault.tables()
                .ensure(
                        "t",
                        s -> s.nullable("money", new LogicalType.Decimal(10, 2))
                                .nullable("big", new LogicalType.Decimal(38, 5))
                                .nullable("id", new LogicalType.Uuid())
                                .nullable("doc", new LogicalType.Json())
                                .nullable("day", new LogicalType.Date())
                                .nullable("clock", new LogicalType.Time(TimeUnit.US))
                                .nullable("at_s", new LogicalType.Timestamp(TimeUnit.S, "UTC"))
                                .nullable("at_ns", new LogicalType.Timestamp(TimeUnit.NS, "UTC"))
                                .nullable("tags", new LogicalType.ListOf())
                                .nullable("props", new LogicalType.MapOf())
                                .nullable("u8", DType.U8)
                                .nullable("u16", DType.U16)
                                .nullable("u32", DType.U32)
                                .nullable("u64", DType.U64)
                                .nullable("half", DType.F16)
                                .nullable("name", DType.parse("str:8"))
                                .nullable("latin", DType.parse("str:latin1"))
                                .nullable("yes", DType.BOOL)
                                .nullable("mask", DType.parse("vec:bool:3"))
                                .nullable("grid", DType.parse("vec:i16:2:2"))
                                .nullable("packed", DType.parse("msgpack:12")));
        vault.transact(() -> {
            for (int i = 0; i < ROWS; i++) {
                int n = i;
                table.append(row -> {
                    if (n % 7 != 3) { // else all are null
                        set(row, n);
                    }
                });
            }
        });
        return table;
    }

    private static DuckDBConnection duck() throws SQLException {
        return DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
    }

    private static List<String> query(DuckDBConnection duck, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sqlSeesWhatColumnsMean(boolean inLog) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            make(vault);
            if (!inLog) {
                vault.maintenance().checkpoint();
            }
            try (Snapshot snapshot = vault.snapshot();
                    DuckDBConnection duck = duck()) {
                DuckDbArrow.register(
                        duck,
                        "t",
                        VaultArrow.scan(snapshot, "t")
                                .profile(ArrowProfile.duckDb())
                                .open(allocator),
                        allocator);
                try (Statement copy = duck.createStatement()) {
                    copy.execute("CREATE TABLE c AS SELECT row_number() OVER () - 1 AS n, * FROM t");
                }
                assertThat(
                                query(
                                        duck,
                                        "SELECT typeof(money), typeof(big), typeof(id), typeof(doc), typeof(day), "
                                                + "typeof(clock), typeof(tags), typeof(half), typeof(u64), typeof(mask) FROM c LIMIT 1"))
                        .containsExactly(
                                "DECIMAL(10,2)|DECIMAL(38,5)|UUID|JSON|DATE|TIME|JSON|FLOAT|UBIGINT|BOOLEAN[3]");
                for (int i : new int[] {0, 1, 2498, 4_999}) {
                    assertThat(query(
                                    duck,
                                    "SELECT money, big, id, doc, day, clock::VARCHAR, epoch_ns(at_s), epoch_ns(at_ns), "
                                            + "tags, props, u8, u16, u32, u64, half, name, latin, yes, mask, grid FROM c WHERE n = "
                                            + i))
                            .as("row %d", i)
                            .containsExactly(expected(i));
                }
                assertThat(query(duck, "SELECT count(*), count(money), sum(money) FROM c"))
                        .containsExactly(ROWS + "|" + present() + "|" + sum());
                assertThat(query(
                                duck,
                                "SELECT count(*) FROM c WHERE n % 7 = 3 AND coalesce(money::VARCHAR, id::VARCHAR, "
                                        + "doc::VARCHAR, day::VARCHAR, tags::VARCHAR, u64::VARCHAR, half::VARCHAR, name, latin, "
                                        + "yes::VARCHAR, mask::VARCHAR, grid::VARCHAR, packed::VARCHAR) IS NOT NULL"))
                        .containsExactly("0");
            }
        }
    }

    private static long present() {
        long n = 0;
        for (int i = 0; i < ROWS; i++) {
            n += i % 7 != 3 ? 1 : 0;
        }
        return n;
    }

    private static String sum() {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < ROWS; i++) {
            sum = i % 7 != 3 ? sum.add(new BigDecimal(BigInteger.valueOf(i - 2_500), 2)) : sum;
        }
        return sum.toPlainString();
    }

    private static String expected(int i) {
        Instant seconds = Instant.ofEpochSecond(i);
        Instant nanos = Instant.ofEpochSecond(-i, 1_999);
        return String.join(
                "|",
                new BigDecimal(BigInteger.valueOf(i - 2_500), 2).toPlainString(),
                new BigDecimal(BigInteger.valueOf(i - 2_500).multiply(BigInteger.TEN.pow(30)), 5).toPlainString(),
                new UUID(i, ~i).toString(),
                "{\"i\":" + i + "}",
                LocalDate.ofEpochDay(i - 100).toString(),
                LocalTime.ofSecondOfDay(i).format(DateTimeFormatter.ISO_LOCAL_TIME),
                Long.toString(seconds.getEpochSecond() * 1_000_000_000L),
                Long.toString(nanos.getEpochSecond() * 1_000_000_000L + nanos.getNano()),
                "[\"a\"," + i + "]",
                "{\"n\":" + i + "}",
                Integer.toString(i & 0xFF),
                Integer.toString(i & 0xFFFF),
                Long.toString(0xFFFF_FFFFL - i),
                Long.toUnsignedString(-1L - i),
                half(i),
                "n" + i % 10,
                "ü" + i,
                Boolean.toString(i % 3 == 0),
                "[true, " + ((i & 1) == 1) + ", false]",
                "[" + (i & 0xFF) + ", 2, 3, 4]");
    }

    private static String half(int i) {
        return Float.toString(half16(i));
    }

    private void each(Vault vault, ArrowProfile profile, Map<String, BiConsumer<FieldVector, int[]>> checks)
            throws Exception {
        try (Snapshot snapshot = vault.snapshot()) {
            checks.forEach((name, check) -> {
                try (VaultArrowReader reader = VaultArrow.scan(snapshot, "t")
                        .columns(name)
                        .profile(profile)
                        .open(allocator)) {
                    int row = 0;
                    while (reader.loadNextBatch()) {
                        FieldVector vector = reader.getVectorSchemaRoot().getVector(0);
                        for (int i = 0; i < vector.getValueCount(); i++, row++) {
                            assertThat(vector.isNull(i)).as("%s %d", name, row).isEqualTo(row % 7 == 3);
                            if (row % 7 != 3) {
                                check.accept(vector, new int[] {i, row});
                            }
                        }
                    }
                    assertThat(row).isEqualTo(ROWS);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void sparkGetsWhatItTakes() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            make(vault);
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scan(snapshot, "t").profile(ArrowProfile.spark());
                assertThatThrownBy(() -> scan.open(allocator))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("'clock'")
                        .hasMessageContaining("Spark");
                String[] others = snapshot.blocks().table("t").stream()
                        .map(c -> c.name())
                        .filter(name -> !name.equals("clock"))
                        .toArray(String[]::new);
                try (VaultArrowReader reader = scan.columns(others).open(allocator)) {
                    assertThat(reader.getVectorSchemaRoot().getSchema().getFields().stream()
                                    .map(f -> f.getName() + " " + type(f)))
                            .containsExactly(
                                    "money Decimal(10, 2, 128)",
                                    "big Decimal(38, 5, 128)",
                                    "id FixedSizeBinary(16)",
                                    "doc Utf8",
                                    "day Date(DAY)",
                                    "at_s Timestamp(MICROSECOND, UTC)",
                                    "at_ns Timestamp(MICROSECOND, UTC)",
                                    "tags Utf8",
                                    "props Utf8",
                                    "u8 Int(16, true)",
                                    "u16 Int(32, true)",
                                    "u32 Int(64, true)",
                                    "u64 Decimal(20, 0, 128)",
                                    "half FloatingPoint(SINGLE)",
                                    "name Utf8",
                                    "latin Utf8",
                                    "yes Bool",
                                    "mask List<Bool>",
                                    "grid List<Int(16, true)>",
                                    "packed FixedSizeBinary(12)");
                }
            }
            each(
                    vault,
                    ArrowProfile.spark(),
                    Map.of(
                            "u64",
                            (v, at) -> assertThat(((DecimalVector) v).getObject(at[0]))
                                    .isEqualTo(new BigDecimal(Long.toUnsignedString(-1L - at[1]))),
                            "u32",
                            (v, at) -> assertThat(((BigIntVector) v).get(at[0])).isEqualTo(0xFFFF_FFFFL - at[1]),
                            "half",
                            (v, at) -> assertThat(((Float4Vector) v).get(at[0])).isEqualTo(half16(at[1])),
                            "at_ns",
                            (v, at) -> assertThat(((Long) v.getObject(at[0]))).isEqualTo(-at[1] * 1_000_000L + 1),
                            "latin",
                            (v, at) -> assertThat(v.getObject(at[0])).hasToString("ü" + at[1]),
                            "doc",
                            (v, at) -> assertThat(v.getObject(at[0])).hasToString("{\"i\":" + at[1] + "}"),
                            "mask",
                            (v, at) -> assertThat(
                                            ((ListVector) v).getObject(at[0]).toString())
                                    .isEqualTo("[true," + ((at[1] & 1) == 1) + ",false]")));
            each(
                    vault,
                    ArrowProfile.exact(),
                    Map.of(
                            "money",
                            (v, at) -> assertThat(((DecimalVector) v).getObject(at[0]))
                                    .isEqualTo(new BigDecimal(BigInteger.valueOf(at[1] - 2_500), 2)),
                            "mask",
                            (v, at) -> assertThat(((FixedSizeListVector) v)
                                            .getObject(at[0])
                                            .toString())
                                    .isEqualTo("[true," + ((at[1] & 1) == 1) + ",false]"),
                            "tags",
                            (v, at) -> assertThat(v.getObject(at[0])).hasToString("[\"a\"," + at[1] + "]")));
        }
    }

    /** A half has 11 bits. */
    private static float half16(int i) {
        return Float16.toFloat(Float16.toFloat16(i / 2.0f));
    }

    private static String type(Field field) {
        return field.getChildren().isEmpty()
                ? field.getType().toString()
                : field.getType() + "<" + field.getChildren().get(0).getType() + ">";
    }

    @Test
    void extensionsAreNamed() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            make(vault);
            try (Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader = VaultArrow.scan(snapshot, "t").open(allocator)) {
                Map<String, String> named = new TreeMap<>();
                reader.getVectorSchemaRoot().getSchema().getFields().forEach(field -> {
                    String name = field.getMetadata().get("ARROW:extension:name");
                    if (name != null) {
                        named.put(field.getName(), name + field.getMetadata().get("ARROW:extension:metadata"));
                    }
                });
                assertThat(named)
                        .isEqualTo(Map.of(
                                "id", "arrow.uuid",
                                "doc", "arrow.json",
                                "tags", "arrow.json",
                                "props", "arrow.json",
                                "grid", "arrow.fixed_shape_tensor{\"shape\":[2,2]}"));
            }
        }
    }

    @Test
    void timesThatDoNotFitAreNamed() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table =
                    vault.tables().ensure("far", s -> s.nullable("at", new LogicalType.Timestamp(TimeUnit.S, null)));
            table.append(row -> row.set("at", Instant.EPOCH));
            table.append(row -> {});
            table.append(row -> row.set("at", Instant.ofEpochSecond(31_556_889_864_403_199L)));
            try (Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader = VaultArrow.scan(snapshot, "far")
                            .profile(ArrowProfile.spark())
                            .open(allocator)) {
                assertThatThrownBy(reader::loadNextBatch)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("'at', row 2");
            }
        }
    }

    @Test
    void whatDuckDbCannotTakeIsRefusedByName() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            make(vault);
            try (Snapshot snapshot = vault.snapshot();
                    DuckDBConnection duck = duck()) {
                VaultArrowReader reader = VaultArrow.scan(snapshot, "t").open(allocator);
                assertThatThrownBy(() -> DuckDbArrow.register(duck, "t", reader, allocator))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("'half'")
                        .hasMessageContaining("ArrowProfile.duckDb()");
                assertThatThrownBy(reader::loadNextBatch).isInstanceOf(IllegalStateException.class); // it is closed
            }
        }
    }

    @Test
    void aReaderThatDoesNotGetToDuckDbIsClosed() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("n", DType.I64).append(1);
            try (Snapshot snapshot = vault.snapshot();
                    BufferAllocator none = allocator.newChildAllocator("none", 0, 0);
                    DuckDBConnection duck = duck()) {
                VaultArrowReader reader = VaultArrow.scanColumns(snapshot, "n").open(allocator);
                assertThatThrownBy(() -> DuckDbArrow.register(duck, "t", reader, none))
                        .isInstanceOf(OutOfMemoryException.class);
                assertThatThrownBy(reader::loadNextBatch).isInstanceOf(IllegalStateException.class); // it is closed
            }
        }
    }

    @Test
    void rowsNarrowColumnsAreDistinctAndNoneCounts() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("n", DType.I64).appendAll(new long[1000]);
            make(vault);
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scanColumns(snapshot, "n").rows(100, 200);
                assertThat(scan.rows(10, 20).rowCount()).isEqualTo(10);
                assertThatThrownBy(() -> scan.rows(0, 101)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> VaultArrow.scan(snapshot, "t").columns("u8", "u8"))
                        .hasMessageContaining("'u8' is asked for twice");
                try (VaultArrowReader reader =
                        VaultArrow.scan(snapshot, "t").columns().rows(1, 4_000).open(allocator)) {
                    long rows = 0;
                    while (reader.loadNextBatch()) {
                        rows += reader.getVectorSchemaRoot().getRowCount();
                    }
                    assertThat(rows).isEqualTo(3_999);
                }
            }
        }
    }

    @Test
    void aBatchThatFailedIsLoadedAgain() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table =
                    vault.tables().ensure("r", s -> s.column("a", DType.I64).nullable("n", DType.F64));
            long[] numbers = new long[50_000];
            Arrays.setAll(numbers, i -> i);
            List<Double> halves = new ArrayList<>();
            for (int i = 0; i < 50_000; i++) {
                halves.add(i % 3 == 0 ? null : i / 2.0);
            }
            table.appendColumns(c -> c.set("a", numbers).set("n", halves));
            for (int least : new int[] {1, 10_000}) {
                for (long limit : new long[] {30_000, 45_000, 70_000, 170_000, 220_000, 300_000, 400_000}) {
                    try (Snapshot snapshot = vault.snapshot();
                            BufferAllocator small = allocator.newChildAllocator("small", 0, limit);
                            VaultArrowReader reader = VaultArrow.scan(snapshot, "r")
                                    .batchRows(least, 20_000)
                                    .open(small)) {
                        assertThat(readAgain(reader, small))
                                .as("%d %d", least, limit)
                                .isEqualTo(50_000);
                    }
                }
            }
        }
    }

    private static long readAgain(VaultArrowReader reader, BufferAllocator small) throws Exception {
        long next = 0;
        while (true) {
            try {
                if (!reader.loadNextBatch()) {
                    return next;
                }
            } catch (OutOfMemoryException e) {
                small.setLimit(small.getLimit() * 2);
                continue;
            }
            BigIntVector a = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
            Float8Vector n = (Float8Vector) reader.getVectorSchemaRoot().getVector(1);
            for (int i = 0; i < a.getValueCount(); i++, next++) {
                assertThat(a.get(i)).isEqualTo(next);
                assertThat(n.isNull(i)).isEqualTo(next % 3 == 0);
                assertThat(n.isNull(i) || n.get(i) == next / 2.0).isTrue();
            }
        }
    }

    @Test
    void aClosedReaderAllocatesNothing() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("s", DType.STR).append("x");
            try (Snapshot snapshot = vault.snapshot()) {
                VaultArrowReader reader = VaultArrow.scanColumns(snapshot, "s").open(allocator);
                assertThat(reader.loadNextBatch()).isTrue();
                reader.close();
                assertThatThrownBy(reader::loadNextBatch).isInstanceOf(IllegalStateException.class);
                assertThat(allocator.getAllocatedMemory()).isZero();
            }
        }
    }

    /**
     * The bitmap that vectors without nulls share is made anew where a batch is longer: the allocator may refuse it.
     */
    @Test
    void aReaderWhoseBitmapWasRefusedGoesOnAndIsClosed() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("n", DType.I8).appendAll(new long[400_000]);
            vault.maintenance().checkpoint();
            for (boolean again : new boolean[] {true, false}) {
                try (Snapshot snapshot = vault.snapshot();
                        BufferAllocator child = allocator.newChildAllocator("limited", 0, Long.MAX_VALUE)) {
                    long end = snapshot.blocks().column("n").blockEnd(0);
                    try (VaultArrowReader reader = VaultArrow.scanColumns(snapshot, "n")
                            .rows(end - 10, 300_000)
                            .batchRows(1, 100_000)
                            .open(child)) {
                        assertThat(reader.loadNextBatch()).isTrue();
                        child.setLimit(child.getAllocatedMemory() - 1024 + 100);
                        assertThatThrownBy(reader::loadNextBatch).isInstanceOf(OutOfMemoryException.class);
                        child.setLimit(Long.MAX_VALUE);
                        assertThat(!again || reader.loadNextBatch()).isTrue();
                    }
                }
            }
        }
    }
}
