package io.kohakuvault.spark;

import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
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
        void point(Memory payload, @Nullable Memory offsets) {
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

    /** Lists, maps and structs of a type that was asked for. */
    static final class Nested extends Variable {
        private final String column;
        private final Function<byte[], @Nullable Object> decoder;
        private @Nullable ValueVector values;
        private @Nullable Object decoded;
        private int decodedRow = -1;

        /** @param column the column that errors name */
        Nested(String column, DataType type, int size, Function<byte[], @Nullable Object> decoder) {
            super(type, size);
            this.column = column;
            this.decoder = decoder;
        }

        @Override
        void point(Memory payload, @Nullable Memory offsets) {
            super.point(payload, offsets);
            decodedRow = -1;
        }

        /** Spark asks for each field of a struct by itself. */
        private @Nullable Object value(int row) {
            if (isNullAt(row)) {
                return null;
            }
            if (decodedRow != row) {
                decoded = decoder.apply(bytes(row));
                decodedRow = row;
            }
            return decoded;
        }

        private ValueVector values() {
            ValueVector vector = values;
            if (vector == null) {
                vector = new ValueVector(column, dataType(), this::value);
                values = vector;
            }
            return vector;
        }

        @Override
        public ColumnarArray getArray(int row) {
            return isNullAt(row) ? null : values().getArray(row);
        }

        @Override
        public ColumnarMap getMap(int row) {
            return isNullAt(row) ? null : values().getMap(row);
        }

        @Override
        public ColumnVector getChild(int ordinal) {
            return values().getChild(ordinal);
        }
    }
}
