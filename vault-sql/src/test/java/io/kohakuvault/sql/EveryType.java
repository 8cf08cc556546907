package io.kohakuvault.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A table with a column of every type, nulls among them. */
final class EveryType {
    private EveryType() {}

    private static void columns(Schema.Builder schema) {
        schema.column("n", DType.I64)
                .nullable("k", DType.I32)
                .nullable("money", new LogicalType.Decimal(10, 2))
                .nullable("big", new LogicalType.Decimal(38, 5))
                .nullable("id", new LogicalType.Uuid())
                .nullable("doc", new LogicalType.Json())
                .nullable("day", new LogicalType.Date())
                .nullable("clock", new LogicalType.Time(TimeUnit.US))
                .nullable("clock_ms", new LogicalType.Time(TimeUnit.MS))
                .nullable("at_s", new LogicalType.Timestamp(TimeUnit.S, null))
                .nullable("at_ms", new LogicalType.Timestamp(TimeUnit.MS, null))
                .nullable("at_us", new LogicalType.Timestamp(TimeUnit.US, null))
                .nullable("at_ns", new LogicalType.Timestamp(TimeUnit.NS, null))
                .nullable("zoned", new LogicalType.Timestamp(TimeUnit.US, "UTC"))
                .nullable("tags", new LogicalType.ListOf())
                .nullable("props", new LogicalType.MapOf())
                .nullable("i8", DType.I8)
                .nullable("i16", DType.I16)
                .nullable("u8", DType.U8)
                .nullable("u16", DType.U16)
                .nullable("u32", DType.U32)
                .nullable("u64", DType.U64)
                .nullable("f16", DType.F16)
                .nullable("f32", DType.F32)
                .nullable("f64", DType.F64)
                .nullable("text", DType.STR)
                .nullable("short_text", DType.parse("str:8"))
                .nullable("latin", DType.parse("str:latin1"))
                .nullable("yes", DType.BOOL)
                .nullable("raw", DType.BYTES)
                .nullable("raw4", DType.parse("bytes:4"))
                .nullable("mask", DType.parse("vec:bool:3"))
                .nullable("grid", DType.parse("vec:u16:2:2"))
                .nullable("floats", DType.parse("vec:f32:3"))
                .nullable("packed", DType.parse("msgpack:12"));
    }

    private static void set(RowWriter row, int i) {
        byte[] bytes = ("b" + i % 50).getBytes(StandardCharsets.UTF_8);
        row.set("k", i % 20)
                .set("money", new BigDecimal(BigInteger.valueOf(i % 500 - 250), 2))
                .set("big", new BigDecimal(BigInteger.valueOf(i - 250).multiply(BigInteger.TEN.pow(30)), 5))
                .setObject("id", new UUID(i % 100, ~i))
                .set("doc", "{\"i\":" + i % 10 + "}")
                .set("day", LocalDate.ofEpochDay(i % 700 - 100))
                .set("clock", LocalTime.ofSecondOfDay(i % 5000).plusNanos(17_000))
                .set("clock_ms", LocalTime.ofSecondOfDay(i % 5000).plusNanos(5_000_000))
                .setObject("at_s", Instant.ofEpochSecond(i))
                .setObject("at_ms", Instant.ofEpochSecond(-i, 3_000_000))
                .setObject("at_us", Instant.ofEpochSecond(i, 7_000))
                .setObject("at_ns", Instant.ofEpochSecond(-i, 1_999))
                .setObject("zoned", Instant.ofEpochSecond(i * 3_600L, 5_000))
                .set("tags", List.of("a", i % 3))
                .set("props", Map.of("n", i % 4))
                .set("i8", i % 100 - 50)
                .set("i16", i - 2_000)
                .set("u8", i & 0xFF)
                .set("u16", 65_535 - i)
                .set("u32", 0xFFFF_FFFFL - i)
                .set("u64", -1L - i)
                .set("f16", (double) (i % 64) / 4)
                .set("f32", i / 8.0)
                .set("f64", i % 17 == 0 ? Double.NaN : i / 7.0)
                .set("text", "söme text " + i % 30 + (i % 11 == 0 ? " longer than it would have to be" : ""))
                .set("short_text", "n" + i % 10)
                .set("latin", "ü" + i % 12)
                .set("yes", i % 3 == 0)
                .set("raw", bytes)
                .set("raw4", new byte[] {(byte) i, 0, (byte) 0xFF, '\''})
                .setObject("mask", new NumericArray(ElementType.BOOL, List.of(3), new byte[] {1, (byte) (i & 1), 0}))
                .setObject("grid", new NumericArray(ElementType.U16, List.of(2, 2), new byte[] {
                    (byte) i, (byte) 0xFF, 2, 0, 3, 0, 4, 0
                }))
                .setObject("floats", NumericArray.of(i, 0.1f * i, -1f / (i + 1)))
                .setObject("packed", i);
    }

    /** Makes the table; of its rows each seventh has nulls in all columns but {@code n}. */
    static void make(Vault vault, String name, int rows) {
        var table = vault.tables().ensure(name, EveryType::columns);
        vault.transact(() -> {
            for (int i = 0; i < rows; i++) {
                int n = i;
                table.append(row -> {
                    row.set("n", n);
                    if (n % 7 != 3) {
                        set(row, n);
                    }
                });
            }
        });
    }
}
