package io.kohakuvault.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.sql.Views.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a result are columns of views, value by value: those that a query selects by their names, or by
 * stars, of views that its FROM names. What is not certain has no origin.
 */
final class ResultOrigins {
    /** Joins whose star has the columns of both sides. */
    private static final Set<String> BOTH_SIDES = Set.of("INNER", "LEFT", "RIGHT", "OUTER", "FULL");

    private static final Set<String> WITHOUT_NULLS = Set.of("INNER", "SEMI", "ANTI");

    /** A view of the FROM and what the query calls it. */
    private record Source(String name, View view) {}

    private final Function<JsonNode, @Nullable View> views;
    private final List<Source> sources = new ArrayList<>();

    /** Whether all of the FROM is views, so that a name without a table is one of theirs. */
    private boolean isKnown = true;

    /** Whether a star stands for the columns of all views, one after the other. */
    private boolean isInOrder = true;

    /** Whether rows may come without one of the views. */
    private boolean addsNulls;

    private ResultOrigins(Function<JsonNode, @Nullable View> views) {
        this.views = views;
    }

    /**
     * The origins of a result's columns.
     *
     * @param node the query's node of the syntax tree
     * @param views the view that a BASE_TABLE is; null where it is none, or that is not certain
     * @return a field for each column, null where it has no origin; nothing where it is not known how many there are
     */
    static List<@Nullable Field> of(JsonNode node, Function<JsonNode, @Nullable View> views) {
        if (!node.path("type").asText().equals("SELECT_NODE")) {
            return List.of();
        }
        ResultOrigins origins = new ResultOrigins(views);
        origins.collect(node.path("from_table"));
        origins.addsNulls |= node.path("group_sets").size() > 1;
        List<@Nullable Field> columns = new ArrayList<>();
        for (JsonNode item : node.path("select_list")) {
            if (item.path("class").asText().equals("STAR")) {
                List<Field> all = origins.star(item);
                if (all == null) {
                    return List.of();
                }
                all.forEach(field -> columns.add(origins.nullable(field)));
            } else if (mayBeSeveral(item)) {
                return List.of();
            } else {
                Field field = origins.column(item);
                columns.add(field == null ? null : origins.nullable(field));
            }
        }
        return columns;
    }

    /** An expression over a star stands for as many columns as that; so does what makes columns of a struct. */
    private static boolean mayBeSeveral(JsonNode item) {
        String function = item.path("function_name").asText();
        if (item.path("class").asText().equals("STAR") || function.equals("unnest")) {
            return true;
        }
        for (JsonNode child : item) {
            if (mayBeSeveral(child)) {
                return true;
            }
        }
        return false;
    }

    private void collect(JsonNode from) {
        String type = from.path("type").asText();
        if (type.equals("BASE_TABLE")) {
            View view = from.path("column_name_alias").isEmpty() ? views.apply(from) : null;
            String alias = from.path("alias").asText();
            if (view == null) {
                isKnown = false;
            } else {
                sources.add(new Source(
                        SqlText.key(alias.isEmpty() ? from.path("table_name").asText() : alias), view));
            }
        } else if (type.equals("JOIN")) {
            String join = from.path("join_type").asText();
            boolean plain =
                    Set.of("REGULAR", "CROSS").contains(from.path("ref_type").asText());
            isInOrder &= plain && from.path("using_columns").isEmpty() && BOTH_SIDES.contains(join);
            addsNulls |= !plain || !WITHOUT_NULLS.contains(join);
            collect(from.path("left"));
            collect(from.path("right"));
        } else {
            isKnown = false;
        }
    }

    private @Nullable List<Field> star(JsonNode star) {
        boolean plain = !star.path("columns").asBoolean(true)
                && star.path("expr").isNull()
                && star.path("exclude_list").isEmpty()
                && star.path("replace_list").isEmpty()
                && star.path("rename_list").isEmpty()
                && star.path("qualified_exclude_list").isEmpty();
        String table = SqlText.key(star.path("relation_name").asText());
        List<Source> named = table.isEmpty()
                ? sources
                : sources.stream().filter(source -> source.name().equals(table)).toList();
        boolean known = table.isEmpty() ? isKnown && isInOrder : named.size() == 1;
        return plain && known
                ? named.stream()
                        .flatMap(source -> source.view().fields().stream())
                        .toList()
                : null;
    }

    private @Nullable Field column(JsonNode item) {
        JsonNode names = item.path("column_names");
        if (!item.path("type").asText().equals("COLUMN_REF") || names.size() > 2) {
            return null;
        }
        String table = names.size() == 2 ? SqlText.key(names.path(0).asText()) : "";
        if (table.isEmpty() && !isKnown) {
            return null;
        }
        String name = SqlText.key(names.path(names.size() - 1).asText());
        List<Field> found = sources.stream()
                .filter(source -> table.isEmpty() || source.name().equals(table))
                .flatMap(source -> source.view().fields().stream())
                .filter(field -> SqlText.key(field.getName()).equals(name))
                .toList();
        return found.size() == 1 ? Objects.requireNonNull(found.get(0)) : null;
    }

    private Field nullable(Field field) {
        return addsNulls && !field.isNullable()
                ? new Field(
                        field.getName(),
                        new FieldType(true, field.getType(), null, field.getMetadata()),
                        field.getChildren())
                : field;
    }
}
