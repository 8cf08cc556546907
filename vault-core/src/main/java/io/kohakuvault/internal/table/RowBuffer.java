package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows in memory as the bytes of their columns. */
final class RowBuffer implements RowBatch, RowWriter {
    private final String table;
    private final SchemaColumn[] columns;
    private final Elements[] elements;
    private final Map<String, Integer> ordinals = new HashMap<>();
    private int rows;

    RowBuffer(String table, List<SchemaColumn> schema) {
        this.table = table;
        this.columns = schema.toArray(SchemaColumn[]::new);
        this.elements = new Elements[columns.length];
        for (int i = 0; i < columns.length; i++) {
            elements[i] = new Elements(columns[i].dtype().elementSizeBytes(), 64);
            ordinals.put(columns[i].name(), i);
        }
    }

    List<SchemaColumn> schema() {
        return List.of(columns);
    }

    Elements elements(int column) {
        return elements[column];
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public void clear() {
        for (Elements e : elements) {
            e.clear();
        }
        rows = 0;
    }

    @Override
    public void add(Consumer<RowWriter> filler) {
        try {
            filler.accept(this);
            for (int i = 0; i < columns.length; i++) {
                if (elements[i].rows() == rows) {
                    addNull(i);
                }
            }
            rows++;
        } catch (Throwable t) {
            for (Elements e : elements) {
                if (e.rows() > rows) {
                    e.truncate(rows);
                }
            }
            throw t;
        }
    }

    private void addNull(int i) {
        if (!columns[i].nullable()) {
            throw new IllegalArgumentException(
                    "table '" + table + "': column '" + columns[i].name() + "' is not nullable, but has no value");
        }
        elements[i].addNull();
    }

    private int at(String column) {
        Integer i = ordinals.get(column);
        if (i == null) {
            throw new IllegalArgumentException(
                    "table '" + table + "' has no column '" + column + "', it has " + ordinals.keySet());
        }
        if (elements[i].rows() > rows) {
            throw new IllegalArgumentException(
                    "table '" + table + "': column '" + column + "' was set twice in one row");
        }
        return i;
    }

    private IllegalArgumentException misfit(int i, Object value, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "table '" + table + "': column '" + columns[i].name() + "' (" + columns[i] + ") does not take "
                        + value.getClass().getSimpleName()
                        + (value instanceof Number || value instanceof Boolean ? " " + value : "")
                        + (cause == null ? "" : ": " + cause.getMessage()),
                cause);
    }

    @Override
    public RowWriter set(String column, long value) {
        int i = at(column);
        if (columns[i].dtype() instanceof DType.FloatingType type && (long) (double) value == value) {
            ElementCodec.addDouble(elements[i], type, (double) value);
            return this;
        }
        if (!(columns[i].dtype() instanceof DType.IntegerType type)) {
            throw misfit(i, value, null);
        }
        try {
            ElementCodec.addLong(elements[i], type, value);
        } catch (IllegalArgumentException e) {
            throw misfit(i, value, e);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, double value) {
        int i = at(column);
        if (columns[i].dtype() instanceof DType.FloatingType type) {
            ElementCodec.addDouble(elements[i], type, value);
        } else if (columns[i].dtype() instanceof DType.IntegerType
                && value == Math.rint(value)
                && Math.abs(value) < 0x1p53) {
            return set(column, (long) value);
        } else {
            throw misfit(i, value, null);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, boolean value) {
        int i = at(column);
        if (!(columns[i].dtype() instanceof DType.BooleanType)) {
            throw misfit(i, value, null);
        }
        elements[i].addBits(value ? 1 : 0);
        return this;
    }

    @Override
    public RowWriter set(String column, @Nullable String value) {
        if (value == null) {
            return setNull(column);
        }
        int i = at(column);
        if (!(columns[i].dtype() instanceof DType.StringType type)) {
            throw misfit(i, value, null);
        }
        try {
            ElementCodec.addString(elements[i], type, value);
        } catch (IllegalArgumentException e) {
            throw misfit(i, value, e);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, byte @Nullable [] value) {
        if (value == null) {
            return setNull(column);
        }
        int i = at(column);
        DType dtype = columns[i].dtype();
        if (!(dtype instanceof DType.BytesType
                || dtype instanceof DType.PackedType
                || dtype instanceof DType.VectorType)) {
            throw misfit(i, value, null);
        }
        try {
            ElementCodec.addBytes(elements[i], dtype, value);
        } catch (IllegalArgumentException e) {
            throw misfit(i, value, e);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, float @Nullable [] value) {
        if (value == null) {
            return setNull(column);
        }
        int i = at(column);
        if (!(columns[i].dtype() instanceof DType.VectorType type)) {
            throw misfit(i, value, null);
        }
        try {
            ElementCodec.addFloats(elements[i], type, value);
        } catch (IllegalArgumentException e) {
            throw misfit(i, value, e);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, @Nullable Instant value) {
        if (value == null) {
            return setNull(column);
        }
        int i = at(column);
        if (!(columns[i].logicalType().orElse(null) instanceof LogicalType.Timestamp type)) {
            throw misfit(i, value, null);
        }
        elements[i].addBits(Timestamps.toUnits(value, type.unit()));
        return this;
    }

    @Override
    public RowWriter setNull(String column) {
        addNull(at(column));
        return this;
    }

    @Override
    public RowWriter setObject(String column, @Nullable Object value) {
        if (value == null) {
            return setNull(column);
        } else if (value instanceof String v) {
            return set(column, v);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return set(column, ((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            return set(column, ((Number) value).doubleValue());
        } else if (value instanceof Boolean v) {
            return set(column, v);
        } else if (value instanceof byte[] v) {
            return set(column, v);
        } else if (value instanceof float[] v) {
            return set(column, v);
        } else if (value instanceof Instant v) {
            return set(column, v);
        } else if (value instanceof Date v) {
            return set(column, v.toInstant());
        } else if (value instanceof BigDecimal v && columns[at(column)].dtype() instanceof DType.FloatingType) {
            return set(column, v.doubleValue());
        }
        throw misfit(at(column), value, null);
    }
}
