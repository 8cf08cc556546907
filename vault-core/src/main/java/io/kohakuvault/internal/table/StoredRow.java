package io.kohakuvault.internal.table;

import io.kohakuvault.table.Row;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row with the names that all rows of a read share. */
final class StoredRow implements Row {
    private final long index;
    private final Names names;
    private final @Nullable Object[] values;

    /** The columns of a read, which may be many. Immutable. */
    static final class Names {
        private final List<String> columns;
        private final Map<String, Integer> places = new HashMap<>();

        Names(List<String> columns) {
            this.columns = List.copyOf(columns);
            for (String column : columns) {
                places.put(column, places.size());
            }
        }

        int count() {
            return columns.size();
        }
    }

    StoredRow(long index, Names names, @Nullable Object[] values) {
        this.index = index;
        this.names = names;
        this.values = values;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public List<String> columns() {
        return names.columns;
    }

    @Override
    public @Nullable Object get(String column) {
        Integer at = names.places.get(column);
        if (at == null) {
            throw new IllegalArgumentException("no column '" + column + "', there are " + names.columns);
        }
        return values[at];
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put(names.columns.get(i), values[i]);
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredRow row
                && row.index == index
                && row.names.columns.equals(names.columns)
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
