package io.kohakuvault.arrow;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Writes what MessagePack and CBOR hold into vectors of types that were asked for. No value becomes another. */
final class NestedVectors {
    private NestedVectors() {}

    /**
     * Sets an element; those before it are set already.
     *
     * @throws IllegalArgumentException when the value is of another type, or null where there are no nulls
     */
    static void set(FieldVector vector, int i, @Nullable Object value) {
        if (value == null) {
            if (!vector.getField().isNullable()) {
                throw new IllegalArgumentException("it is null, and " + type(vector) + " was asked for without nulls");
            }
            vector.setNull(i);
        } else if (vector instanceof MapVector maps) {
            setMap(maps, i, of(Map.class, vector, value));
        } else if (vector instanceof ListVector lists) {
            List<?> list = of(List.class, vector, value);
            int start = lists.startNewValue(i);
            for (int j = 0; j < list.size(); j++) {
                set(lists.getDataVector(), start + j, list.get(j));
            }
            lists.endValue(i, list.size());
        } else if (vector instanceof LargeListVector lists) {
            List<?> list = of(List.class, vector, value);
            int start = Math.toIntExact(lists.startNewValue(i));
            for (int j = 0; j < list.size(); j++) {
                set(lists.getDataVector(), start + j, list.get(j));
            }
            lists.endValue(i, list.size());
        } else if (vector instanceof StructVector struct) {
            setStruct(struct, i, of(Map.class, vector, value));
        } else {
            setSingle(vector, i, value);
        }
    }

    private static void setMap(MapVector maps, int i, Map<?, ?> map) {
        StructVector entries = (StructVector) maps.getDataVector();
        FieldVector keys = entries.getChildrenFromFields().get(0);
        FieldVector values = entries.getChildrenFromFields().get(1);
        int at = maps.startNewValue(i);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            entries.setIndexDefined(at);
            set(keys, at, entry.getKey());
            set(values, at, entry.getValue());
            at++;
        }
        maps.endValue(i, map.size());
    }

    /** What the map has under other keys was not asked for. */
    private static void setStruct(StructVector struct, int i, Map<?, ?> map) {
        struct.setIndexDefined(i);
        for (FieldVector child : struct.getChildrenFromFields()) {
            try {
                set(child, i, map.get(child.getName()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("in '" + child.getName() + "': " + e.getMessage(), e);
            }
        }
    }

    private static void setSingle(FieldVector vector, int i, Object value) {
        if (vector instanceof BitVector bits) {
            bits.setSafe(i, of(Boolean.class, vector, value) ? 1 : 0);
        } else if (vector instanceof VarCharVector texts) {
            texts.setSafe(i, of(String.class, vector, value).getBytes(StandardCharsets.UTF_8));
        } else if (vector instanceof LargeVarCharVector texts) {
            texts.setSafe(i, of(String.class, vector, value).getBytes(StandardCharsets.UTF_8));
        } else if (vector instanceof VarBinaryVector bytes) {
            bytes.setSafe(i, of(byte[].class, vector, value));
        } else if (vector instanceof LargeVarBinaryVector bytes) {
            bytes.setSafe(i, of(byte[].class, vector, value));
        } else if (vector instanceof Float8Vector numbers) {
            numbers.setSafe(i, floating(vector, value));
        } else if (vector instanceof Float4Vector numbers) {
            double number = floating(vector, value);
            if ((float) number != number && !Double.isNaN(number)) {
                throw misfit(vector, value);
            }
            numbers.setSafe(i, (float) number);
        } else {
            setInteger(vector, i, integer(vector, value));
        }
    }

    private static void setInteger(FieldVector vector, int i, long number) {
        if (vector instanceof BigIntVector numbers) {
            numbers.setSafe(i, number);
        } else if (vector instanceof IntVector numbers) {
            numbers.setSafe(i, (int) number);
        } else if (vector instanceof SmallIntVector numbers) {
            numbers.setSafe(i, (short) number);
        } else if (vector instanceof TinyIntVector numbers) {
            numbers.setSafe(i, (byte) number);
        } else if (vector instanceof UInt1Vector numbers) {
            numbers.setSafe(i, (byte) number);
        } else if (vector instanceof UInt2Vector numbers) {
            numbers.setSafe(i, (char) number);
        } else if (vector instanceof UInt4Vector numbers) {
            numbers.setSafe(i, (int) number);
        } else {
            ((UInt8Vector) vector).setSafe(i, number);
        }
    }

    /** The bits of a number that the vector's type has. */
    private static long integer(FieldVector vector, Object value) {
        ArrowType.Int type = (ArrowType.Int) vector.getField().getType();
        BigInteger number = whole(value);
        boolean fits = number != null
                && (type.getIsSigned()
                        ? number.bitLength() < type.getBitWidth()
                        : number.signum() >= 0 && number.bitLength() <= type.getBitWidth());
        if (!fits) {
            throw misfit(vector, value);
        }
        return Objects.requireNonNull(number).longValue();
    }

    private static @Nullable BigInteger whole(Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return BigInteger.valueOf(((Number) value).longValue());
        }
        return value instanceof BigInteger number ? number : null;
    }

    /** A number as a double, which it is. */
    private static double floating(FieldVector vector, Object value) {
        if (value instanceof Double || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        BigInteger number = whole(value);
        if (number == null || !isExact(number)) {
            throw misfit(vector, value);
        }
        return number.doubleValue();
    }

    private static boolean isExact(BigInteger number) {
        return number.signum() == 0 || number.bitLength() - number.abs().getLowestSetBit() <= 53;
    }

    private static <T> T of(Class<T> type, FieldVector vector, Object value) {
        if (!type.isInstance(value)) {
            throw misfit(vector, value);
        }
        return type.cast(value);
    }

    private static IllegalArgumentException misfit(FieldVector vector, Object value) {
        String text = value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value);
        return new IllegalArgumentException(
                (text.length() > 100 ? text.substring(0, 100) + "…" : text) + " is no " + type(vector));
    }

    private static String type(FieldVector vector) {
        return String.valueOf(vector.getField().getType());
    }
}
