package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns against lists: the same random operations on both, read back in every way there is. */
class ColumnModelTest {
    @TempDir
    Path folder;

    private static final List<DType> DTYPES = List.of(
            DType.BOOL,
            DType.I8,
            DType.U8,
            DType.I16,
            DType.U16,
            DType.F16,
            DType.I32,
            DType.U32,
            DType.F32,
            DType.I64,
            DType.U64,
            DType.F64,
            DType.STR,
            DType.BYTES,
            new DType.BytesType(7),
            DType.vector(ElementType.F32, 3),
            DType.vector(ElementType.F32, 384),
            DType.vector(ElementType.I16, 5000));

    @ParameterizedTest
    @ValueSource(ints = {4096, 32768, 65536})
    void behavesLikeLists(int pageSize) {
        long seed = 7 + pageSize;
        Random random = new Random(seed);
        Map<String, List<byte[]>> model = new HashMap<>();
        Path file = folder.resolve("columns.db");
        Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(pageSize));
        try {
            for (int step = 0; step < 150; step++) {
                DType dtype = DTYPES.get(random.nextInt(DTYPES.size()));
                String name = "c " + dtype.token();
                List<byte[]> expected = model.computeIfAbsent(name, k -> new ArrayList<>());
                BytesColumn column = vault.columns().ensureRaw(name, dtype);
                List<byte[]> more = elements(random, dtype);
                switch (random.nextInt(12)) {
                    case 0 -> {
                        column.clear();
                        expected.clear();
                    }
                    case 1 -> {
                        vault.close();
                        vault = Vault.open(file);
                    }
                    case 2 -> {
                        Vault v = vault;
                        assertThatThrownBy(() -> v.transact(() -> {
                                    column.appendAll(more);
                                    column.append(more.get(0));
                                    throw new IllegalStateException("on purpose");
                                }))
                                .hasMessage("on purpose");
                    }
                    case 3 -> {
                        vault.transact(() -> {
                            for (byte[] element : more) {
                                column.append(element);
                            }
                            assertThat(column.length()).isEqualTo(expected.size() + more.size());
                        });
                        expected.addAll(more);
                    }
                    default -> {
                        column.appendAll(more);
                        expected.addAll(more);
                    }
                }
                check(vault, name, expected, random, seed);
            }
            for (Map.Entry<String, List<byte[]>> entry : model.entrySet()) {
                check(vault, entry.getKey(), entry.getValue(), random, seed);
            }
        } finally {
            vault.close();
        }
    }

    private static List<byte[]> elements(Random random, DType dtype) {
        List<byte[]> elements = new ArrayList<>();
        int count = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(3_000);
        int size = dtype.elementSizeBytes();
        int longest = List.of(1, 20, 300).get(random.nextInt(3));
        for (int i = 0; i < count; i++) {
            byte[] element = new byte
                    [size > 0 ? size : random.nextInt(500) == 0 ? random.nextInt(100_000) : random.nextInt(longest)];
            random.nextBytes(element);
            elements.add(element);
            if (size > 5_000 && i > 20) {
                break;
            }
        }
        return elements;
    }

    private static void check(Vault vault, String name, List<byte[]> expected, Random random, long seed) {
        if (!vault.columns().contains(name)) {
            assertThat(expected).isEmpty();
            return;
        }
        int from = random.nextInt(expected.size() + 1);
        int to = from + random.nextInt(expected.size() + 1 - from);
        try (Snapshot snapshot = vault.snapshot()) {
            for (var column :
                    List.of(vault.columns().bytes(name), snapshot.columns().bytes(name))) {
                assertThat(column.length()).isEqualTo(expected.size());
                List<byte[]> slice = column.slice(from, to);
                assertThat(slice).hasSize(to - from);
                for (int i = 0; i < slice.size(); i++) {
                    assertThat(slice.get(i))
                            .as("%s[%d], seed %d", name, from + i, seed)
                            .isEqualTo(expected.get(from + i));
                }
                if (!expected.isEmpty()) {
                    int at = random.nextInt(expected.size());
                    assertThat(column.get(at)).isEqualTo(expected.get(at));
                }
                assertThatThrownBy(() -> column.get(expected.size())).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> column.slice(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void typedColumnsRoundTrip() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            LongColumn u32 = vault.columns().ensure("u32", DType.U32);
            u32.appendAll(new long[] {0, 4_294_967_295L});
            assertThat(u32.slice(0, 2)).containsExactly(0, 4_294_967_295L);
            assertThatThrownBy(() -> u32.append(-1)).hasMessageContaining("out of the range of u32");
            u32.set(0, 5);
            assertThat(u32.get(0)).isEqualTo(5);
            assertThatThrownBy(() -> u32.set(2, 5)).isInstanceOf(IndexOutOfBoundsException.class);

            var f16 = vault.columns().ensure("f16", DType.F16);
            double[] halves = {0, -0.0, 1, 65504, 0x1p-24, Double.POSITIVE_INFINITY, Double.NaN, 0.1, 2049};
            f16.appendAll(halves);
            assertThat(f16.slice(0, 7))
                    .containsExactly(0, -0.0, 1, 65504, 0x1p-24, Double.POSITIVE_INFINITY, Double.NaN);
            assertThat(f16.get(7)).isEqualTo(0.0999755859375);
            assertThat(f16.get(8)).as("ties go to even").isEqualTo(2048);
            assertThatThrownBy(() -> f16.append(1e9)).hasMessageContaining("out of the range of f16");

            StrColumn text = vault.columns().ensure("text", DType.STR);
            text.appendAll(List.of("", "日本", "a\0b", "😀"));
            assertThat(text.slice(0, 4)).containsExactly("", "日本", "a\0b", "😀");
            assertThatThrownBy(() -> text.append("\uD800")).isInstanceOf(IllegalArgumentException.class);
            var booleans = vault.columns().ensure("b", DType.BOOL);
            booleans.appendAll(new boolean[] {true, false});
            assertThat(booleans.slice(0, 2)).containsExactly(true, false);
            var vectors = vault.columns().ensure("v", DType.vector(ElementType.F32, 2, 2));
            vectors.append(new float[] {1, 2, 3, 4});
            assertThat(vectors.get(0)).containsExactly(1, 2, 3, 4);
            assertThatThrownBy(() -> vectors.append(new float[3])).isInstanceOf(IllegalArgumentException.class);

            assertThatThrownBy(() -> vault.columns().ensure("u32", DType.I64))
                    .hasMessageContaining("is u32 and not i64");
            assertThat(vault.columns().delete("u32")).isTrue();
            assertThatThrownBy(() -> u32.append(1)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(u32::length).isInstanceOf(NoSuchElementException.class);
        }
    }
}
