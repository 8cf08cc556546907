package io.kohakuvault.internal.block;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.value.Float16;
import java.nio.ByteBuffer;

/** Numbers out of the bytes of blocks. */
public final class Numbers {
    private Numbers() {}

    /** Element i of a block of integers; of u64 the long of the same bits. */
    public static long getLong(BlockData block, DType.IntegerType type, int i) {
        ByteBuffer bytes = block.payload();
        return switch (type.element()) {
            case I8 -> bytes.get(i);
            case U8 -> bytes.get(i) & 0xFF;
            case I16 -> bytes.getShort(2 * i);
            case U16 -> bytes.getShort(2 * i) & 0xFFFF;
            case I32 -> bytes.getInt(4 * i);
            case U32 -> bytes.getInt(4 * i) & 0xFFFFFFFFL;
            default -> bytes.getLong(8 * i);
        };
    }

    /** Element i of a block of floating-point numbers. */
    public static double getDouble(BlockData block, DType.FloatingType type, int i) {
        ByteBuffer bytes = block.payload();
        return switch (type.element()) {
            case F16 -> Float16.toFloat(bytes.getShort(2 * i));
            case F32 -> bytes.getFloat(4 * i);
            default -> bytes.getDouble(8 * i);
        };
    }
}
