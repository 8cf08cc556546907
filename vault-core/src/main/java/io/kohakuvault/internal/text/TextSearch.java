package io.kohakuvault.internal.text;

import io.kohakuvault.VaultException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextQuery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One search in one state of a table. */
final class TextSearch {
    private static final int LONGEST_QUOTED = 200;

    private final Session session;
    private final TextSchema schema;
    private final StoredValues values;
    private final TextQuery query;
    private final TextQuery.@Nullable Snippets snippets;
    private final int k;

    TextSearch(Session session, TextSchema schema, StoredValues values, TextQuery query, int k) {
        this.session = session;
        this.schema = schema;
        this.values = values;
        this.query = query;
        this.snippets = query.snippets().orElse(null);
        this.k = k;
        if (snippets != null && snippets.column() >= schema.columns().size()) {
            throw new IllegalArgumentException(
                    "snippets of column " + snippets.column() + ", but there are " + schema.columns());
        }
    }

    List<TextHit> run() {
        if (k == 0 || query.expression().isEmpty()) {
            return List.of();
        }
        ShortWords words = ShortWords.of(query, schema.tokenizer());
        if (words == null) {
            return matches(query.expression(), null);
        }
        String others = words.expressionOfOthers();
        if (words.allAreWanted()) {
            return others.isEmpty() ? scanned(words, List.of()) : matches(others, words);
        }
        List<TextHit> hits = others.isEmpty() ? List.of() : matches(others, null);
        return hits.size() == k ? hits : scanned(words, hits);
    }

    /** The best documents that the index finds, of those that have the short words when there are some. */
    private List<TextHit> matches(String expression, @Nullable ShortWords words) {
        List<Object> args = new ArrayList<>();
        // bm25 is asked for by name, because another program may have changed what rank means; and only of the best,
        // values are read.
        String best = "SELECT f.rowid AS id, bm25(" + schema.whole() + ") AS score, " + snippet(args)
                + " AS snippet FROM " + schema.table() + " f WHERE " + schema.whole() + " MATCH ? ORDER BY 2, 1";
        args.add(expression);
        if (words == null) {
            args.add((long) k);
        }
        List<TextHit> hits = new ArrayList<>();
        try (Rows rows = session.query(
                words != null
                        ? best
                        : "SELECT t.id, t.score, t.snippet, " + schema.reference() + ", v.id, v.value FROM (" + best
                                + " LIMIT ?) t LEFT JOIN " + schema.table() + " f ON f.rowid = t.id" + valueJoined()
                                + " ORDER BY 2, 1",
                args.toArray())) {
            while (hits.size() < k && rows.next()) {
                String snippet = snippets == null ? null : rows.getString(2);
                if (words == null) {
                    hits.add(hit(rows.getLong(0), -rows.getDouble(1), snippet, rows, 3));
                } else {
                    document(rows.getLong(0), -rows.getDouble(1), snippet, words)
                            .ifPresent(hits::add);
                }
            }
        } catch (VaultException e) {
            // The kinds of it have other causes than the query.
            throw e.getClass() == VaultException.class && isWellWithAnotherQuery() ? refused(e) : e;
        }
        return hits;
    }

    private String valueJoined() {
        return " LEFT JOIN " + schema.values() + " v ON v.id = " + schema.reference();
    }

    private String snippet(List<Object> args) {
        TextQuery.Snippets how = snippets;
        if (how == null) {
            return "NULL";
        }
        args.addAll(
                List.of(schema.position(how.column()), how.before(), how.after(), how.ellipsis(), (long) how.tokens()));
        return "snippet(" + schema.whole() + ", ?, ?, ?, ?, ?)";
    }

    /** A hit whose reference to its value stands in a column, and whose value behind that. */
    private TextHit hit(long id, double score, @Nullable String snippet, Rows rows, int column) {
        return new FoundDocument(id, score, values.read(rows, column, id), Optional.ofNullable(snippet));
    }

    /** A document that the index has found, if it has the short words too. */
    private Optional<TextHit> document(long id, double score, @Nullable String snippet, ShortWords words) {
        try (Rows rows = session.query(
                "SELECT " + schema.reference() + ", v.id, v.value, " + schema.selectIndexed() + " FROM "
                        + schema.table() + " f" + valueJoined() + " WHERE f.rowid = ?",
                id)) {
            return rows.next() && words.isIn(texts(rows, 3))
                    ? Optional.of(hit(id, score, snippet, rows, 0))
                    : Optional.empty();
        }
    }

    /** The searched texts of a row from a column on. */
    private List<String> texts(Rows rows, int from) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < schema.indexedCount(); i++) {
            String text = rows.getString(from + i);
            texts.add(text == null ? "" : text);
        }
        return texts;
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
        String sql = "SELECT f.rowid, " + snippet(args) + ", " + schema.selectIndexed() + " FROM " + schema.table()
                + " f ORDER BY f.rowid";
        try (Rows rows = session.query(sql, args.toArray())) {
            while (hits.size() < k && rows.next()) {
                long id = rows.getLong(0);
                if (!known.contains(id) && words.isIn(texts(rows, 2))) {
                    document(id, 0, snippets == null ? null : rows.getString(1), words)
                            .ifPresent(hits::add);
                }
            }
        }
        return hits;
    }

    /** Whether the table answers another query: then it is this one that is wrong, not the table. */
    private boolean isWellWithAnotherQuery() {
        try (Rows rows = session.query(
                "SELECT f.rowid, bm25(" + schema.whole() + "), v.value FROM " + schema.table() + " f" + valueJoined()
                        + " WHERE " + schema.whole() + " MATCH ? LIMIT 1",
                "a")) {
            boolean unused = rows.next();
            return true;
        } catch (VaultException e) {
            return false;
        }
    }

    private IllegalArgumentException refused(VaultException e) {
        Throwable cause = e.getCause();
        String why = cause == null ? "" : ": " + cut(String.valueOf(cause.getMessage()));
        String message = session.file() + ": table " + schema.name() + ": FTS5 does not take the query '"
                + cut(query.expression()) + "'" + why;
        // SQLite may repeat the query in its message, however long that is.
        boolean isLong = cause != null && String.valueOf(cause.getMessage()).length() > 2 * LONGEST_QUOTED;
        return isLong ? new IllegalArgumentException(message) : new IllegalArgumentException(message, e);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_QUOTED
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTED / 2)) + "… (" + text.length()
                        + " characters)";
    }
}
