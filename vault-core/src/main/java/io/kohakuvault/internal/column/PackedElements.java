package io.kohakuvault.internal.column;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.value.Cbor;
import io.kohakuvault.internal.value.MessagePack;
import io.kohakuvault.internal.value.NumericArrays;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Elements that describe themselves: MessagePack, CBOR, and arrays of numbers of any shape. */
public final class PackedElements {
    private PackedElements() {}

    public static void addValue(Elements to, DType.PackedType type, @Nullable Object value) {
        byte[] bytes =
                type.format() == DType.PackedType.Format.MSGPACK ? MessagePack.encode(value) : Cbor.encode(value);
        if (type.sizeBytes() > 0 && bytes.length > type.sizeBytes()) {
            throw new IllegalArgumentException("a value does not fit " + type.token() + ": at most " + type.sizeBytes()
                    + " bytes, has " + bytes.length + "; shorten it, or use a dtype without a size");
        }
        to.addBytes(bytes, 0, bytes.length);
    }

    /**
     * The value of an element that somebody has encoded.
     *
     * @throws IllegalArgumentException when the bytes are not one value and nothing else
     */
    public static @Nullable Object decoded(DType.PackedType type, byte[] bytes) {
        boolean padded = type.sizeBytes() > 0;
        try {
            return type.format() == DType.PackedType.Format.MSGPACK
                    ? MessagePack.decodeWhole(bytes, padded)
                    : Cbor.decodeWhole(bytes, padded);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes are no element of " + type.token() + ": " + e.getMessage(), e);
        }
    }

    /** Adds an array that somebody has encoded; an IllegalArgumentException when the bytes are none, or more. */
    public static void addEncoded(Elements to, DType.VectorType type, byte[] bytes) {
        NumericArray array = NumericArrays.decodeWhole(bytes);
        if (type.shape().isEmpty() && (array == null || array.element() != type.element())) {
            throw new IllegalArgumentException(bytes.length + " bytes are no element of " + type.token()
                    + ", which says its element, its shape and its numbers");
        }
        ElementCodec.addBytes(to, type, bytes);
    }

    /**
     * Reads a value.
     *
     * @param where which column, for the message when the bytes are no value
     */
    public static @Nullable Object getValue(BlockData block, DType.PackedType type, int i, Supplier<String> where) {
        byte[] bytes = ElementCodec.getBytes(block, type, i);
        try {
            return type.format() == DType.PackedType.Format.MSGPACK ? MessagePack.decode(bytes) : Cbor.decode(bytes);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(block, i, where, e.getMessage(), e);
        }
    }

    public static void addArray(Elements to, DType.VectorType type, NumericArray array) {
        if (array.element() != type.element()
                || (!type.shape().isEmpty() && !array.shape().equals(type.shape()))) {
            throw new IllegalArgumentException("an element of " + type.token() + " was given an array of " + array);
        }
        byte[] bytes = type.shape().isEmpty() ? NumericArrays.encodeExact(array) : NumericArrays.bytes(array);
        to.addBytes(bytes, 0, bytes.length);
    }

    /**
     * Reads an array.
     *
     * @param where which column, for the message when the bytes are no array
     */
    public static NumericArray getArray(BlockData block, DType.VectorType type, int i, Supplier<String> where) {
        byte[] bytes = ElementCodec.getBytes(block, type, i);
        if (!type.shape().isEmpty()) {
            return new NumericArray(type.element(), type.shape(), bytes);
        }
        NumericArray array = bytes.length < 2 ? null : NumericArrays.decode(bytes);
        if (array == null) {
            throw damaged(block, i, where, bytes.length + " bytes are no array of numbers", null);
        }
        return array;
    }

    private static VaultCorruptException damaged(
            BlockData block, int i, Supplier<String> where, @Nullable String what, @Nullable Exception cause) {
        return new VaultCorruptException(
                where.get() + ": element " + (block.firstRow() + i) + " is damaged: " + what + "; read it as bytes",
                cause);
    }
}
