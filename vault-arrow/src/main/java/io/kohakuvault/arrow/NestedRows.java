package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.DataPacker;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Fills a vector of lists, structs or maps, row by row. Not thread-safe. */
final class NestedRows {
    private final FieldVector vector;
    private final DataPacker packer;
    private final int rows;

    /** What is to be written when all of it is there; null while rows come in order. */
    private final @Nullable Object @Nullable [] values;

    /**
     * Begins with an empty vector of memory of its own: who retained the buffers of the batch before keeps them.
     *
     * @param inOrder whether rows come in the order in which they stand in the batch
     */
    NestedRows(FieldVector vector, DType dtype, int rows, boolean inOrder) {
        this.vector = vector;
        this.packer = DataPacker.ofColumn(dtype);
        this.rows = rows;
        this.values = inOrder ? null : new Object[rows];
        vector.clear();
        vector.setInitialCapacity(rows);
        vector.allocateNew();
    }

    /**
     * Adds a row.
     *
     * @param element as it is stored; null for none
     * @throws IllegalArgumentException when it does not fit
     */
    void add(byte @Nullable [] element, int place) {
        Object value = element == null ? null : packer.unpack(element);
        if (values == null) {
            NestedVectors.set(vector, place, value);
        } else {
            values[place] = value;
        }
    }

    /** All rows are there. Answers how many bytes they take. */
    long finish() {
        if (values != null) {
            for (int i = 0; i < rows; i++) {
                try {
                    NestedVectors.set(vector, i, values[i]);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "column '" + vector.getName() + "', row " + i + " of the batch: " + e.getMessage(), e);
                }
            }
        }
        vector.setValueCount(rows);
        return vector.getBufferSize();
    }
}
