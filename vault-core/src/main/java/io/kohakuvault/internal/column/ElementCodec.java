package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Half;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;

/** Values to the bytes of elements and back, by dtype. */
public final class ElementCodec {
    private ElementCodec() {}

    public static void addLong(Elements to, DType.IntegerType type, long value) {
        long shifted = switch (type.element()) {
            case I8 -> (byte) value;
            case U8 -> value & 0xFF;
            case I16 -> (short) value;
            case U16 -> value & 0xFFFF;
            case I32 -> (int) value;
            case U32 -> value & 0xFFFFFFFFL;
            default -> value;
        };
        if (shifted != value) {
            throw new IllegalArgumentException(value + " is out of the range of " + type.token());
        }
        to.addBits(value);
    }

    public static void addDouble(Elements to, DType.FloatingType type, double value) {
        to.addBits(
                switch (type.element()) {
                    case F16 -> Half.fromDouble(value);
                    case F32 -> Float.floatToRawIntBits((float) value);
                    default -> Double.doubleToRawLongBits(value);
                });
    }

    public static void addString(Elements to, DType.StringType type, String value) {
        byte[] bytes = encode(type.encoding(), value);
        if (type.sizeBytes() > 0 && bytes.length > type.sizeBytes()) {
            throw new IllegalArgumentException(
                    "a text of " + bytes.length + " bytes does not fit " + type.token() + "; shorten it or use str");
        }
        to.addBytes(bytes, 0, bytes.length);
    }

    /** Unlike String.getBytes, refuses what the encoding cannot say instead of writing a question mark. */
    private static byte[] encode(TextEncoding encoding, String value) {
        if (encoding == TextEncoding.UTF8) {
            return Utf8.encode(value);
        }
        try {
            ByteBuffer bytes = encoding.charset()
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(value));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the text cannot be written in " + encoding.token() + ": " + e, e);
        }
    }

    public static void addBytes(Elements to, DType type, byte[] value) {
        int size = type.elementSizeBytes();
        boolean padded =
                type instanceof DType.BytesType || type instanceof DType.PackedType || type instanceof DType.StringType;
        if (size > 0 && (value.length > size || (!padded && value.length != size))) {
            throw new IllegalArgumentException(
                    "an element of " + type.token() + " takes " + size + " bytes, but was given " + value.length);
        }
        if (value.length > DType.MAX_ELEMENT_BYTES) {
            throw new IllegalArgumentException("an element may have 512 MiB, but was given " + value.length + " bytes");
        }
        to.addBytes(value, 0, value.length);
    }

    public static void addFloats(Elements to, DType.VectorType type, float[] value) {
        if (type.element() != ElementType.F32 || type.shape().isEmpty() || value.length != type.elementCount()) {
            throw new IllegalArgumentException(
                    "an element of " + type.token() + " was given " + value.length + " floats");
        }
        to.addFloats(value, 0, value.length);
    }

    public static byte[] getBytes(BlockData block, DType type, int i) {
        int size = type.elementSizeBytes();
        int from = size > 0 ? i * size : block.start(i);
        byte[] bytes = new byte[(size > 0 ? from + size : block.start(i + 1)) - from];
        block.payload().get(from, bytes);
        return bytes;
    }

    public static String getString(BlockData block, DType.StringType type, int i) {
        String text = new String(getBytes(block, type, i), type.encoding().charset());
        if (type.sizeBytes() == 0) {
            return text;
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == 0) {
            end--;
        }
        return text.substring(0, end);
    }

    public static float[] getFloats(BlockData block, DType.VectorType type, int i) {
        float[] vector = new float[type.elementCount()];
        int size = type.elementSizeBytes();
        block.payload()
                .slice(i * size, size)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }
}
