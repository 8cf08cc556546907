package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Vectors as they are stored, and their numbers. */
final class StoredNumbers {
    private StoredNumbers() {}

    /** The numbers of a stored vector: of bits 0 and 1. */
    static float[] of(VectorType type, byte[] stored) {
        if (type == VectorType.F32) {
            return floats(stored);
        }
        boolean bits = type == VectorType.BIT;
        float[] numbers = new float[bits ? 8 * stored.length : stored.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bits ? stored[i >> 3] >> (i & 7) & 1 : stored[i];
        }
        return numbers;
    }

    static float[] floats(byte[] stored) {
        float[] numbers = new float[stored.length / 4];
        ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        return numbers;
    }

    static byte[] bytes(float[] numbers) {
        ByteBuffer stored = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        stored.asFloatBuffer().put(numbers);
        return stored.array();
    }
}
