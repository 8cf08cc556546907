package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.page.MappedRows;
import io.kohakuvault.internal.vec0.VectorColumn;
import io.kohakuvault.vector.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Vectors side by side, as they are compared: floats as such, all others as the bytes that they are stored as. Belongs
 * to one thread.
 */
final class VectorBlock {
    /** How many bytes a vector takes in the file. */
    private final int bytes;

    /** How many elements of the array a vector takes. */
    private final int stride;

    private final float[] floats;
    private final byte[] others;

    /** Room for vectors of a column. */
    VectorBlock(VectorColumn column, int vectors) {
        boolean isFloat = column.type() == VectorType.F32;
        this.bytes = column.vectorBytes();
        this.stride = isFloat ? column.dimensions() : bytes;
        this.floats = new float[isFloat ? vectors * stride : 0];
        this.others = new byte[isFloat ? 0 : vectors * stride];
    }

    /** Where in the array a vector begins. */
    int at(int vector) {
        return vector * stride;
    }

    /** The array of floats. */
    float[] floats() {
        return floats;
    }

    /** The array of others. */
    byte[] bytes() {
        return others;
    }

    /**
     * Reads vectors from mapped pages.
     *
     * @param chunkBytes how many the chunk must have
     * @param from the slot of the first
     * @param count how many
     * @param to where the first one goes
     * @return false when SQLite must be asked
     */
    boolean map(MappedRows rows, long chunk, int chunkBytes, int from, int count, int to) {
        return others.length == 0
                ? rows.floats(chunk, chunkBytes, from * bytes, floats, at(to), count * stride)
                : rows.bytes(chunk, chunkBytes, from * bytes, others, at(to), count * stride);
    }

    /**
     * Takes vectors as they are stored.
     *
     * @param to where the first one goes
     */
    void put(byte[] stored, int to) {
        if (others.length == 0) {
            ByteBuffer.wrap(stored)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats, at(to), stored.length / 4);
        } else {
            System.arraycopy(stored, 0, others, at(to), stored.length);
        }
    }
}
