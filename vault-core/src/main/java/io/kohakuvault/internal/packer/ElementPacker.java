package io.kohakuvault.internal.packer;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.DataPacker;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.value.VectorCodes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Packs elements as columns hold them, with a byte in front of vectors of one shape where KohakuVault's packer has one.
 */
final class ElementPacker implements DataPacker {
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private final DType dtype;

    /** The byte in front of each element, 0 for none. */
    private final byte typeByte;

    private final @Nullable JsonSchema schema;

    ElementPacker(DType dtype, boolean asInColumns) {
        this(dtype, asInColumns ? 0 : typeByte(dtype), null);
        if (dtype instanceof DType.StringType type && !type.encoding().isSupported()) {
            throw new IllegalArgumentException("text of " + dtype.token() + " cannot be packed: the encoding '"
                    + type.encoding().token() + "' is not known here; docs/columns.md lists those that are");
        }
    }

    private ElementPacker(DType dtype, byte typeByte, @Nullable JsonSchema schema) {
        this.dtype = dtype;
        this.typeByte = typeByte;
        this.schema = schema;
    }

    private static byte typeByte(DType dtype) {
        return dtype instanceof DType.VectorType type && type.isFixedSize() ? (byte) VectorCodes.of(type.element()) : 0;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public int elementBytes() {
        return dtype.elementSizeBytes() + front();
    }

    /** Bytes in front of each element. */
    private int front() {
        return typeByte == 0 ? 0 : 1;
    }

    @Override
    public boolean isVariableSize() {
        return !dtype.isFixedSize();
    }

    @Override
    public byte[] pack(@Nullable Object value) {
        Elements packed = elements(1);
        add(packed, value);
        return bytes(packed);
    }

    @Override
    public byte[] packMany(Collection<? extends @Nullable Object> values) {
        Objects.requireNonNull(values, "values");
        return bytes(packed(values));
    }

    @Override
    public byte[] packMany(Collection<? extends @Nullable Object> values, int[] offsets) {
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(offsets, "offsets");
        if (offsets.length != values.size()) {
            throw new IllegalArgumentException("an array of " + offsets.length + " offsets for " + values.size()
                    + " values; make it as long as there are values");
        }
        Elements packed = packed(values);
        byte[] bytes = bytes(packed);
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = packed.start(i) + i * front();
        }
        return bytes;
    }

    private Elements packed(Collection<? extends @Nullable Object> values) {
        int unused = isVariableSize() ? 0 : room(values.size()); // refused before the memory is taken
        Elements packed = elements(values.size());
        int i = 0;
        for (Object value : values) {
            try {
                add(packed, value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("value " + i + ": " + e.getMessage(), e);
            }
            i++;
        }
        return packed;
    }

    private Elements elements(int expected) {
        return new Elements(dtype.elementSizeBytes(), expected);
    }

    private void add(Elements to, @Nullable Object value) {
        ElementValues.add(to, dtype, value); // before the schema sees it: of a depth and of classes that are known
        if (schema != null) {
            schema.check(value);
        }
    }

    private byte[] bytes(Elements packed) {
        if (typeByte == 0) {
            return Arrays.copyOf(packed.bytes(), packed.sizeBytes());
        }
        int size = dtype.elementSizeBytes();
        byte[] out = new byte[room(packed.rows())];
        for (int i = 0; i < packed.rows(); i++) {
            out[i * (size + 1)] = typeByte;
            System.arraycopy(packed.bytes(), i * size, out, i * (size + 1) + 1, size);
        }
        return out;
    }

    private int room(int rows) {
        long bytes = (long) rows * elementBytes();
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    rows + " elements of " + dtype.token() + " are more than 2 GiB; pack them in several calls");
        }
        return (int) bytes;
    }

    @Override
    public @Nullable Object unpack(byte[] bytes) {
        return unpack(bytes, 0);
    }

    @Override
    public @Nullable Object unpack(byte[] bytes, int offset) {
        Objects.requireNonNull(bytes, "bytes");
        if (offset < 0 || offset > bytes.length) {
            throw new IndexOutOfBoundsException("an element at " + offset + " of " + bytes.length + " bytes");
        }
        if (bytes.length - offset < elementBytes()) {
            throw new IllegalArgumentException("an element of " + dtype.token() + " at " + offset + " needs "
                    + elementBytes() + " bytes but has " + (bytes.length - offset));
        }
        return read(bytes, offset, isVariableSize() ? bytes.length : offset + elementBytes());
    }

    @Override
    public List<@Nullable Object> unpackMany(byte[] bytes, int count) {
        Objects.requireNonNull(bytes, "bytes");
        if (isVariableSize()) {
            throw new IllegalArgumentException(
                    "elements of " + dtype.token() + " differ in size; say where each begins, as packMany does");
        } else if (count < 0) {
            throw new IllegalArgumentException("a count of " + count);
        }
        int size = elementBytes();
        if ((long) count * size > bytes.length) {
            throw new IllegalArgumentException("needs " + (long) count * size + " bytes for " + count + " elements of "
                    + dtype.token() + " but has " + bytes.length);
        }
        List<@Nullable Object> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(read(bytes, i, i * size, (i + 1) * size));
        }
        return values;
    }

    @Override
    public List<@Nullable Object> unpackMany(byte[] bytes, int[] offsets) {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(offsets, "offsets");
        if (!isVariableSize()) {
            throw new IllegalArgumentException("elements of " + dtype.token() + " have " + elementBytes()
                    + " bytes each; say how many there are, instead of where they begin");
        }
        for (int i = 0; i < offsets.length; i++) { // all, before the first is read
            if (offsets[i] < 0 || offsets[i] > bytes.length) {
                throw new IndexOutOfBoundsException(
                        "offset " + i + " is " + offsets[i] + ", of " + bytes.length + " bytes");
            } else if (i > 0 && offsets[i] < offsets[i - 1]) {
                throw new IndexOutOfBoundsException(
                        "offset " + i + " is " + offsets[i] + ", before the one in front of it, " + offsets[i - 1]);
            }
        }
        List<@Nullable Object> values = new ArrayList<>(offsets.length);
        for (int i = 0; i < offsets.length; i++) {
            values.add(read(bytes, i, offsets[i], i + 1 < offsets.length ? offsets[i + 1] : bytes.length));
        }
        return values;
    }

    private @Nullable Object read(byte[] bytes, int index, int from, int to) {
        try {
            return read(bytes, from, to);
        } catch (IllegalArgumentException e) {
            throw inElement(index, e);
        }
    }

    private static IllegalArgumentException inElement(int index, IllegalArgumentException e) {
        return new IllegalArgumentException("element " + index + ": " + e.getMessage(), e);
    }

    private @Nullable Object read(byte[] bytes, int from, int to) {
        checkFront(bytes, from);
        Object value = ElementValues.read(dtype, bytes, from + front(), to);
        if (schema != null) {
            schema.check(value);
        }
        return value;
    }

    private void checkFront(byte[] bytes, int from) {
        if (typeByte != 0 && bytes[from] != typeByte) {
            throw new IllegalArgumentException("an element of " + dtype.token() + " begins with the byte " + typeByte
                    + ", not with " + (bytes[from] & 0xFF) + "; of columns, whose elements have none, read it with"
                    + " DataPacker.ofColumn");
        }
    }

    @Override
    public byte[] packLongs(long[] values) {
        return PrimitiveArrays.packLongs(integers(), values, room(values.length));
    }

    @Override
    public long[] unpackLongs(byte[] bytes) {
        return PrimitiveArrays.unpackLongs(integers(), bytes, whole(bytes));
    }

    @Override
    public byte[] packInts(int[] values) {
        return PrimitiveArrays.packInts(integers(), values, room(values.length));
    }

    @Override
    public int[] unpackInts(byte[] bytes) {
        return PrimitiveArrays.unpackInts(integers(), bytes, whole(bytes));
    }

    @Override
    public byte[] packDoubles(double[] values) {
        return PrimitiveArrays.packDoubles(floats(), values, room(values.length));
    }

    @Override
    public double[] unpackDoubles(byte[] bytes) {
        return PrimitiveArrays.unpackDoubles(floats(), bytes, whole(bytes));
    }

    @Override
    public byte[] packFloats(float[] values) {
        return PrimitiveArrays.packFloats(floats(), values, room(values.length));
    }

    @Override
    public float[] unpackFloats(byte[] bytes) {
        return PrimitiveArrays.unpackFloats(floats(), bytes, whole(bytes));
    }

    @Override
    public byte[] packVectors(float[][] vectors) {
        DType.VectorType type = vectors();
        ByteBuffer out = ByteBuffer.wrap(new byte[room(vectors.length)]).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < vectors.length; i++) {
            int length = Objects.requireNonNull(vectors[i], "vector").length;
            if (length != type.elementCount()) {
                throw new IllegalArgumentException(
                        "value " + i + ": an element of " + type.token() + " was given " + length + " floats");
            }
            if (typeByte != 0) {
                out.put(typeByte);
            }
            out.asFloatBuffer().put(vectors[i]);
            out.position(out.position() + type.elementSizeBytes());
        }
        return out.array();
    }

    @Override
    public float[][] unpackVectors(byte[] bytes) {
        DType.VectorType type = vectors();
        float[][] vectors = new float[whole(bytes)][type.elementCount()];
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < vectors.length; i++) {
            int from = i * elementBytes();
            try {
                checkFront(bytes, from);
            } catch (IllegalArgumentException e) {
                throw inElement(i, e);
            }
            in.position(from + front()).asFloatBuffer().get(vectors[i]);
        }
        return vectors;
    }

    /** How many elements the bytes are. */
    private int whole(byte[] bytes) {
        int size = elementBytes();
        if (bytes.length % size != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes are no whole number of elements of "
                    + dtype.token() + ", which have " + size + " each");
        }
        return bytes.length / size;
    }

    private DType.IntegerType integers() {
        if (dtype instanceof DType.IntegerType type) {
            return type;
        }
        throw another("integers");
    }

    private DType.FloatingType floats() {
        if (dtype instanceof DType.FloatingType type) {
            return type;
        }
        throw another("floating-point numbers");
    }

    private DType.VectorType vectors() {
        if (dtype instanceof DType.VectorType type && type.element() == ElementType.F32 && type.isFixedSize()) {
            return type;
        }
        throw another("vectors of f32 of one shape");
    }

    private IllegalArgumentException another(String what) {
        return new IllegalArgumentException("elements of " + dtype.token() + " are no " + what + "; use "
                + (dtype instanceof DType.IntegerType
                        ? "packLongs or packInts"
                        : dtype instanceof DType.FloatingType
                                ? "packDoubles or packFloats"
                                : "packMany and unpackMany"));
    }

    @Override
    public DataPacker withJsonSchema(String text) {
        Objects.requireNonNull(text, "schema");
        if (!(dtype instanceof DType.PackedType)) {
            throw new IllegalArgumentException(
                    "a JSON schema says what values of msgpack and cbor may be, and none of " + dtype.token());
        }
        try {
            return new ElementPacker(dtype, typeByte, new JsonSchema(text));
        } catch (NoClassDefFoundError e) {
            throw new UnsupportedOperationException(
                    "JSON schemas need com.networknt:json-schema-validator:2.0.8 (or another 2.0) on the class path;"
                            + " add that dependency",
                    e);
        }
    }
}
