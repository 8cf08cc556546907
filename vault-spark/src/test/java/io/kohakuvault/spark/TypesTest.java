package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every dtype and every logical type, with nulls and without, in one block and over many. */
class TypesTest {
    private static final int ROWS = 10_000; // over many blocks, so that batches are joined from several

    @TempDir
    static Path all;

    @TempDir
    Path folder;

    private static StructType schema;
    private static List<Row> rows;

    /** A column, what is put into it and what Spark answers. */
    record Case(SchemaColumn column, List<?> put, String type, List<?> read) {
        @Override
        public String toString() {
            return column.toString();
        }
    }

    private static Case of(DType dtype, String type, List<?> put, List<?> read) {
        return new Case(SchemaColumn.of("c", dtype, true), put, type, read);
    }

    private static Case same(DType dtype, String type, Object... values) {
        return of(dtype, type, List.of(values), List.of(values));
    }

    private static Case of(LogicalType logical, String type, List<?> put, List<?> read) {
        return new Case(SchemaColumn.of("c", logical, true), put, type, read);
    }

    static Stream<Case> cases() {
        Instant instant = Instant.parse("2026-11-28T10:11:12.345678901Z");
        UUID uuid = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        return Stream.of(
                same(DType.BOOL, "boolean", true, false),
                same(DType.I8, "tinyint", (byte) -128, (byte) 127),
                of(DType.U8, "smallint", List.of(0, 255), List.of((short) 0, (short) 255)),
                same(DType.I16, "smallint", Short.MIN_VALUE, Short.MAX_VALUE),
                of(DType.U16, "int", List.of(0, 65535), List.of(0, 65535)),
                same(DType.I32, "int", Integer.MIN_VALUE, Integer.MAX_VALUE),
                of(DType.U32, "bigint", List.of(0, 4294967295L), List.of(0L, 4294967295L)),
                same(DType.I64, "bigint", Long.MIN_VALUE, Long.MAX_VALUE),
                of(
                        DType.U64,
                        "decimal(20,0)",
                        List.of(1L, -1L),
                        List.of(new BigDecimal(1), new BigDecimal("18446744073709551615"))),
                of(
                        DType.F16,
                        "float",
                        List.of(1.5, -0x1p-24, Double.POSITIVE_INFINITY, Double.NaN, 65504),
                        List.of(1.5f, -0x1p-24f, Float.POSITIVE_INFINITY, Float.NaN, 65504f)),
                same(DType.F32, "float", 1.25f, Float.NaN, Float.MIN_VALUE),
                same(DType.F64, "double", Math.PI, Double.NEGATIVE_INFINITY),
                same(DType.STR, "string", "", "κόσμος", "a".repeat(5000)),
                same(DType.parse("str:8"), "string", "abc", "12345678"),
                same(new DType.StringType(0, TextEncoding.LATIN1), "string", "é", "x"),
                same(DType.parse("str:cp1252"), "string", "€"),
                same(DType.BYTES, "binary", new byte[] {1, 0, -1}, new byte[0]),
                of(DType.parse("bytes:4"), "binary", List.of(new byte[] {1, 2}), List.of(new byte[] {1, 2, 0, 0})),
                of(
                        DType.MSGPACK,
                        "string",
                        List.of(Map.of("a", List.of(1, 2.5)), "x"),
                        List.of("{\"a\":[1,2.5]}", "\"x\"")),
                of(DType.CBOR, "string", List.of(Map.of("b", true)), List.of("{\"b\":true}")),
                of(
                        DType.vector(ElementType.F32, 3),
                        "array<float>",
                        List.of(new float[] {1, 2, 3}),
                        List.of(List.of(1f, 2f, 3f))),
                of(
                        DType.vector(ElementType.I64, 2, 2),
                        "array<bigint>",
                        List.of(new NumericArray(
                                ElementType.I64, List.of(2, 2), bytes(NumericArray.of(1L, 2L, 3L, 4L)))),
                        List.of(List.of(1L, 2L, 3L, 4L))),
                of(
                        DType.vector(ElementType.U8, 2),
                        "array<smallint>",
                        List.of(new NumericArray(ElementType.U8, List.of(2), new byte[] {-1, 1})),
                        List.of(List.of((short) 255, (short) 1))),
                of(
                        DType.vector(ElementType.BOOL, 2),
                        "array<boolean>",
                        List.of(new NumericArray(ElementType.BOOL, List.of(2), new byte[] {0, 1})),
                        List.of(List.of(false, true))),
                of(
                        new LogicalType.Timestamp(LogicalType.TimeUnit.S, "UTC"),
                        "timestamp",
                        List.of(instant),
                        List.of(Timestamp.from(Instant.parse("2026-11-28T10:11:12Z")))),
                of(
                        new LogicalType.Timestamp(LogicalType.TimeUnit.MS, "Europe/Berlin"),
                        "timestamp",
                        List.of(instant),
                        List.of(Timestamp.from(Instant.parse("2026-11-28T10:11:12.345Z")))),
                of(
                        new LogicalType.Timestamp(LogicalType.TimeUnit.US, "UTC"),
                        "timestamp",
                        List.of(instant),
                        List.of(Timestamp.from(Instant.parse("2026-11-28T10:11:12.345678Z")))),
                of(
                        new LogicalType.Timestamp(LogicalType.TimeUnit.NS, null),
                        "timestamp_ntz",
                        List.of(instant, Instant.parse("1969-12-31T23:59:59.999999999Z")),
                        List.of(
                                LocalDateTime.parse("2026-11-28T10:11:12.345678"),
                                LocalDateTime.parse("1969-12-31T23:59:59.999999"))),
                of(
                        new LogicalType.Date(),
                        "date",
                        List.of(LocalDate.of(1969, 7, 20)),
                        List.of(Date.valueOf("1969-07-20"))),
                of(new LogicalType.Time(LogicalType.TimeUnit.MS), "int", List.of(LocalTime.of(0, 0, 1)), List.of(1000)),
                of(
                        new LogicalType.Time(LogicalType.TimeUnit.US),
                        "bigint",
                        List.of(LocalTime.of(0, 0, 1)),
                        List.of(1_000_000L)),
                of(
                        new LogicalType.Decimal(10, 2),
                        "decimal(10,2)",
                        List.of(new BigDecimal("-12345678.90")),
                        List.of(new BigDecimal("-12345678.90"))),
                of(
                        new LogicalType.Decimal(38, 10),
                        "decimal(38,10)",
                        List.of(new BigDecimal("-1234567890123456789012345678.0123456789"), new BigDecimal("0E-10")),
                        List.of(new BigDecimal("-1234567890123456789012345678.0123456789"), new BigDecimal("0E-10"))),
                of(new LogicalType.Json(), "string", List.of("{}"), List.of("{}")),
                of(new LogicalType.Uuid(), "string", List.of(uuid), List.of(uuid.toString())),
                of(new LogicalType.ListOf(), "string", List.of(List.of(1, "a")), List.of("[1,\"a\"]")),
                of(new LogicalType.MapOf(), "string", List.of(Map.of("k", 1)), List.of("{\"k\":1}")));
    }

    private static byte[] bytes(NumericArray array) {
        byte[] bytes = new byte[array.data().remaining()];
        array.data().duplicate().get(bytes);
        return bytes;
    }

    /** One table with all of the columns: most of the time is Spark's. */
    @BeforeAll
    static void read() {
        Path file = all.resolve("types.db");
        List<Case> cases = cases().toList();
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().ensure("t", s -> {
                for (int c = 0; c < cases.size(); c++) {
                    SchemaColumn column = cases.get(c).column;
                    s.add(new SchemaColumn("c" + c, column.dtype(), column.logicalType(), true));
                }
            });
            table.appendColumns(columns -> {
                for (int c = 0; c < cases.size(); c++) {
                    List<Object> values = new ArrayList<>();
                    for (int row = 0; row < ROWS; row++) { // each nth is null
                        int at = row % (cases.get(c).put.size() + 1);
                        values.add(
                                at == cases.get(c).put.size()
                                        ? null
                                        : cases.get(c).put.get(at));
                    }
                    columns.set("c" + c, values);
                }
            });
        }
        Dataset<Row> dataset = Local.read("t", file);
        schema = dataset.schema();
        rows = dataset.select("*", "_row").collectAsList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReadAsTheTypeOfTheTable(Case c) {
        int ordinal = cases().map(Case::toString).toList().indexOf(c.toString());
        assertThat(schema.fields()[ordinal].dataType().simpleString()).isEqualTo(c.type);
        assertThat(rows).hasSize(ROWS);
        for (int i = 0; i < ROWS; i++) {
            assertThat(rows.get(i).getLong(schema.size())).isEqualTo(i);
            int at = i % (c.read.size() + 1);
            Object expected = at == c.read.size() ? null : comparable(c.read.get(at));
            assertThat(comparable(rows.get(i).get(ordinal))).as("row %d", i).isEqualTo(expected);
        }
    }

    @Test
    void theTableOfTheGuideIsRight() throws IOException {
        String guide = Files.readString(Path.of(System.getProperty("vault.root"), "docs", "spark.md"));
        String table = guide.substring(guide.indexOf("| column | Spark |"), guide.indexOf("Lists, maps, MessagePack"));
        Matcher rows = Pattern.compile("(?m)^\\| (`.*`) \\| ([^|]+) \\|$").matcher(table);
        Set<String> documented = new HashSet<>();
        while (rows.find()) {
            for (String token : rows.group(1).replace("`", "").split(", ")) {
                assertThat(SparkTypes.of(column(token)).simpleString())
                        .as(token)
                        .isEqualTo(rows.group(2));
                documented.add(column(token).dtype().getClass().getSimpleName()
                        + column(token)
                                .logicalType()
                                .map(type -> type.getClass().getSimpleName())
                                .orElse(""));
            }
        }
        assertThat(documented)
                .containsAll(cases().map(c -> c.column.dtype().getClass().getSimpleName()
                                + c.column
                                        .logicalType()
                                        .map(type -> type.getClass().getSimpleName())
                                        .orElse(""))
                        .toList());
        for (ElementType element : ElementType.values()) {
            assertThat(table).contains("`" + element.token() + "`");
        }
    }

    private static SchemaColumn column(String token) {
        try {
            return SchemaColumn.of("c", DType.parse(token), true);
        } catch (IllegalArgumentException e) {
            return SchemaColumn.of("c", LogicalType.parse(token).orElseThrow(), true);
        }
    }

    private static Object comparable(Object value) {
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } else if (value instanceof scala.collection.Seq<?> seq) {
            return new ArrayList<>(Local.list(seq));
        }
        return value;
    }

    @Test
    void listsAndMapsAreReadAsTheTypesThatAreAskedFor() {
        Path file = folder.resolve("nested.db");
        Local.table(
                file,
                "t",
                s -> s.nullable("l", new LogicalType.ListOf())
                        .nullable("m", new LogicalType.MapOf())
                        .column("p", DType.MSGPACK)
                        .column("n", DType.I32),
                table -> {
                    table.append(row -> row.set("l", List.of(1, 2))
                            .set("m", Map.of("a", List.of("x")))
                            .setObject("p", 7)
                            .set("n", 1));
                    table.append(row -> row.set("l", Arrays.asList(3, null))
                            .setObject("p", "s")
                            .set("n", 2));
                });
        Dataset<Row> typed = Local.spark()
                .read()
                .format("kohakuvault")
                .schema("l array<bigint>, m map<string,array<string>>, p binary, n bigint, later date")
                .load(file.toString());
        assertThat(typed.selectExpr("l[0] + 1", "l[1]", "m['a'][0]", "hex(p)", "n", "later")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[2,2,x,07,1,null]", "[4,null,null,A173,2,null]");
        assertThatThrownBy(() -> Local.spark()
                        .read()
                        .format("kohakuvault")
                        .schema("n string")
                        .load(file.toString())
                        .collectAsList())
                .hasMessageContaining("nested.db")
                .hasMessageContaining("column 'n' (n i32) cannot be read as string, but as int");
        assertThatThrownBy(() -> Local.spark()
                        .read()
                        .format("kohakuvault")
                        .schema("l array<string>")
                        .load(file.toString())
                        .collectAsList())
                .satisfies(e -> assertThat(Local.messages(e)).contains("a value is no string, as the schema says"));
    }
}
