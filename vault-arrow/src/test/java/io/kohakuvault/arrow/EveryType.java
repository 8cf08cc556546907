package io.kohakuvault.arrow;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A table with a column of every type, most of them with nulls, and its batches as plain values. */
final class EveryType {
    private EveryType() {}

    /** The table {@code t}; {@code n} counts its rows, {@code ts} ascends with it. */
    static Table make(Vault vault, int rows, long seed) {
        Table table = vault.tables()
                .ensure(
                        "t",
                        s -> s.column("n", DType.I64)
                                .timestamp("ts", TimeUnit.MS)
                                .column("random", DType.I32)
                                .nullable("i8", DType.I8)
                                .nullable("u8", DType.U8)
                                .nullable("u16", DType.U16)
                                .nullable("u32", DType.U32)
                                .nullable("u64", DType.U64)
                                .nullable("f16", DType.F16)
                                .nullable("f32", DType.F32)
                                .column("f64", DType.F64)
                                .nullable("flag", DType.BOOL)
                                .column("yes", DType.BOOL)
                                .nullable("text", DType.STR)
                                .column("code", DType.STR)
                                .nullable("name", DType.parse("str:8"))
                                .nullable("latin", DType.parse("str:latin1"))
                                .nullable("raw", DType.BYTES)
                                .nullable("five", DType.parse("bytes:5"))
                                .nullable("packed", DType.MSGPACK)
                                .nullable("cbor", DType.CBOR)
                                .nullable("money", new LogicalType.Decimal(10, 2))
                                .nullable("big", new LogicalType.Decimal(38, 5))
                                .nullable("id", new LogicalType.Uuid())
                                .nullable("doc", new LogicalType.Json())
                                .nullable("day", new LogicalType.Date())
                                .nullable("clock", new LogicalType.Time(TimeUnit.US))
                                .nullable("tags", new LogicalType.ListOf())
                                .nullable("props", new LogicalType.MapOf())
                                .nullable("vec", DType.vector(ElementType.F32, 3))
                                .nullable("mask", DType.parse("vec:bool:3"))
                                .nullable("any", DType.parse("vec:f32")));
        RowBatch batch = table.newBatch();
        Random random = new Random(seed);
        long from = table.length();
        for (int i = 0; i < rows; i++) {
            long n = from + i;
            batch.add(row -> set(row, n, random));
        }
        table.append(batch);
        return table;
    }

    private static void set(RowWriter row, long n, Random random) {
        int i = (int) n;
        row.set("n", n)
                .set("ts", Instant.ofEpochMilli(1_700_000_000_000L + n))
                .set("random", random.nextInt(1_000))
                .set("f64", i % 11 == 0 ? Double.NaN : n / 4.0)
                .set("yes", random.nextBoolean())
                .set("code", "c" + random.nextInt(20));
        if (i / 500 % 3 == 1 || random.nextInt(5) == 0) { // runs without values, and single ones
            return;
        }
        row.set("i8", (byte) i)
                .set("u8", i & 0xFF)
                .set("u16", i & 0xFFFF)
                .set("u32", 0xFFFF_FFFFL - i)
                .set("u64", -1L - i)
                .set("f16", i % 2_000 / 2.0)
                .set("f32", i / 2f)
                .set("flag", i % 3 == 0)
                .set("text", "t" + i % 1_000 + "x".repeat(random.nextInt(60)))
                .set("name", "n" + i % 10)
                .set("latin", "ü" + i % 50)
                .set("raw", new byte[random.nextInt(20)])
                .set("five", new byte[] {(byte) i, 2, 3, 4, 5})
                .setObject("packed", Map.of("n", i))
                .setObject("cbor", List.of(i, "a"))
                .set("money", new BigDecimal(BigInteger.valueOf(i - 2_500), 2))
                .set("big", new BigDecimal(BigInteger.valueOf(i - 2_500).multiply(BigInteger.TEN.pow(30)), 5))
                .setObject("id", new UUID(i % 100, 7))
                .set("doc", "{\"i\":" + i + "}")
                .set("day", LocalDate.ofEpochDay(i - 100))
                .set("clock", LocalTime.ofSecondOfDay(i % 86_400))
                .set("tags", List.of("a", i))
                .set("props", Map.of("n", i))
                .setObject("vec", new float[] {i, 1, 2})
                .setObject("mask", new NumericArray(ElementType.BOOL, List.of(3), new byte[] {1, (byte) (i & 1), 0}))
                .setObject("any", new NumericArray(ElementType.F32, List.of(i % 3), new byte[4 * (i % 3)]));
    }

    /** All rows of a scan, as Arrow's own accessors give them. */
    static List<List<Object>> read(ArrowScan scan, BufferAllocator allocator) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (VaultArrowReader reader = scan.open(allocator)) {
            while (reader.loadNextBatch()) {
                add(reader.getVectorSchemaRoot(), rows);
            }
        }
        return rows;
    }

    static void add(VectorSchemaRoot root, List<List<Object>> rows) {
        for (int i = 0; i < root.getRowCount(); i++) {
            List<Object> row = new ArrayList<>();
            for (FieldVector vector : root.getFieldVectors()) {
                Object value = vector.getObject(i);
                row.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
            }
            rows.add(row);
        }
    }
}
