package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exporting a table and importing it with the types that it has gives the same table, whatever they are and whatever is
 * in it.
 */
class RoundTripTest {
    private static final int TABLES = Integer.getInteger("vault.roundtrip.tables", 40);

    private static final List<String> TYPES = List.of(
            "bool",
            "i8",
            "u8",
            "i16",
            "u16",
            "i32",
            "u32",
            "i64",
            "u64",
            "f16",
            "f32",
            "f64",
            "str",
            "str:16",
            "str:8:latin1",
            "str:utf16le",
            "str:ascii",
            "bytes",
            "bytes:5",
            "msgpack",
            "msgpack:64",
            "cbor",
            "vec:f32:3",
            "vec:f32:2:2",
            "vec:f64:2",
            "vec:f16:3",
            "vec:i16:2:2",
            "vec:u64:2",
            "vec:bool:4",
            "vec:i8",
            "vec:f32",
            "timestamp:s",
            "timestamp:ms",
            "timestamp:us:UTC",
            "timestamp:ns:Europe/Berlin",
            "date",
            "time:ms",
            "time:us",
            "time:ns",
            "decimal:10:2",
            "decimal:18:0",
            "decimal:38:20",
            "json",
            "list",
            "map",
            "uuid");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "  both ",
            "a,b",
            "a;b",
            "tab\there",
            "\"",
            "\"\"",
            "\"quoted\"",
            "line\nend",
            "carriage\rreturn",
            "\r\n",
            "\n",
            "NA",
            "null",
            "NULL",
            "\\N",
            "true",
            "007",
            "12",
            "1e5",
            "-0",
            "NaN",
            "zoë",
            "日本語",
            "😀",
            "e\u0301",
            "\u0000",
            "\u0001\u001b[31m",
            "\uFEFFmark",
            "#",
            "@",
            "=",
            "'",
            "\\",
            "\\\\",
            "\u2028",
            "\uFFFD",
            "2024-01-02",
            "2024-01-02T03:04:05Z",
            "{}",
            "[1]");

    @TempDir
    Path folder;

    private static String text(Random random) {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        return switch (random.nextInt(4)) {
            case 0 -> text + TEXTS.get(random.nextInt(TEXTS.size()));
            case 1 -> "x".repeat(random.nextInt(100)) + text;
            default -> text;
        };
    }

    private static String limited(Random random, int bytes, int largest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(bytes + 1); i > 0; i--) {
            text.append((char) (1 + random.nextInt(largest)));
        }
        return text.toString();
    }

    private static double number(Random random) {
        double[] odd = {
            0,
            -0.0,
            1,
            -1,
            0.1,
            1e-5,
            1e5,
            1e22,
            1e23,
            9007199254740993.0,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            2.2250738585072011e-308,
            123456789
        };
        return switch (random.nextInt(4)) {
            case 0 -> odd[random.nextInt(odd.length)];
            case 1 -> Double.longBitsToDouble(random.nextLong() & ~(0x7FFL << 52) | (long) random.nextInt(2047) << 52);
            case 2 -> random.nextInt(100_000) / 100.0;
            default -> random.nextGaussian();
        };
    }

    private static long integer(Random random, int bits, boolean unsigned) {
        long least = unsigned ? 0 : -1L << (bits - 1);
        long greatest = unsigned ? (bits == 64 ? -1 : (1L << bits) - 1) : ~(-1L << (bits - 1));
        return switch (random.nextInt(6)) {
            case 0 -> least;
            case 1 -> greatest;
            case 2 -> 0;
            default -> unsigned ? random.nextLong() >>> (64 - bits) : random.nextLong() >> (64 - bits);
        };
    }

    private static Object any(Random random, int depth) {
        return switch (random.nextInt(depth > 2 ? 7 : 9)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong();
            case 3 -> number(random);
            case 4 -> (double) random.nextInt(5); // whole, and yet no integer
            case 5 -> new BigInteger(64, random).setBit(63);
            case 6 -> text(random);
            case 7 -> list(random, depth + 1);
            default -> map(random, depth + 1);
        };
    }

    private static List<Object> list(Random random, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(any(random, depth));
        }
        return list;
    }

    private static Map<String, Object> map(Random random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(text(random), any(random, depth));
        }
        if (random.nextInt(8) == 0) { // as if it were an element's stored bytes
            return Map.of(random.nextBoolean() ? "$msgpack" : "$cbor", "wA==");
        }
        return map;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static NumericArray array(Random random, DType.VectorType type) {
        List<Integer> shape = type.shape();
        if (shape.isEmpty()) {
            List<List<Integer>> shapes =
                    List.of(List.of(3), List.of(0), List.of(2, 2), List.of(1), List.of(2, 0), List.of(1, 2, 2));
            shape = shapes.get(random.nextInt(shapes.size()));
        }
        int count = shape.stream().mapToInt(i -> i).reduce(1, (a, b) -> a * b);
        byte[] data = bytes(random, count * type.element().sizeBytes());
        if (type.element() == ElementType.BOOL) {
            for (int i = 0; i < data.length; i++) {
                data[i] &= 1;
            }
        } else if (type.element().isFloating()) {
            // Whole numbers, and one that is none now and then; which NaN it is, no text says.
            java.nio.ByteBuffer out = java.nio.ByteBuffer.wrap(data).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            while (out.hasRemaining()) {
                float value = random.nextInt(5) == 0 ? Float.NEGATIVE_INFINITY : random.nextFloat();
                switch (type.element()) {
                    case F16 -> out.putShort((short) (random.nextInt(5) == 0 ? 0x7E00 : random.nextInt(0x7C00)));
                    case F32 -> out.putFloat(value);
                    default -> out.putDouble(random.nextInt(5) == 0 ? Double.NaN : number(random));
                }
            }
        }
        return new NumericArray(type.element(), shape, data);
    }

    private static Object value(Random random, SchemaColumn column) {
        LogicalType logical = column.logicalType().orElse(null);
        DType dtype = column.dtype();
        if (logical instanceof LogicalType.Timestamp type) {
            if (type.unit() == TimeUnit.S) {
                return random.nextInt(4) == 0
                        ? (random.nextBoolean() ? Instant.MIN.getEpochSecond() : Instant.MAX.getEpochSecond())
                        : (Object) (random.nextLong() >> 12);
            }
            return integer(random, 64, false);
        } else if (logical instanceof LogicalType.Date) {
            return LocalDate.ofEpochDay(integer(random, 32, false));
        } else if (logical instanceof LogicalType.Time type) {
            long nanos = (long) (random.nextDouble() * 86_400_000_000_000L);
            long unit = type.unit() == TimeUnit.MS ? 1_000_000 : type.unit() == TimeUnit.US ? 1_000 : 1;
            return random.nextInt(4) == 0 ? LocalTime.MIDNIGHT : LocalTime.ofNanoOfDay(nanos / unit * unit);
        } else if (logical instanceof LogicalType.Decimal type) {
            String digits = new BigInteger(type.precision() * 4, random).toString();
            digits = digits.substring(0, Math.min(digits.length(), 1 + random.nextInt(type.precision())));
            return new BigDecimal(new BigInteger((random.nextBoolean() ? "-" : "") + digits), type.scale());
        } else if (logical instanceof LogicalType.Json) {
            return random.nextBoolean() ? "{\"a\": [1, 2.50]}" : text(random);
        } else if (logical instanceof LogicalType.ListOf) {
            return list(random, 1);
        } else if (logical instanceof LogicalType.MapOf) {
            return map(random, 1);
        } else if (logical instanceof LogicalType.Uuid) {
            return new UUID(random.nextLong(), random.nextLong());
        } else if (dtype instanceof DType.BooleanType) {
            return random.nextBoolean();
        } else if (dtype instanceof DType.IntegerType type) {
            return integer(random, 8 * type.elementSizeBytes(), type.element().isUnsigned());
        } else if (dtype instanceof DType.FloatingType type) {
            return type.element() == ElementType.F64
                    ? number(random)
                    : random.nextInt(5) == 0
                            ? (Object) (random.nextBoolean() ? Double.NaN : -0.0)
                            : (Object) (random.nextGaussian() * 100);
        } else if (dtype instanceof DType.StringType type) {
            return type.sizeBytes() > 0
                    ? limited(random, type.sizeBytes(), 126)
                    : type.token().equals("str:ascii") ? limited(random, 20, 126) : text(random);
        } else if (dtype instanceof DType.BytesType type) {
            return bytes(random, type.sizeBytes() > 0 ? type.sizeBytes() : random.nextInt(5));
        } else if (dtype instanceof DType.PackedType type) {
            Object value = type.sizeBytes() > 0 ? random.nextInt() : any(random, 0);
            if (value == null && random.nextBoolean()) { // an element that says null
                return new byte[] {(byte) (type.format() == DType.PackedType.Format.MSGPACK ? 0xC0 : 0xF6)};
            } else if (random.nextInt(8) == 0 && type.format() == DType.PackedType.Format.MSGPACK) {
                // What only others write: bytes, a map with a number for a key, a time.
                return switch (random.nextInt(3)) {
                    case 0 -> new byte[] {(byte) 0xC4, 2, 7, 8};
                    case 1 -> new byte[] {(byte) 0x81, 1, 2};
                    default -> new byte[] {(byte) 0xD6, (byte) 0xFF, 0, 0, 0, 1};
                };
            }
            return value == null ? 1L : value;
        }
        return array(random, (DType.VectorType) dtype);
    }

    private static SchemaColumn column(Random random, String name) {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        LogicalType logical = LogicalType.parse(type).orElseThrow();
        boolean nullable = random.nextInt(3) > 0;
        return logical instanceof LogicalType.Other
                ? SchemaColumn.of(name, DType.parse(type), nullable)
                : SchemaColumn.of(name, logical, nullable);
    }

    private static Schema schema(Random random) {
        Map<String, SchemaColumn> columns = new LinkedHashMap<>();
        int count = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(12);
        while (columns.size() < count) {
            String name = random.nextInt(3) > 0 ? "c" + columns.size() : text(random);
            if (!name.isEmpty()) {
                columns.putIfAbsent(name, column(random, name));
            }
        }
        return new Schema(List.copyOf(columns.values()));
    }

    private static String row(Row row) {
        StringBuilder text = new StringBuilder();
        row.toMap()
                .forEach((name, value) ->
                        text.append(name).append('=').append(shown(value)).append('\n'));
        return text.toString();
    }

    private static String shown(Object value) {
        if (value instanceof byte[] bytes) {
            return "bytes" + Arrays.toString(bytes);
        } else if (value instanceof float[] floats) {
            return "floats" + Arrays.toString(floats);
        } else if (value instanceof NumericArray array) {
            byte[] bytes = new byte[array.data().remaining()];
            array.data().get(bytes);
            return array + Arrays.toString(bytes);
        } else if (value instanceof List<?> list) {
            return "list" + list.stream().map(RoundTripTest::shown).toList();
        } else if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("map");
            map.forEach(
                    (k, v) -> text.append(shown(k)).append(':').append(shown(v)).append(','));
            return text.toString();
        }
        return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
    }

    private void fill(Table table, Random random) {
        RowBatch batch = table.newBatch();
        int rows = random.nextInt(5) == 0 ? 0 : random.nextInt(60);
        boolean nullsOnly = random.nextInt(8) == 0;
        for (int i = 0; i < rows; i++) {
            batch.add(row -> {
                for (SchemaColumn column : table.schema().columns()) {
                    if (!column.nullable() || !(nullsOnly || random.nextInt(4) == 0)) {
                        row.setObject(column.name(), value(random, column));
                    }
                }
            });
        }
        table.append(batch);
    }

    @Test
    void exportingAndImportingIsTheIdentity() throws IOException {
        long seed = System.nanoTime();
        System.out.println("RoundTripTest seed " + seed);
        Random random = new Random(seed);
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            for (int i = 0; i < TABLES; i++) {
                fill(vault.tables().ensure("t" + i, schema(random)), random);
            }
        }
        Path types = folder.resolve("types");
        for (int i = 0; i < TABLES; i++) {
            String name = "t" + i;
            CommandLineRun schema = CommandLineRun.of("schema", file, name);
            assertThat(schema.exit()).as(schema.err()).isZero();
            Files.writeString(types, schema.out());
            for (String format : List.of("csv", "jsonl", "tsv", "csv.gz", "jsonl.zst")) {
                Path text = folder.resolve(name + "." + format);
                List<Object> export = new ArrayList<>(List.of("export", file, name, "--out", text));
                List<Object> imported = new ArrayList<>(List.of("import", folder.resolve(format + ".db"), name, text));
                imported.addAll(List.of("--types", random.nextBoolean() ? "@" + types : schema.out()));
                if (format.startsWith("csv") && random.nextInt(3) == 0) {
                    export.addAll(List.of("--null", "NA", "--delimiter", ";"));
                    imported.addAll(List.of("--null", "NA", "--delimiter", ";"));
                }
                CommandLineRun out = CommandLineRun.of(export.toArray());
                assertThat(out.exit()).as(out.err()).isZero();
                CommandLineRun in = CommandLineRun.of(imported.toArray());
                assertThat(in.exit())
                        .as("seed " + seed + ", " + in.err() + schema.out())
                        .isZero();
                assertThat(in.err()).isEmpty();
            }
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            for (String format : List.of("csv", "jsonl", "tsv", "csv.gz", "jsonl.zst")) {
                try (Vault copy = Vault.openReadOnly(folder.resolve(format + ".db"))) {
                    for (int i = 0; i < TABLES; i++) {
                        Table table = vault.tables().get("t" + i);
                        Table same = copy.tables().get("t" + i);
                        String where = "seed " + seed + ", " + format + ", t" + i;
                        assertThat(same.schema()).as(where).isEqualTo(table.schema());
                        assertThat(same.length()).as(where).isEqualTo(table.length());
                        List<Row> rows = table.rows(0, table.length());
                        List<Row> sameRows = same.rows(0, table.length());
                        for (int r = 0; r < rows.size(); r++) {
                            assertThat(row(sameRows.get(r)))
                                    .as(where + ", row " + r)
                                    .isEqualTo(row(rows.get(r)));
                        }
                    }
                }
            }
        }
    }

    @Test
    void columnsComeBackAsATableOfTheirDtype() throws IOException {
        long seed = System.nanoTime();
        System.out.println("RoundTripTest seed " + seed);
        Random random = new Random(seed);
        Path file = folder.resolve("a.db");
        Path copy = folder.resolve("b.db");
        for (String type : TYPES) {
            if (!(LogicalType.parse(type).orElseThrow() instanceof LogicalType.Other)) {
                continue;
            }
            DType dtype = DType.parse(type);
            SchemaColumn column = SchemaColumn.of("value", dtype, false);
            try (Vault vault = Vault.open(file)) {
                Table table = vault.tables().ensure("as " + type, new Schema(List.of(column)));
                for (int i = 0; i < 20; i++) {
                    table.append(row -> row.setObject("value", value(random, column)));
                }
                List<byte[]> stored =
                        vault.columns().bytes("as " + type + ".value").slice(0, 20);
                vault.columns().ensureRaw(type, dtype).appendAll(stored);
            }
            for (String format : List.of("csv", "jsonl")) {
                Path text = folder.resolve("c." + format);
                assertThat(CommandLineRun.of("export", file, type, "--out", text)
                                .exit())
                        .isZero();
                String types = CommandLineRun.of("schema", file, type).out();
                CommandLineRun in = CommandLineRun.of("import", copy, type + format, text, "--types", types);
                assertThat(in.err()).as("seed " + seed + ", " + type).isEmpty();
                try (Vault vault = Vault.openReadOnly(file);
                        Vault other = Vault.openReadOnly(copy)) {
                    List<Row> rows = vault.tables().get("as " + type).rows(0, 20);
                    List<Row> same = other.tables().get(type + format).rows(0, 20);
                    for (int i = 0; i < 20; i++) {
                        assertThat(row(same.get(i)))
                                .as("seed " + seed + ", " + type)
                                .isEqualTo(row(rows.get(i)));
                    }
                }
            }
        }
    }
}
