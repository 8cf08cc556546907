package io.kohakuvault.spark;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Columns that a file does not have: which it is, which row, nothing. */
@SuppressWarnings("NullAway") // nulls are asked for by isNullAt
final class HiddenVectors {
    private HiddenVectors() {}

    /** One text for all rows. */
    static final class Text extends CellVector {
        private final UTF8String text;

        Text(String text) {
            super(DataTypes.StringType);
            this.text = UTF8String.fromString(text);
        }

        @Override
        void point(Memory payload, @Nullable Memory offsets) {}

        @Override
        int elementBytes() {
            return 0;
        }

        @Override
        public UTF8String getUTF8String(int row) {
            return text;
        }
    }

    /** The rows' places. */
    static final class Rows extends CellVector {
        private long first;

        Rows() {
            super(DataTypes.LongType);
        }

        void from(long row) {
            first = row;
        }

        @Override
        void point(Memory payload, @Nullable Memory offsets) {}

        @Override
        int elementBytes() {
            return 8;
        }

        @Override
        public long getLong(int row) {
            return first + row;
        }
    }

    /** Null in all rows. */
    static final class Nulls extends CellVector {
        /** A bit for each row of the largest batch, none set. */
        private static final byte[] NONE = new byte[65_536 / 8 + 1];

        Nulls(DataType type) {
            super(type);
            point(Memory.of(NONE), null, NONE, 0);
        }

        @Override
        void point(Memory payload, @Nullable Memory offsets) {}

        @Override
        int elementBytes() {
            return 0;
        }

        @Override
        public UTF8String getUTF8String(int row) {
            return null;
        }

        @Override
        public byte[] getBinary(int row) {
            return null;
        }
    }
}
