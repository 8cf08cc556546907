package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.table.ValueAppender;
import org.jspecify.annotations.Nullable;

/** One column of a {@link ColumnsCall}, value by value: what its type takes is found out once for all of them. */
final class ColumnValues implements ValueAppender {
    private final ColumnsCall call;
    private final RowBuffer buffer;
    private final int place;
    private final Elements elements;
    private final DType.@Nullable IntegerType integers;
    private final DType.@Nullable FloatingType doubles;
    private final DType.@Nullable StringType texts;
    private final boolean truths;

    /** The text that was added last: that of another row is often the same one, and encoded already. */
    private @Nullable String last;

    ColumnValues(ColumnsCall call, RowBuffer buffer, int place) {
        this.call = call;
        this.buffer = buffer;
        this.place = place;
        this.elements = buffer.elements(place);
        DType dtype = buffer.column(place).dtype();
        this.integers = buffer.plainInteger(place);
        this.doubles = dtype instanceof DType.FloatingType type ? type : null;
        this.texts = dtype instanceof DType.StringType type ? type : null;
        this.truths = dtype instanceof DType.BooleanType;
    }

    @Override
    public void add(long value) {
        call.checkNotEnded();
        DType.IntegerType type = integers;
        if (type == null) {
            buffer.put(place, value);
            return;
        }
        try {
            ElementCodec.addLong(elements, type, value);
        } catch (IllegalArgumentException e) {
            throw buffer.misfit(place, value, e);
        }
    }

    @Override
    public void add(double value) {
        call.checkNotEnded();
        DType.FloatingType type = doubles;
        if (type == null) {
            buffer.put(place, value);
        } else {
            buffer.addDouble(place, type, value);
        }
    }

    @Override
    public void add(boolean value) {
        call.checkNotEnded();
        if (truths) {
            elements.addBits(value ? 1 : 0);
        } else {
            buffer.put(place, value);
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // whether it is the very one: to compare others costs what encoding does
    public void add(@Nullable String value) {
        call.checkNotEnded();
        DType.StringType type = texts;
        if (value == null || type == null) {
            addObject(value);
        } else if (value == last) {
            elements.addLast();
        } else {
            try {
                ElementCodec.addString(elements, type, value);
            } catch (IllegalArgumentException e) {
                throw buffer.misfit(place, value, e);
            }
            last = value;
        }
    }

    @Override
    public void addObject(@Nullable Object value) {
        call.checkNotEnded();
        last = null;
        buffer.put(place, value);
    }

    @Override
    public void addNull() {
        call.checkNotEnded();
        last = null;
        buffer.addNull(place);
    }
}
