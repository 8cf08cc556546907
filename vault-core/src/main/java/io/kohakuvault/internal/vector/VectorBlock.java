package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.page.MappedRows;
import io.kohakuvault.internal.vec0.VectorColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Vectors side by side, as they are compared: floats as such, whole numbers as ints of four where they are a multiple
 * of four, all others as the bytes that they are stored as. Belongs to one thread.
 */
final class VectorBlock {
    private enum Form {
        FLOATS,
        WORDS,
        BYTES
    }

    private final Form form;

    /** How many bytes a vector takes in the file. */
    private final int bytes;

    /** How many elements of the array a vector takes. */
    private final int stride;

    private final float[] floats;
    private final int[] words;
    private final byte[] others;

    /** Room for vectors of a column. */
    VectorBlock(VectorColumn column, int vectors) {
        this.bytes = column.vectorBytes();
        this.form = switch (column.type()) {
            case F32 -> Form.FLOATS;
            case INT8 -> isInWords(bytes) ? Form.WORDS : Form.BYTES;
            case BIT -> Form.BYTES;
        };
        this.stride = form == Form.BYTES ? bytes : bytes / 4;
        this.floats = new float[form == Form.FLOATS ? vectors * stride : 0];
        this.words = new int[form == Form.WORDS ? vectors * stride : 0];
        this.others = new byte[form == Form.BYTES ? vectors * stride : 0];
    }

    /** Whether vectors of so many whole numbers are ints of four here. */
    static boolean isInWords(int numbers) {
        return numbers % 4 == 0;
    }

    /** Where in the array a vector begins. */
    int at(int vector) {
        return vector * stride;
    }

    /** The array of floats. */
    float[] floats() {
        return floats;
    }

    /** The array of ints, each four whole numbers, the first in the lowest place. */
    int[] words() {
        return words;
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
        return switch (form) {
            case FLOATS -> rows.floats(chunk, chunkBytes, from * bytes, floats, at(to), count * stride);
            case WORDS -> rows.ints(chunk, chunkBytes, from * bytes, words, at(to), count * stride);
            case BYTES -> rows.bytes(chunk, chunkBytes, from * bytes, others, at(to), count * stride);
        };
    }

    /**
     * Takes vectors as they are stored.
     *
     * @param to where the first one goes
     */
    void put(byte[] stored, int to) {
        ByteBuffer from = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        switch (form) {
            case FLOATS -> from.asFloatBuffer().get(floats, at(to), stored.length / 4);
            case WORDS -> from.asIntBuffer().get(words, at(to), stored.length / 4);
            case BYTES -> from.get(others, at(to), stored.length);
        }
    }
}
