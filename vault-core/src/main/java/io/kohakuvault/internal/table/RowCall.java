package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.table.RowWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of a filler: a row of a {@link RowBuffer}. What is kept beyond the call is refused, or rows would be torn.
 */
final class RowCall implements RowWriter {
    private final RowBuffer buffer;
    private boolean ended;

    RowCall(RowBuffer buffer) {
        this.buffer = buffer;
    }

    void end() {
        ended = true;
    }

    private int at(String column) {
        checkNotEnded();
        return buffer.at(column);
    }

    private int at(int column) {
        checkNotEnded();
        return buffer.at(column);
    }

    private void checkNotEnded() {
        if (ended) {
            throw new IllegalStateException("table '" + buffer.table()
                    + "': a row writer is used after the call that handed it out; set columns within it");
        }
    }

    private RowWriter put(int i, long value) {
        DType.IntegerType type = buffer.plainInteger(i);
        if (type != null) {
            try {
                ElementCodec.addLong(buffer.elements(i), type, value);
            } catch (IllegalArgumentException e) {
                throw buffer.misfit(i, value, e);
            }
        } else {
            buffer.put(i, value);
        }
        return this;
    }

    private RowWriter put(int i, double value) {
        if (buffer.column(i).dtype() instanceof DType.FloatingType type) {
            buffer.addDouble(i, type, value);
        } else {
            buffer.put(i, value);
        }
        return this;
    }

    private RowWriter put(int i, boolean value) {
        if (buffer.column(i).dtype() instanceof DType.BooleanType) {
            buffer.elements(i).addBits(value ? 1 : 0);
        } else {
            buffer.put(i, value);
        }
        return this;
    }

    private RowWriter put(int i, @Nullable String value) {
        if (value != null && buffer.column(i).dtype() instanceof DType.StringType type) {
            try {
                ElementCodec.addString(buffer.elements(i), type, value);
            } catch (IllegalArgumentException e) {
                throw buffer.misfit(i, value, e);
            }
        } else {
            buffer.put(i, value);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, long value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter set(String column, double value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter set(String column, boolean value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter set(String column, @Nullable String value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter set(int column, long value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter set(int column, double value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter set(int column, boolean value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter set(int column, @Nullable String value) {
        return put(at(column), value);
    }

    @Override
    public RowWriter setObject(int column, @Nullable Object value) {
        buffer.put(at(column), value);
        return this;
    }

    @Override
    public RowWriter set(String column, byte @Nullable [] value) {
        return setObject(column, value);
    }

    @Override
    public RowWriter set(String column, float @Nullable [] value) {
        return setObject(column, value);
    }

    @Override
    public RowWriter set(String column, @Nullable Instant value) {
        return setObject(column, value);
    }

    @Override
    public RowWriter setNull(String column) {
        buffer.addNull(at(column));
        return this;
    }

    @Override
    public RowWriter setObject(String column, @Nullable Object value) {
        buffer.put(at(column), value);
        return this;
    }
}
