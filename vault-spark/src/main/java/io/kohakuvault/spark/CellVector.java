package io.kohakuvault.spark;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a column, where they stand: the numbers are turned into Spark's as they are asked for. One is made for
 * each column of a reader and pointed at the rows of one batch after the other. Not thread-safe.
 */
@SuppressWarnings("NullAway") // Spark's null is no answer, and its types say nothing of it
abstract class CellVector extends ColumnVector {
    private byte @Nullable [] validity;
    private int shift;

    CellVector(DataType type) {
        super(type);
    }

    /**
     * Points at rows.
     *
     * @param payload the bytes of row 0, of elements of one size; else the bytes that offsets count from
     * @param offsets the rows' (count + 1) offsets of 64 bits, null for elements of one size
     * @param present bit {@code (i + first) & 7} of byte {@code (i + first) >> 3} for row i, null when all are present
     * @param first the bit of row 0
     */
    final void point(Memory payload, @Nullable Memory offsets, byte @Nullable [] present, int first) {
        validity = present;
        shift = first;
        point(payload, offsets);
    }

    abstract void point(Memory payload, @Nullable Memory offsets);

    /** Bytes of an element, 0 where they differ in size. */
    abstract int elementBytes();

    @Override
    public final boolean isNullAt(int row) {
        byte[] bits = validity;
        if (bits == null) {
            return false;
        }
        int at = row + shift;
        return (bits[at >> 3] >> (at & 7) & 1) == 0;
    }

    @Override
    public final boolean hasNull() {
        return validity != null; // perhaps: bitmaps are not counted
    }

    @Override
    public final int numNulls() {
        return validity == null ? 0 : 1; // Spark asks whether there are any
    }

    /** The bytes belong to the reader. */
    @Override
    public final void close() {}

    final UnsupportedOperationException other(String asked) {
        return new UnsupportedOperationException("a column of " + dataType().simpleString() + " has no " + asked);
    }

    @Override
    public boolean getBoolean(int row) {
        throw other("boolean");
    }

    @Override
    public byte getByte(int row) {
        throw other("byte");
    }

    @Override
    public short getShort(int row) {
        throw other("short");
    }

    @Override
    public int getInt(int row) {
        throw other("int");
    }

    @Override
    public long getLong(int row) {
        throw other("long");
    }

    @Override
    public float getFloat(int row) {
        throw other("float");
    }

    @Override
    public double getDouble(int row) {
        throw other("double");
    }

    @Override
    public ColumnarArray getArray(int row) {
        throw other("array");
    }

    @Override
    public ColumnarMap getMap(int row) {
        throw other("map");
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
        throw other("decimal");
    }

    @Override
    public UTF8String getUTF8String(int row) {
        throw other("string");
    }

    @Override
    public byte[] getBinary(int row) {
        throw other("binary");
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        throw other("child");
    }
}
