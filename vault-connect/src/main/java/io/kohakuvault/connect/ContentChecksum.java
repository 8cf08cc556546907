package io.kohakuvault.connect;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * A checksum (CRC-32C) of what a record says, the same in every process: each value is fed as a letter for its kind,
 * its length where it has one, and its bytes. The entries of a map count in the order of their keys.
 */
@SuppressWarnings("JavaUtilDate") // what Kafka Connect hands over
final class ContentChecksum {
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer number = ByteBuffer.allocate(9);

    private long bytes;

    /** What is nested deeper is no part of it: it cannot be stored, and takes the stack. */
    private static final int DEEPEST = 1_000;

    private int depth;

    private ContentChecksum() {}

    static ContentChecksum of(@Nullable Object key, @Nullable Object value) {
        ContentChecksum sum = new ContentChecksum();
        sum.add(key);
        sum.add(value);
        return sum;
    }

    int value() {
        return (int) crc.getValue();
    }

    /** About how many bytes the key and the value hold. */
    long sizeBytes() {
        return bytes;
    }

    private void add(char kind, long bits) {
        number.clear().put((byte) kind).putLong(bits).flip();
        crc.update(number);
        bytes += number.capacity();
    }

    private void add(char kind, byte[] content) {
        add(kind, content.length);
        crc.update(content);
        bytes += content.length;
    }

    /** What is no text of its own may say where it is in this process's memory, and not what it holds. */
    private static String key(@Nullable Object key) {
        if (key == null || key instanceof String || key instanceof Number || key instanceof Boolean) {
            return String.valueOf(key);
        }
        try {
            return Plain.key(key);
        } catch (UnfitException e) {
            return key.getClass().getName();
        }
    }

    private void add(@Nullable Object value) {
        if (depth < DEEPEST) {
            depth++;
            addNested(value);
            depth--;
        }
    }

    private void addNested(@Nullable Object value) {
        if (value == null) {
            add('n', 0);
        } else if (value instanceof String text) {
            add('s', text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Boolean truth) {
            add('b', truth ? 1 : 0);
        } else if (value instanceof Double || value instanceof Float) {
            add('d', Double.doubleToLongBits(((Number) value).doubleValue()));
        } else if (value instanceof BigDecimal || value instanceof BigInteger) {
            add('g', value.toString().getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Number whole) {
            add('i', whole.longValue());
        } else if (value instanceof Date date) {
            add('t', date.getTime());
        } else if (value instanceof byte[] array) {
            add('y', array);
        } else if (value instanceof ByteBuffer buffer) {
            add('y', Plain.bytes(buffer));
        } else if (value instanceof List<?> list) {
            add('l', list.size());
            list.forEach(this::add);
        } else if (value instanceof Map<?, ?> map) {
            add('m', map.size());
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(key(k), v));
            sorted.forEach((k, v) -> {
                add(k);
                add(v);
            });
        } else if (value instanceof Struct struct) {
            add('m', struct.schema().fields().size());
            for (Field field : struct.schema().fields()) {
                add(field.name());
                add(struct.getWithoutDefault(field.name()));
            }
        } else {
            add('o', value.getClass().getName().getBytes(StandardCharsets.UTF_8));
        }
    }
}
