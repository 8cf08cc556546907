package io.kohakuvault.tabular.internal;

import io.kohakuvault.Snapshot;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.column.ColumnCatalog;
import io.kohakuvault.column.ElementReader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements of a column as objects, whatever its type is, in batches that fit the memory. */
public final class ColumnElements {
    private static final int BATCH_ROWS = 4096;
    private static final int RANGE_ROWS = 64;

    private ColumnElements() {}

    /** Takes elements. */
    @FunctionalInterface
    public interface ElementConsumer {
        /**
         * Takes an element.
         *
         * @param index its place in the column
         * @param value Long, of u64 the long of the same bits, Double, Boolean, String, byte[], float[],
         *     NumericArray, or what is in a MessagePack or CBOR element
         */
        void accept(long index, @Nullable Object value) throws IOException;
    }

    /**
     * Hands out the first elements of a column.
     *
     * @param name the column
     * @param limit how many at most
     */
    public static void forEach(Snapshot snapshot, String name, long limit, ElementConsumer elements)
            throws IOException {
        forEach(snapshot, name, 0, Math.min(limit, length(snapshot, name)), elements);
    }

    /**
     * How many elements a column has.
     *
     * @param name the column
     */
    public static long length(Snapshot snapshot, String name) {
        return snapshot.columns().bytes(name).length();
    }

    /**
     * Hands out a range of a column's elements.
     *
     * @param name the column
     * @param start the first of them
     * @param end the one after the last
     */
    public static void forEach(Snapshot snapshot, String name, long start, long end, ElementConsumer elements)
            throws IOException {
        ColumnCatalog columns = snapshot.columns();
        DType dtype = columns.bytes(name).dtype();
        if (dtype instanceof DType.IntegerType) {
            for (long from = start; from < end; from += BATCH_ROWS) {
                long at = from;
                for (long value : columns.longs(name).slice(from, Math.min(end, from + BATCH_ROWS))) {
                    elements.accept(at++, value);
                }
            }
        } else if (dtype instanceof DType.FloatingType) {
            for (long from = start; from < end; from += BATCH_ROWS) {
                long at = from;
                for (double value : columns.doubles(name).slice(from, Math.min(end, from + BATCH_ROWS))) {
                    elements.accept(at++, value);
                }
            }
        } else if (dtype instanceof DType.BooleanType) {
            for (long from = start; from < end; from += BATCH_ROWS) {
                long at = from;
                for (boolean value : columns.booleans(name).slice(from, Math.min(end, from + BATCH_ROWS))) {
                    elements.accept(at++, value);
                }
            }
        } else if (start == 0) {
            objects(reader(columns, name, dtype), end, elements);
        } else {
            range(reader(columns, name, dtype), start, end, elements);
        }
    }

    /** Few at a time, since nothing says how long they are. */
    private static void range(ElementReader<?> reader, long start, long end, ElementConsumer elements)
            throws IOException {
        for (long from = start; from < end; from += RANGE_ROWS) {
            long at = from;
            for (Object value : reader.slice(from, Math.min(end, from + RANGE_ROWS))) {
                elements.accept(at++, value);
            }
        }
    }

    private static ElementReader<?> reader(ColumnCatalog columns, String name, DType dtype) {
        if (dtype instanceof DType.StringType) {
            return columns.strings(name);
        } else if (dtype instanceof DType.VectorType vector) {
            return vector.element() == ElementType.F32 && vector.isFixedSize()
                    ? columns.floatVectors(name)
                    : columns.arrays(name);
        }
        return dtype instanceof DType.PackedType ? columns.values(name) : columns.bytes(name);
    }

    private static void objects(ElementReader<?> reader, long limit, ElementConsumer elements) throws IOException {
        int most = (int) Math.max(1, Math.min(BATCH_ROWS, limit));
        long at = 0;
        if (limit <= 0) {
            return;
        }
        for (List<?> batch : reader.batches(most, MemoryShare.batchBytes())) {
            for (Object value : batch) {
                elements.accept(at++, value);
                if (at == limit) {
                    return;
                }
            }
        }
    }
}
