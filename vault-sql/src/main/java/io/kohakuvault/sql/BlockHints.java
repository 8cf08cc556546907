package io.kohakuvault.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Finds what the WHERE of a query says of the tables that its FROM names, in DuckDB's syntax tree. */
final class BlockHints {
    private BlockHints() {}

    /**
     * The tables of a query to which its WHERE applies row by row: all that are joined by inner and left joins, without
     * a sample. Removing rows for which WHERE does not hold then changes nothing.
     *
     * @param select a SELECT_NODE
     * @return the BASE_TABLE nodes; none where it is not so
     */
    static List<JsonNode> tables(JsonNode select) {
        List<JsonNode> tables = new ArrayList<>();
        boolean plain = select.path("sample").isNull() && collect(select.path("from_table"), tables);
        return plain ? tables : List.of();
    }

    private static boolean collect(JsonNode from, List<JsonNode> tables) {
        if (!from.path("sample").isNull()) {
            return false;
        }
        switch (from.path("type").asText()) {
            case "BASE_TABLE" -> {
                tables.add(from);
                return true;
            }
            case "JOIN" -> {
                boolean kept =
                        Set.of("INNER", "LEFT").contains(from.path("join_type").asText())
                                && Set.of("REGULAR", "CROSS")
                                        .contains(from.path("ref_type").asText());
                return kept && collect(from.path("left"), tables) && collect(from.path("right"), tables);
            }
            default -> {
                return false;
            }
        }
    }

    /**
     * The ranges that a WHERE wants of a table's columns.
     *
     * @param where the WHERE
     * @param name what the query calls the table
     * @param alone whether it is the only one, so that columns need not be said to be its
     * @param fields its columns
     * @return the ranges, all of which are wanted
     */
    static List<BlockHint> of(JsonNode where, String name, boolean alone, List<Field> fields) {
        Map<String, Field> byName = new HashMap<>();
        fields.forEach(field -> byName.put(SqlText.key(field.getName()), field));
        List<BlockHint> hints = new ArrayList<>();
        conjuncts(where, new Columns(SqlText.key(name), alone, byName), hints);
        return hints;
    }

    private record Columns(String table, boolean alone, Map<String, Field> fields) {
        @Nullable
        Field find(JsonNode expression) {
            if (!expression.path("type").asText().equals("COLUMN_REF")) {
                return null;
            }
            JsonNode names = expression.path("column_names");
            if (names.size() == 1 && alone) {
                return fields.get(SqlText.key(names.path(0).asText()));
            } else if (names.size() == 2 && SqlText.key(names.path(0).asText()).equals(table)) {
                return fields.get(SqlText.key(names.path(1).asText()));
            }
            return null;
        }
    }

    private static void conjuncts(JsonNode where, Columns columns, List<BlockHint> hints) {
        switch (where.path("type").asText()) {
            case "CONJUNCTION_AND" -> where.path("children").forEach(child -> conjuncts(child, columns, hints));
            case "COMPARE_BETWEEN" -> {
                Field field = columns.find(where.path("input"));
                if (field != null) {
                    hints.add(new BlockHint(field, where.path("lower"), where.path("upper")));
                }
            }
            case "COMPARE_EQUAL" -> {
                compared(where, columns, hints, true, true);
            }
            case "COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO" -> compared(where, columns, hints, false, true);
            case "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO" -> compared(where, columns, hints, true, false);
            default -> {}
        }
    }

    /** A column compared to something, or something to a column, by which bounds change sides. */
    private static void compared(JsonNode where, Columns columns, List<BlockHint> hints, boolean low, boolean high) {
        Field left = columns.find(where.path("left"));
        if (left != null) {
            JsonNode value = where.path("right");
            hints.add(new BlockHint(left, low ? value : null, high ? value : null));
        }
        Field right = columns.find(where.path("right"));
        if (right != null) {
            JsonNode value = where.path("left");
            hints.add(new BlockHint(right, high ? value : null, low ? value : null));
        }
    }
}
