package io.kohakuvault.text;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to cut snippets, the parts of a text around what was found, or to mark the hits in all of it. Immutable; start
 * from {@link #of} or {@link #whole}.
 */
@SuppressWarnings("removal") // until the other goes
public sealed class Snippets permits TextQuery.Snippets {
    /** The column of which the snippet shows most: see {@link #withBestColumn}. */
    public static final int BEST_COLUMN = -1;

    private static final int MOST_TOKENS = 64;

    private final int column;
    private final int tokens;
    private final String before;
    private final String after;
    private final String ellipsis;
    private final boolean html;

    Snippets(int column, int tokens, String before, String after, String ellipsis, boolean html) {
        this.column = column;
        this.tokens = tokens;
        // SQLite would cut them at U+0000.
        this.before = QueryText.check("a mark of snippets", before);
        this.after = QueryText.check("a mark of snippets", after);
        this.ellipsis = QueryText.check("the ellipsis of snippets", ellipsis);
        this.html = html;
    }

    /**
     * Snippets of the first column, hits between {@code **}, {@code …} where text was cut off.
     *
     * @param tokens longest snippet in tokens, 1 to 64
     * @return the options
     * @throws IllegalArgumentException for another number
     */
    public static Snippets of(int tokens) {
        if (tokens < 1 || tokens > MOST_TOKENS) {
            throw new IllegalArgumentException("tokens must be from 1 to " + MOST_TOKENS + ", but were " + tokens);
        }
        return new Snippets(0, tokens, "**", "**", "…", false);
    }

    /**
     * The whole text of the first column, hits between {@code **}.
     *
     * @return the options
     */
    public static Snippets whole() {
        return new Snippets(0, 0, "**", "**", "…", false);
    }

    /**
     * Snippets of another column.
     *
     * @param number column of text of the table, from 0, as {@link TextReader#columns} counts
     * @return a changed copy
     * @throws IllegalArgumentException when it is less than 0
     */
    public Snippets withColumn(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("a column must be at least 0, but was " + number);
        }
        return new Snippets(number, tokens, before, after, ellipsis, html);
    }

    /**
     * Snippets of the column in which most of the query was found, which may be another one for each hit.
     *
     * @return a changed copy
     * @throws IllegalStateException when these are of {@link #whole} texts
     */
    public Snippets withBestColumn() {
        if (isWhole()) {
            throw new IllegalStateException("a whole text is one of a column that is named: use withColumn");
        }
        return new Snippets(BEST_COLUMN, tokens, before, after, ellipsis, html);
    }

    /**
     * Other marks around hits.
     *
     * @param begin put before each hit, without U+0000
     * @param end put after each hit, without U+0000
     * @return a changed copy
     */
    public Snippets withMarks(String begin, String end) {
        return new Snippets(column, tokens, begin, end, ellipsis, html);
    }

    /**
     * Another sign where text was cut off.
     *
     * @param text the sign, without U+0000
     * @return a changed copy
     */
    public Snippets withEllipsis(String text) {
        return new Snippets(column, tokens, before, after, text, html);
    }

    /**
     * Snippets that can stand in HTML, in an element or an attribute in quotes: what a document's text has of HTML's
     * signs ({@code & < > " '}) is escaped. The marks and the ellipsis are put in as they are given.
     *
     * @return a changed copy
     */
    public Snippets withHtml() {
        return new Snippets(column, tokens, before, after, ellipsis, true);
    }

    /** {@return the column of text, from 0, or {@link #BEST_COLUMN}} */
    public int column() {
        return column;
    }

    /** {@return the longest snippet in tokens; 0 for whole texts} */
    public int tokens() {
        return tokens;
    }

    /** {@return whether it is whole texts, in which hits are marked} */
    public boolean isWhole() {
        return tokens == 0;
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

    /** {@return whether the text is escaped for HTML} */
    public boolean isHtml() {
        return html;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Snippets s
                && s.column == column
                && s.tokens == tokens
                && s.before.equals(before)
                && s.after.equals(after)
                && s.ellipsis.equals(ellipsis)
                && s.html == html;
    }

    @Override
    public final int hashCode() {
        return Objects.hash(column, tokens, before, after, ellipsis, html);
    }

    @Override
    public final String toString() {
        return (isWhole() ? "whole texts of " : "snippets of at most " + tokens + " tokens of ")
                + (column == BEST_COLUMN ? "the best column" : "column " + column) + ", hits between " + before
                + " and "
                + after + (html ? ", as HTML" : "");
    }
}
