package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.DataPacker;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.column.BooleanColumn;
import io.kohakuvault.column.Column;
import io.kohakuvault.column.DoubleColumn;
import io.kohakuvault.column.ElementColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.testkit.Golden;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of KohakuVault's packer and of columns, and what is refused. */
class DataPackerTest {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void sayTheSeed() {
        System.out.println("DataPackerTest, seed " + seed);
    }

    // ---- what KohakuVault wrote

    @Test
    void bytesAreThoseOfKohakuVaultAndReadAsItReadsThem() {
        int packed = 0;
        int refused = 0;
        for (JsonNode golden : Golden.manifest("kv-text-vector").get("datapacker")) {
            String dtype = golden.get("dtype").asText();
            DataPacker packer = DataPacker.of(dtype);
            Object value = value(golden.get("value"));
            if (golden.has("error")) {
                assertThatThrownBy(() -> packer.pack(value))
                        .as(dtype)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(dtype);
                refused++;
                continue;
            }
            byte[] bytes = HEX.parseHex(golden.get("hex").asText());
            assertThat(HEX.formatHex(packer.pack(value))).as(dtype).isEqualTo(HEX.formatHex(bytes));
            String expected = Tagged.of(golden.get("unpacked"));
            assertThat(Tagged.of(packer.unpack(bytes))).as(dtype).isEqualTo(expected);
            assertThat(Tagged.of(packer.pack(packer.unpack(bytes)))).as(dtype).isEqualTo(Tagged.of(bytes));
            assertThat(packer.elementBytes())
                    .as(dtype)
                    .isEqualTo(golden.get("elem_size").asInt());
            assertThat(packer.isVariableSize())
                    .as(dtype)
                    .isEqualTo(golden.get("varsize").asBoolean());
            packed++;
        }
        assertThat(packed).isEqualTo(29);
        assertThat(refused).isEqualTo(4);
    }

    private static Object value(JsonNode tag) {
        JsonNode v = tag.get("v");
        switch (tag.get("t").asText()) {
            case "null":
                return null;
            case "int":
                return new BigInteger(v.asText()).longValueExact();
            case "float":
                return Double.longBitsToDouble(
                        Long.parseUnsignedLong(tag.get("bits").asText(), 16));
            case "bool":
                return v.asBoolean();
            case "str":
                return v.asText();
            case "bytes":
                return HEX.parseHex(tag.get("hex").asText());
            case "list":
                List<Object> list = new ArrayList<>();
                v.forEach(item -> list.add(value(item)));
                return list;
            case "map":
                Map<String, Object> map = new LinkedHashMap<>();
                v.forEach(pair -> map.put(pair.get(0).asText(), value(pair.get(1))));
                return map;
            default:
                throw new IllegalArgumentException(tag.toString());
        }
    }

    // ---- every dtype

    static List<String> dtypes() {
        List<String> tokens = new ArrayList<>(List.of(
                "str",
                "str:12",
                "str:utf16le",
                "str:13:utf16be",
                "str:latin1",
                "str:6:ascii",
                "str:cp1252",
                "str:utf-16",
                "str:shift_jis",
                "string:utf8",
                "bytes",
                "bytes:5",
                "msgpack",
                "messagepack:200",
                "cbor",
                "cbor:200"));
        for (ElementType element : ElementType.values()) {
            tokens.add(element.token());
            tokens.add("vec:" + element.token() + ":3");
            tokens.add("vector:" + element.token() + ":2:1:4");
            if (element != ElementType.BOOL && element != ElementType.F16) {
                tokens.add("vec:" + element.token());
            }
        }
        return tokens;
    }

    private Object randomValue(DType dtype) {
        if (dtype instanceof DType.BooleanType) {
            return random.nextBoolean();
        } else if (dtype instanceof DType.IntegerType type) {
            return integer(type.element());
        } else if (dtype instanceof DType.FloatingType type) {
            return floating(type.element());
        } else if (dtype instanceof DType.StringType) {
            return "abc xyz".substring(random.nextInt(3), 3 + random.nextInt(3));
        } else if (dtype instanceof DType.BytesType type) {
            byte[] bytes = new byte[type.isFixedSize() ? type.sizeBytes() : random.nextInt(9)];
            random.nextBytes(bytes);
            return bytes;
        } else if (dtype instanceof DType.PackedType) {
            return Arrays.asList(
                    random.nextLong(),
                    random.nextGaussian(),
                    (double) (random.nextInt(64) / 8f),
                    null,
                    Map.of("k", "é"));
        }
        DType.VectorType type = (DType.VectorType) dtype;
        List<Integer> shape = type.isFixedSize() ? type.shape() : List.of(random.nextInt(4), 1 + random.nextInt(3));
        byte[] data = new byte
                [shape.stream().mapToInt(Integer::intValue).reduce(1, (a, b) -> a * b)
                        * type.element().sizeBytes()];
        random.nextBytes(data);
        return new NumericArray(type.element(), shape, data);
    }

    private long integer(ElementType element) {
        long bits = random.nextLong() >> random.nextInt(60);
        int size = 8 * element.sizeBytes();
        return size == 64
                ? bits
                : element.isUnsigned() ? bits & ((1L << size) - 1) : bits << (64 - size) >> (64 - size);
    }

    private double floating(ElementType element) {
        return switch (element) {
            case F16 -> random.nextInt(4096) / 4.0 - 512; // at most 11 bits
            case F32 -> Float.intBitsToFloat(random.nextInt(0x7F800000));
            default ->
                Double.longBitsToDouble(random.nextLong(0x7FF0_0000_0000_0000L)) * (random.nextBoolean() ? 1 : -1);
        };
    }

    private List<Object> randomValues(DType dtype, int count) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(randomValue(dtype));
        }
        return values;
    }

    @Test
    void whatIsPackedReadsBackForEveryDType() {
        for (String token : dtypes()) {
            DType dtype = DType.parse(token);
            for (DataPacker packer : List.of(DataPacker.of(token), DataPacker.ofColumn(dtype))) {
                assertThat(packer.dtype()).isEqualTo(dtype);
                List<Object> values = randomValues(dtype, 40);
                byte[] one = {};
                for (Object value : values) {
                    byte[] bytes = packer.pack(value);
                    assertThat(Tagged.of(packer.unpack(bytes))).as(token).isEqualTo(Tagged.of(value));
                    assertThat(packer.isVariableSize()).isEqualTo(packer.elementBytes() == 0);
                    if (!packer.isVariableSize()) {
                        assertThat(bytes).as(token).hasSize(packer.elementBytes());
                    }
                    one = concat(one, bytes);
                }
                int[] offsets = new int[values.size()];
                byte[] many = packer.packMany(values, offsets);
                assertThat(many).as(token).isEqualTo(one).isEqualTo(packer.packMany(values));
                List<Object> read = packer.isVariableSize()
                        ? packer.unpackMany(many, offsets)
                        : packer.unpackMany(many, values.size());
                assertThat(Tagged.of(read)).as(token).isEqualTo(Tagged.of(values));
                for (int i = 0; i < values.size(); i++) {
                    byte[] upToItsEnd = i + 1 < offsets.length ? Arrays.copyOf(many, offsets[i + 1]) : many;
                    assertThat(Tagged.of(packer.unpack(upToItsEnd, offsets[i])))
                            .as(token)
                            .isEqualTo(Tagged.of(values.get(i)));
                }
            }
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void bytesAreThoseThatAColumnHolds() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            for (String token : dtypes()) {
                DType dtype = DType.parse(token);
                List<Object> values = randomValues(dtype, 30);
                Column column = dtype instanceof DType.VectorType type
                        ? vault.columns().ensureArrays(token, type)
                        : vault.columns().create(token, dtype);
                values.forEach(value -> append(column, value));
                int[] offsets = new int[values.size()];
                byte[] packed = DataPacker.ofColumn(dtype).packMany(values, offsets);
                try (Snapshot snapshot = vault.snapshot();
                        BlockView block = snapshot.blocks().column(token).block(0)) {
                    byte[] stored = new byte[block.payload().remaining()];
                    block.payload().duplicate().get(stored);
                    assertThat(HEX.formatHex(stored)).as(token).isEqualTo(HEX.formatHex(packed));
                    ByteBuffer starts = block.offsets();
                    for (int i = 0; starts != null && i < offsets.length; i++) {
                        assertThat(starts.getLong(8 * i)).as(token).isEqualTo(offsets[i]);
                    }
                    assertThat(starts == null).isEqualTo(dtype.isFixedSize());
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void append(Column column, Object value) {
        if (column instanceof LongColumn longs) {
            longs.append((Long) value);
        } else if (column instanceof DoubleColumn doubles) {
            doubles.append((Double) value);
        } else if (column instanceof BooleanColumn booleans) {
            booleans.append((Boolean) value);
        } else {
            ((ElementColumn<Object>) column).append(value);
        }
    }

    @Test
    void vectorsOfOneShapeHaveTheirTypeInFrontButForColumns() {
        assertThat(DataPacker.of("vec:i16:2").pack(List.of(1, -1))).isEqualTo(HEX.parseHex("0a0100ffff"));
        assertThat(DataPacker.ofColumn(DType.parse("vec:i16:2")).pack(List.of(1, -1)))
                .isEqualTo(HEX.parseHex("0100ffff"));
        assertThat(DataPacker.of("vec:f16:2").pack(List.of(1.0, -2.0))).isEqualTo(HEX.parseHex("003c00c0"));
        assertThat(DataPacker.of("vec:bool:2").pack(List.of(true, false))).isEqualTo(HEX.parseHex("0100"));
    }

    // ---- numbers without objects

    @Test
    void primitiveArraysArePackedAsTheirNumbersAreOneByOne() {
        for (ElementType element : ElementType.values()) {
            if (element == ElementType.BOOL) {
                continue;
            }
            DataPacker packer = DataPacker.of(element.token());
            if (element.isFloating()) {
                double[] doubles = new double[50];
                float[] floats = new float[50];
                List<Object> boxed = new ArrayList<>();
                List<Object> boxedFloats = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    doubles[i] = element == ElementType.F16 ? random.nextGaussian() : floating(element);
                    floats[i] = (float) random.nextGaussian();
                    boxed.add(doubles[i]);
                    boxedFloats.add(floats[i]);
                }
                byte[] packed = packer.packDoubles(doubles);
                assertThat(packed).isEqualTo(packer.packMany(boxed));
                assertThat(packer.unpackMany(packed, 50))
                        .isEqualTo(Arrays.stream(packer.unpackDoubles(packed))
                                .boxed()
                                .toList());
                byte[] packedFloats = packer.packFloats(floats);
                assertThat(packedFloats).isEqualTo(packer.packMany(boxedFloats));
                float[] read = packer.unpackFloats(packedFloats);
                for (int i = 0; i < 50; i++) {
                    assertThat(read[i]).isEqualTo((float)
                            (double) packer.unpackMany(packedFloats, 50).get(i));
                }
            } else {
                long[] longs = new long[50];
                int[] ints = new int[50];
                List<Object> boxed = new ArrayList<>();
                List<Object> boxedInts = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    longs[i] = integer(element);
                    ints[i] = (int) integer(element) & (element.isUnsigned() ? 0x7FFFFFFF : -1);
                    boxed.add(longs[i]);
                    boxedInts.add(ints[i]);
                }
                byte[] packed = packer.packLongs(longs);
                assertThat(packed).isEqualTo(packer.packMany(boxed));
                assertThat(packer.unpackLongs(packed)).isEqualTo(longs);
                byte[] packedInts = packer.packInts(ints);
                assertThat(packedInts).isEqualTo(packer.packMany(boxedInts));
                assertThat(packer.unpackInts(packedInts)).isEqualTo(ints);
            }
        }
    }

    @Test
    void vectorsOfFloatsArePackedAsOneByOne() {
        for (String token : List.of("vec:f32:6", "vec:f32:3:2")) {
            DType.VectorType type = (DType.VectorType) DType.parse(token);
            for (DataPacker packer : List.of(DataPacker.of(type), DataPacker.ofColumn(type))) {
                float[][] vectors = new float[20][6];
                List<Object> boxed = new ArrayList<>();
                for (float[] vector : vectors) {
                    for (int i = 0; i < 6; i++) {
                        vector[i] = (float) random.nextGaussian();
                    }
                    ByteBuffer data = NumericArray.of(vector).data();
                    byte[] bytes = new byte[data.remaining()];
                    data.get(bytes);
                    boxed.add(new NumericArray(ElementType.F32, type.shape(), bytes));
                }
                byte[] packed = packer.packVectors(vectors);
                assertThat(packed).isEqualTo(packer.packMany(boxed));
                assertThat(packer.unpackVectors(packed)).isDeepEqualTo(vectors);
            }
        }
        DataPacker packer = DataPacker.of("vec:f32:2");
        byte[] damaged = packer.packVectors(new float[][] {{1, 2}, {3, 4}});
        damaged[9] = 2;
        refused(() -> packer.unpackVectors(damaged), "element 1: ", "vec:f32:2", "ofColumn");
        refused(() -> packer.unpackMany(damaged, 2), "element 1: ", "vec:f32:2", "ofColumn");
        refused(() -> packer.packVectors(new float[][] {{1, 2}, {3}}), "value 1: ", "vec:f32:2", "1 floats");
        refused(() -> DataPacker.of("vec:f64:2").packVectors(new float[][] {{1, 2}}), "vec:f64:2", "packMany");
        refused(() -> DataPacker.of("vec:f32").unpackVectors(new byte[4]), "vec:f32", "unpackMany");
    }

    @Test
    void moreThanAnArrayHoldsIsRefusedBeforeItIsMade() {
        for (String dtype : List.of("bytes:1000000", "str:1000000", "vec:f32:250000")) {
            Collection<Object> never = new AbstractCollection<>() {
                @Override
                public int size() {
                    return 3_000;
                }

                @Override
                public Iterator<Object> iterator() {
                    throw new AssertionError("nothing is asked for");
                }
            };
            assertThatThrownBy(() -> DataPacker.of(dtype).packMany(never))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("more than 2 GiB");
        }
    }

    @Test
    void nothingIsPackedToNothingAndReadFromIt() {
        for (String token : dtypes()) {
            DataPacker packer = DataPacker.of(token);
            assertThat(packer.packMany(List.of())).isEmpty();
            assertThat(packer.packMany(List.of(), new int[0])).isEmpty();
            assertThat(
                            packer.isVariableSize()
                                    ? packer.unpackMany(new byte[] {1}, new int[0])
                                    : packer.unpackMany(new byte[] {1}, 0))
                    .isEmpty();
        }
        assertThat(DataPacker.of("u8").packLongs(new long[0])).isEmpty();
        assertThat(DataPacker.of("i64").unpackLongs(new byte[0])).isEmpty();
        assertThat(DataPacker.of("f64").unpackFloats(new byte[0])).isEmpty();
        assertThat(DataPacker.of("vec:f32:2").packVectors(new float[0][])).isEmpty();
    }

    // ---- what is refused

    private static void refused(Runnable call, String... parts) {
        assertThatThrownBy(call::run)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }

    private static void outside(Runnable call, String... parts) {
        assertThatThrownBy(call::run)
                .isExactlyInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void valuesThatDoNotFitAreRefusedByName() {
        record Case(String dtype, Object value, String why) {}
        BigInteger big = BigInteger.TWO.pow(64);
        List<Case> cases = List.of(
                new Case("i64", 1.0, "Long, Integer"),
                new Case("i64", true, "was given a Boolean"),
                new Case("i64", big, "65 bits"),
                new Case("u64", big, "65 bits"),
                new Case("u64", -1, "out of the range"),
                new Case("u64", BigInteger.ONE.negate(), "out of the range"),
                new Case("i8", 128L, "out of the range"),
                new Case("u8", -1L, "out of the range"),
                new Case("u32", 1L << 32, "out of the range"),
                new Case("f16", 65520.0, "65504"),
                new Case("f32", 1e39, "out of the range"),
                new Case("f64", BigInteger.TEN.pow(400), "out of the range"),
                new Case("f64", (1L << 53) + 1, "9007199254740993"),
                new Case("f64", Long.MAX_VALUE, "Double to have it rounded"),
                new Case("f32", (1 << 24) + 1, "16777217"),
                new Case("f64", "1", "was given a String"),
                new Case("bool", 1, "Boolean"),
                new Case("str", 'a', "String"),
                new Case("str", "a\ud800", "half a surrogate"),
                new Case("str:ascii", "é", "U+00E9"),
                new Case("str:6:utf8", "abcd漢", "at most 6 bytes, has 7"),
                new Case("bytes", "a", "byte[]"),
                new Case("bytes:2", new byte[3], "at most 2 bytes, has 3"),
                new Case("msgpack", Map.of(1, 2), "keys of a map"),
                new Case("msgpack", List.of(big), "65 bits"),
                new Case("msgpack:3", List.of(1, 2, 3), "at most 3 bytes, has 4"),
                new Case("cbor", new Object(), "java.lang.Object"),
                new Case("vec:i8:1", List.of(300), "300"),
                new Case("vec:i8:1", List.of(1.5), "i8 takes"),
                new Case("vec:f32:2", new float[3], "f32[3]"),
                new Case("vec:f32:2", NumericArray.of(1.0, 2.0), "f64[2]"),
                new Case("vec:f32:2:2", List.of(List.of(1, 2), List.of(3)), "shape [2, 2]"),
                new Case("vec:f32:2:2", List.of(List.of(1, 2), 3), "no list"),
                new Case("vec:i32", List.of(1, List.of(2)), "a list of 1"),
                new Case("vec:u8:2", new byte[2], "NumericArray"),
                new Case("vec:i64", 7L, "NumericArray"));
        for (Case bad : cases) {
            DataPacker packer = DataPacker.of(bad.dtype());
            refused(() -> packer.pack(bad.value()), bad.why());
            Object good = packer.dtype() instanceof DType.PackedType ? null : randomValue(packer.dtype());
            refused(() -> packer.packMany(Arrays.asList(good, good, bad.value(), good)), "value 2: ", bad.why());
        }
        for (String token : dtypes()) {
            if (!(DType.parse(token) instanceof DType.PackedType)) {
                refused(() -> DataPacker.of(token).pack(null), "null");
            }
        }
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        refused(() -> DataPacker.of("vec:f32").pack(endless), "255");
        refused(() -> DataPacker.of("msgpack").pack(endless), "512");
        refused(() -> DataPacker.of("i8").packLongs(new long[] {1, 2, 128}), "value 2: ", "128", "i8");
        refused(() -> DataPacker.of("u64").packInts(new int[] {1, -2}), "value 1: ", "-2", "u64");
        refused(() -> DataPacker.of("f16").packDoubles(new double[] {1e6}), "value 0: ", "f16");
        refused(() -> DataPacker.of("f16").packFloats(new float[] {1, 1e6f}), "value 1: ", "f16");
        refused(() -> DataPacker.of("str").packLongs(new long[1]), "str", "packMany");
        refused(() -> DataPacker.of("i64").packDoubles(new double[1]), "i64", "packLongs");
        refused(() -> DataPacker.of("i64").packMany(List.of(1, 2), new int[1]), "1 offsets for 2 values");
    }

    @Test
    void integersAreTakenWhereTheTypeHasThem() {
        BigInteger most = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
        assertThat(DataPacker.of("u64").unpack(DataPacker.of("u64").pack(most))).isEqualTo(-1L);
        assertThat(DataPacker.of("i16").pack((byte) -2)).isEqualTo(HEX.parseHex("feff"));
        assertThat(DataPacker.of("i64").pack(BigInteger.valueOf(Long.MIN_VALUE)))
                .isEqualTo(HEX.parseHex("0000000000000080"));
        DataPacker f64 = DataPacker.of("f64");
        assertThat(f64.unpack(f64.pack(-7))).isEqualTo(-7.0);
        assertThat(f64.unpack(f64.pack(BigInteger.TWO.pow(100)))).isEqualTo(0x1p100);
        assertThat(f64.unpack(f64.pack(0.5f))).isEqualTo(0.5);
        assertThat(DataPacker.of("vec:i32").pack(new int[][] {{1}, {2}}))
                .isEqualTo(DataPacker.of("vec:i32").pack(List.of(List.of(1), List.of(2))));
        assertThat(DataPacker.of("vec:f64:2").pack(new float[] {1, 2}))
                .isEqualTo(DataPacker.of("vec:f64:2").pack(new double[] {1, 2}));
    }

    @Test
    void padsAreDroppedFromTextAndKeptInBytes() {
        DataPacker text = DataPacker.of("str:5:utf16le");
        assertThat(text.pack("Ā")).isEqualTo(HEX.parseHex("0001000000"));
        assertThat(text.unpack(text.pack("Ā"))).isEqualTo("Ā");
        DataPacker utf8 = DataPacker.of("str:4");
        assertThat(utf8.unpack(utf8.pack("a\0"))).isEqualTo("a");
        DataPacker bytes = DataPacker.of("bytes:4");
        assertThat((byte[]) bytes.unpack(bytes.pack(new byte[] {7}))).isEqualTo(new byte[] {7, 0, 0, 0});
    }

    @Test
    void tooFewBytesAreRefused() {
        DataPacker i64 = DataPacker.of("i64");
        refused(() -> i64.unpackMany(new byte[20], 3), "needs 24 bytes for 3 elements of i64 but has 20");
        refused(() -> i64.unpackMany(new byte[20], Integer.MAX_VALUE), "needs 17179869176 bytes");
        refused(() -> i64.unpackMany(new byte[20], -1), "-1");
        refused(() -> i64.unpack(new byte[7]), "needs 8 bytes but has 7");
        refused(() -> i64.unpack(new byte[20], 13), "at 13 needs 8 bytes but has 7");
        refused(() -> i64.unpackLongs(new byte[20]), "20 bytes", "i64", "8 each");
        refused(() -> DataPacker.of("vec:f32:3").unpackVectors(new byte[12]), "12 bytes", "13 each");
        assertThat(i64.unpack(new byte[20], 12)).isEqualTo(0L);
        assertThat(i64.unpackMany(new byte[20], 2)).isEqualTo(List.of(0L, 0L));
        refused(() -> i64.unpackMany(new byte[16], new int[] {0, 8}), "i64", "how many");
        refused(() -> DataPacker.of("str").unpackMany(new byte[16], 2), "str", "differ in size");
    }

    @Test
    void offsetsOutsideAndOutOfOrderAreRefused() {
        DataPacker str = DataPacker.of("str");
        byte[] bytes = "abcdef".getBytes(StandardCharsets.UTF_8);
        assertThat(str.unpackMany(bytes, new int[] {1, 1, 3, 6})).isEqualTo(List.of("", "bc", "def", ""));
        outside(() -> str.unpackMany(bytes, new int[] {0, 3, 2}), "offset 2 is 2", "3");
        outside(() -> str.unpackMany(bytes, new int[] {0, 7}), "offset 1 is 7", "6 bytes");
        outside(() -> str.unpackMany(bytes, new int[] {-1, 2}), "offset 0 is -1");
        outside(() -> str.unpack(bytes, 7), "7", "6 bytes");
        outside(() -> str.unpack(bytes, -1), "-1");
        outside(() -> DataPacker.of("i64").unpack(bytes, -1), "-1");
        assertThat(str.unpack(bytes, 6)).isEqualTo("");
    }

    @Test
    void bytesThatAreNoneOfTheDTypeAreRefused() {
        refused(() -> DataPacker.of("str").unpack(HEX.parseHex("61ff")), "byte 1 of 2", "0xFF");
        refused(
                () -> DataPacker.of("str:ascii").unpackMany(HEX.parseHex("61e9"), new int[] {0, 1}),
                "element 1: ",
                "ascii");
        refused(() -> DataPacker.of("msgpack").unpack(new byte[0]), "0 bytes", "msgpack");
        refused(() -> DataPacker.of("msgpack").unpack(HEX.parseHex("92c0")), "2 bytes", "msgpack");
        refused(() -> DataPacker.of("cbor").unpack(HEX.parseHex("ff")), "cbor");
        refused(() -> DataPacker.of("vec:f32").unpack(HEX.parseHex("010102000000")), "6 bytes", "vec:f32");
        refused(() -> DataPacker.of("vec:f32").unpack(HEX.parseHex("0b0000")), "3 bytes", "vec:f32");
        refused(
                () -> DataPacker.of("u32").unpackInts(HEX.parseHex("01000000ffffffff")),
                "element 1",
                "4294967295",
                "longs");
        refused(() -> DataPacker.of("u64").unpackInts(HEX.parseHex("ffffffffffffffff")), "18446744073709551615");
        refused(
                () -> DataPacker.of("f64").unpackFloats(DataPacker.of("f64").packDoubles(new double[] {1, 1e300})),
                "element 1",
                "1.0E300",
                "doubles");
        refused(() -> DataPacker.of("str:nosuch"), "nosuch");
        refused(() -> DataPacker.of("i65"), "i65");
    }

    @Test
    void whatStandsBehindAnElementIsNotLookedAt() {
        assertThat(DataPacker.of("u8").unpack(HEX.parseHex("07ff"))).isEqualTo(7L);
        assertThat(DataPacker.of("msgpack").unpack(HEX.parseHex("07c1"))).isEqualTo(7L);
        assertThat(DataPacker.of("cbor").unpack(HEX.parseHex("07ff"))).isEqualTo(7L);
        assertThat(DataPacker.of("vec:u8").unpack(HEX.parseHex("05010100000007ff")))
                .isEqualTo(new NumericArray(ElementType.U8, List.of(1), new byte[] {7}));
    }

    /** As a column reads them: the bytes of an array of any shape say what it holds, also one number alone. */
    @Test
    void arraysOfAnyShapeSayTheirElement() {
        assertThat(DataPacker.of("vec:f32").unpack(HEX.parseHex("09010200000001ff")))
                .isEqualTo(new NumericArray(ElementType.I8, List.of(2), new byte[] {1, -1}));
        assertThat(DataPacker.of("vec:i16").unpack(HEX.parseHex("0a000700")))
                .isEqualTo(new NumericArray(ElementType.I16, List.of(), new byte[] {7, 0}));
    }

    /** Foreign bytes give a value or this error, and nothing else: no other exception, no memory that is not there. */
    @Test
    void anyBytesGiveAValueOrThatError() {
        int refused = 0;
        for (String token : dtypes()) {
            DataPacker packer = DataPacker.of(token);
            for (int i = 0; i < 300; i++) {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                if (bytes.length > 0 && random.nextBoolean()) {
                    bytes[0] = (byte) random.nextInt(12);
                }
                try {
                    Object value = packer.unpack(bytes);
                    assertThat(Tagged.of(packer.unpack(bytes))).as(token).isEqualTo(Tagged.of(value));
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage()).as(token).isNotEmpty();
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }
}
