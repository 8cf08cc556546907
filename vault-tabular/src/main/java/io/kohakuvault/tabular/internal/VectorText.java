package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.vector.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Vectors and tensors as lists of JSON and back. NaN and infinite numbers are texts there. */
public final class VectorText {
    private VectorText() {}

    /**
     * One vector.
     *
     * @param json a list of numbers, each taken for the nearest float
     * @return the numbers
     * @throws IllegalArgumentException when it is none; the message says why
     */
    public static float[] parse(String json) {
        return floats(JsonTree.tree(json, JsonFaults.OF_VECTORS));
    }

    /** The numbers of a list as {@link JsonTree} has read it. */
    static float[] floats(@Nullable Object tree) {
        if (!(tree instanceof List<?> list)) {
            throw new RecordException("it is no list of numbers, as [0.5, -1] is");
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * list.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < list.size(); i++) {
            put(bytes, ElementType.F32, list.get(i), i);
        }
        float[] numbers = new float[list.size()];
        bytes.flip();
        bytes.asFloatBuffer().get(numbers);
        return numbers;
    }

    /** A vector of a column. */
    static NumericArray parse(DType.VectorType type, List<?> tree) {
        List<@Nullable Object> numbers = new ArrayList<>();
        List<Integer> shape = new ArrayList<>();
        flatten(tree, 0, shape, numbers);
        boolean fits = type.shape().isEmpty()
                || shape.equals(type.shape())
                || (shape.size() == 1 && shape.get(0) == type.elementCount());
        if (!fits) {
            throw new RecordException("it has the dimensions " + shape + ", the column " + type.shape());
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(numbers.size() * type.element().sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < numbers.size(); i++) {
            put(bytes, type.element(), numbers.get(i), i);
        }
        return new NumericArray(type.element(), type.shape().isEmpty() ? shape : type.shape(), bytes.array());
    }

    private static void flatten(List<?> list, int depth, List<Integer> shape, List<@Nullable Object> numbers) {
        if (depth == shape.size()) {
            shape.add(list.size());
        } else if (shape.get(depth) != list.size()) {
            throw new RecordException("its lists differ in length");
        }
        for (Object item : list) {
            boolean last = depth == shape.size() - 1;
            if (item instanceof List<?> inner && (!last || numbers.isEmpty())) {
                flatten(inner, depth + 1, shape, numbers);
            } else if (item instanceof List || !last) {
                throw new RecordException("some of its elements are lists, others are not");
            } else {
                numbers.add(item);
            }
        }
    }

    private static void put(ByteBuffer to, ElementType element, @Nullable Object item, int i) {
        if (element == ElementType.BOOL) {
            if (!(item instanceof Boolean truth)) {
                throw new RecordException("element " + i + " is neither true nor false");
            }
            to.put((byte) (truth ? 1 : 0));
            return;
        }
        NumberText number = new NumberText();
        byte[] text = String.valueOf(item).getBytes(StandardCharsets.UTF_8);
        boolean word = number.parse(text, 0, text.length) && number.isWord();
        if (!(item instanceof JsonTree.Digits || (item instanceof String && word && element.isFloating()))) {
            throw new RecordException("element " + i + " is no number");
        }
        if (element.isFloating()) {
            putFloat(to, element, number, i);
        } else {
            putInteger(to, element, number, i);
        }
    }

    private static void putFloat(ByteBuffer to, ElementType element, NumberText number, int i) {
        double value = element == ElementType.F32 ? number.floatValue() : number.doubleValue();
        boolean half = element == ElementType.F16;
        if (!number.isWord() && (Double.isInfinite(value) || (half && Math.abs(value) >= 65520))) {
            throw new RecordException("element " + i + " is beyond what " + element.token() + " holds");
        }
        switch (element) {
            case F16 -> to.putShort(HalfFloat.bits(value));
            case F32 -> to.putFloat((float) value);
            default -> to.putDouble(value);
        }
    }

    private static void putInteger(ByteBuffer to, ElementType element, NumberText number, int i) {
        int bits = 8 * element.sizeBytes();
        boolean unsigned = element.isUnsigned();
        long value = unsigned && number.isUnsignedLong() ? number.unsignedValue() : number.longValue();
        boolean fits = unsigned
                ? number.isUnsignedLong() && (bits == 64 || value >>> bits == 0)
                : number.isLong() && (bits == 64 || (value >= -1L << (bits - 1) && value < 1L << (bits - 1)));
        if (!fits) {
            throw new RecordException("element " + i + " is no number of " + element.token());
        }
        switch (element.sizeBytes()) {
            case 1 -> to.put((byte) value);
            case 2 -> to.putShort((short) value);
            case 4 -> to.putInt((int) value);
            default -> to.putLong(value);
        }
    }

    /** A vector as lists; null when its dimensions are not known from lists: none, or one of zero. */
    static @Nullable List<Object> tree(NumericArray array) {
        return array.shape().isEmpty() || array.shape().contains(0)
                ? null
                : list(array.data(), array.element(), array.shape(), 0);
    }

    /** Numbers of f32 as lists of a shape. */
    static List<Object> tree(float[] vector, List<Integer> shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return list(bytes, ElementType.F32, shape, 0);
    }

    /** A stored vector as a list, whole numbers as such. */
    public static List<Object> tree(VectorType type, float[] vector) {
        if (type == VectorType.F32) {
            return tree(vector, List.of(vector.length));
        }
        List<Object> numbers = new ArrayList<>(vector.length);
        for (float number : vector) {
            numbers.add(digits(Integer.toString((int) number)));
        }
        return numbers;
    }

    private static List<Object> list(ByteBuffer data, ElementType element, List<Integer> shape, int depth) {
        List<Object> list = new ArrayList<>(shape.get(depth));
        for (int i = 0; i < shape.get(depth); i++) {
            list.add(depth + 1 < shape.size() ? list(data, element, shape, depth + 1) : next(data, element));
        }
        return list;
    }

    private static Object next(ByteBuffer data, ElementType element) {
        return switch (element) {
            case BOOL -> data.get() != 0;
            case I8 -> digits(Byte.toString(data.get()));
            case U8 -> digits(Integer.toString(data.get() & 0xFF));
            case I16 -> digits(Short.toString(data.getShort()));
            case U16 -> digits(Integer.toString(data.getShort() & 0xFFFF));
            case I32 -> digits(Integer.toString(data.getInt()));
            case U32 -> digits(Integer.toUnsignedString(data.getInt()));
            case I64 -> digits(Long.toString(data.getLong()));
            case U64 -> digits(Long.toUnsignedString(data.getLong()));
            case F16 -> floating(HalfFloat.value(data.getShort()));
            case F32 -> floating(data.getFloat());
            case F64 -> {
                double value = data.getDouble();
                yield Double.isFinite(value) ? digits(Double.toString(value)) : Double.toString(value);
            }
        };
    }

    private static Object floating(float value) {
        return Float.isFinite(value) ? digits(Float.toString(value)) : Float.toString(value);
    }

    private static Object digits(String text) {
        return new JsonTree.Digits(text);
    }
}
