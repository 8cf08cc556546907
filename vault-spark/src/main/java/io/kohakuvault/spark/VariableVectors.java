package io.kohakuvault.spark;

import java.util.Collections;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Elements that differ in size, and elements of one size that are texts or values. */
@SuppressWarnings("NullAway") // Platform takes null for an address, and Spark's null is no answer
final class VariableVectors {
    private VariableVectors() {}

    private abstract static class Variable extends CellVector {
        private final int size;
        Object base;
        long start;
        private Object offsetBase;
        private long offsetStart;

        /** @param size bytes of an element, 0 where they differ */
        Variable(DataType type, int size) {
            super(type);
            this.size = size;
        }

        @Override
        final void point(Memory payload, @Nullable Memory offsets) {
            base = payload.base();
            start = payload.offset();
            if (size == 0) {
                Memory of = Objects.requireNonNull(offsets);
                offsetBase = of.base();
                offsetStart = of.offset();
            }
        }

        @Override
        final int elementBytes() {
            return size;
        }

        final long from(int row) {
            return start + (size > 0 ? (long) row * size : Platform.getLong(offsetBase, offsetStart + 8L * row));
        }

        final byte[] bytes(int row) {
            long from = from(row);
            byte[] bytes = new byte[(int) (from(row + 1) - from)];
            Platform.copyMemory(base, from, bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length);
            return bytes;
        }
    }

    /** Text whose bytes are UTF-8, and bytes, where they stand. */
    static final class Texts extends Variable {
        Texts(DataType type) {
            super(type, 0);
        }

        @Override
        public UTF8String getUTF8String(int row) {
            if (isNullAt(row)) {
                return null;
            }
            long from = from(row);
            return UTF8String.fromAddress(base, from, (int) (from(row + 1) - from));
        }
    }

    /** Bytes as they are stored. */
    static final class Binaries extends Variable {
        Binaries(DataType type, int size) {
            super(type, size);
        }

        @Override
        public byte[] getBinary(int row) {
            return isNullAt(row) ? null : bytes(row);
        }
    }

    /** Elements that become text. */
    static final class ConvertedTexts extends Variable {
        private final Function<byte[], byte[]> conversion;

        ConvertedTexts(DataType type, int size, Function<byte[], byte[]> conversion) {
            super(type, size);
            this.conversion = conversion;
        }

        @Override
        public UTF8String getUTF8String(int row) {
            return isNullAt(row) ? null : UTF8String.fromBytes(conversion.apply(bytes(row)));
        }
    }

    /** Lists and maps of a type that was asked for. */
    static final class Nested extends Variable {
        private final Function<byte[], @Nullable Object> decoder;

        Nested(DataType type, int size, Function<byte[], @Nullable Object> decoder) {
            super(type, size);
            this.decoder = decoder;
        }

        private ValueVector decoded(int row) {
            return new ValueVector(dataType(), Collections.singletonList(decoder.apply(bytes(row))));
        }

        @Override
        public ColumnarArray getArray(int row) {
            return isNullAt(row) ? null : decoded(row).getArray(0);
        }

        @Override
        public ColumnarMap getMap(int row) {
            return isNullAt(row) ? null : decoded(row).getMap(0);
        }
    }
}
