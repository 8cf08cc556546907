package io.kohakuvault.internal.packer;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.internal.block.Elements;
import java.lang.reflect.Array;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists and arrays of numbers, one in another, as one array. */
final class ArrayValues {
    /** What the header of an array of any shape can count. */
    private static final int MOST_DIMENSIONS = 255;

    private ArrayValues() {}

    static NumericArray of(DType.VectorType type, Object value) {
        if (value instanceof NumericArray array) {
            return array;
        } else if (value instanceof float[] floats && type.element() == ElementType.F32) {
            return NumericArray.of(floats);
        } else if (value instanceof double[] doubles && type.element() == ElementType.F64) {
            return NumericArray.of(doubles);
        } else if (value instanceof long[] longs && type.element() == ElementType.I64) {
            return NumericArray.of(longs);
        } else if (value instanceof byte[]) {
            throw new IllegalArgumentException("a byte[] may be the numbers of " + type.token()
                    + " or their encoding; give a NumericArray, which says it");
        }
        List<Integer> shape = shape(value);
        if (shape.isEmpty()) {
            throw new IllegalArgumentException(
                    type.token() + " takes a NumericArray, a list or an array of numbers, but" + " was given a "
                            + value.getClass().getSimpleName());
        }
        Elements numbers = new Elements(type.element().sizeBytes(), type.elementCount());
        addAll(numbers, scalar(type.element()), shape, 0, value);
        return new NumericArray(type.element(), shape, Arrays.copyOf(numbers.bytes(), numbers.sizeBytes()));
    }

    /** How many there are along the first of each dimension; {@link #addAll} compares the others. */
    private static List<Integer> shape(Object value) {
        List<Integer> shape = new ArrayList<>();
        List<?> items = items(value);
        while (items != null) {
            if (shape.size() == MOST_DIMENSIONS) {
                throw new IllegalArgumentException("an array has up to 255 dimensions; this one has more");
            }
            shape.add(items.size());
            items = items.isEmpty() ? null : items(items.get(0));
        }
        return shape;
    }

    private static void addAll(Elements to, DType scalar, List<Integer> shape, int dimension, @Nullable Object value) {
        List<?> items = items(value);
        if (dimension == shape.size() && items == null) {
            ElementValues.add(to, scalar, value);
        } else if (items == null || dimension == shape.size() || items.size() != shape.get(dimension)) {
            throw new IllegalArgumentException("lists of one dimension differ: the first ones say the shape " + shape
                    + ", but at depth " + dimension + " there is "
                    + (items == null ? "no list" : "a list of " + items.size()));
        } else {
            for (Object item : items) {
                addAll(to, scalar, shape, dimension + 1, item);
            }
        }
    }

    private static @Nullable List<?> items(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        } else if (value == null || !value.getClass().isArray()) {
            return null;
        }
        return new AbstractList<@Nullable Object>() {
            @Override
            public @Nullable Object get(int index) {
                return Array.get(value, index);
            }

            @Override
            public int size() {
                return Array.getLength(value);
            }
        };
    }

    private static DType scalar(ElementType element) {
        return element == ElementType.BOOL
                ? DType.BOOL
                : element.isFloating() ? new DType.FloatingType(element) : new DType.IntegerType(element);
    }
}
