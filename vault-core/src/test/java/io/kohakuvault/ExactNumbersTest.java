package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.ValueColumn;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A number is stored and read as itself, or refused: on every way in, and whatever foreign bytes say. */
@SuppressWarnings("removal") // what goes with 1.0 is tested until then
class ExactNumbersTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final BigInteger TWO_64 = BigInteger.TWO.pow(64);

    @TempDir
    Path folder;

    private Path file;
    private Vault vault;

    @BeforeEach
    void open() {
        file = folder.resolve("a.db");
        vault = Vault.open(file);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    // ---- values

    @Test
    void valuesOfEveryClassComeBackOrAreRefused() {
        KVault kv = vault.kv("kv");
        ValueColumn packed = vault.columns().ensure("m", DType.MSGPACK);
        ValueColumn cbor = vault.columns().ensure("c", DType.CBOR);
        List<Object> kept = List.of(
                (byte) -1,
                (short) 300,
                7,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                0.1f,
                Float.MIN_VALUE,
                -0.0,
                4.9e-324,
                Double.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Double.NaN,
                TWO_64.subtract(BigInteger.ONE),
                BigInteger.ONE);
        for (Object value : kept) {
            Object expected = value instanceof Float || value instanceof Double
                    ? (Object) ((Number) value).doubleValue()
                    : value instanceof BigInteger big && big.bitLength() > 63
                            ? big
                            : (Object) ((Number) value).longValue();
            kv.putValue("k", value);
            assertThat(kv.findValue("k")).contains(expected);
            for (Object inside : List.of(List.of(value), Map.of("x", value))) {
                Object read = inside instanceof List ? List.of(expected) : Map.of("x", expected);
                kv.putValue("k", inside);
                assertThat(kv.findValue("k")).contains(read);
                packed.append(inside);
                assertThat(packed.get(packed.length() - 1)).isEqualTo(read);
                cbor.append(inside);
                assertThat(cbor.get(cbor.length() - 1)).isEqualTo(read);
            }
        }
        List<Object> refused = List.of(
                new AtomicLong(1),
                new AtomicInteger(1),
                new DoubleAdder(),
                new BigDecimal("0.1"),
                new BigDecimal("1E+999999999"));
        for (Object value : refused) {
            for (Object given : List.of(value, List.of(value), Map.of("x", value))) {
                assertThatThrownBy(() -> kv.putValue("k", given))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(value.getClass().getName());
                assertThatThrownBy(() -> packed.append(given)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> cbor.append(given)).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThatThrownBy(() -> kv.putValue("k", List.of(TWO_64)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2^63 to 2^64-1");
        assertThatThrownBy(() -> packed.append(BigInteger.TWO.pow(63).negate().subtract(BigInteger.ONE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void integersHaveAsManyDigitsAsPythonReads() {
        KVault kv = vault.kv("kv");
        BigInteger longest = BigInteger.TEN.pow(4_300).subtract(BigInteger.ONE);
        kv.putValue("k", longest.negate());
        assertThat(kv.findValue("k")).contains(longest.negate());
        ValueColumn cbor = vault.columns().ensure("c", DType.CBOR);
        cbor.append(List.of(longest, longest.negate()));
        assertThat(cbor.get(0)).isEqualTo(List.of(longest, longest.negate()));
        BigInteger longer = BigInteger.ONE.shiftLeft(5_000_000); // a million and a half digits: no time to write them
        assertThatThrownBy(() -> kv.putValue("k", longer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4,300 digits");
        assertThatThrownBy(() -> cbor.append(longer)).hasMessageContaining("4,300 digits");
        vault.tables().ensure("t", s -> s.column("n", DType.I64).nullable("d", new LogicalType.Decimal(10, 2)));
        Table table = vault.tables().get("t");
        assertThatThrownBy(() -> table.append(r -> r.setObject("n", longer))).hasMessageContaining("column 'n'");
        assertThatThrownBy(() ->
                        table.append(r -> r.set("n", 1).setObject("d", new BigDecimal(BigInteger.TEN.pow(300_000)))))
                .hasMessageContaining("column 'd'");
    }

    /** Stores a value as somebody else might have. */
    private Object foreign(int encoding, byte[] payload) throws Exception {
        vault.kv("kv").put("k", new byte[0]);
        String head = "894b01" + HEX.toHexDigits((byte) encoding) + "00000000564b";
        TestSql.run(file, "UPDATE kv SET value = x'" + head + HEX.formatHex(payload) + "'");
        return vault.kv("kv").findValue("k").orElse(null);
    }

    private Object json(String text) throws Exception {
        return foreign(3, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1",
                "1.5e3",
                "1E5",
                "0.10000000000000000000",
                "123456789012345.6",
                "0.30000000000000004",
                "4.9E-324",
                "5e-324",
                "2.2250738585072014E-308",
                "1.7976931348623157e308",
                "-1e22",
                "1e23",
                "9007199254740992.0",
                "0.0",
                "1e-323",
                "2.9802322387695313e-8",
                "0.1000000000000000055511151231257827021181583404541015625"
            })
    void aDecimalOfJsonThatADoubleSaysIsADouble(String text) throws Exception {
        assertThat(json(text)).isEqualTo(Double.valueOf(text));
        assertThat(json("[" + text + "]")).isEqualTo(List.of(Double.valueOf(text)));
    }

    @Test
    void everyDoubleThatPythonOrJavaWritesAsJsonIsThatDouble() throws Exception {
        long seed = System.nanoTime();
        System.out.println("doubles as JSON, seed " + seed);
        Random random = new Random(seed);
        List<Double> doubles = new ArrayList<>();
        for (int i = 0; i < 15_000; i++) {
            double d = switch (i % 4) {
                case 0 -> random.nextInt(100_000) / 100.0;
                case 1 -> Math.scalb(1.0, random.nextInt(2_046) - 1_022);
                default -> Double.longBitsToDouble(random.nextLong());
            };
            if (Double.isFinite(d)) {
                doubles.add(d);
            }
        }
        assertThat(json(doubles.toString())).isEqualTo(doubles);
        List<String> seventeen =
                doubles.stream().map(ExactNumbersTest::seventeenDigits).toList();
        assertThat(json(seventeen.toString())).isEqualTo(doubles);
    }

    /** Seventeen digits of the exact number, as C writes them; Java's formatter rounds what it has rounded before. */
    private static String seventeenDigits(double d) {
        String digits =
                d == 0 ? "0.0" : new BigDecimal(d).round(new MathContext(17)).toString();
        return digits.contains("E") ? digits : digits + "e0";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e400",
                "-1e400",
                "1e-400",
                "0.1234567890123456789",
                "9007199254740993.0",
                "3e-324",
                "1e309",
                "1.7976931348623159e308",
                "123456789012345678901234567890.5"
            })
    void aDecimalOfJsonThatNoDoubleSaysIsADecimal(String text) throws Exception {
        assertThat(json(text)).isInstanceOf(BigDecimal.class).isEqualTo(new BigDecimal(text).stripTrailingZeros());
        assertThat(json("{\"a\":" + text + "}")).isEqualTo(Map.of("a", new BigDecimal(text).stripTrailingZeros()));
    }

    @Test
    void numbersOfFewBytesThatStandForManyAreRefused() {
        StringBuilder references =
                new StringBuilder("d90100" + "9a000186a1" + "591000"); // 256([bytes(4096), 2(25(0)) ...
        references.append("ff".repeat(4096));
        references.append("c2d81900".repeat(100_000));
        assertThatThrownBy(() -> foreign(5, HEX.parseHex(references)))
                .isInstanceOf(VaultCorruptException.class)
                .hasMessageContaining("as large as the payload");
        assertThatThrownBy(() -> foreign(5, HEX.parseHex("c4821a7fffffff0a"))) // 10 * 10^2147483647
                .isInstanceOf(VaultCorruptException.class)
                .hasMessageContaining("the exponent");
        assertThatThrownBy(() -> foreign(5, HEX.parseHex("a20161616131" + "6162"))) // {1: "a", "1": "b"}
                .isInstanceOf(VaultCorruptException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void aCellOfAnAbsurdScaleIsRefusedAndDatesOfJdbcAreTimes() {
        Table table = vault.tables()
                .ensure(
                        "scales",
                        s -> s.nullable("d", new LogicalType.Decimal(10, 2))
                                .nullable("f", DType.F64)
                                .nullable("at", new LogicalType.Timestamp(TimeUnit.MS, null)));
        for (int scale : new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            for (String name : List.of("d", "f")) {
                BigDecimal value = new BigDecimal(BigInteger.TEN, scale);
                if (name.equals("d") || scale < 0) {
                    assertThatThrownBy(() -> table.append(r -> r.setObject(name, value)))
                            .as(name + " " + scale)
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
        table.append(r -> r.setObject("at", new java.sql.Date(86_400_000)));
        assertThat(vault.columns().longs("scales.at").get(table.length() - 1)).isEqualTo(86_400_000);
    }

    @Test
    void jsonOfPythonMayHoldWhatJsonHasNot() throws Exception {
        assertThat(json("[NaN, Infinity, -Infinity, -0.0, -0]"))
                .isEqualTo(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0L));
        assertThat(json("[9223372036854775807, 9223372036854775808, -9223372036854775808]"))
                .isEqualTo(List.of(Long.MAX_VALUE, BigInteger.TWO.pow(63), Long.MIN_VALUE));
        assertThat(json("null")).isNull();
    }

    @Test
    void whatWouldTakeLongOrAllMemoryIsAClearError() {
        for (String text : List.of(
                "1e999999999",
                "1e-999999999",
                "1e9999999999999",
                "-1E-2147483648",
                "7".repeat(400_000),
                "0." + "7".repeat(400_000),
                "[".repeat(100_000),
                "[".repeat(600) + "]".repeat(600),
                "{\"a\":".repeat(600) + "1" + "}".repeat(600),
                "[1",
                "{\"a\"",
                "",
                "[1,]",
                "{1:2}")) {
            assertThatThrownBy(() -> json(text))
                    .as(text.length() > 50 ? text.substring(0, 50) : text)
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("read it as bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1bffffffffffffffff, 18446744073709551615",
        "3bffffffffffffffff, -18446744073709551616",
        "1b8000000000000000, 9223372036854775808",
        "3b7fffffffffffffff, -9223372036854775808",
        "c24101, 1", // a bignum
        "c249010000000000000000, 18446744073709551616",
        "c349010000000000000000, -18446744073709551617",
        "c240, 0",
        "f93c00, 1.0", // a half
        "f90001, 5.9604644775390625E-8",
        "f97bff, 65504.0",
        "f9fc00, -Infinity",
        "fa00000001, 1.401298464324817E-45",
        "fb0000000000000001, 4.9E-324",
        "c48220" + "01, 0.1", // a decimal fraction: 1 * 10^-1
        "c482390400" + "01, 1E-1025",
        "c4821901f4" + "03, 3E+500",
        "c48221c249010000000000000000, 184467440737095516.16",
        "c58220" + "03, 1.5", // a bigfloat: 3 * 2^-1
        "c582390431" + "01, 4.9E-324",
        "c582390432" + "01, BIG",
        "c5821901f4" + "03, 9.820171823688426E150",
        "c5821907d0" + "01, BIG",
        "c11a00000001, 1", // seconds: read as the number that they are
        "d9d9f702, 2", // CBOR's own mark
        "f7, null"
    })
    void numbersOfCborAreWhatTheySay(String hex, String expected) throws Exception {
        Object found = foreign(5, HEX.parseHex(hex));
        if (expected.equals("BIG")) {
            assertThat(found).isInstanceOf(BigDecimal.class);
        } else if (found instanceof Double) { // which Javas write with more digits or with less
            assertThat(found).isEqualTo(Double.valueOf(expected));
        } else {
            assertThat(String.valueOf(found)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c4823a7fffffff01", // 1E-2147483648
                "c4821a7fffffff01", // 1E+2147483647
                "c4821bffffffffffffffff01",
                "c4821a000f424001", // 1E+1000000
                "c5821a7fffffff01", // 2^2147483647
                "c5823a7fffffff01",
                "c482f401", // a decimal whose exponent is false
                "c48101",
                "c401",
                "c201",
                "9b0000000100000000", // an array of 2^32
                "9affffffff01",
                "bb0000000100000000",
                "5a7fffffff00", // 2 GB of bytes
                "7b7fffffffffffffff00",
                "5f",
                "5f01ff",
                "5f5a7fffffff00",
                "bf01ff",
                "8201ff",
                "ff",
                "c2",
                "1c",
                "fc",
                "1f",
                "3f",
                "df",
                "f8",
                "fb00",
                "61ff",
                "a1f401",
                ""
            })
    void cborThatCannotBeIsAClearError(String hex) {
        assertThatThrownBy(() -> foreign(5, HEX.parseHex(hex)))
                .isInstanceOf(VaultCorruptException.class)
                .hasMessageContaining("read it as bytes");
        BytesColumn column = vault.columns().ensureRaw("c", DType.CBOR);
        column.append(HEX.parseHex(hex));
        assertThatThrownBy(() -> vault.columns().values("c").get(column.length() - 1))
                .isInstanceOf(VaultCorruptException.class);
    }

    @Test
    void cborBeyondJsonIsRead() throws Exception {
        assertThat(foreign(5, HEX.parseHex("f8ff"))).isEqualTo(new OpaqueValue("cbor-simple", new byte[] {-1}));
        assertThat(foreign(5, HEX.parseHex("d9010083" + "63616263" + "d81900" + "6161")))
                .isEqualTo(List.of("abc", "abc", "a"));
        for (String nowhere : List.of("d81900", "d9010082" + "6161" + "d81900", "d9010081d81920", "82d81c80d81d00")) {
            assertThatThrownBy(() -> foreign(5, HEX.parseHex(nowhere))).hasMessageContaining("a reference to");
        }
        assertThat((byte[]) foreign(5, HEX.parseHex("5f41014102ff"))).containsExactly(1, 2);
        assertThat(foreign(5, HEX.parseHex("7f616161" + "62ff"))).isEqualTo("ab");
        assertThat(foreign(5, HEX.parseHex("bf01026161" + "9f03ffff"))).isEqualTo(Map.of("1", 2L, "a", List.of(3L)));
        byte[] big = new byte[400_000];
        Arrays.fill(big, (byte) 0x55);
        byte[] head = HEX.parseHex("c25a00061a80");
        byte[] bignum = Arrays.copyOf(head, head.length + big.length);
        System.arraycopy(big, 0, bignum, head.length, big.length);
        assertThatThrownBy(() -> foreign(5, bignum)).isInstanceOf(VaultCorruptException.class);
        for (String deep : List.of("81", "a16161", "c1", "9f")) {
            assertThatThrownBy(() -> foreign(5, HEX.parseHex(deep.repeat(100_000))))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("deeper than 512");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ddffffffff",
                "dd7fffffff01",
                "dfffffffff",
                "df7fffffff01",
                "c67fffffff00",
                "c6ffffffff00",
                "db7fffffff61",
                "c97fffffff0100",
                "d9ff61",
                "c1",
                "a2ff61",
                "d8ff00",
                "93",
                "81",
                "c7ff00"
            })
    void messagePackThatCannotBeIsAClearError(String hex) {
        assertThatThrownBy(() -> foreign(4, HEX.parseHex(hex))).isInstanceOf(VaultCorruptException.class);
        assertThatThrownBy(() -> foreign(4, HEX.parseHex("91".repeat(100_000))))
                .isInstanceOf(VaultCorruptException.class)
                .hasMessageContaining("deeper than 512");
    }

    @Test
    void valuesAreNestedAsDeepAsTheyAreRead() {
        Object deepest = 1L;
        for (int i = 0; i < 512; i++) {
            deepest = i % 2 == 0 ? List.of(deepest) : Map.of("a", deepest);
        }
        Object tooDeep = List.of(deepest);
        ValueColumn cbor = vault.columns().ensure("c", DType.CBOR);
        ValueColumn packed = vault.columns().ensure("m", DType.MSGPACK);
        vault.kv("kv").putValue("k", deepest);
        cbor.append(deepest);
        packed.append(deepest);
        assertThat(vault.kv("kv").findValue("k")).contains(deepest);
        assertThat(cbor.get(0)).isEqualTo(deepest);
        assertThat(packed.get(0)).isEqualTo(deepest);
        assertThatThrownBy(() -> vault.kv("kv").putValue("k", tooDeep)).hasMessageContaining("deeper than 512");
        assertThatThrownBy(() -> cbor.append(tooDeep)).hasMessageContaining("deeper than 512");
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThatThrownBy(() -> packed.append(itself)).hasMessageContaining("deeper than 512");
    }

    @Test
    void cborIsWhatJacksonWritesAndReads() throws Exception {
        // By default it writes -2^64-1 and the like as the number next to it.
        CBORMapper jackson = new CBORMapper(CBORFactory.builder()
                .enable(CBORParser.Feature.DECODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
                .enable(CBORGenerator.Feature.ENCODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
                .build());
        ValueColumn cbor = vault.columns().ensure("c", DType.CBOR);
        List<Object> values = Arrays.asList(
                null,
                true,
                false,
                "",
                "é日😀",
                "x".repeat(300),
                "x".repeat(70_000),
                0L,
                23L,
                24L,
                255L,
                256L,
                65_535L,
                65_536L,
                4_294_967_295L,
                4_294_967_296L,
                Long.MAX_VALUE,
                -1L,
                -24L,
                -25L,
                -257L,
                Long.MIN_VALUE,
                0.1,
                -0.0,
                1.5f + 0x1p-20,
                Double.MAX_VALUE,
                TWO_64.subtract(BigInteger.ONE),
                TWO_64,
                TWO_64.negate(),
                TWO_64.negate().subtract(BigInteger.ONE),
                List.of(),
                List.of(1L, List.of("a")),
                Map.of(),
                Map.of("b", 1L, "a", List.of(Map.of("c", 2.5))));
        cbor.appendAll(values);
        BytesColumn raw = vault.columns().ensureRaw("c", DType.CBOR);
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            assertThat(cbor.get(i)).isEqualTo(value);
            // It writes each float in 64 bits, we as short as it can be, which to it is another class.
            assertThat(jackson.readTree(raw.get(i))
                            .equals(
                                    (ours, its) -> ours.isFloatingPointNumber() && its.isFloatingPointNumber()
                                            ? Double.compare(ours.doubleValue(), its.doubleValue())
                                            : ours.equals(its) ? 0 : 1,
                                    jackson.readTree(jackson.writeValueAsBytes(value))))
                    .as(String.valueOf(value))
                    .isTrue();
            raw.append(jackson.writeValueAsBytes(value));
            assertThat(cbor.get(cbor.length() - 1)).isEqualTo(value);
        }
    }

    // ---- columns and tables

    @Test
    void floatingPointColumnsRoundAndDoNotOverflow() {
        var f32 = vault.columns().ensure("f32", DType.F32);
        var f16 = vault.columns().ensure("f16", DType.F16);
        double[] f32Beyond = {1e39, -Double.MAX_VALUE, Math.nextUp((double) Float.MAX_VALUE) * 1.0000001};
        double[] f16Beyond = {65520, -1e300};
        for (double value : f32Beyond) {
            assertThatThrownBy(() -> f32.append(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'f32'")
                    .hasMessageContaining("out of the range of f32");
            assertThatThrownBy(() -> f32.appendAll(new double[] {1, value}))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> f32.insert(0, value)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> f32.asList().add(value)).isInstanceOf(IllegalArgumentException.class);
        }
        for (double value : f16Beyond) {
            assertThatThrownBy(() -> f16.append(value)).hasMessageContaining("65504");
            assertThatThrownBy(() -> f16.appendAll(new float[] {(float) Math.max(value, -1e30)}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(f32.length() + f16.length()).isZero();
        f32.appendAll(new double[] {0.1, 1e-60, -0.0, Double.NEGATIVE_INFINITY, Double.NaN, Float.MAX_VALUE});
        assertThat(f32.slice(0, 6))
                .containsExactly(0.1f, 0, -0.0, Double.NEGATIVE_INFINITY, Double.NaN, Float.MAX_VALUE);
        f16.appendAll(new double[] {65519, 1e-10, Double.POSITIVE_INFINITY});
        assertThat(f16.slice(0, 3)).containsExactly(65504, 0, Double.POSITIVE_INFINITY);

        var f64 = vault.columns().ensure("f64", DType.F64);
        f64.appendAll(new double[] {0.5, 1e39, Double.POSITIVE_INFINITY});
        assertThat(f64.sliceFloats(2, 3)).containsExactly(Float.POSITIVE_INFINITY);
        assertThatThrownBy(() -> f64.sliceFloats(0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("element 1 is 1.0E39");
    }

    @Test
    void integerColumnsTakeWhatTheyHold() {
        var u64 = vault.columns().ensure("u64", DType.U64);
        u64.append(-1); // a long is the bits, as it is when it is read
        assertThat(u64.get(0)).isEqualTo(-1);
        assertThatThrownBy(() -> u64.appendAll(new int[] {1, -1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column 'u64'")
                .hasMessageContaining("-1 is out of the range of u64");
        assertThatThrownBy(() -> vault.columns().ensure("i8", DType.I8).append(128))
                .hasMessageContaining("128 is out of the range of i8");
        assertThatThrownBy(() -> vault.columns().ensure("u32", DType.U32).appendAll(new int[] {-1}))
                .hasMessageContaining("-1 is out of the range of u32");
    }

    private static void assertRefused(Table table, String column, Object value) {
        assertThatThrownBy(() -> table.append(r -> r.setObject(column, value)))
                .as(column + " " + value.getClass())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column '" + column + "'");
        assertThatThrownBy(() -> table.appendColumns(c -> c.set(column, List.of(value))))
                .as(column + " " + value.getClass())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column '" + column + "'");
    }

    private static Object stored(Table table, String column, Object value) {
        table.append(r -> r.setObject(column, value));
        return table.rows(table.length() - 1, table.length(), column).get(0).get(column);
    }

    @Test
    void cellsTakeWhatTheirColumnHolds() {
        Table table = vault.tables()
                .ensure(
                        "t",
                        s -> s.nullable("i64", DType.I64)
                                .nullable("u64", DType.U64)
                                .nullable("i8", DType.I8)
                                .nullable("f64", DType.F64)
                                .nullable("f32", DType.F32)
                                .nullable("f16", DType.F16)
                                .nullable("m", DType.MSGPACK)
                                .nullable("time", new LogicalType.Time(TimeUnit.MS))
                                .nullable("s", new LogicalType.Timestamp(TimeUnit.S, null))
                                .nullable("d", new LogicalType.Decimal(10, 2)));
        BigDecimal huge = new BigDecimal("1E+999999999");
        BigDecimal tiny = new BigDecimal("1E-2147483647");
        BigInteger big = TWO_64.add(BigInteger.valueOf(5));
        for (String column : List.of("i64", "u64", "i8", "time", "s")) {
            for (Object value : List.of(
                    1.5,
                    Double.NaN,
                    1e300,
                    1.5f,
                    huge,
                    tiny,
                    new BigDecimal("1.5"),
                    big,
                    big.negate(),
                    new AtomicLong(1),
                    new DoubleAdder())) {
                assertRefused(table, column, value);
            }
            assertThat(stored(table, column, BigInteger.TEN)).isNotNull();
            assertThat(stored(table, column, 10.0)).isNotNull();
        }
        assertThat(stored(table, "i64", BigInteger.valueOf(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
        assertRefused(table, "i64", BigInteger.TWO.pow(63));
        assertRefused(table, "u64", -1);
        assertRefused(table, "u64", (byte) -1);
        assertRefused(table, "u64", -1.0);
        assertRefused(table, "u64", BigInteger.ONE.negate());
        assertThat(stored(table, "u64", TWO_64.subtract(BigInteger.ONE))).isEqualTo(-1L);
        assertThat(stored(table, "u64", -1L)).isEqualTo(-1L); // the bits, as rows give them
        assertThatThrownBy(() -> table.appendColumns(c -> c.set("u64", new int[] {-1})))
                .hasMessageContaining("'u64'");
        assertRefused(table, "i8", 128);
        assertRefused(table, "time", 86_400_000);
        assertThat(stored(table, "time", 86_399_999)).isEqualTo(LocalTime.of(23, 59, 59, 999_000_000));
        assertRefused(table, "s", Long.MAX_VALUE);

        for (String column : List.of("f64", "f32", "f16")) {
            assertRefused(table, column, huge);
            assertRefused(table, column, huge.negate());
            assertRefused(table, column, new BigDecimal("1E+309"));
            assertRefused(table, column, big.pow(20));
            assertRefused(table, column, 9_007_199_254_740_993L);
            assertRefused(table, column, new AtomicLong(1));
            assertThat(stored(table, column, tiny)).isEqualTo(0.0);
            assertThat(stored(table, column, -0.0)).isEqualTo(-0.0);
            assertThat(stored(table, column, BigInteger.TWO)).isEqualTo(2.0);
        }
        assertRefused(table, "f32", 1e39);
        assertRefused(table, "f32", new BigDecimal("1E+39"));
        assertRefused(table, "f16", 70_000.0);
        assertThatThrownBy(() -> table.append(r -> r.set("f32", 1e39))).hasMessageContaining("'f32'");
        assertThatThrownBy(() -> table.appendColumns(c -> c.set("f32", new double[] {1, 1e39})))
                .hasMessageContaining("'f32'");
        assertThatThrownBy(() -> table.appendColumns(c -> c.set("f16", new float[] {1e10f})))
                .hasMessageContaining("'f16'");
        assertThat(stored(table, "f64", new BigDecimal("0.1"))).isEqualTo(0.1);
        assertThat(stored(table, "f32", new BigDecimal("0.1"))).isEqualTo((double) 0.1f);
        assertThat(stored(table, "f64", BigInteger.TWO.pow(100))).isEqualTo(0x1p100);

        for (Object value : List.of(huge, new BigDecimal("0.1"), new AtomicLong(1), TWO_64)) {
            assertRefused(table, "m", value);
            assertRefused(table, "m", List.of(value));
        }
        assertThat(stored(table, "m", 0.1f)).isEqualTo((double) 0.1f);

        for (Object value : List.of(
                huge,
                tiny,
                new BigDecimal("0.001"),
                big.pow(3),
                Double.NaN,
                Double.POSITIVE_INFINITY,
                0.1f,
                new AtomicLong(1),
                new DoubleAdder(),
                100_000_000L)) {
            assertRefused(table, "d", value);
        }
        assertThat(stored(table, "d", new BigDecimal("99999999.990"))).isEqualTo(new BigDecimal("99999999.99"));
        assertThat(stored(table, "d", 0.1)).isEqualTo(new BigDecimal("0.10"));
        assertThat(stored(table, "d", new BigDecimal("1E+3"))).isEqualTo(new BigDecimal("1000.00"));
    }

    @Test
    void aTimeOfDayThatIsNoneIsNotAnotherOne() throws Exception {
        vault.tables()
                .ensure("t", s -> s.column("time", new LogicalType.Time(TimeUnit.MS)))
                .append(r -> r.set("time", 5));
        TestSql.run(file, "UPDATE kvault_col_data SET payload = x'00ccbf06' || substr(payload, 5)");
        assertThatThrownBy(() -> vault.tables().get("t").rows(0, 1))
                .isInstanceOf(VaultCorruptException.class)
                .hasMessageContaining("is no time of day");
        assertThat(vault.columns().longs("t.time").get(0)).isEqualTo(0x06BFCC00);
    }

    @Test
    void rangesAreComparedWithTheBoundsThatWereGiven() {
        Table table = vault.tables().ensure("t", s -> s.column("x", DType.F64));
        table.appendColumns(c -> c.set("x", new double[] {
            9_007_199_254_740_992.0,
            9_007_199_254_740_994.0,
            Double.POSITIVE_INFINITY,
            0,
            Double.MIN_VALUE,
            Double.MAX_VALUE
        }));
        assertThat(table.indexesWithin("x", 9_007_199_254_740_993L, 9_007_199_254_740_995L))
                .containsExactly(1);
        assertThat(table.indexesWithin("x", 9_007_199_254_740_991L, 9_007_199_254_740_993L))
                .containsExactly(0);
        assertThat(table.indexesWithin("x", 1, new BigDecimal("1e400"))).containsExactly(0, 1, 5);
        assertThat(table.indexesWithin("x", new BigDecimal("1e400"), Double.POSITIVE_INFINITY))
                .containsExactly(2);
        assertThat(table.indexesWithin("x", new BigDecimal("1E-2147483647"), 1)).containsExactly(4);
        assertThat(table.indexesWithin("x", BigInteger.ZERO, new BigDecimal("1E-400")))
                .containsExactly(3);
        assertThatThrownBy(() -> table.indexesWithin("x", new AtomicLong(0), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shapesAreComparedWithTheBytes() {
        assertThatThrownBy(() -> new NumericArray(
                        io.kohakuvault.codec.ElementType.F64,
                        List.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
                        new byte[8]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new NumericArray(
                                io.kohakuvault.codec.ElementType.F64,
                                List.of(Integer.MAX_VALUE, Integer.MAX_VALUE, 0),
                                new byte[0])
                        .shape())
                .hasSize(3);
    }
}
