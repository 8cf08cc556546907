package io.kohakuvault.text;

import io.kohakuvault.codec.Utf8;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to search for. User text is always taken as words, never as FTS5 syntax, except in {@link #fts5}. What of a word
 * is searched for, the table's tokenizer says: a word of punctuation alone has nothing that unicode61 indexes, and is
 * left out. Immutable.
 *
 * <p>A search takes a query of at most {@value #MAX_WORDS} different words and {@value #MAX_CHARACTERS} characters in
 * them, and throws an IllegalArgumentException for a larger one: each document that matches is compared with each of
 * them. The text of {@link #all} or {@link #any} may be as long as it likes while its different words keep within that.
 * Of an FTS5 expression, words that come again count again.
 */
public final class TextQuery {
    /** How many different words a query may have. */
    public static final int MAX_WORDS = 1024;

    /** How many characters (chars of a String) the different words of a query, or its phrase, may have together. */
    public static final int MAX_CHARACTERS = 8192;

    /** How the words belong together. */
    public enum Mode {
        /** Next to each other, in their order. */
        PHRASE,
        /** All of them, anywhere. */
        ALL,
        /** At least one of them. */
        ANY,
        /** As an FTS5 expression says. */
        FTS5
    }

    /** How to cut snippets. Immutable; start from {@link #of}. */
    public static final class Snippets {
        private final int column;
        private final int tokens;
        private final String before;
        private final String after;
        private final String ellipsis;

        /**
         * All options at once.
         *
         * @param column column of text of the table, from 0
         * @param tokens longest snippet in tokens, 1 to 64
         * @param before put before each hit
         * @param after put after each hit
         * @param ellipsis put where text was cut off
         * @deprecated goes with 1.0; use {@link #of} and withers, of which there may be more later
         */
        @Deprecated(forRemoval = true)
        public Snippets(int column, int tokens, String before, String after, String ellipsis) {
            if (column < 0 || tokens < 1 || tokens > 64) {
                throw new IllegalArgumentException(
                        "column must be at least 0 and tokens from 1 to 64, but were " + column + " and " + tokens);
            }
            // SQLite would cut them at U+0000.
            this.before = check("a mark of snippets", before);
            this.after = check("a mark of snippets", after);
            this.ellipsis = check("the ellipsis of snippets", ellipsis);
            this.column = column;
            this.tokens = tokens;
        }

        @SuppressWarnings("removal") // it becomes private
        private static Snippets with(int column, int tokens, String before, String after, String ellipsis) {
            return new Snippets(column, tokens, before, after, ellipsis);
        }

        /**
         * Snippets of the first column, hits between {@code **}, {@code …} where text was cut off.
         *
         * @param tokens longest snippet in tokens, 1 to 64
         * @return the options
         */
        public static Snippets of(int tokens) {
            return with(0, tokens, "**", "**", "…");
        }

        /**
         * Snippets of another column.
         *
         * @param number column of text of the table, from 0, as {@link TextReader#columns} counts
         * @return a changed copy
         */
        public Snippets withColumn(int number) {
            return with(number, tokens, before, after, ellipsis);
        }

        /**
         * Other marks around hits.
         *
         * @param begin put before each hit, without U+0000
         * @param end put after each hit, without U+0000
         * @return a changed copy
         */
        public Snippets withMarks(String begin, String end) {
            return with(column, tokens, begin, end, ellipsis);
        }

        /**
         * Another sign where text was cut off.
         *
         * @param text the sign, without U+0000
         * @return a changed copy
         */
        public Snippets withEllipsis(String text) {
            return with(column, tokens, before, after, text);
        }

        /** {@return the column of text, from 0} */
        public int column() {
            return column;
        }

        /** {@return the longest snippet in tokens} */
        public int tokens() {
            return tokens;
        }

        /** {@return what is put before each hit} */
        public String before() {
            return before;
        }

        /** {@return what is put after each hit} */
        public String after() {
            return after;
        }

        /** {@return what is put where text was cut off} */
        public String ellipsis() {
            return ellipsis;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Snippets s
                    && s.column == column
                    && s.tokens == tokens
                    && s.before.equals(before)
                    && s.after.equals(after)
                    && s.ellipsis.equals(ellipsis);
        }

        @Override
        public int hashCode() {
            return Objects.hash(column, tokens, before, after, ellipsis);
        }

        @Override
        public String toString() {
            return "snippets of column " + column + " of at most " + tokens + " tokens, hits between " + before
                    + " and " + after;
        }
    }

    private final Mode mode;
    private final List<String> words;
    private final String expression;
    private final Optional<Snippets> snippets;

    private TextQuery(Mode mode, List<String> words, String expression, Optional<Snippets> snippets) {
        this.mode = mode;
        this.words = words;
        this.expression = expression;
        this.snippets = Objects.requireNonNull(snippets, "snippets");
    }

    /**
     * {@link #fts5} with snippets.
     *
     * @param expression the FTS5 expression; empty when nothing can match
     * @param snippets how to cut snippets, if at all
     * @throws IllegalArgumentException as {@link #fts5} throws it
     */
    public TextQuery(String expression, Optional<Snippets> snippets) {
        this(Mode.FTS5, List.of(), check("a query", expression), snippets);
    }

    /**
     * The words next to each other in this order: KohakuVault's default. On a table of trigrams, the text itself,
     * anywhere, of three characters or more: nothing has a shorter one.
     *
     * @param text any text
     * @return the query
     * @throws IllegalArgumentException when it holds U+0000 or half a surrogate pair
     */
    public static TextQuery phrase(String text) {
        check("a query", text);
        return text.isBlank()
                ? new TextQuery(Mode.PHRASE, List.of(), "", Optional.empty())
                : new TextQuery(Mode.PHRASE, List.of(text), quote(text), Optional.empty());
    }

    /**
     * All the words, anywhere in the document.
     *
     * <p>On a table of trigrams a word is found within others too. Words of one or two characters are not in its index:
     * they are looked for in the documents that have all the longer words, best first, and where the query has no
     * longer ones in all the documents, which takes as long as reading them. They add nothing to a score and are not
     * marked in snippets; documents found by them alone have the score 0, ordered by their ids.
     *
     * @param text any text; words are what stands between spaces, and one that comes again counts once
     * @return the query
     * @throws IllegalArgumentException when it holds U+0000 or half a surrogate pair
     */
    public static TextQuery all(String text) {
        // Words side by side are all wanted, too, but unlike with AND those without a token are left out.
        return words(Mode.ALL, text, " ");
    }

    /**
     * At least one of the words. On a table of trigrams, words of one or two characters are looked for as {@link #all}
     * does, in all the documents, when the longer words find fewer than are asked for.
     *
     * @param text any text; words are what stands between spaces, and one that comes again counts once
     * @return the query
     * @throws IllegalArgumentException as {@link #all} throws it
     */
    public static TextQuery any(String text) {
        return words(Mode.ANY, text, " OR ");
    }

    /**
     * FTS5's own query language (https://sqlite.org/fts5.html#full_text_query_syntax). A syntax error is an
     * IllegalArgumentException of the search.
     *
     * @param expression the expression
     * @return the query
     * @throws IllegalArgumentException when it holds U+0000 or half a surrogate pair
     */
    public static TextQuery fts5(String expression) {
        return new TextQuery(expression, Optional.empty());
    }

    /**
     * How the words belong together.
     *
     * @return the mode
     */
    public Mode mode() {
        return mode;
    }

    /**
     * The different words, in the order in which they first come.
     *
     * @return the words; the text of a phrase as one, nothing for an FTS5 expression
     */
    public List<String> words() {
        return words;
    }

    /**
     * The query as an FTS5 expression. Of words that are too short for a table of trigrams it finds nothing: the search
     * looks for those by itself.
     *
     * @return the expression; empty when nothing can match
     */
    public String expression() {
        return expression;
    }

    /**
     * How to cut snippets.
     *
     * @return how, if at all
     */
    public Optional<Snippets> snippets() {
        return snippets;
    }

    /**
     * This query with snippets of the first column, hits between {@code **}.
     *
     * @param tokens longest snippet in tokens, 1 to 64
     * @return a changed copy
     */
    public TextQuery withSnippets(int tokens) {
        return withSnippets(Snippets.of(tokens));
    }

    /**
     * This query with snippets.
     *
     * @param how how to cut them
     * @return a changed copy
     */
    public TextQuery withSnippets(Snippets how) {
        return new TextQuery(mode, words, expression, Optional.of(how));
    }

    private static TextQuery words(Mode mode, String text, String operator) {
        check("a query", text);
        Set<String> found = new LinkedHashSet<>();
        int from = 0;
        while (from < text.length()) {
            int to = from;
            while (to < text.length() && !isSpace(text.codePointAt(to))) {
                to += Character.charCount(text.codePointAt(to));
            }
            if (to == from) {
                from += Character.charCount(text.codePointAt(from));
            } else {
                found.add(text.substring(from, to));
                from = to;
            }
        }
        return new TextQuery(
                mode,
                List.copyOf(found),
                found.stream().map(TextQuery::quote).collect(Collectors.joining(operator)),
                Optional.empty());
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static String check(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + " must not hold the character U+0000, but does at " + text.indexOf('\0'));
        }
        return Utf8.check(text);
    }

    private static String quote(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextQuery q
                && mode == q.mode
                && expression.equals(q.expression)
                && snippets.equals(q.snippets);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mode, expression, snippets);
    }

    @Override
    public String toString() {
        String shown = expression.length() <= 100
                ? expression
                : expression.substring(0, expression.offsetByCodePoints(0, 50)) + "… (" + expression.length()
                        + " characters)";
        return mode + " " + shown + snippets.map(how -> " with " + how).orElse("");
    }
}
