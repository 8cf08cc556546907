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
        if (ended) {
            throw new IllegalStateException("table '" + buffer.table()
                    + "': a row writer is used after the call that handed it out; set columns within it");
        }
        return buffer.at(column);
    }

    @Override
    public RowWriter set(String column, long value) {
        int i = at(column);
        if (buffer.column(i).dtype() instanceof DType.IntegerType type && !buffer.needsLook(i)) {
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

    @Override
    public RowWriter set(String column, double value) {
        int i = at(column);
        if (buffer.column(i).dtype() instanceof DType.FloatingType type) {
            buffer.addDouble(i, type, value);
        } else {
            buffer.put(i, value);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, boolean value) {
        return setObject(column, value);
    }

    @Override
    public RowWriter set(String column, @Nullable String value) {
        return setObject(column, value);
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
