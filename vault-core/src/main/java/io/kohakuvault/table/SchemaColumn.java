package io.kohakuvault.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import java.util.Optional;

/**
 * A column of a table.
 *
 * @param name within the table, not empty
 * @param dtype physical type
 * @param logicalType what it means beyond that
 * @param nullable whether rows may lack it
 */
public record SchemaColumn(String name, DType dtype, Optional<LogicalType> logicalType, boolean nullable) {
    /** Checks that the logical type fits the physical one. */
    public SchemaColumn {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a column of a table needs a name");
        }
        if (logicalType.isPresent() && logicalType.get() instanceof LogicalType.Timestamp && !dtype.equals(DType.I64)) {
            throw new IllegalArgumentException(
                    "column '" + name + "': a timestamp is stored as i64, but the dtype is " + dtype.token());
        }
    }

    @Override
    public String toString() {
        return name + " " + dtype.token()
                + logicalType.map(t -> " " + t.token()).orElse("") + (nullable ? " null" : "");
    }
}
