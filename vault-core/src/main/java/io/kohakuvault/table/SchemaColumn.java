package io.kohakuvault.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.Utf8;
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
        checkName(name);
        Optional<DType> physical = logicalType.flatMap(LogicalType::physical);
        if (physical.isPresent() && !physical.get().equals(dtype)) {
            throw new IllegalArgumentException("column '" + name + "': a "
                    + logicalType.get().token() + " is stored as "
                    + physical.get().token() + ", but the dtype is "
                    + dtype.token());
        }
    }

    /**
     * Checks a name.
     *
     * @param name any text but the empty one
     * @throws IllegalArgumentException when it is none
     */
    public static void checkName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a column of a table needs a name");
        }
        Utf8.check(name);
    }

    /**
     * A column of a logical type.
     *
     * @param name within the table, not empty
     * @param type what it means; its physical type follows
     * @param nullable whether rows may lack it
     * @return the column
     */
    public static SchemaColumn of(String name, LogicalType type, boolean nullable) {
        DType dtype = type.physical()
                .orElseThrow(() ->
                        new IllegalArgumentException("'" + type.token() + "' is no logical type of this release"));
        return new SchemaColumn(name, dtype, Optional.of(type), nullable);
    }

    /**
     * A column without a logical type.
     *
     * @param name within the table, not empty
     * @param dtype physical type
     * @param nullable whether rows may lack it
     * @return the column
     */
    public static SchemaColumn of(String name, DType dtype, boolean nullable) {
        return new SchemaColumn(name, dtype, Optional.empty(), nullable);
    }

    /**
     * What the column is, in one word: its logical type, or its dtype where it has none. {@link LogicalType#parse} and
     * {@link DType#parse} read it.
     *
     * @return the type as files, the command and connectors write it
     */
    public String typeToken() {
        return logicalType.map(LogicalType::token).orElseGet(dtype::token);
    }

    @Override
    public String toString() {
        return name + " " + dtype.token()
                + logicalType.map(t -> " " + t.token()).orElse("") + (nullable ? " null" : "");
    }
}
