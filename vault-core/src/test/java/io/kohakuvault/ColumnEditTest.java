package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes in the middle of columns against lists, and what every dtype takes. */
class ColumnEditTest {
    @TempDir
    Path folder;

    private static final List<DType> DTYPES = List.of(
            DType.I8,
            DType.U16,
            DType.I64,
            new DType.BytesType(7),
            DType.vector(ElementType.I16, 3000),
            DType.STR,
            DType.BYTES);

    @ParameterizedTest
    @CsvSource({"4096,1", "4096,2", "32768,3", "65536,4"})
    void editsBehaveLikeThoseOfLists(int pageSize, long seed) {
        Random random = new Random(seed);
        Path file = folder.resolve("edits.db");
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(pageSize);
        try (Vault vault = Vault.open(file, options)) {
            for (DType dtype : DTYPES) {
                List<byte[]> model = new ArrayList<>();
                BytesColumn column = vault.columns().ensureRaw(dtype.token(), dtype);
                for (int step = 0; step < 60; step++) {
                    String what = edit(random, dtype, column, model);
                    assertThat(column.length())
                            .as("%s after %s, step %d, seed %d", column, what, step, seed)
                            .isEqualTo(model.size());
                    if (step % 5 == 0) {
                        compare(column.slice(0, model.size()), model, column + " after " + what + ", seed " + seed);
                    }
                }
                compare(column.slice(0, model.size()), model, column + ", seed " + seed);
                try (Snapshot snapshot = vault.snapshot()) {
                    BytesColumn reader = (BytesColumn) snapshot.columns().bytes(dtype.token());
                    compare(reader.slice(0, model.size()), model, column + " in a snapshot, seed " + seed);
                    long[] places = random.longs(300, 0, Math.max(1, model.size()))
                            .limit(model.isEmpty() ? 0 : 300)
                            .toArray();
                    List<byte[]> expected = new ArrayList<>();
                    for (long place : places) {
                        expected.add(model.get((int) place));
                    }
                    compare(reader.take(places), expected, column + " take, seed " + seed);
                    compare(column.take(places), expected, column + " take, seed " + seed);
                }
            }
        }
    }

    private static String edit(Random random, DType dtype, BytesColumn column, List<byte[]> model) {
        int size = model.size();
        int at = random.nextInt(size + 1);
        int to = at + random.nextInt(Math.min(size - at, random.nextBoolean() ? 5 : 3000) + 1);
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> {
                List<byte[]> more = elements(random, dtype, random.nextInt(1500));
                column.insertAll(at, more);
                model.addAll(at, more);
                return "insert of " + more.size() + " at " + at;
            }
            case 3 -> {
                byte[] one = elements(random, dtype, 1).get(0);
                column.insert(at, one);
                model.add(at, one);
                return "insert at " + at;
            }
            case 4 -> {
                column.remove(at, to);
                model.subList(at, to).clear();
                return "removal of [" + at + ", " + to + ")";
            }
            case 5 -> {
                if (random.nextInt(4) == 0) {
                    column.truncate(at);
                    model.subList(at, size).clear();
                }
                return "truncation to " + at;
            }
            case 6, 7 -> {
                if (at < size) {
                    byte[] one = elements(random, dtype, 1).get(0);
                    column.set(at, one);
                    model.set(at, one);
                }
                return "set of " + at;
            }
            default -> {
                List<byte[]> more = elements(random, dtype, random.nextInt(3000));
                column.appendAll(more);
                model.addAll(more);
                return "append of " + more.size();
            }
        }
    }

    private static List<byte[]> elements(Random random, DType dtype, int count) {
        int size = dtype.elementSizeBytes();
        int longest = List.of(1, 20, 300).get(random.nextInt(3));
        List<byte[]> elements = new ArrayList<>();
        for (int i = 0; i < (size > 1000 ? Math.min(count, 40) : count); i++) {
            byte[] element = new byte
                    [size > 0 ? size : random.nextInt(300) == 0 ? random.nextInt(90_000) : random.nextInt(longest)];
            random.nextBytes(element);
            elements.add(element);
        }
        return elements;
    }

    private static void compare(List<byte[]> found, List<byte[]> expected, String what) {
        assertThat(found.size()).as(what).isEqualTo(expected.size());
        for (int i = 0; i < found.size(); i++) {
            if (!Arrays.equals(found.get(i), expected.get(i))) {
                throw new AssertionError(what + " differs at " + i);
            }
        }
    }

    @Test
    void anInsertionIntoAVariableColumnTouchesABlockOrTwo() {
        Path file = folder.resolve("touch.db");
        try (Vault vault = Vault.open(file)) {
            StrColumn column = vault.columns().ensure("s", DType.STR);
            column.appendAll(Collections.nCopies(100_000, "twenty characters!!!"));
            List<String> payloads = new ArrayList<>();
            io.kohakuvault.internal.sqlite.Session.hook(sql -> {
                if (sql.contains("kvault_col_data") && !sql.startsWith("SELECT")) {
                    payloads.add(sql);
                }
            });
            try {
                column.insert(50_000, "new");
                assertThat(payloads).hasSizeBetween(1, 2);
                payloads.clear();
                column.remove(20_000);
                column.set(30_000, "other");
                assertThat(payloads).hasSizeBetween(2, 4);
            } finally {
                io.kohakuvault.internal.sqlite.Session.hook(null);
            }
            assertThat(column.get(49_999)).isEqualTo("new");
            assertThat(column.get(30_000)).isEqualTo("other");
            assertThat(column.length()).isEqualTo(100_000);
        }
    }

    @Test
    void primitivesGoInAndOutInBulk() {
        try (Vault vault = Vault.open(folder.resolve("bulk.db"))) {
            LongColumn longs = vault.columns().ensure("l", DType.I64);
            longs.appendAll(LongStream.range(0, 20_000).toArray());
            longs.appendAll(new int[] {-1, -2});
            ByteBuffer raw = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            raw.putLong(7).putLong(8).flip();
            longs.appendRaw(raw);
            ByteBuffer out = ByteBuffer.allocateDirect(8 * 20_004).order(ByteOrder.LITTLE_ENDIAN);
            longs.readRaw(0, 20_004, out);
            out.flip();
            for (int i = 0; i < 20_000; i++) {
                assertThat(out.getLong()).isEqualTo(i);
            }
            assertThat(new long[] {out.getLong(), out.getLong(), out.getLong(), out.getLong()})
                    .containsExactly(-1, -2, 7, 8);
            long sum = 0;
            int batches = 0;
            for (long[] batch : longs.batches(3000)) {
                sum += LongStream.of(batch).sum();
                batches++;
            }
            assertThat(sum).isEqualTo(20_000L * 19_999 / 2 + 12);
            assertThat(batches).isEqualTo(7);
            assertThat(longs.take(5, 19_999, 5, 0)).containsExactly(5, 19_999, 5, 0);
            assertThatThrownBy(() -> longs.take(20_004)).isInstanceOf(IndexOutOfBoundsException.class);
            // No room is made for what is not there: an array of two thousand million numbers does not fit.
            assertThatThrownBy(() -> longs.slice(0, 2_000_000_000)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> longs.appendRaw(ByteBuffer.allocate(7))).hasMessageContaining("whole number");
            assertThatThrownBy(() -> vault.columns().ensure("s", DType.STR).appendRaw(ByteBuffer.allocate(8)))
                    .hasMessageContaining("variable size");
            assertThatThrownBy(() -> longs.readRaw(0, 10, ByteBuffer.allocate(79)))
                    .hasMessageContaining("do not fit");

            var doubles = vault.columns().ensure("d", DType.F32);
            doubles.appendAll(new float[] {1.5f, 2.5f});
            doubles.appendAll(new double[] {0.1});
            assertThat(doubles.sliceFloats(0, 3)).containsExactly(1.5f, 2.5f, 0.1f);
            doubles.insert(1, 9, 8);
            assertThat(doubles.slice(0, 5)).containsExactly(1.5, 9, 8, 2.5, (float) 0.1);
            var flags = vault.columns().ensure("b", DType.BOOL);
            flags.asList().addAll(List.of(true, false, true));
            flags.insert(0, false, false);
            assertThat(flags.asList()).containsExactly(false, false, true, false, true);
            assertThat(flags.take(4, 0)).containsExactly(true, false);
        }
    }

    @Test
    void everyKindOfElementComesBack() {
        try (Vault vault = Vault.open(folder.resolve("kinds.db"))) {
            var values = vault.columns().ensure("m", DType.MSGPACK);
            List<Object> some = Arrays.asList(
                    null,
                    1L,
                    -5L,
                    2.5,
                    "日本",
                    true,
                    List.of(1L, "x"),
                    Map.of("a", 1L, "b", List.of()),
                    BigInteger.TWO.pow(64).subtract(BigInteger.ONE),
                    Long.MAX_VALUE);
            values.appendAll(some);
            assertThat(values.slice(0, some.size())).containsExactlyElementsOf(some);
            values.set(0, Map.of("k", 1L));
            assertThat(values.get(0)).isEqualTo(Map.of("k", 1L));
            var cbor = vault.columns().ensure("c", DType.CBOR);
            cbor.appendAll(some);
            assertThat(cbor.asList()).containsExactlyElementsOf(some);
            var fixed = vault.columns().ensure("m:16", new DType.PackedType(DType.PackedType.Format.MSGPACK, 16));
            fixed.append(Map.of("a", 1L));
            assertThat(fixed.get(0)).isEqualTo(Map.of("a", 1L));
            assertThatThrownBy(() -> fixed.append("longer than sixteen bytes"))
                    .hasMessageContaining("does not fit msgpack:16");
            assertThatThrownBy(() -> values.append(new Object())).hasMessageContaining("column 'm'");

            record Point(long x, long y) {}
            Codec<Point> points = Codec.of(
                    p -> Map.of("x", p.x(), "y", p.y()),
                    v -> new Point((Long) ((Map<?, ?>) v).get("x"), (Long) ((Map<?, ?>) v).get("y")));
            List<Point> list = vault.columns().ensure("points", DType.MSGPACK).asList(points);
            list.add(new Point(1, 2));
            list.addAll(List.of(new Point(3, 4), new Point(5, 6)));
            list.remove(1);
            assertThat(list).containsExactly(new Point(1, 2), new Point(5, 6));

            var arrays = vault.columns().ensureArrays("v", (DType.VectorType) DType.parse("vec:f64"));
            arrays.append(NumericArray.of(1.5, 2.5));
            arrays.append(new NumericArray(ElementType.F64, List.of(0, 3), new byte[0]));
            assertThat(arrays.slice(0, 2))
                    .containsExactly(
                            NumericArray.of(1.5, 2.5), new NumericArray(ElementType.F64, List.of(0, 3), new byte[0]));
            assertThatThrownBy(() -> arrays.append(NumericArray.of(1L))).hasMessageContaining("i64[1]");
            var halves = vault.columns().ensureArrays("h", DType.vector(ElementType.F16, 2));
            NumericArray half = new NumericArray(ElementType.F16, List.of(2), new byte[] {0, 0x3C, 0, 0x40});
            halves.append(half);
            assertThat(halves.get(0)).isEqualTo(half);

            var utf16 = vault.columns().ensure("u", new DType.StringType(8, TextEncoding.UTF16LE));
            utf16.asList().addAll(List.of("Ā", "abcd", ""));
            assertThat(utf16.asList()).containsExactly("Ā", "abcd", "");
            assertThatThrownBy(() -> utf16.append("abcde")).hasMessageContaining("does not fit str:8:utf16le");
        }
    }

    @Test
    void columnsAreRenamedAndHandlesFollow() {
        try (Vault vault = Vault.open(folder.resolve("names.db"))) {
            LongColumn column = vault.columns().ensure("old", DType.I64);
            column.append(1);
            vault.columns().ensure("taken", DType.I64);
            vault.columns().rename("old", "neu '\"");
            column.append(2);
            assertThat(vault.columns().longs("neu '\"").slice(0, 2)).containsExactly(1, 2);
            assertThat(vault.columns().contains("old")).isFalse();
            assertThatThrownBy(() -> vault.columns().rename("old", "x")).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> vault.columns().rename("taken", "neu '\""))
                    .hasMessageContaining("there is a column");
            assertThatThrownBy(() -> vault.columns().rename("taken", "")).hasMessageContaining("needs a name");
            vault.tables().ensure("t", s -> s.column("a", DType.I64));
            assertThatThrownBy(() -> vault.columns().rename("t.a", "b")).hasMessageContaining("belongs to a table");
        }
    }

    @Test
    void aRefusedIndexDoesNotUndoTheTransactionAroundIt() {
        try (Vault vault = Vault.open(folder.resolve("refused.db"))) {
            LongColumn column = vault.columns().ensure("c", DType.I64);
            vault.transact(() -> {
                column.append(1);
                assertThatThrownBy(() -> column.set(1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> column.insert(-1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> column.remove(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
                column.append(2);
            });
            assertThat(column.asList()).containsExactly(1L, 2L);
        }
    }

    @Test
    void hugeAndEmptyElementsStandSideBySide() {
        try (Vault vault = Vault.open(folder.resolve("huge.db"))) {
            BytesColumn column = vault.columns().ensure("b", DType.BYTES);
            byte[] huge = new byte[100_000_000];
            huge[99_999_999] = 7;
            column.appendAll(List.of(new byte[0], new byte[] {1}));
            column.append(huge);
            column.append(new byte[0]);
            column.insert(1, new byte[] {9});
            assertThat(column.length()).isEqualTo(5);
            assertThat(column.get(1)).containsExactly(9);
            assertThat(column.get(3)).hasSize(100_000_000).endsWith((byte) 7);
            assertThat(column.get(4)).isEmpty();
            column.remove(3);
            assertThat(column.take(3, 0, 1))
                    .satisfiesExactly(
                            a -> assertThat(a).isEmpty(),
                            b -> assertThat(b).isEmpty(),
                            c -> assertThat(c).containsExactly(9));
        }
    }

    @Test
    void tenThousandColumnsAreAppendedTo() {
        try (Vault vault =
                Vault.open(folder.resolve("many.db"), VaultOptions.defaults().withPageSizeBytes(4096))) {
            vault.transact(() -> {
                for (int i = 0; i < 10_000; i++) {
                    vault.columns().ensure("c" + i, DType.I64).append(i);
                }
            });
            vault.transact(() -> {
                for (int i = 0; i < 10_000; i++) {
                    vault.columns().ensure("c" + i, DType.I64).append(-i);
                }
            });
            assertThat(vault.columns().list()).hasSize(10_000);
            assertThat(vault.columns().longs("c9876").slice(0, 2)).containsExactly(9876, -9876);
        }
    }
}
