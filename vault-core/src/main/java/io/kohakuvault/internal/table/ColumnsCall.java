package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.ValueAppender;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a filler of many rows: columns of a {@link RowBuffer} from arrays. What is kept beyond the call is
 * refused.
 */
final class ColumnsCall implements ColumnWriter {
    private final RowBuffer buffer;
    private final BitSet given = new BitSet();
    private boolean ended;

    ColumnsCall(RowBuffer buffer) {
        this.buffer = buffer;
    }

    void end() {
        ended = true;
    }

    void checkNotEnded() {
        if (ended) {
            throw new IllegalStateException("table '" + buffer.table()
                    + "': a column writer is used after the call that handed it out; set columns within it");
        }
    }

    private int at(String column) {
        checkNotEnded();
        return given(buffer.at(column));
    }

    /** A column is given once: of two that append to one, each would take the other's values for its own. */
    private int given(int column) {
        if (given.get(column)) {
            throw buffer.setTwice(column);
        }
        given.set(column);
        return column;
    }

    @Override
    public ValueAppender column(String column) {
        return new ColumnValues(this, buffer, at(column));
    }

    @Override
    public ValueAppender column(int column) {
        checkNotEnded();
        return new ColumnValues(this, buffer, given(buffer.at(column)));
    }

    @Override
    public ColumnWriter set(String column, long[] values) {
        int i = at(column);
        if (buffer.needsLook(i)) {
            for (long value : values) {
                buffer.put(i, value);
            }
        } else if (buffer.column(i).dtype() instanceof DType.IntegerType type
                && (type.element() == ElementType.I64 || type.element() == ElementType.U64)) {
            buffer.elements(i).addLongs(values, 0, values.length);
        } else {
            for (long value : values) {
                integer(i, value);
            }
        }
        return this;
    }

    @Override
    public ColumnWriter set(String column, int[] values) {
        int i = at(column);
        if (buffer.needsLook(i)) {
            for (int value : values) {
                buffer.put(i, value);
            }
        } else if (buffer.column(i).dtype() instanceof DType.IntegerType type && type.element() == ElementType.I32) {
            buffer.elements(i).addInts(values, 0, values.length);
        } else {
            for (int value : values) {
                try {
                    CellCodec.addInt(buffer.elements(i), buffer.column(i).dtype(), value);
                } catch (IllegalArgumentException e) {
                    throw buffer.misfit(i, value, e);
                }
            }
        }
        return this;
    }

    private void integer(int i, long value) {
        try {
            CellCodec.addLong(buffer.elements(i), buffer.column(i).dtype(), value);
        } catch (IllegalArgumentException e) {
            throw buffer.misfit(i, value, e);
        }
    }

    @Override
    public ColumnWriter set(String column, double[] values) {
        int i = at(column);
        if (!(buffer.column(i).dtype() instanceof DType.FloatingType type)) {
            throw buffer.misfit(i, values, null);
        }
        if (type.element() == ElementType.F64) {
            buffer.elements(i).addDoubles(values, 0, values.length);
        } else {
            for (double value : values) {
                buffer.addDouble(i, type, value);
            }
        }
        return this;
    }

    @Override
    public ColumnWriter set(String column, float[] values) {
        int i = at(column);
        DType dtype = buffer.column(i).dtype();
        if (dtype instanceof DType.FloatingType type && type.element() != ElementType.F32) {
            for (float value : values) {
                buffer.addDouble(i, type, value);
            }
        } else if (dtype instanceof DType.FloatingType
                || (dtype instanceof DType.VectorType vector
                        && vector.element() == ElementType.F32
                        && vector.isFixedSize()
                        && values.length % vector.elementCount() == 0)) {
            buffer.elements(i).addFloats(values, 0, values.length);
        } else {
            throw buffer.misfit(i, values, null);
        }
        return this;
    }

    @Override
    public ColumnWriter set(String column, boolean[] values) {
        int i = at(column);
        if (!(buffer.column(i).dtype() instanceof DType.BooleanType)) {
            throw buffer.misfit(i, values, null);
        }
        for (boolean value : values) {
            buffer.elements(i).addBits(value ? 1 : 0);
        }
        return this;
    }

    @Override
    public ColumnWriter set(String column, List<? extends @Nullable Object> values) {
        int i = at(column);
        for (Object value : values) {
            buffer.put(i, value);
        }
        return this;
    }
}
