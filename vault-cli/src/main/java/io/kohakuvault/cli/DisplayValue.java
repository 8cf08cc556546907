package io.kohakuvault.cli;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import io.kohakuvault.tabular.internal.JsonTree;
import io.kohakuvault.tabular.internal.TextExport;
import io.kohakuvault.tabular.internal.VectorText;
import io.kohakuvault.vector.VectorType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Values for people to read. */
final class DisplayValue {
    private static final int SHOWN_BYTES = 32;
    private static final int SHOWN_NUMBERS = 8;

    /** No terminal is wider, and whoever looks at the first rows does not want a book. */
    private static final int SHOWN_CHARS = 1_000;

    private DisplayValue() {}

    /** A value of a column, which says how its numbers are meant. */
    static String of(Object value, DType dtype) {
        if (value instanceof Long number && number < 0 && dtype.equals(DType.U64)) {
            return Long.toUnsignedString(number);
        } else if (value instanceof Double number && dtype instanceof DType.FloatingType && !dtype.equals(DType.F64)) {
            return Float.toString(number.floatValue());
        }
        return of(value);
    }

    /** A vector's first numbers. */
    static String of(VectorType type, float[] vector) {
        boolean all = vector.length <= SHOWN_NUMBERS;
        String text = JsonTree.text(VectorText.tree(type, all ? vector : Arrays.copyOf(vector, SHOWN_NUMBERS)));
        return all ? text : text.replace("]", ", …]") + " (" + vector.length + ")";
    }

    /** A value in a line that is not too long. */
    static String of(Object value) {
        if (value instanceof float[] floats && floats.length > SHOWN_NUMBERS) {
            return of(VectorType.F32, floats);
        } else if (value instanceof NumericArray array && array.data().remaining() > 64) {
            return array.toString();
        } else if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        String text = whole(value);
        return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "…" : text;
    }

    /** All of a value: text as it is, lists and maps as JSON, bytes in hexadecimal digits as far as they are few. */
    static String whole(Object value) {
        if (value instanceof byte[] bytes) {
            String hex = HexFormat.of().formatHex(bytes, 0, Math.min(SHOWN_BYTES, bytes.length));
            return "x'" + hex + (bytes.length > SHOWN_BYTES ? "…' (" + bytes.length + " bytes)" : "'");
        } else if (value instanceof OpaqueValue) {
            return value.toString();
        } else if (value instanceof List
                || value instanceof Map
                || value instanceof float[]
                || value instanceof NumericArray) {
            Object tree = TextExport.described(value);
            return tree instanceof String text ? text : JsonTree.text(tree);
        }
        return String.valueOf(value);
    }

    /** Bytes in a unit that reads well. */
    static String size(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
