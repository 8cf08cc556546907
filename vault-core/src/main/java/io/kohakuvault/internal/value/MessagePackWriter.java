package io.kohakuvault.internal.value;

import io.kohakuvault.codec.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
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

    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    /** More is not held between values. */
    private static final int MOST_HELD = 1 << 20;

    private byte[] bytes = {};
    private int used;

    /** Keys of more bytes are not remembered. */
    private static final int MOST_KEY_BYTES = 1 << 14;

    private final boolean forMany;
    private final Entries outermost = new Entries();
    private boolean writing;

    /** The keys of the last outermost map in the order it gave them, and which of them comes first, second, … */
    private String[] keys = {};

    private int[] order = {};

    /** What is written for each key, in the order in which they are written. */
    private byte[][] writtenKeys = {};

    /** For many values. */
    public MessagePackWriter() {
        this(true);
    }

    private MessagePackWriter(boolean forMany) {
        this.forMany = forMany;
    }

    /** {@return one for a single value, which remembers nothing} */
    static MessagePackWriter once() {
        return new MessagePackWriter(false);
    }

    /** The entries of a map as it gives them, in one call, so that they are of one moment. */
    private static final class Entries implements BiConsumer<Object, Object> {
        private @Nullable Object[] keys = {};
        private @Nullable Object[] values = {};
        private int count;

        void of(Map<?, ?> map) {
            count = 0;
            map.forEach(this);
        }

        @Override
        public void accept(@Nullable Object key, @Nullable Object value) {
            if (count == keys.length) {
                int length = Math.max(16, 2 * count);
                keys = Arrays.copyOf(keys, length);
                values = Arrays.copyOf(values, length);
            }
            keys[count] = key;
            values[count++] = value;
        }

        void forget() {
            if (count > MOST_KEYS) {
                keys = new Object[0];
                values = new Object[0];
            } else {
                Arrays.fill(keys, 0, count, null);
                Arrays.fill(values, 0, count, null);
            }
            count = 0;
        }
    }

    /**
     * Writes a value.
     *
     * @param head what comes before it
     * @param value of what {@link ValueModel} takes
     * @return a new array
     * @throws IllegalArgumentException when the value holds something else, or is nested too deep
     */
    public byte[] write(byte[] head, @Nullable Object value) {
        if (writing) { // a list or map that is read calls whoever made this writer
            return once().write(head, value);
        }
        writing = true;
        try {
            used = 0;
            int at = reserve(head.length);
            System.arraycopy(head, 0, bytes, at, head.length);
            write(value, 0);
            return Arrays.copyOf(bytes, used);
        } finally {
            writing = false;
            outermost.forget();
            if (bytes.length > MOST_HELD) {
                bytes = new byte[0];
            }
        }
    }

    private int reserve(int more) {
        int at = used;
        long needed = (long) at + more;
        if (needed > bytes.length) {
            if (needed > MOST_BYTES) {
                throw new IllegalArgumentException("a value takes more than 2 GiB; store its parts one by one");
            }
            bytes = Arrays.copyOf(bytes, (int)
                    Math.min(MOST_BYTES, Math.max(needed, Math.max(LEAST, 2L * bytes.length))));
        }
        used = (int) needed;
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
        @Nullable Object[] items = list.toArray(); // of one moment, where others change it
        int size = items.length;
        if (size < 16) {
            put(0x90 | size);
        } else if (size < 1 << 16) {
            writeShort(0xDC, size);
        } else {
            writeInt(0xDD, size);
        }
        for (Object item : items) {
            write(item, depth + 1);
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
        Entries entries = depth == 0 ? outermost : new Entries();
        entries.of(map);
        if (depth > 0 || !writeAsBefore(entries)) {
            writeSorted(entries, depth);
        }
    }

    /** Writes a map of the keys that the last one had, given in their order; false where it has others. */
    private boolean writeAsBefore(Entries entries) {
        if (entries.count != keys.length) {
            return false;
        }
        for (int i = 0; i < keys.length; i++) {
            if (!keys[i].equals(entries.keys[i])) {
                return false;
            }
        }
        writeMapHeader(keys.length);
        for (int i = 0; i < order.length; i++) {
            byte[] key = writtenKeys[i];
            int at = reserve(key.length);
            System.arraycopy(key, 0, bytes, at, key.length);
            write(entries.values[order[i]], 1);
        }
        return true;
    }

    private void writeSorted(Entries entries, int depth) {
        TreeMap<String, Integer> sorted = new TreeMap<>();
        for (int i = 0; i < entries.count; i++) {
            if (!(entries.keys[i] instanceof String key)) {
                throw ValueModel.noKey(entries.keys[i]);
            }
            sorted.put(key, i);
        }
        writeMapHeader(sorted.size());
        boolean remembered = forMany && depth == 0 && sorted.size() == entries.count && entries.count <= MOST_KEYS;
        int[] places = new int[remembered ? entries.count : 0];
        byte[][] written = new byte[places.length][];
        int total = 0;
        int n = 0;
        for (Map.Entry<String, Integer> entry : sorted.entrySet()) {
            int from = used;
            writeText(entry.getKey());
            total += used - from;
            remembered &= total <= MOST_KEY_BYTES;
            if (remembered) {
                places[n] = entry.getValue();
                written[n++] = Arrays.copyOfRange(bytes, from, used);
            }
            write(entries.values[entry.getValue()], depth + 1);
        }
        if (remembered) {
            keys = Arrays.copyOf(entries.keys, entries.count, String[].class);
            order = places;
            writtenKeys = written;
        }
    }
}
