package io.kohakuvault.internal.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements on their way into a column, beside a list of arrays. */
class ElementsTest {
    private static void check(Elements elements, List<byte[]> model, int size) {
        assertThat(elements.rows()).isEqualTo(model.size());
        assertThat(elements.nulls())
                .isEqualTo((int) model.stream().filter(e -> e == null).count());
        int used = 0;
        for (int i = 0; i < model.size(); i++) {
            byte[] element = model.get(i) == null ? new byte[size] : model.get(i);
            assertThat(elements.isPresent(i)).isEqualTo(model.get(i) != null);
            assertThat(elements.start(i)).isEqualTo(used);
            used += element.length;
            assertThat(elements.start(i + 1)).isEqualTo(used);
            assertThat(Arrays.copyOfRange(elements.bytes(), elements.start(i), used))
                    .isEqualTo(element);
        }
        assertThat(elements.sizeBytes()).isEqualTo(used);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 8, 40})
    void whatIsAddedIsThereWhateverWasTakenBack(int size) {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Elements elements = new Elements(size, random.nextInt(20));
            List<byte[]> model = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> {
                        int left = random.nextInt(model.size() + 1);
                        elements.truncate(left);
                        model.subList(left, model.size()).clear();
                    }
                    case 1 -> {
                        if (random.nextInt(5) == 0) {
                            elements.clear();
                            model.clear();
                        }
                    }
                    case 2, 3, 4 -> {
                        elements.addNull();
                        model.add(null);
                    }
                    default -> {
                        byte[] source = new byte[100];
                        random.nextBytes(source);
                        int from = random.nextInt(40);
                        int length = size == 0 ? random.nextInt(60) : random.nextInt(size + 1);
                        elements.addBytes(source, from, length);
                        byte[] element = Arrays.copyOfRange(source, from, from + length);
                        model.add(size == 0 ? element : Arrays.copyOf(element, size));
                    }
                }
                check(elements, model, size);
            }
        }
    }

    @Test
    void numbersAreLittleEndianInTheColumnsWidth() {
        long bits = 0x8899AABBCCDDEEFFL;
        for (int size : new int[] {1, 2, 4, 8}) {
            Elements elements = new Elements(size, 0);
            for (int i = 0; i < 30; i++) {
                elements.addBits(bits + i);
            }
            ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 30; i++) {
                bytes.putLong(0, bits + i);
                assertThat(Arrays.copyOfRange(elements.bytes(), i * size, (i + 1) * size))
                        .isEqualTo(Arrays.copyOf(bytes.array(), size));
            }
            Elements bulk = new Elements(size, 0);
            bulk.addBits(7);
            bulk.addLongs(new long[] {-1, bits, bits + 1, -1}, 1, 2);
            assertThat(bulk.rows()).isEqualTo(3);
            assertThat(Arrays.copyOfRange(bulk.bytes(), size, 3 * size))
                    .isEqualTo(Arrays.copyOf(elements.bytes(), 2 * size));
        }
    }

    @Test
    void arraysAreTakenInBulk() {
        Elements elements = new Elements(8, 0);
        elements.addBits(1);
        elements.addDoubles(new double[] {9, 1.5, -2, 9}, 1, 2);
        ByteBuffer bytes = ByteBuffer.wrap(elements.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(List.of(elements.rows(), elements.sizeBytes())).containsExactly(3, 24);
        assertThat(List.of(bytes.getDouble(8), bytes.getDouble(16))).containsExactly(1.5, -2.0);
        Elements ints = new Elements(4, 0);
        ints.addBits(1);
        ints.addInts(new int[] {9, 7, -8, 9}, 1, 2);
        bytes = ByteBuffer.wrap(ints.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(List.of(ints.rows(), ints.sizeBytes())).containsExactly(3, 12);
        assertThat(List.of(bytes.getInt(4), bytes.getInt(8))).containsExactly(7, -8);
        Elements vectors = new Elements(12, 0); // of three floats
        vectors.addNull();
        vectors.addFloats(new float[] {9, 1, 2, 3, 4, 5, 6}, 1, 6);
        bytes = ByteBuffer.wrap(vectors.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(List.of(vectors.rows(), vectors.sizeBytes())).containsExactly(3, 36);
        for (int i = 0; i < 6; i++) {
            assertThat(bytes.getFloat(12 + 4 * i)).isEqualTo(i + 1);
        }
    }

    @Test
    void elementsOfABlockAndOfOthersAreTakenOver() {
        Elements source = new Elements(0, 3);
        for (String text : List.of("a", "", "bcd", "ef")) {
            source.addBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, text.length());
        }
        ByteBuffer offsets = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i <= 4; i++) {
            offsets.putLong(8 * i, source.start(i));
        }
        BlockData block = new BlockData(
                new BlockEntry(1, 0, 0, 4, 6, 6, 4),
                ByteBuffer.wrap(source.bytes(), 0, 6),
                offsets,
                null,
                io.kohakuvault.spi.Origin.COPIED);
        Elements taken = new Elements(0, 0);
        taken.addBytes(new byte[] {'x'}, 0, 1);
        taken.addBlock(block, 1, 4);
        taken.addAll(source);
        assertThat(taken.rows()).isEqualTo(8);
        assertThat(new String(taken.bytes(), 0, taken.sizeBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("xbcdefabcdef");
        assertThat(java.util.stream.IntStream.rangeClosed(0, 8).map(taken::start))
                .containsExactly(0, 1, 1, 4, 6, 7, 7, 10, 12);
    }

    @Test
    void bytesThatAreNoWholeElementsAreRefused() {
        Elements elements = new Elements(8, 1);
        assertThatThrownBy(() -> elements.addRaw(ByteBuffer.allocate(12))).isInstanceOf(IllegalArgumentException.class);
        assertThat(elements.rows()).isZero();
        elements.addRaw(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        assertThat(elements.rows()).isEqualTo(1);
        assertThat(Arrays.copyOf(elements.bytes(), 8)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
}
