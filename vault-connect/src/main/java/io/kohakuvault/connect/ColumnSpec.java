package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A column that the settings name: {@code [path as] name [type [null]]}.
 *
 * @param source where in a record its values stand
 * @param name the column's
 * @param typed the column, where its type is given
 */
record ColumnSpec(FieldPath source, String name, Optional<SchemaColumn> typed) {
    /** Between a path and a name. */
    static final String AS = "as";

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none
     */
    static ColumnSpec parse(String text) {
        List<String> words = Arrays.asList(text.strip().split("\\s+", -1));
        FieldPath source = FieldPath.of(words.get(0));
        if (words.size() > 2 && words.get(1).equals(AS)) {
            words = words.subList(2, words.size());
        }
        boolean nullable = words.size() == 3 && words.get(2).equals("null");
        if ((words.size() > 2 && !nullable) || words.get(0).isEmpty()) {
            throw new IllegalArgumentException(
                    "a column is 'name', 'name type' or 'name type null', or one of these behind 'path as'");
        }
        String name = words.get(0);
        if (words.size() == 1) {
            SchemaColumn.checkName(name);
            return new ColumnSpec(source, name, Optional.empty());
        }
        String type = words.get(1);
        Optional<LogicalType> logical = logical(type);
        DType dtype = logical.flatMap(LogicalType::physical).orElseGet(() -> dtype(type));
        return new ColumnSpec(source, name, Optional.of(new SchemaColumn(name, dtype, logical, nullable)));
    }

    private static DType dtype(String type) {
        try {
            return DType.parse(type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage()
                            + "; and timestamp:ms (s, us, ns), date, time:ms (us, ns), decimal:12:2, json, uuid, list, map",
                    e);
        }
    }

    /** What a type in the settings means beyond a dtype; empty for a dtype. */
    private static Optional<LogicalType> logical(String type) {
        String zoned = type.matches("timestamp:[a-z]+") ? type + ":UTC" : type;
        LogicalType logical = LogicalType.parse(zoned).orElseThrow();
        if (!(logical instanceof LogicalType.Other)) {
            return Optional.of(logical);
        } else if (type.matches("(timestamp|time|decimal)(:.*)?")) {
            throw new IllegalArgumentException(
                    "unknown type '" + type
                            + "'; there are timestamp:s, :ms, :us and :ns, time:ms, :us and :ns, and decimal:<digits>:<of them behind the point>");
        }
        return Optional.empty();
    }
}
