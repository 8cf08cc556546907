package io.kohakuvault.text;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a table of documents is made. A table that exists keeps its columns and tokenizer: given options that say
 * otherwise, every call on its handle throws an IllegalArgumentException. A handle without options takes a table as it
 * is. Immutable; start from {@link #defaults()}.
 */
public final class TextOptions {
    private static final Set<String> REFUSED = Set.of("id", "value", "rank", "rowid", "value_ref");

    /** FTS5's tokenizers (https://sqlite.org/fts5.html#tokenizers). */
    public enum Tokenizer {
        /** Words, case and diacritics folded: KohakuVault's default. */
        UNICODE61,
        /** The same with English words reduced to their stems. */
        PORTER,
        /**
         * Every three characters: finds any part of a word, and suits text without spaces. A phrase needs three or
         * more.
         */
        TRIGRAM
    }

    private final List<String> columns;
    private final Tokenizer tokenizer;

    private TextOptions(List<String> columns, Tokenizer tokenizer) {
        this.columns = List.copyOf(columns);
        this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            String lower = column.toLowerCase(Locale.ROOT);
            if (REFUSED.contains(lower) || !seen.add(lower)) {
                throw new IllegalArgumentException(
                        "a column of documents cannot be named '" + column + "': the name is taken");
            }
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("documents need at least one column");
        }
    }

    /**
     * One column named {@code content}, unicode61.
     *
     * @return the defaults
     */
    public static TextOptions defaults() {
        return new TextOptions(List.of("content"), Tokenizer.UNICODE61);
    }

    /**
     * The names of the columns.
     *
     * @return at least one
     */
    public List<String> columns() {
        return columns;
    }

    /**
     * These options with other columns.
     *
     * @param names the columns, at least one: letters, digits and underscores
     * @return a changed copy
     */
    public TextOptions withColumns(String... names) {
        return new TextOptions(List.of(names), tokenizer);
    }

    /**
     * How text is cut into words.
     *
     * @return {@link Tokenizer#UNICODE61} by default
     */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * These options with another tokenizer.
     *
     * @param other the tokenizer
     * @return a changed copy
     */
    public TextOptions withTokenizer(Tokenizer other) {
        return new TextOptions(columns, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextOptions o && o.columns.equals(columns) && o.tokenizer == tokenizer;
    }

    @Override
    public int hashCode() {
        return Objects.hash(columns, tokenizer);
    }

    @Override
    public String toString() {
        return "TextOptions[columns=" + columns + ", tokenizer=" + tokenizer + "]";
    }
}
