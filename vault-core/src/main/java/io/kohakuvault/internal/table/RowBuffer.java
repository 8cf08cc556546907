package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows in memory as the bytes of their columns. */
final class RowBuffer implements RowBatch {
    private static final int BRIEF_BITS = 256;

    private final String table;
    private final SchemaColumn[] columns;
    private final Elements[] elements;
    private final DType.@Nullable IntegerType[] plainIntegers;
    private final Map<String, Integer> ordinals = new LinkedHashMap<>(); // named in messages in the table's order
    private int rows;
    private boolean filling;

    RowBuffer(String table, List<SchemaColumn> schema) {
        this.table = table;
        this.columns = schema.toArray(SchemaColumn[]::new);
        this.elements = new Elements[columns.length];
        this.plainIntegers = new DType.@Nullable IntegerType[columns.length];
        for (int i = 0; i < columns.length; i++) {
            elements[i] = new Elements(columns[i].dtype().elementSizeBytes(), 64);
            ordinals.put(columns[i].name(), i);
            plainIntegers[i] =
                    columns[i].dtype() instanceof DType.IntegerType type && !needsLook(columns[i]) ? type : null;
        }
    }

    List<SchemaColumn> schema() {
        return List.of(columns);
    }

    Elements elements(int column) {
        return elements[column];
    }

    SchemaColumn column(int i) {
        return columns[i];
    }

    String table() {
        return table;
    }

    @Override
    public int rowCount() {
        return rows;
    }

    @Override
    public long sizeBytes() {
        long bytes = 0;
        for (Elements e : elements) {
            bytes += e.sizeBytes();
        }
        return bytes;
    }

    @Override
    public void clear() {
        checkNotFilling();
        for (Elements e : elements) {
            e.clear();
        }
        rows = 0;
    }

    @Override
    public void add(Consumer<RowWriter> filler) {
        gather(() -> {
            call(filler);
            fill(1);
        });
    }

    /** The values that a filler sets of one row, each the only element of its column then. */
    void addPart(Consumer<RowWriter> filler) {
        gather(() -> call(filler));
    }

    private void call(Consumer<RowWriter> filler) {
        RowCall row = new RowCall(this);
        try {
            filler.accept(row);
        } finally {
            row.end();
        }
    }

    @Override
    public void addColumns(Consumer<ColumnWriter> filler) {
        gather(() -> {
            ColumnsCall call = new ColumnsCall(this);
            try {
                filler.accept(call);
            } finally {
                call.end();
            }
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

    /** A row that is half there can neither be appended nor followed by another. */
    void checkNotFilling() {
        if (filling) {
            throw new IllegalStateException(
                    "table '" + table + "': a filler cannot add to the batch that it fills, append or clear it");
        }
    }

    private void gather(Runnable work) {
        checkNotFilling();
        filling = true;
        try {
            work.run();
        } catch (Throwable t) {
            for (Elements e : elements) {
                if (e.rows() > rows) {
                    e.truncate(rows);
                }
            }
            throw t;
        } finally {
            filling = false;
        }
    }

    void addNull(int i) {
        if (!columns[i].nullable()) {
            throw new IllegalArgumentException(
                    "table '" + table + "': column '" + columns[i].name() + "' is not nullable, but has no value");
        }
        elements[i].addNull();
    }

    int at(String column) {
        Integer i = ordinals.get(column);
        if (i == null) {
            throw new IllegalArgumentException(
                    "table '" + table + "' has no column '" + column + "', it has " + ordinals.keySet());
        }
        return at(i);
    }

    int at(int column) {
        if (column < 0 || column >= columns.length) {
            throw new IndexOutOfBoundsException(
                    "table '" + table + "' has " + columns.length + " columns, and none at place " + column);
        }
        if (elements[column].rows() > rows) {
            throw setTwice(column);
        }
        return column;
    }

    IllegalArgumentException setTwice(int column) {
        return new IllegalArgumentException(
                "table '" + table + "': column '" + columns[column].name() + "' was set twice in one row");
    }

    /** The type of a column whose numbers are stored as they are; null for others. */
    DType.@Nullable IntegerType plainInteger(int i) {
        return plainIntegers[i];
    }

    IllegalArgumentException misfit(int i, Object value, @Nullable Exception cause) {
        String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new IllegalArgumentException(
                "table '" + table + "': column '" + columns[i].name() + "' (" + columns[i] + ") does not take "
                        + named(value) + why,
                cause);
    }

    /** Whether a value is worth showing: a number of a million digits would take minutes to write. */
    private static boolean isBrief(Object value) {
        return value instanceof Boolean
                || (value instanceof Number
                        && !(value instanceof BigInteger big && big.bitLength() > BRIEF_BITS)
                        && !(value instanceof BigDecimal decimal
                                && decimal.unscaledValue().bitLength() > BRIEF_BITS));
    }

    /** A value for a message: what it is, and where that is short, which. */
    static String named(Object value) {
        return kind(value) + (isBrief(value) ? " " + value : "");
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

    boolean needsLook(int i) {
        return needsLook(columns[i]);
    }

    /** Whether a number is more than the bits that are stored for it: scaled, or of a range of its own. */
    private static boolean needsLook(SchemaColumn column) {
        LogicalType logical = column.logicalType().orElse(null);
        return logical instanceof LogicalType.Decimal
                || logical instanceof LogicalType.Time
                || (logical instanceof LogicalType.Timestamp type && type.unit() == LogicalType.TimeUnit.S);
    }

    void addDouble(int i, DType.FloatingType type, double value) {
        try {
            ElementCodec.addDouble(elements[i], type, value);
        } catch (IllegalArgumentException e) {
            throw misfit(i, value, e);
        }
    }

    void put(int i, @Nullable Object value) {
        if (value == null) {
            addNull(i);
            return;
        }
        try {
            CellCodec.add(elements[i], columns[i], value);
        } catch (IllegalArgumentException e) {
            throw misfit(i, value, e);
        }
    }
}
