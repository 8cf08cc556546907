package io.kohakuvault.text;

import io.kohakuvault.codec.Utf8;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
         * Every three characters: finds any part of a word, and suits text without spaces, such as Chinese, Japanese
         * and Korean. Shorter words are found too, by reading the texts: see {@link TextQuery#all}.
         */
        TRIGRAM
    }

    /** Unicode's general categories (https://sqlite.org/fts5.html#unicode61_tokenizer). */
    private static final String CATEGORY = "(C[cfnso*]|L[lmotuC*]|M[cen*]|N[dlo*]|P[cdefios*]|S[ckmo*]|Z[lps*])";

    private static final Map<String, String> UNICODE61_SETTINGS = Map.of(
            "remove_diacritics", "[012]",
            "categories", CATEGORY + "( " + CATEGORY + ")*",
            "tokenchars", "[^\\x00]*",
            "separators", "[^\\x00]*");
    private static final Map<String, String> TRIGRAM_SETTINGS =
            Map.of("case_sensitive", "[01]", "remove_diacritics", "[01]");

    /** FTS5 takes no more. */
    private static final int MOST_PREFIXES = 31;

    private final List<String> columns;
    private final Tokenizer tokenizer;
    private final SortedMap<String, String> settings;
    private final List<Integer> prefixes;

    private TextOptions(
            List<String> columns, Tokenizer tokenizer, Map<String, String> settings, List<Integer> prefixes) {
        this.columns = List.copyOf(columns);
        this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
        this.settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        this.prefixes = prefixes.stream().distinct().sorted().toList();
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
        return new TextOptions(List.of("content"), Tokenizer.UNICODE61, Map.of(), List.of());
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
        return new TextOptions(List.of(names), tokenizer, settings, prefixes);
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
        return withTokenizer(other, Map.of());
    }

    /**
     * These options with another tokenizer and its settings, by FTS5's names.
     *
     * <p>For {@link Tokenizer#UNICODE61} and {@link Tokenizer#PORTER}: {@code remove_diacritics} (0, 1, 2), {@code
     * categories} (what is part of a word, as {@code L* N* Co}), {@code tokenchars} and {@code separators} (single
     * characters that are, or are not). For {@link Tokenizer#TRIGRAM}: {@code case_sensitive} and {@code
     * remove_diacritics} (0, 1; not both 1).
     *
     * @param other the tokenizer
     * @param of its settings
     * @return a changed copy
     * @throws IllegalArgumentException when the tokenizer has no such setting, or it no such value
     */
    public TextOptions withTokenizer(Tokenizer other, Map<String, String> of) {
        Map<String, String> known = other == Tokenizer.TRIGRAM ? TRIGRAM_SETTINGS : UNICODE61_SETTINGS;
        of.forEach((name, value) -> {
            String values = known.get(name);
            if (values == null) {
                throw new IllegalArgumentException("the tokenizer " + other + " has no setting '" + name + "'; it has "
                        + new TreeSet<>(known.keySet()));
            }
            Utf8.check(value);
            if (!value.matches(values)) {
                throw new IllegalArgumentException(
                        "the setting " + name + " of the tokenizer " + other + " cannot be '" + value + "'");
            }
        });
        if ("1".equals(of.get("case_sensitive")) && "1".equals(of.get("remove_diacritics"))) {
            throw new IllegalArgumentException("FTS5 removes no diacritics where trigrams are case-sensitive");
        }
        return new TextOptions(columns, other, of, prefixes);
    }

    /**
     * The tokenizer's settings.
     *
     * @return by FTS5's names; empty by default
     */
    public SortedMap<String, String> tokenizerSettings() {
        return settings;
    }

    /**
     * Has the table keep an index of the beginnings of words too, which makes {@link TextQuery#prefix} faster and the
     * file larger. Only a table that is made gets it: one that is there is taken with or without.
     *
     * @param characters how long the beginnings are, 1 to 999 each, at most 31 of them; none for no such index
     * @return a changed copy
     * @throws IllegalArgumentException for another length, or more of them
     */
    public TextOptions withPrefixes(int... characters) {
        for (int length : characters) {
            if (length < 1 || length > 999) {
                throw new IllegalArgumentException("a prefix must have from 1 to 999 characters, but has " + length);
            }
        }
        if (Arrays.stream(characters).distinct().count() > MOST_PREFIXES) {
            throw new IllegalArgumentException("a table has prefixes of at most " + MOST_PREFIXES
                    + " lengths, each an index of its own, but these are " + Arrays.toString(characters));
        }
        return new TextOptions(
                columns, tokenizer, settings, Arrays.stream(characters).boxed().toList());
    }

    /**
     * How long the beginnings of words are that the table keeps an index of.
     *
     * @return ascending; empty by default
     */
    public List<Integer> prefixes() {
        return prefixes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextOptions o
                && o.columns.equals(columns)
                && o.tokenizer == tokenizer
                && o.settings.equals(settings)
                && o.prefixes.equals(prefixes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(columns, tokenizer, settings, prefixes);
    }

    @Override
    public String toString() {
        return "TextOptions[columns=" + columns + ", tokenizer=" + tokenizer
                + (settings.isEmpty() ? "" : " " + settings) + (prefixes.isEmpty() ? "" : ", prefixes=" + prefixes)
                + "]";
    }
}
