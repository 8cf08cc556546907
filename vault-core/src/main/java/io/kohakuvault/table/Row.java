package io.kohakuvault.table;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row that has been read. Values are Long, Double, Boolean, String, byte[], float[] for {@code vec:f32:…}, {@link
 * io.kohakuvault.codec.NumericArray} for other vectors, what is in a msgpack or cbor element, the Java class that its {@link
 * io.kohakuvault.codec.LogicalType} names (Instant, LocalDate, LocalTime, BigDecimal, UUID, List, Map), or null.
 *
 * @param index its place in the table
 * @param values by column name, in the table's order
 */
public record Row(long index, Map<String, @Nullable Object> values) {
    /**
     * One value.
     *
     * @param column name within the table
     * @return the value, null for a null
     * @throws IllegalArgumentException when the row was read without this column
     */
    public @Nullable Object get(String column) {
        if (!values.containsKey(column)) {
            throw new IllegalArgumentException("no column '" + column + "', there are " + values.keySet());
        }
        return values.get(column);
    }
}
