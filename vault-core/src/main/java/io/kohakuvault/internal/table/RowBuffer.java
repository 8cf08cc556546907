package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import java.time.Instant;
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
        gather(() -> {
            filler.accept(this);
            fill(1);
        });
    }

    @Override
    public void addColumns(Consumer<ColumnWriter> filler) {
        gather(() -> {
            filler.accept(new Arrays());
            int longest = 0;
            for (Elements e : elements) {
                longest = Math.max(longest, e.rows() - rows);
            }
            for (int i = 0; i < columns.length; i++) {
                int given = elements[i].rows() - rows;
                if (given != 0 && given != longest) {
                    throw new IllegalArgumentException("table '" + table + "': column '" + columns[i].name()
                            + "' was given " + given + " values, another one " + longest);
                }
            }
            fill(longest);
        });
    }

    /** Nulls for what was not set; then the rows count. */
    private void fill(int more) {
        for (int i = 0; i < columns.length; i++) {
            for (int row = elements[i].rows(); row < rows + more; row++) {
                addNull(i);
            }
        }
        rows += more;
    }

    private void gather(Runnable filling) {
        try {
            filling.run();
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
        String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new IllegalArgumentException(
                "table '" + table + "': column '" + columns[i].name() + "' (" + columns[i] + ") does not take "
                        + kind(value)
                        + (value instanceof Number || value instanceof Boolean ? " " + value : "") + why,
                cause);
    }

    private static String kind(Object value) {
        return value instanceof Map
                ? "a map"
                : value instanceof List
                        ? "a list"
                        : value.getClass().isArray()
                                ? "an array"
                                : value.getClass().getSimpleName();
    }

    /** Whether a number is more than the bits that are stored for it: scaled, or of a range of its own. */
    private boolean needsLook(int i) {
        LogicalType logical = columns[i].logicalType().orElse(null);
        return logical instanceof LogicalType.Decimal
                || logical instanceof LogicalType.Time
                || (logical instanceof LogicalType.Timestamp type && type.unit() == LogicalType.TimeUnit.S);
    }

    private void put(int i, @Nullable Object value) {
        if (value == null) {
            addNull(i);
            return;
        }
        try {
            Cells.add(elements[i], columns[i], value);
        } catch (IllegalArgumentException e) {
            throw misfit(i, value, e);
        }
    }

    @Override
    public RowWriter set(String column, long value) {
        int i = at(column);
        if (columns[i].dtype() instanceof DType.IntegerType type && !needsLook(i)) {
            try {
                ElementCodec.addLong(elements[i], type, value);
            } catch (IllegalArgumentException e) {
                throw misfit(i, value, e);
            }
        } else {
            put(i, value);
        }
        return this;
    }

    @Override
    public RowWriter set(String column, double value) {
        int i = at(column);
        if (columns[i].dtype() instanceof DType.FloatingType type) {
            ElementCodec.addDouble(elements[i], type, value);
        } else {
            put(i, value);
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
        addNull(at(column));
        return this;
    }

    @Override
    public RowWriter setObject(String column, @Nullable Object value) {
        put(at(column), value);
        return this;
    }

    /** Columns from arrays. */
    private final class Arrays implements ColumnWriter {
        @Override
        public ColumnWriter set(String column, long[] values) {
            int i = at(column);
            if (needsLook(i)) {
                for (long value : values) {
                    put(i, value);
                }
            } else if (columns[i].dtype() instanceof DType.IntegerType type
                    && (type.element() == ElementType.I64 || type.element() == ElementType.U64)) {
                elements[i].addLongs(values, 0, values.length);
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
            if (needsLook(i)) {
                for (int value : values) {
                    put(i, value);
                }
            } else if (columns[i].dtype() instanceof DType.IntegerType type && type.element() == ElementType.I32) {
                elements[i].addInts(values, 0, values.length);
            } else {
                for (int value : values) {
                    integer(i, value);
                }
            }
            return this;
        }

        private void integer(int i, long value) {
            try {
                Cells.addLong(elements[i], columns[i].dtype(), value);
            } catch (IllegalArgumentException e) {
                throw misfit(i, value, e);
            }
        }

        @Override
        public ColumnWriter set(String column, double[] values) {
            int i = at(column);
            if (!(columns[i].dtype() instanceof DType.FloatingType type)) {
                throw misfit(i, values, null);
            }
            if (type.element() == ElementType.F64) {
                elements[i].addDoubles(values, 0, values.length);
            } else {
                for (double value : values) {
                    ElementCodec.addDouble(elements[i], type, value);
                }
            }
            return this;
        }

        @Override
        public ColumnWriter set(String column, float[] values) {
            int i = at(column);
            DType dtype = columns[i].dtype();
            if (dtype instanceof DType.FloatingType type && type.element() != ElementType.F32) {
                for (float value : values) {
                    ElementCodec.addDouble(elements[i], type, value);
                }
            } else if (dtype instanceof DType.FloatingType
                    || (dtype instanceof DType.VectorType vector
                            && vector.element() == ElementType.F32
                            && vector.isFixedSize()
                            && values.length % vector.elementCount() == 0)) {
                elements[i].addFloats(values, 0, values.length);
            } else {
                throw misfit(i, values, null);
            }
            return this;
        }

        @Override
        public ColumnWriter set(String column, boolean[] values) {
            int i = at(column);
            if (!(columns[i].dtype() instanceof DType.BooleanType)) {
                throw misfit(i, values, null);
            }
            for (boolean value : values) {
                elements[i].addBits(value ? 1 : 0);
            }
            return this;
        }

        @Override
        public ColumnWriter set(String column, List<? extends @Nullable Object> values) {
            int i = at(column);
            for (Object value : values) {
                put(i, value);
            }
            return this;
        }
    }
}
