package io.kohakuvault.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.sql.SqlText.Token;
import io.kohakuvault.sql.Views.View;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Which views a query names, where in its text, and which of their columns it may read. DuckDB's own parser tells, by
 * its syntax tree ({@code json_serialize_sql}). Each mention then reads a stream of its own: the text is as it was but
 * for the names. What cannot be told for certain is left to the table function behind the view, which always works.
 *
 * @param sql the statement
 * @param mentions the views that it names, by where
 * @param origins for each column of its result the column of a view that it is; null for none, nothing where that is
 *     not certain
 */
record QueryPlan(String sql, List<Mention> mentions, List<@Nullable Field> origins) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A view in a query.
     *
     * @param view which
     * @param start where its name begins in the statement
     * @param end where it ends
     * @param alias what the query calls it where it says so itself
     * @param columns what to read
     * @param hints what the query wants of the columns
     */
    record Mention(View view, int start, int end, String alias, List<String> columns, List<BlockHint> hints) {}

    /** Gives a query's syntax tree as JSON, or DuckDB's word on why there is none. */
    interface Parser {
        String tree(String query) throws SQLException;
    }

    /**
     * The plan of a statement, or null where it names no view or cannot be told.
     *
     * @param views by their names in lower case
     */
    static @Nullable QueryPlan of(String sql, Map<String, View> views, Parser parser) throws SQLException {
        List<Token> tokens = SqlText.tokens(sql);
        int[] query = query(tokens);
        if (query == null || !namesOne(tokens, views)) {
            return null;
        }
        String text = sql.substring(query[0], query[1]);
        JsonNode tree;
        try {
            tree = JSON.readTree(parser.tree(text));
        } catch (JsonProcessingException e) {
            return null;
        }
        if (tree.path("error").asBoolean(true) || tree.path("statements").size() != 1) {
            return null;
        }
        Reader reader = new Reader(text, query[0], views);
        List<Mention> mentions = reader.mentions(tree);
        return mentions.isEmpty() ? null : new QueryPlan(sql, mentions, reader.origins(tree));
    }

    /** The statement with other names in place of the views'. */
    String withNames(List<String> names) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int i = 0; i < mentions.size(); i++) {
            Mention mention = mentions.get(i);
            text.append(sql, at, mention.start()).append(SqlText.quoted(names.get(i)));
            if (mention.alias().isEmpty()) {
                text.append(" AS ").append(SqlText.quoted(mention.view().name()));
            }
            at = mention.end();
        }
        return text.append(sql, at, sql.length()).toString();
    }

    private static boolean namesOne(List<Token> tokens, Map<String, View> views) {
        return tokens.stream().anyMatch(token -> views.containsKey(SqlText.key(SqlText.unquoted(token.text()))));
    }

    /** Where the query of a statement stands: begin and end, or null. */
    private static int @Nullable [] query(List<Token> tokens) {
        int last = tokens.size() - 1;
        while (last >= 0 && tokens.get(last).is(";")) {
            last--;
        }
        if (last < 1 || tokens.stream().limit(last).anyMatch(token -> token.is(";"))) {
            return null;
        }
        int end = tokens.get(last).end();
        return switch (tokens.get(0).text()) {
            case "SELECT", "WITH", "FROM", "(" -> new int[] {tokens.get(0).start(), end};
            case "CREATE" -> afterAs(tokens, end);
            case "INSERT" -> from(tokens, Set.of("SELECT", "WITH", "FROM"), end);
            case "COPY" -> inParentheses(tokens);
            case "EXPLAIN" -> {
                int next = tokens.get(1).is("ANALYZE") ? 2 : 1;
                yield next > last || tokens.get(next).is("(")
                        ? null
                        : new int[] {tokens.get(next).start(), end};
            }
            default -> null;
        };
    }

    /** Of {@code CREATE TABLE … AS}; views and macros keep the names that they are made with. */
    private static int @Nullable [] afterAs(List<Token> tokens, int end) {
        int what = 1;
        while (what < tokens.size()
                && Set.of("OR", "REPLACE", "TEMP", "TEMPORARY")
                        .contains(tokens.get(what).text())) {
            what++;
        }
        if (what == tokens.size() || !tokens.get(what).is("TABLE")) {
            return null;
        }
        for (int i = what; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).depth() == 0 && tokens.get(i).is("AS")) {
                return new int[] {tokens.get(i + 1).start(), end};
            }
        }
        return null;
    }

    private static int @Nullable [] from(List<Token> tokens, Set<String> words, int end) {
        for (Token token : tokens) {
            if (token.depth() == 0 && words.contains(token.text())) {
                return new int[] {token.start(), end};
            }
        }
        return null;
    }

    private static int @Nullable [] inParentheses(List<Token> tokens) {
        if (!tokens.get(1).is("(")) {
            return null;
        }
        for (int i = 2; i < tokens.size(); i++) {
            if (tokens.get(i).is(")") && tokens.get(i).depth() == 0) {
                return new int[] {tokens.get(1).end(), tokens.get(i).start()};
            }
        }
        return null;
    }

    /** Reads a syntax tree. */
    private static final class Reader {
        private static final Set<String> OWN_NAMES =
                Set.of("table_name", "alias", "schema_name", "catalog_name", "qualified_name");

        private final String text;
        private final byte[] utf8;
        private final int offset;
        private final Map<String, View> views;
        private final Set<String> shadowed = new HashSet<>();
        private final Set<String> words = new HashSet<>();

        /** Texts that are more than the qualification of a column: a name among them may be a row's. */
        private final Set<String> loose = new HashSet<>();

        private final List<JsonNode> tables = new ArrayList<>();

        /** The query of each table that its WHERE applies to. */
        private final IdentityHashMap<JsonNode, JsonNode> queries = new IdentityHashMap<>();

        private boolean everyColumn;
        private boolean unclear;

        Reader(String text, int offset, Map<String, View> views) {
            this.text = text;
            this.utf8 = text.getBytes(StandardCharsets.UTF_8);
            this.offset = offset;
            this.views = views;
        }

        List<Mention> mentions(JsonNode tree) {
            visit(tree);
            List<Mention> mentions = new ArrayList<>();
            for (JsonNode table : tables) {
                Mention mention = unclear ? null : mention(table);
                if (mention != null) {
                    mentions.add(mention);
                }
            }
            mentions.sort(Comparator.comparingInt(Mention::start));
            return mentions;
        }

        /** To be asked after the mentions, which tell what is hidden by other names. */
        List<@Nullable Field> origins(JsonNode tree) {
            return ResultOrigins.of(tree.path("statements").path(0).path("node"), table -> {
                Mention mention = unclear ? null : mention(table);
                return mention == null ? null : mention.view();
            });
        }

        private void visit(JsonNode node) {
            if (node.isTextual()) {
                words.add(SqlText.key(node.textValue()));
                loose.add(SqlText.key(node.textValue()));
            } else if (node.path("type").asText().equals("COLUMN_REF")) {
                visitColumn(node);
            } else {
                if (node.isObject()) {
                    visitObject(node);
                }
                boolean table = node.path("type").asText().equals("BASE_TABLE");
                node.properties().forEach(field -> {
                    if (!table || !OWN_NAMES.contains(field.getKey())) {
                        visit(field.getValue());
                    }
                });
                if (node.isArray()) {
                    node.forEach(this::visit);
                }
            }
        }

        private void visitColumn(JsonNode node) {
            JsonNode names = node.path("column_names");
            names.forEach(name -> words.add(SqlText.key(name.asText())));
            loose.add(SqlText.key(names.path(names.size() - 1).asText()));
            for (int i = 1; i < names.size() - 1; i++) { // main.t.x, which an alias would not answer to
                unclear |= views.containsKey(SqlText.key(names.path(i).asText()));
            }
        }

        private void visitObject(JsonNode node) {
            switch (node.path("type").asText()) {
                case "BASE_TABLE" -> tables.add(node);
                case "SELECT_NODE" -> {
                    BlockHints.tables(node).forEach(table -> queries.put(table, node));
                    node.path("select_list").forEach(item -> unclear |= isLabelledByItsText(item));
                }
                case "STAR", "PIVOT", "POSITIONAL_REFERENCE" -> everyColumn = true;
                // Recursion reads what it joins once more in each round, and a stream is read once
                case "SHOW_REF", "RECURSIVE_CTE_NODE" -> unclear = true;
                default -> {}
            }
            if (node.path("ref_type").asText().equals("NATURAL")) {
                everyColumn = true;
            }
            node.path("cte_map")
                    .path("map")
                    .forEach(entry -> shadowed.add(SqlText.key(entry.path("key").asText())));
            if (node.has("cte_name")) {
                shadowed.add(SqlText.key(node.path("cte_name").asText()));
            }
        }

        /** Whether a column of the result is called by a text in which names of streams would stand. */
        private static boolean isLabelledByItsText(JsonNode item) {
            return item.path("alias").asText().isEmpty()
                    && !item.path("class").asText().equals("STAR")
                    && (item.path("class").asText().equals("SUBQUERY") || holds(item));
        }

        private static boolean holds(JsonNode node) {
            for (JsonNode child : node) {
                String kind = child.path("class").asText();
                if (kind.equals("SUBQUERY") || kind.equals("STAR") || holds(child)) {
                    return true;
                }
            }
            return false;
        }

        private @Nullable Mention mention(JsonNode table) {
            String name = table.path("table_name").asText();
            View view = views.get(SqlText.key(name));
            String schema = table.path("schema_name").asText();
            String catalog = table.path("catalog_name").asText();
            if (view == null
                    || view.isRenamed()
                    || shadowed.contains(SqlText.key(name))
                    || !(schema.isEmpty() || SqlText.key(schema).equals("main"))
                    || !(catalog.isEmpty() || SqlText.key(catalog).equals("memory"))
                    || !table.path("at_clause").isNull()) {
                return null;
            }
            int[] place = place(table);
            if (place == null) {
                return null;
            }
            String alias = table.path("alias").asText();
            boolean whole = everyColumn
                    || !table.path("column_name_alias").isEmpty()
                    || loose.contains(SqlText.key(name)) // a row as a struct, or by a method: t.to_json()
                    || (!alias.isEmpty() && loose.contains(SqlText.key(alias)));
            return new Mention(view, place[0], place[1], alias, columns(view, whole), hints(table, view));
        }

        private List<BlockHint> hints(JsonNode table, View view) {
            JsonNode query = queries.get(table);
            if (query == null || !table.path("column_name_alias").isEmpty()) {
                return List.of();
            }
            String alias = table.path("alias").asText();
            String name = alias.isEmpty() ? table.path("table_name").asText() : alias;
            boolean alone = query.path("from_table").path("type").asText().equals("BASE_TABLE");
            return BlockHints.of(query.path("where_clause"), name, alone, view.fields());
        }

        private List<String> columns(View view, boolean whole) {
            List<String> columns = view.fields().stream()
                    .map(Field::getName)
                    .filter(column -> whole || words.contains(SqlText.key(column)))
                    .toList();
            // Rows alone are counted: by what costs least
            return columns.isEmpty()
                    ? List.of(ViewFunction.ordered(view.fields()).get(0).getName())
                    : columns;
        }

        /** Where the name stands in the statement, which may be one of several parts; null where it is not found. */
        private int @Nullable [] place(JsonNode table) {
            long bytes = table.path("query_location").asLong(-1);
            if (bytes < 0 || bytes >= utf8.length) {
                return null;
            }
            int start = new String(utf8, 0, (int) bytes, StandardCharsets.UTF_8).length();
            List<Token> tokens = SqlText.tokens(text.substring(start));
            int parts = table.path("qualified_name").path("path").size();
            int last = 2 * (parts - 1); // names and the dots between them
            if (parts < 1
                    || last >= tokens.size()
                    || !SqlText.key(SqlText.unquoted(tokens.get(last).text()))
                            .equals(SqlText.key(table.path("table_name").asText()))) {
                return null;
            }
            return new int[] {offset + start, offset + start + tokens.get(last).end()};
        }
    }
}
