package io.kohakuvault.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;

/** The bytes are those of the reference library, for values of all kinds and for maps that are alike and are not. */
class MessagePackWriterTest {
    private static final byte[] HEAD = {1, 2};

    private final MessagePackWriter writer = new MessagePackWriter();

    @Test
    void theBytesAreThoseOfTheReferenceLibrary() throws IOException {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            check(value(random, 0));
        }
    }

    @Test
    void eachFormatIsTheShortestAtItsBounds() throws IOException {
        for (int bits = 0; bits < 64; bits++) {
            for (long by = -2; by <= 2; by++) {
                check((1L << bits) + by);
                check(-(1L << bits) + by);
                check(BigInteger.ONE.shiftLeft(bits).add(BigInteger.valueOf(by)));
            }
        }
        check(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
        for (int length : new int[] {0, 1, 15, 16, 31, 32, 63, 64, 65, 255, 256, 65_535, 65_536}) {
            check("x".repeat(length));
            check("x".repeat(Math.max(0, length - 1)) + "\u00fc");
            List<Object> list = new ArrayList<>();
            Map<String, Object> map = new HashMap<>();
            for (int i = 0; i < length; i++) {
                list.add(i);
                map.put("k" + i, i);
            }
            check(list);
            check(map);
        }
    }

    @Test
    void mapsOfAsManyOtherKeysAreNotTakenForTheLastOnes() throws IOException {
        Map<String, Object> first = new HashMap<>(Map.of("a", 1, "b", 2));
        check(first);
        check(new HashMap<>(Map.of("a", 1, "c", 2)));
        check(first);
        first.put("b", null);
        check(first);
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("c", null);
        other.put("a", "\u00e9");
        check(other);
        check(Map.of("a", new HashMap<>(Map.of("a", 1, "b", 2)), "b", 2));
        Map<String, Object> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(Map.of("A", 1, "C", 2));
        check(anyCase);
        Map<Object, Object> numbered = new HashMap<>(Map.of("a", 1, 5, 2));
        assertThatThrownBy(() -> writer.write(HEAD, numbered)).hasMessageContaining("one was 5");
        check(first);
    }

    @Test
    void whatCannotBeSaidIsRefusedAndTheNextValueIsWhole() throws IOException {
        check(new HashMap<>(Map.of("a", 1)));
        assertThatThrownBy(() -> writer.write(HEAD, new HashMap<>(Map.of("a", new Object()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
        assertThatThrownBy(() -> writer.write(HEAD, new HashMap<>(Map.of("a", "half \uD83D"))))
                .hasMessageContaining("half a surrogate pair at 5");
        assertThatThrownBy(() -> writer.write(HEAD, new HashMap<>(Map.of("\uDE00", 1))))
                .hasMessageContaining("half a surrogate pair at 0");
        assertThatThrownBy(() -> writer.write(HEAD, BigInteger.TWO.pow(64))).hasMessageContaining("2^64-1");
        List<Object> deep = List.of();
        for (int i = 0; i < ValueModel.MAX_DEPTH; i++) {
            deep = List.of(deep);
        }
        check(deep);
        List<Object> deeper = List.of(deep);
        assertThatThrownBy(() -> writer.write(HEAD, deeper)).hasMessageContaining("deeper than 512");
        check(new HashMap<>(Map.of("a", 1)));
    }

    private void check(@Nullable Object value) throws IOException {
        byte[] written = writer.write(HEAD, value);
        assertThat(written).startsWith(HEAD);
        byte[] expected;
        try (MessageBufferPacker packer = org.msgpack.core.MessagePack.newDefaultBufferPacker()) {
            packer.addPayload(HEAD);
            pack(packer, value);
            expected = packer.toByteArray();
        }
        assertThat(written).as("%.200s", value).isEqualTo(expected);
        assertThat(MessagePack.encode(value)).hasSize(written.length - HEAD.length);
    }

    private static void pack(MessageBufferPacker packer, @Nullable Object value) throws IOException {
        if (value == null) {
            packer.packNil();
        } else if (value instanceof String text) {
            packer.packString(text);
        } else if (value instanceof Boolean truth) {
            packer.packBoolean(truth);
        } else if (value instanceof Double || value instanceof Float) {
            packer.packDouble(((Number) value).doubleValue());
        } else if (value instanceof BigInteger big) {
            packer.packBigInteger(big);
        } else if (value instanceof Number number) {
            packer.packLong(number.longValue());
        } else if (value instanceof List<?> list) {
            packer.packArrayHeader(list.size());
            for (Object item : list) {
                pack(packer, item);
            }
        } else if (value instanceof Map<?, ?> map) {
            packer.packMapHeader(map.size());
            List<String> keys = new ArrayList<>();
            map.keySet().forEach(key -> keys.add((String) key));
            keys.sort(Comparator.naturalOrder());
            for (String key : keys) {
                packer.packString(key);
                pack(packer, map.get(key));
            }
        }
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth < 3 ? 11 : 9)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (byte) random.nextInt();
            case 3 -> (short) random.nextInt();
            case 4 -> random.nextInt() >> random.nextInt(32);
            case 5 -> random.nextLong() >> random.nextInt(64);
            case 6 -> random.nextBoolean() ? (Object) random.nextGaussian() : (Object) random.nextFloat();
            case 7 -> text(random, random.nextInt(80));
            case 8 -> new BigInteger(64, random);
            case 9 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = random.nextBoolean() ? new HashMap<>() : new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(String.valueOf((char) ('a' + random.nextInt(4))), value(random, depth + 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        int most = random.nextInt(3) == 0 ? 0x2FFFF : 0x7F;
        while (text.length() < length) {
            int point = random.nextInt(most);
            if (point < 0xD800 || point > 0xDFFF) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }
}
