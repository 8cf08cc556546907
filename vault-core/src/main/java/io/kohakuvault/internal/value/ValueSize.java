package io.kohakuvault.internal.value;

import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** About how much memory decoded values take. */
public final class ValueSize {
    /** Of an object beside what it holds, and of its place. */
    private static final long OBJECT_BYTES = 64;

    private ValueSize() {}

    /** Of a value with what it holds; decoding has limited how deep it is. */
    public static long of(@Nullable Object value) {
        long size = OBJECT_BYTES;
        if (value instanceof byte[] bytes) {
            size += bytes.length;
        } else if (value instanceof String text) {
            size += text.length();
        } else if (value instanceof OpaqueValue opaque) {
            size += opaque.bytes().length;
        } else if (value instanceof float[] floats) {
            size += 4L * floats.length;
        } else if (value instanceof NumericArray array) {
            size += array.data().remaining();
        } else if (value instanceof Collection<?> list) {
            for (Object item : list) {
                size += of(item);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += of(entry.getKey()) + of(entry.getValue());
            }
        }
        return size;
    }
}
