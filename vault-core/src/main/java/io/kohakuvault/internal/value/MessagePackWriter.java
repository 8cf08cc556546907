package io.kohakuvault.internal.value;

import io.kohakuvault.codec.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as MessagePack (its specification of 2013 with {@code str 8}): the shortest form of each, maps in the
 * order of their keys. One pass over a value: it is checked while it is written, as {@link ValueModel} says.
 *
 * <p>Records come with the same fields again and again, so that the keys of the last map are tried for the next one:
 * then neither sorting nor encoding of keys is needed. Not thread-safe; made once for many values.
 */
public final class MessagePackWriter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    /** A longer text's bytes are made faster by String, for all the copy. */
    private static final int SHORT_TEXT = 64;

    /** Maps of more keys are not expected to be alike. */
    private static final int MOST_KEYS = 256;

    private static final int LEAST = 256;

    /** More is not held between values. */
    private static final int MOST_HELD = 1 << 20;

    private byte[] bytes = {};
    private int used;

    /** The keys of the last outermost map, sorted, and what is written for each. */
    private String[] keys = {};

    private byte[][] writtenKeys = {};

    /**
     * Writes a value.
     *
     * @param head what comes before it
     * @param value of what {@link ValueModel} takes
     * @return a new array
     * @throws IllegalArgumentException when the value holds something else, or is nested too deep
     */
    public byte[] write(byte[] head, @Nullable Object value) {
        used = 0;
        int at = reserve(head.length);
        System.arraycopy(head, 0, bytes, at, head.length);
        write(value, 0);
        byte[] written = Arrays.copyOf(bytes, used);
        if (bytes.length > MOST_HELD) {
            bytes = new byte[0];
        }
        return written;
    }

    private int reserve(int more) {
        int at = used;
        int needed = Math.addExact(at, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int)
                    Math.min(Integer.MAX_VALUE - 8, Math.max(needed, Math.max(LEAST, 2L * bytes.length))));
        }
        used = needed;
        return at;
    }

    private void write(@Nullable Object value, int depth) {
        if (depth > ValueModel.MAX_DEPTH) {
            throw ValueModel.tooDeep();
        }
        if (value == null) {
            put(0xC0);
        } else if (value instanceof String text) {
            writeText(text);
        } else if (value instanceof Long || value instanceof Integer) {
            writeLong(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            writeLong(0xCB, Double.doubleToRawLongBits(((Number) value).doubleValue()));
        } else if (value instanceof Boolean truth) {
            put(truth ? 0xC3 : 0xC2);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, depth);
        } else if (value instanceof List<?> list) {
            writeList(list, depth);
        } else if (value instanceof Short || value instanceof Byte) {
            writeLong(((Number) value).longValue());
        } else if (value instanceof BigInteger big) {
            writeBig(NumberLimits.checkWritten(big));
        } else {
            throw ValueModel.notOfIt(value);
        }
    }

    private void put(int oneByte) {
        int at = reserve(1);
        bytes[at] = (byte) oneByte;
    }

    private void writeLong(int format, long bits) {
        int at = reserve(9);
        bytes[at] = (byte) format;
        LONGS.set(bytes, at + 1, bits);
    }

    private void writeInt(int format, int bits) {
        int at = reserve(5);
        bytes[at] = (byte) format;
        INTS.set(bytes, at + 1, bits);
    }

    private void writeShort(int format, int bits) {
        int at = reserve(3);
        bytes[at] = (byte) format;
        SHORTS.set(bytes, at + 1, (short) bits);
    }

    private void writeByte(int format, int bits) {
        int at = reserve(2);
        bytes[at] = (byte) format;
        bytes[at + 1] = (byte) bits;
    }

    private void writeLong(long value) {
        if (value >= -32 && value < 128) {
            put((int) value);
        } else if (value >= 0) {
            if (value < 1 << 8) {
                writeByte(0xCC, (int) value);
            } else if (value < 1 << 16) {
                writeShort(0xCD, (int) value);
            } else if (value < 1L << 32) {
                writeInt(0xCE, (int) value);
            } else {
                writeLong(0xCF, value);
            }
        } else if (value >= Byte.MIN_VALUE) {
            writeByte(0xD0, (int) value);
        } else if (value >= Short.MIN_VALUE) {
            writeShort(0xD1, (int) value);
        } else if (value >= Integer.MIN_VALUE) {
            writeInt(0xD2, (int) value);
        } else {
            writeLong(0xD3, value);
        }
    }

    private void writeBig(BigInteger value) {
        if (value.bitLength() <= 63) {
            writeLong(value.longValue());
        } else if (value.signum() > 0 && value.bitLength() == 64) {
            writeLong(0xCF, value.longValue());
        } else {
            throw new IllegalArgumentException("integers of MessagePack go from -2^63 to 2^64-1, but one has "
                    + value.bitLength() + " bits; store it as text, or outside of a List or Map");
        }
    }

    private void writeText(String text) {
        int length = text.length();
        if (length <= SHORT_TEXT && writeAscii(text, length)) {
            return;
        }
        byte[] encoded = Utf8.check(text).getBytes(StandardCharsets.UTF_8);
        writeTextHeader(encoded.length);
        int at = reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
    }

    private boolean writeAscii(String text, int length) {
        int before = used;
        writeTextHeader(length);
        int at = reserve(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                used = before;
                return false;
            }
            bytes[at + i] = (byte) c;
        }
        return true;
    }

    private void writeTextHeader(int length) {
        if (length < 32) {
            put(0xA0 | length);
        } else if (length < 1 << 8) {
            writeByte(0xD9, length);
        } else if (length < 1 << 16) {
            writeShort(0xDA, length);
        } else {
            writeInt(0xDB, length);
        }
    }

    private void writeList(List<?> list, int depth) {
        int size = list.size();
        if (size < 16) {
            put(0x90 | size);
        } else if (size < 1 << 16) {
            writeShort(0xDC, size);
        } else {
            writeInt(0xDD, size);
        }
        int written = 0;
        for (Object item : list) {
            write(item, depth + 1);
            written++;
        }
        if (written != size) {
            throw new IllegalArgumentException(
                    "a list said that it has " + size + " elements and gave " + written + "; store a copy of it");
        }
    }

    private void writeMapHeader(int size) {
        if (size < 16) {
            put(0x80 | size);
        } else if (size < 1 << 16) {
            writeShort(0xDE, size);
        } else {
            writeInt(0xDF, size);
        }
    }

    private void writeMap(Map<?, ?> map, int depth) {
        // Other maps may find a key that they do not hold (one that differs in case) or refuse to look for it.
        boolean plain = map.getClass() == HashMap.class || map.getClass() == LinkedHashMap.class;
        if (depth == 0 && plain && map.size() == keys.length && writeAsBefore(map)) {
            return;
        }
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((k, v) -> {
            if (!(k instanceof String key)) {
                throw ValueModel.noKey(k);
            }
            sorted.put(key, v);
        });
        writeMapHeader(sorted.size());
        boolean remembered = depth == 0 && plain && sorted.size() <= MOST_KEYS;
        byte[][] written = new byte[remembered ? sorted.size() : 0][];
        int i = 0;
        for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
            int from = used;
            writeText(entry.getKey());
            if (remembered) {
                written[i++] = Arrays.copyOfRange(bytes, from, used);
            }
            write(entry.getValue(), depth + 1);
        }
        if (remembered) {
            keys = sorted.keySet().toArray(String[]::new);
            writtenKeys = written;
        }
    }

    /** Writes a map of as many keys as the last one had; false, with nothing written, when it has others. */
    private boolean writeAsBefore(Map<?, ?> map) {
        int before = used;
        writeMapHeader(keys.length);
        for (int i = 0; i < keys.length; i++) {
            Object value = map.get(keys[i]);
            if (value == null && !map.containsKey(keys[i])) {
                used = before;
                return false;
            }
            byte[] key = writtenKeys[i];
            int at = reserve(key.length);
            System.arraycopy(key, 0, bytes, at, key.length);
            write(value, 1);
        }
        return true;
    }
}
