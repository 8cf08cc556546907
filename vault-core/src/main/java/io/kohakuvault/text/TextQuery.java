package io.kohakuvault.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to search for. User text is always taken as words, never as FTS5 syntax, except in {@link #fts5}. Immutable.
 *
 * @param expression the FTS5 expression; empty when nothing can match
 * @param snippets how to cut snippets, if at all
 */
public record TextQuery(String expression, Optional<Snippets> snippets) {
    /**
     * How to cut snippets.
     *
     * @param column column of the table, from 0
     * @param tokens longest snippet in tokens, 1 to 64
     * @param before put before each hit
     * @param after put after each hit
     * @param ellipsis put where text was cut off
     */
    public record Snippets(int column, int tokens, String before, String after, String ellipsis) {
        /** Checks the ranges. */
        public Snippets {
            if (column < 0 || tokens < 1 || tokens > 64) {
                throw new IllegalArgumentException(
                        "column must be at least 0 and tokens from 1 to 64, but were " + column + " and " + tokens);
            }
        }
    }

    /**
     * The words next to each other in this order: KohakuVault's default.
     *
     * @param text any text
     * @return the query
     */
    public static TextQuery phrase(String text) {
        return new TextQuery(text.isBlank() ? "" : quote(text), Optional.empty());
    }

    /**
     * All the words, anywhere in the document.
     *
     * @param text any text; words are what stands between spaces
     * @return the query
     */
    public static TextQuery all(String text) {
        return words(text, " AND ");
    }

    /**
     * At least one of the words.
     *
     * @param text any text; words are what stands between spaces
     * @return the query
     */
    public static TextQuery any(String text) {
        return words(text, " OR ");
    }

    /**
     * FTS5's own query language (https://sqlite.org/fts5.html#full_text_query_syntax). A syntax error is an IllegalArgumentException of
     * the search.
     *
     * @param expression the expression
     * @return the query
     */
    public static TextQuery fts5(String expression) {
        return new TextQuery(expression, Optional.empty());
    }

    /**
     * This query with snippets of the first column, hits between {@code **}.
     *
     * @param tokens longest snippet in tokens, 1 to 64
     * @return a changed copy
     */
    public TextQuery withSnippets(int tokens) {
        return withSnippets(new Snippets(0, tokens, "**", "**", "…"));
    }

    /**
     * This query with snippets.
     *
     * @param how how to cut them
     * @return a changed copy
     */
    public TextQuery withSnippets(Snippets how) {
        return new TextQuery(expression, Optional.of(how));
    }

    private static TextQuery words(String text, String operator) {
        List<String> quoted = new ArrayList<>();
        for (String word : text.strip().split("\\s+")) {
            // A word of punctuation alone has no token: within AND it would match nothing.
            if (word.codePoints().anyMatch(Character::isLetterOrDigit)) {
                quoted.add(quote(word));
            }
        }
        return new TextQuery(String.join(operator, quoted), Optional.empty());
    }

    private static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a query must not hold the character U+0000");
        }
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
