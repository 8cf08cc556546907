package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.TransferPair;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lists, structs and maps of columns whose values say themselves what they are. */
class ArrowNestedTest {
    private static final int ROWS = 20_000;
    private static final Field TAGS = list("tags", Field.nullable("item", ArrowType.Utf8.INSTANCE));
    private static final Field INFO = struct(
            "info",
            Field.nullable("n", new ArrowType.Int(32, true)),
            Field.nullable("half", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            list("path", struct("item", Field.nullable("at", new ArrowType.Int(64, false)))));
    private static final Field COUNTS = map("counts", new ArrowType.Int(16, true));

    @TempDir
    Path folder;

    private BufferAllocator allocator;
    private Vault vault;

    static Field list(String name, Field item) {
        return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(item));
    }

    static Field struct(String name, Field... fields) {
        return new Field(name, FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(fields));
    }

    static Field map(String name, ArrowType value) {
        Field key = new Field("key", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null);
        Field entries = new Field(
                "entries",
                FieldType.notNullable(ArrowType.Struct.INSTANCE),
                List.of(key, Field.nullable("value", value)));
        return new Field(name, FieldType.nullable(new ArrowType.Map(false)), List.of(entries));
    }

    private static List<Object> tags(int i) {
        return LongStream.range(0, i % 4)
                .mapToObj(n -> (Object) ("é" + i + "-" + n))
                .toList();
    }

    private static Map<String, Object> info(int i) {
        return i % 3 == 0
                ? Map.of("n", (long) i, "half", i / 2.0, "other", "left out")
                : Map.of("n", -1L, "path", List.of(Map.of("at", BigInteger.ONE.shiftLeft(63)), Map.of()));
    }

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
        vault = Vault.open(folder.resolve("v.db"));
        Table table = vault.tables()
                .ensure(
                        "t",
                        s -> s.column("i", DType.I64)
                                .nullable("tags", new LogicalType.ListOf())
                                .nullable("info", DType.MSGPACK)
                                .nullable("counts", DType.CBOR)
                                .column("text", DType.STR));
        var batch = table.newBatch();
        for (int i = 0; i < ROWS; i++) {
            int n = i;
            batch.add(row -> {
                row.set("i", n).set("text", "t");
                if (n % 5 != 0) {
                    row.setObject("tags", tags(n)).setObject("info", info(n));
                }
                if (n % 7 != 0) {
                    row.setObject("counts", new TreeMap<>(Map.of("a", (long) (n % 30_000), "b", -1L)));
                }
            });
        }
        table.append(batch);
        vault.maintenance().checkpoint();
    }

    @AfterEach
    void nothingLeaks() {
        vault.close();
        allocator.close();
    }

    /** As Arrow's own vectors say it, in JSON. */
    private static String expected(long row) {
        int i = (int) row;
        String tags = i % 5 == 0
                ? "null"
                : tags(i).stream().map(tag -> "\"" + tag + "\"").collect(Collectors.joining(",", "[", "]"));
        String info = i % 5 == 0
                ? "null"
                : i % 3 == 0
                        ? "{\"n\":" + i + ",\"half\":" + i / 2.0 + "}"
                        : "{\"n\":-1,\"path\":[{\"at\":-9223372036854775808},{}]}"; // the bits of 2^63
        String counts =
                i % 7 == 0 ? "null" : "[{\"key\":\"a\",\"value\":" + i % 30_000 + "},{\"key\":\"b\",\"value\":-1}]";
        return i + " " + tags + " " + info + " " + counts;
    }

    private List<String> read(ArrowReader reader) throws IOException {
        List<String> rows = new ArrayList<>();
        while (reader.loadNextBatch()) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            for (int i = 0; i < root.getRowCount(); i++) {
                int row = i;
                rows.add(root.getFieldVectors().stream()
                        .map(vector -> String.valueOf(vector.getObject(row)))
                        .collect(Collectors.joining(" ")));
            }
        }
        return rows;
    }

    private static ArrowScan scan(Snapshot snapshot) {
        return VaultArrow.scan(snapshot, "t")
                .columns("i", "tags", "info", "counts")
                .nested(TAGS, INFO, COUNTS);
    }

    private static List<String> expected(LongStream rows) {
        return rows.mapToObj(ArrowNestedTest::expected).toList();
    }

    @Test
    void valuesBecomeListsStructsAndMaps() throws Exception {
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = scan(snapshot);
            try (VaultArrowReader reader = scan.open(allocator)) {
                assertThat(read(reader)).isEqualTo(expected(LongStream.range(0, ROWS)));
                assertThat(reader.stats().batches()).isGreaterThan(1);
            }
            try (VaultArrowReader reader = scan.copied(7_000).open(allocator)) {
                assertThat(read(reader)).isEqualTo(expected(LongStream.range(0, ROWS)));
            }
            long[] rows = {19_999, 3, 4, 5, 3, 12_000};
            try (VaultArrowReader reader = scan.take(rows).open(allocator)) {
                assertThat(read(reader)).isEqualTo(expected(LongStream.of(rows)));
            }
            try (VaultArrowReader reader =
                    scan.where(Filter.where("i", 100L, 200L)).open(allocator)) {
                assertThat(read(reader)).isEqualTo(expected(LongStream.range(100, 200)));
            }
            try (VaultArrowReader reader = scan.rows(5, 5).open(allocator)) {
                assertThat(read(reader)).isEmpty();
            }
        }
    }

    @Test
    void whoeverKeptABatchKeepsIt() throws Exception {
        try (Snapshot snapshot = vault.snapshot();
                VaultArrowReader reader = scan(snapshot).copied(10).open(allocator)) {
            reader.loadNextBatch();
            FieldVector tags = reader.getVectorSchemaRoot().getVector("tags");
            TransferPair pair = tags.getTransferPair(allocator);
            pair.transfer();
            try (ValueVector kept = pair.getTo()) {
                reader.loadNextBatch();
                assertThat(kept.getObject(9)).hasToString("[\"é9-0\"]");
                assertThat(tags.getObject(1)).hasToString("[\"é11-0\",\"é11-1\",\"é11-2\"]");
            }
        }
    }

    @Test
    void duckDbLooksIntoThem() throws Exception {
        try (Snapshot snapshot = vault.snapshot();
                var duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            DuckDbArrow.register(duck, "t", scan(snapshot).open(allocator), allocator);
            try (ResultSet rows =
                    statement.executeQuery("SELECT sum(len(tags)), max(tags[3]), sum(info.n), count(info.path),"
                            + " max(info.path[1].at), sum(counts['a']) FROM t")) {
                rows.next();
                assertThat(rows.getLong(1))
                        .isEqualTo(LongStream.range(0, ROWS)
                                .filter(i -> i % 5 != 0)
                                .map(i -> i % 4)
                                .sum());
                assertThat(rows.getString(2)).isEqualTo("é9999-2");
                assertThat(rows.getLong(3))
                        .isEqualTo(LongStream.range(0, ROWS)
                                .filter(i -> i % 5 != 0)
                                .map(i -> i % 3 == 0 ? i : -1)
                                .sum());
                assertThat(rows.getLong(4))
                        .isEqualTo(LongStream.range(0, ROWS)
                                .filter(i -> i % 5 != 0 && i % 3 != 0)
                                .count());
                assertThat(rows.getString(5)).isEqualTo("9223372036854775808");
                assertThat(rows.getLong(6))
                        .isEqualTo(LongStream.range(0, ROWS)
                                .filter(i -> i % 7 != 0)
                                .map(i -> i % 30_000)
                                .sum());
            }
        }
    }

    @Test
    void anImportMakesListsAndMapsOfThem() throws Exception {
        Path stream = folder.resolve("t.arrows");
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowExport.of(VaultArrow.scan(snapshot, "t").columns("tags").nested(TAGS), allocator)
                    .withFormat(IpcFormat.STREAM)
                    .to(stream);
        }
        try (InputStream in = Files.newInputStream(stream);
                ArrowReader reader = new ArrowStreamReader(in, allocator)) {
            ArrowImport.of(reader).into(vault, "again");
        }
        Table again = vault.tables().get("again");
        assertThat(again.schema().columns().get(0).logicalType()).contains(new LogicalType.ListOf());
        assertThat(again.rows(4, 4 + 1).get(0).getList("tags")).isEqualTo(tags(4));
        assertThat(again.rows(3, 3 + 1).get(0).getList("tags")).isEqualTo(tags(3));
        assertThat(again.rows(5, 5 + 1).get(0).isNull("tags")).isTrue();
    }

    private static Stream<Arguments> misfits() {
        ArrowType i8 = new ArrowType.Int(8, true);
        ArrowType f32 = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
        ArrowType f64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        return Stream.of(
                Arguments.of(Field.nullable("v", i8), 128L, "128 is no Int(8, true)"),
                Arguments.of(Field.nullable("v", new ArrowType.Int(8, false)), -1L, "-1 is no Int(8, false)"),
                Arguments.of(Field.nullable("v", i8), 1.0, "1.0 is no Int(8, true)"),
                Arguments.of(Field.nullable("v", f32), 0.1, "0.1 is no FloatingPoint(SINGLE)"),
                Arguments.of(Field.nullable("v", f64), (1L << 53) + 1, "9007199254740993 is no FloatingPoint(DOUBLE)"),
                Arguments.of(Field.nullable("v", ArrowType.Utf8.INSTANCE), 1L, "1 is no Utf8"),
                Arguments.of(
                        list("v", Field.nullable("item", ArrowType.Utf8.INSTANCE)),
                        new byte[] {(byte) 0x91, (byte) 0xc4, 3, 1, 2, 3}, // as another program writes a list of bytes
                        "3 bytes is no Utf8"),
                Arguments.of(list("v", Field.nullable("item", i8)), Map.of("a", 1L), "{a=1} is no List"),
                Arguments.of(struct("v", Field.nullable("a", i8)), List.of(1L), "[1] is no Struct"),
                Arguments.of(map("v", i8), Map.of("a", 300L), "300 is no Int(8, true)"),
                Arguments.of(
                        struct("v", struct("in", Field.nullable("a", i8))),
                        Map.of("in", Map.of("a", "x")),
                        "in 'in': in 'a': x is no Int(8, true)"),
                Arguments.of(
                        struct("v", new Field("a", FieldType.notNullable(i8), null)),
                        Map.of(),
                        "in 'a': it is null, and Int(8, true) was asked for without nulls"));
    }

    @ParameterizedTest(name = "{1} as {0}")
    @MethodSource
    void misfits(Field field, Object value, String message) throws Exception {
        Table table = vault.tables().ensure("v", s -> s.column("v", DType.MSGPACK));
        for (int i = 0; i < 3; i++) {
            int n = i;
            table.append(row -> row.setObject("v", n < 2 ? fitting(field) : value));
        }
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "v").nested(field);
            try (VaultArrowReader reader = scan.open(allocator)) {
                for (int again = 0; again < 2; again++) {
                    assertThatThrownBy(reader::loadNextBatch)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageStartingWith("column 'v', row 2: " + message);
                }
            }
            try (VaultArrowReader reader = scan.take(2, 0).open(allocator)) {
                assertThatThrownBy(reader::loadNextBatch)
                        .hasMessageStartingWith("column 'v', row 0 of the batch: " + message);
            }
            try (VaultArrowReader reader = scan.rows(0, 2).open(allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
            }
        }
    }

    /** A value that a field takes. */
    private static Object fitting(Field field) {
        return switch (field.getType().getTypeID()) {
            case Int -> 1L;
            case FloatingPoint -> 1L << 60;
            case Utf8 -> "x";
            case List -> List.of();
            case Struct -> field.getChildren().get(0).isNullable() ? Map.of() : Map.of("a", 1L);
            default -> Map.of();
        };
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t");
            ArrowType.Date day = new ArrowType.Date(DateUnit.DAY);
            assertThatThrownBy(() -> scan.nested(Field.nullable("info", day)))
                    .hasMessageStartingWith(
                            "column 'info' cannot be Date(DAY): what MessagePack and CBOR hold becomes");
            assertThatThrownBy(() -> scan.nested(list("tags", struct("item", Field.nullable("d", day)))))
                    .hasMessageStartingWith("column 'tags'.item.d cannot be Date(DAY)");
            assertThatThrownBy(() -> scan.nested(struct("info", TAGS, TAGS)))
                    .hasMessageStartingWith("column 'info' cannot be Struct");
            assertThatThrownBy(() -> scan.nested(Field.nullable("text", ArrowType.Utf8.INSTANCE)))
                    .hasMessage("column 'text' is str, which has a type of its own; fields are given for list, map,"
                            + " msgpack and cbor");
            assertThatThrownBy(() -> scan.nested(list("none", TAGS)))
                    .hasMessage("the scan has no column 'none', it has [i, tags, info, counts, text]");
            assertThatThrownBy(() -> scan.nested(TAGS, TAGS)).hasMessage("column 'tags' is given twice");
        }
    }

    @Test
    void aBatchWithoutMemoryIsLoadedAgain() throws Exception {
        try (Snapshot snapshot = vault.snapshot();
                BufferAllocator small = allocator.newChildAllocator("small", 0, 64 << 10);
                VaultArrowReader reader = scan(snapshot).copied().open(small)) {
            assertThatThrownBy(reader::loadNextBatch).isInstanceOf(OutOfMemoryException.class);
            small.setLimit(Long.MAX_VALUE);
            assertThat(read(reader)).isEqualTo(expected(LongStream.range(0, ROWS)));
        }
    }
}
