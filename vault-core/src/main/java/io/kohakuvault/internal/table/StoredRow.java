package io.kohakuvault.internal.table;

import io.kohakuvault.table.Row;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row with the names that all rows of a read share. */
final class StoredRow implements Row {
    private final long index;
    private final List<String> columns;
    private final @Nullable Object[] values;

    StoredRow(long index, List<String> columns, @Nullable Object[] values) {
        this.index = index;
        this.columns = columns;
        this.values = values;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public @Nullable Object get(String column) {
        int at = columns.indexOf(column);
        if (at < 0) {
            throw new IllegalArgumentException("no column '" + column + "', there are " + columns);
        }
        return values[at];
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put(columns.get(i), values[i]);
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredRow row
                && row.index == index
                && row.columns.equals(columns)
                && Arrays.deepEquals(row.values, values);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(index) + Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return "row " + index + " " + toMap();
    }
}
