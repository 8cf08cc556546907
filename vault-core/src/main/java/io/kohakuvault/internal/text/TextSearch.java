package io.kohakuvault.internal.text;

import io.kohakuvault.VaultException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One search in one state of a table. */
final class TextSearch {
    private static final int LONGEST_QUOTED = 200;

    private final Session session;
    private final TextSchema schema;
    private final StoredValues values;
    private final TextQuery query;
    private final SnippetSql snippet;

    /** Which columns of text are searched: in others nothing is looked for. */
    private final List<Integer> searched;

    /** How many are wanted, with those that are left out. */
    private final long most;

    /** A search for the k best, whatever their values: {@link FilteredSearch} asks for these. */
    TextSearch(Session session, TextSchema schema, StoredValues values, TextQuery query, int k) {
        this.session = session;
        this.schema = schema;
        this.values = values;
        this.query = query;
        this.snippet = new SnippetSql(schema, query.snippets().orElse(null));
        this.most = k == 0 ? 0 : (long) k + query.offset();
        this.searched = searched();
        if (!query.weights().isEmpty()
                && query.weights().size() != schema.columns().size()) {
            throw new IllegalArgumentException("table " + schema.name() + " has the columns " + schema.columns()
                    + ", but the query has " + query.weights().size() + " weights");
        }
    }

    private List<Integer> searched() {
        List<Integer> numbers = new ArrayList<>();
        for (String column : query.columns()) {
            int number = schema.text(column);
            if (number < 0) {
                throw new IllegalArgumentException("table " + schema.name() + " has no column " + column
                        + " to search in; it has " + schema.columns());
            }
            numbers.add(number);
        }
        for (int i = 0; i < schema.columns().size() && query.columns().isEmpty(); i++) {
            numbers.add(i);
        }
        numbers.removeIf(number -> !schema.isIndexed(number));
        return numbers;
    }

    /** The best documents. */
    List<TextHit> run() {
        List<TextHit> hits = most == 0 || query.expression().isEmpty() || searched.isEmpty() ? List.of() : found();
        int from = Math.min(query.offset(), hits.size());
        return hits.subList(from, hits.size());
    }

    private List<TextHit> found() {
        ShortWords words = ShortWords.of(query, schema.tokenizer());
        if (words == null) {
            return matches(query.expression(), null);
        }
        String others = words.expressionOfOthers();
        if (words.allAreWanted()) {
            return others.isEmpty() ? scanned(words, List.of()) : matches(others, words);
        }
        List<TextHit> hits = others.isEmpty() ? List.of() : matches(others, null);
        return hits.size() == most ? hits : scanned(words, hits);
    }

    /** How many documents match. */
    long count() {
        if (query.expression().isEmpty() || searched.isEmpty()) {
            return 0;
        }
        ShortWords words = ShortWords.of(query, schema.tokenizer());
        if (words != null || query.valueFilter().isPresent()) {
            return new TextSearch(session, schema, values, query.withOffset(0), Integer.MAX_VALUE)
                    .found()
                    .size();
        }
        return guarded(() -> {
            Long count = session.queryLong(
                    "SELECT count(*) FROM " + schema.table() + " f WHERE " + schema.whole() + " MATCH ?",
                    inColumns(query.expression()));
            return count == null ? 0 : count;
        });
    }

    /** The expression for the columns that are searched. */
    private String inColumns(String expression) {
        if (query.mode() == TextQuery.Mode.FTS5 && expression.startsWith("*")) { // of the index, and not of documents
            throw refused("what begins with * is no expression");
        }
        if (query.columns().isEmpty()) {
            return expression;
        }
        if (query.mode() == TextQuery.Mode.FTS5 && !QuerySize.hasMatchingParentheses(expression)) {
            throw refused("its parentheses do not match");
        }
        return "{"
                + searched.stream()
                        .map(number -> '"' + schema.columns().get(number).replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(" "))
                + "} : (" + expression + ")";
    }

    /** The best documents that the index finds, of those that have the short words when there are some. */
    private List<TextHit> matches(String expression, @Nullable ShortWords words) {
        List<Object> args = new ArrayList<>();
        // bm25 is asked for by name, because another program may have changed what rank means; and only of the best,
        // values are read.
        String best = "SELECT f.rowid AS id, " + score(args) + " AS score, " + snippet.select(args)
                + " AS snippet FROM " + schema.table() + " f WHERE " + schema.whole() + " MATCH ? ORDER BY 2, 1";
        args.add(inColumns(expression));
        boolean oneByOne = words != null;
        if (!oneByOne) {
            args.add(most);
        }
        String sql = oneByOne
                ? best
                : "SELECT t.id, t.score, t.snippet, " + document() + " FROM (" + best + " LIMIT ?) t LEFT JOIN "
                        + schema.table() + " f ON f.rowid = t.id" + valueJoined() + " ORDER BY 2, 1";
        return guarded(() -> {
            List<TextHit> hits = new ArrayList<>();
            try (Rows rows = session.query(sql, args.toArray())) {
                while (hits.size() < most && rows.next()) {
                    String cut = snippet.finish(rows.getString(2));
                    if (words != null) {
                        document(rows.getLong(0), -rows.getDouble(1), cut, words)
                                .ifPresent(hits::add);
                    } else {
                        hits.add(hit(rows.getLong(0), -rows.getDouble(1), cut, rows, 3));
                    }
                }
            }
            return hits;
        });
    }

    private String score(List<Object> args) {
        if (query.weights().isEmpty()) {
            return "bm25(" + schema.whole() + ")";
        }
        List<Double> weights = schema.weights(query.weights());
        args.addAll(weights);
        return "bm25(" + schema.whole() + ", " + String.join(", ", Collections.nCopies(weights.size(), "?")) + ")";
    }

    private String valueJoined() {
        return " LEFT JOIN " + schema.values() + " v ON v.id = " + schema.reference();
    }

    /** What a hit is read from: the reference to its value, the value's row and itself, and the texts when wanted. */
    private String document() {
        return schema.reference() + ", v.id, v.value"
                + (query.hasTexts() ? ", " + schema.hasBlob() + ", " + schema.selectTexts() : "");
    }

    /** A hit, read from {@link #document} from a column on. */
    private FoundDocument hit(long id, double score, @Nullable String cut, Rows rows, int column) {
        return new FoundDocument(
                id,
                score,
                values.read(rows, column, id),
                Optional.ofNullable(cut),
                query.hasTexts() ? schema.texts(rows, column + 3, id, values) : List.of());
    }

    /** A document that is found, if it has the short words. */
    private Optional<TextHit> document(long id, double score, @Nullable String cut, ShortWords words) {
        String sql = "SELECT " + document() + ", " + schema.selectTexts() + " FROM " + schema.table() + " f"
                + valueJoined() + " WHERE f.rowid = ?";
        try (Rows rows = session.query(sql, id)) {
            if (!rows.next()) {
                throw values.damaged(id, "the index has it, the documents have not");
            }
            int own = 3 + (query.hasTexts() ? 1 + schema.columns().size() : 0);
            return words.isIn(searched(texts(rows, own)))
                    ? Optional.of(hit(id, score, cut, rows, 0))
                    : Optional.empty();
        }
    }

    /** The texts of a row from a column on, to look for words in: what is no text has none. */
    private List<String> texts(Rows rows, int from) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < schema.columns().size(); i++) {
            String text = rows.getString(from + i);
            texts.add(text == null ? "" : text);
        }
        return texts;
    }

    private List<String> searched(List<String> texts) {
        return searched.stream().map(texts::get).toList();
    }

    /**
     * What was found, and behind it, by their ids, the documents of which only reading them all shows that they have
     * the short words.
     */
    private List<TextHit> scanned(ShortWords words, List<TextHit> found) {
        Set<Long> known = new HashSet<>();
        found.forEach(hit -> known.add(hit.id()));
        List<TextHit> hits = new ArrayList<>(found);
        List<Object> args = new ArrayList<>();
        String sql = "SELECT f.rowid, " + snippet.select(args) + ", " + schema.selectTexts() + " FROM " + schema.table()
                + " f ORDER BY f.rowid";
        try (Rows rows = session.query(sql, args.toArray())) {
            while (hits.size() < most && rows.next()) {
                long id = rows.getLong(0);
                if (!known.contains(id) && words.isIn(searched(texts(rows, 2)))) {
                    document(id, 0, snippet.finish(rows.getString(1)), words).ifPresent(hits::add);
                }
            }
        }
        return hits;
    }

    /** Work that FTS5 may refuse because of the query. */
    private interface Work<T> {
        T run();
    }

    private <T> T guarded(Work<T> work) {
        try {
            return work.run();
        } catch (VaultException e) {
            // The kinds of it have other causes than the query.
            throw e.getClass() == VaultException.class && isWellWithAnotherQuery() ? refused(e) : e;
        }
    }

    /** Whether the table answers another query: then it is this one that is wrong, not the table. */
    private boolean isWellWithAnotherQuery() {
        try (Rows rows = session.query(
                "SELECT f.rowid, bm25(" + schema.whole() + "), v.value FROM " + schema.table() + " f" + valueJoined()
                        + " WHERE " + schema.whole() + " MATCH ? LIMIT 1",
                "a")) {
            boolean unused = rows.next();
            return hasTexts();
        } catch (VaultException e) {
            return false;
        }
    }

    /** Whether the texts can be read, which a query that finds none does not do. */
    private boolean hasTexts() {
        try (Rows rows = session.query("SELECT " + schema.selectTexts() + " FROM " + schema.table() + " f LIMIT 1")) {
            boolean unused = rows.next();
            return true;
        }
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(session.file() + ": table " + schema.name()
                + ": FTS5 does not take the query '" + cut(query.expression()) + "': " + why);
    }

    private IllegalArgumentException refused(VaultException e) {
        Throwable cause = e.getCause();
        String message = refused(cut(said(String.valueOf((cause == null ? e : cause).getMessage()))))
                .getMessage();
        // SQLite may repeat the query in its message, however long that is.
        boolean isLong = cause != null && String.valueOf(cause.getMessage()).length() > 2 * LONGEST_QUOTED;
        return isLong ? new IllegalArgumentException(message) : new IllegalArgumentException(message, e);
    }

    /** What FTS5 says, without what the driver says around it. */
    private static String said(String message) {
        int open = message.startsWith("[SQLITE_ERROR] ") ? message.indexOf('(') : message.indexOf("(fts5: ");
        return open >= 0 && message.endsWith(")") ? message.substring(open + 1, message.length() - 1) : message;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_QUOTED
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTED / 2)) + "… (" + text.length()
                        + " characters)";
    }
}
