package io.kohakuvault.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
        /** All of them, anywhere, of the last one its beginning. */
        PREFIX,
        /** As an FTS5 expression says. */
        FTS5
    }

    /**
     * What {@link io.kohakuvault.text.Snippets} was.
     *
     * @deprecated goes with 1.0; use that
     */
    @Deprecated(forRemoval = true)
    public static final class Snippets extends io.kohakuvault.text.Snippets {
        /**
         * All options at once.
         *
         * @param column column of text of the table, from 0
         * @param tokens longest snippet in tokens, 1 to 64
         * @param before put before each hit
         * @param after put after each hit
         * @param ellipsis put where text was cut off
         * @deprecated goes with 1.0; use {@link io.kohakuvault.text.Snippets#of} and withers
         */
        @Deprecated(forRemoval = true)
        public Snippets(int column, int tokens, String before, String after, String ellipsis) {
            super(column, tokens, before, after, ellipsis, false);
            if (column < 0 || tokens < 1 || tokens > 64) {
                throw new IllegalArgumentException(
                        "column must be at least 0 and tokens from 1 to 64, but were " + column + " and " + tokens);
            }
        }
    }

    private final Mode mode;
    private final List<String> words;
    private final String expression;
    private final Options options;

    /** What may be said beside the words. */
    private record Options(
            Optional<io.kohakuvault.text.Snippets> snippets,
            List<String> columns,
            List<Double> weights,
            int offset,
            boolean texts,
            @Nullable Predicate<? super Optional<Object>> valueFilter) {
        static final Options NONE = new Options(Optional.empty(), List.of(), List.of(), 0, false, null);
    }

    private TextQuery(Mode mode, List<String> words, String expression, Options options) {
        this.mode = mode;
        this.words = words;
        this.expression = expression;
        this.options = options;
    }

    /**
     * {@link #fts5} with snippets.
     *
     * @param expression the FTS5 expression; empty when nothing can match
     * @param snippets how to cut snippets, if at all
     * @throws IllegalArgumentException as {@link #fts5} throws it
     * @deprecated goes with 1.0; use {@link #fts5} and {@link #withSnippets(io.kohakuvault.text.Snippets)}
     */
    @Deprecated(forRemoval = true)
    public TextQuery(String expression, Optional<? extends io.kohakuvault.text.Snippets> snippets) {
        this(
                Mode.FTS5,
                List.of(),
                QueryText.check("a query", expression),
                new Options(snippets.map(how -> how), List.of(), List.of(), 0, false, null));
    }

    private TextQuery with(Options other) {
        return new TextQuery(mode, words, expression, other);
    }

    /**
     * The words next to each other in this order: KohakuVault's default. On a table of trigrams, the text itself,
     * anywhere; one of fewer than three characters is looked for as {@link #all} looks for it.
     *
     * @param text any text
     * @return the query
     * @throws IllegalArgumentException when it holds U+0000 or half a surrogate pair
     */
    public static TextQuery phrase(String text) {
        QueryText.check("a query", text);
        return text.isBlank()
                ? new TextQuery(Mode.PHRASE, List.of(), "", Options.NONE)
                : new TextQuery(Mode.PHRASE, List.of(text), QueryText.quote(text), Options.NONE);
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
     * All the words, and of the last one its beginning: for a search while it is typed. On a table of trigrams the last
     * word is found anywhere, as the others are.
     *
     * @param text any text, as for {@link #all}
     * @return the query
     * @throws IllegalArgumentException as {@link #all} throws it
     */
    public static TextQuery prefix(String text) {
        List<String> words = new ArrayList<>(QueryText.words(text));
        if (words.isEmpty()) {
            return new TextQuery(Mode.PREFIX, List.of(), "", Options.NONE);
        }
        String last = QueryText.lastWord(text);
        if (!words.get(words.size() - 1).equals(last)) {
            words.add(last); // it came before as a whole word, which is wanted too
        }
        return new TextQuery(
                Mode.PREFIX,
                List.copyOf(words),
                words.stream().map(QueryText::quote).collect(Collectors.joining(" ", "", " *")),
                Options.NONE);
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
        return new TextQuery(Mode.FTS5, List.of(), QueryText.check("a query", expression), Options.NONE);
    }

    private static TextQuery words(Mode mode, String text, String operator) {
        List<String> words = QueryText.words(text);
        return new TextQuery(
                mode, words, words.stream().map(QueryText::quote).collect(Collectors.joining(operator)), Options.NONE);
    }

    /**
     * This query with snippets of the first column, hits between {@code **}.
     *
     * @param tokens longest snippet in tokens, 1 to 64
     * @return a changed copy
     */
    public TextQuery withSnippets(int tokens) {
        return withSnippets(io.kohakuvault.text.Snippets.of(tokens));
    }

    /**
     * This query with snippets.
     *
     * @param how how to cut them
     * @return a changed copy
     */
    public TextQuery withSnippets(io.kohakuvault.text.Snippets how) {
        return with(new Options(
                Optional.of(how),
                options.columns,
                options.weights,
                options.offset,
                options.texts,
                options.valueFilter));
    }

    /**
     * Looks for the words in some columns only.
     *
     * @param names columns of text; none for all
     * @return a changed copy; a search throws an IllegalArgumentException when the table has no such column
     */
    public TextQuery withColumns(String... names) {
        return with(new Options(
                options.snippets, List.of(names), options.weights, options.offset, options.texts, options.valueFilter));
    }

    /**
     * Counts what is found in some columns for more than in others.
     *
     * @param weights one a column of text, finite and at least 0; none for 1 each
     * @return a changed copy; a search throws an IllegalArgumentException when there are not as many as columns
     * @throws IllegalArgumentException for other numbers
     */
    public TextQuery withWeights(double... weights) {
        for (double weight : weights) {
            if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("a weight must be finite and at least 0, but was " + weight);
            }
        }
        return with(new Options(
                options.snippets,
                options.columns,
                Arrays.stream(weights).boxed().toList(),
                options.offset,
                options.texts,
                options.valueFilter));
    }

    /**
     * Leaves the best out: the next page of a search for k documents has the offset k. Documents of one score are
     * ordered by their ids, so pages fit together as long as the table does not change, as in a snapshot.
     *
     * @param hits how many, at least 0
     * @return a changed copy
     * @throws IllegalArgumentException when it is less
     */
    public TextQuery withOffset(int hits) {
        if (hits < 0) {
            throw new IllegalArgumentException("the offset must be at least 0, but was " + hits);
        }
        return with(new Options(
                options.snippets, options.columns, options.weights, hits, options.texts, options.valueFilter));
    }

    /**
     * Has hits carry their texts, read in the same state as the search.
     *
     * @return a changed copy
     */
    public TextQuery withTexts() {
        return with(new Options(
                options.snippets, options.columns, options.weights, options.offset, true, options.valueFilter));
    }

    /**
     * Only documents whose values pass: of those, the k best are found. Matches are read best first, more and more of
     * them until k pass; where few do, those that match are held in memory. The predicate is asked between reads, and
     * may be asked about a document again. What it throws ends the search.
     *
     * @param passes true for those that may be found; it is given an empty one for null
     * @return a changed copy
     */
    public TextQuery withValues(Predicate<? super Optional<Object>> passes) {
        return with(new Options(
                options.snippets,
                options.columns,
                options.weights,
                options.offset,
                options.texts,
                Objects.requireNonNull(passes, "passes")));
    }

    /**
     * This query as it is counted: without offset, snippets and texts.
     *
     * @return a changed copy
     */
    public TextQuery plain() {
        return with(new Options(Optional.empty(), options.columns, List.of(), 0, false, options.valueFilter));
    }

    /** {@return how the words belong together} */
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
     * The words as an FTS5 expression. Of words that are too short for a table of trigrams it finds nothing: the search
     * looks for those by itself.
     *
     * @return the expression; empty when nothing can match
     */
    public String expression() {
        return expression;
    }

    /** {@return how to cut snippets, if at all} */
    public Optional<io.kohakuvault.text.Snippets> snippets() {
        return options.snippets;
    }

    /** {@return the columns that are searched; empty for all} */
    public List<String> columns() {
        return options.columns;
    }

    /** {@return what each column counts; empty for 1 each} */
    public List<Double> weights() {
        return options.weights;
    }

    /** {@return how many of the best are left out} */
    public int offset() {
        return options.offset;
    }

    /** {@return whether hits carry their texts} */
    public boolean hasTexts() {
        return options.texts;
    }

    /** {@return what values must pass, if anything} */
    public Optional<Predicate<? super Optional<Object>>> valueFilter() {
        return Optional.ofNullable(options.valueFilter);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextQuery q
                && mode == q.mode
                && expression.equals(q.expression)
                && options.equals(q.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mode, expression, options);
    }

    @Override
    public String toString() {
        String shown = expression.length() <= 100
                ? expression
                : expression.substring(0, expression.offsetByCodePoints(0, 50)) + "… (" + expression.length()
                        + " characters)";
        return mode + " " + shown
                + (options.columns.isEmpty() ? "" : " in " + options.columns)
                + options.snippets.map(how -> " with " + how).orElse("");
    }
}
