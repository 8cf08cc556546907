package io.kohakuvault.internal.text;

import io.kohakuvault.text.TextOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a table cuts text into tokens, in one form for each meaning: {@code porter} and {@code 'porter unicode61
 * remove_diacritics 1'} are equal.
 *
 * @param wrappers what changes the tokens of the base, outermost first: only porter is known
 * @param base the tokenizer that does the cutting
 * @param settings its arguments by name, without those that are its defaults
 */
record TextTokenizer(List<String> wrappers, String base, Map<String, String> settings) {
    /** The tokenizers that SQLite has, and what each does without arguments. */
    private static final Map<String, Map<String, String>> DEFAULTS = Map.of(
            "unicode61",
            Map.of("remove_diacritics", "1", "categories", "L* N* Co", "tokenchars", "", "separators", ""),
            "ascii",
            Map.of("tokenchars", "", "separators", ""),
            "trigram",
            Map.of("case_sensitive", "0", "remove_diacritics", "0"));

    /** What the options say. */
    static TextTokenizer of(TextOptions options) {
        List<String> words = new ArrayList<>(
                switch (options.tokenizer()) {
                    case UNICODE61 -> List.of("unicode61");
                    case PORTER -> List.of("porter", "unicode61");
                    case TRIGRAM -> List.of("trigram");
                });
        options.tokenizerSettings().forEach((name, value) -> words.addAll(List.of(name, value)));
        return of(words);
    }

    /** The tokenizer with its settings as the text that the option tokenize has. */
    String sql() {
        StringBuilder sql = new StringBuilder(String.join(" ", wrappers)).append(wrappers.isEmpty() ? "" : " ");
        sql.append(base);
        settings.forEach((name, value) -> sql.append(' ')
                .append(name)
                .append(" '")
                .append(value.replace("'", "''"))
                .append('\''));
        return sql.toString();
    }

    /** Whether it is what a table has that does not name one. */
    boolean isDefault() {
        return wrappers.isEmpty() && base.equals("unicode61") && settings.isEmpty();
    }

    /**
     * Reads the words of a tokenizer's declaration.
     *
     * @throws IllegalArgumentException when SQLite has no such tokenizer
     */
    static TextTokenizer of(List<String> words) {
        int at = 0;
        List<String> wrappers = new ArrayList<>();
        while (at < words.size() && words.get(at).equalsIgnoreCase("porter")) {
            wrappers.add("porter");
            at++;
        }
        String base = at < words.size() ? words.get(at++).toLowerCase(Locale.ROOT) : "unicode61";
        Map<String, String> defaults = DEFAULTS.get(base);
        if (defaults == null) {
            throw new IllegalArgumentException("the tokenizer '" + base + "' is unknown");
        }
        Map<String, String> settings = new TreeMap<>();
        for (; at + 1 < words.size(); at += 2) {
            String setting = words.get(at).toLowerCase(Locale.ROOT);
            settings.put(setting, words.get(at + 1));
        }
        settings.entrySet().removeIf(e -> e.getValue().equals(defaults.get(e.getKey())));
        return new TextTokenizer(wrappers, base, settings);
    }

    /** Whether tokens are every three characters. */
    boolean isTrigram() {
        return base.equals("trigram");
    }

    boolean isCaseSensitive() {
        return settings.containsKey("case_sensitive");
    }

    boolean removesDiacritics() {
        return isTrigram() && settings.containsKey("remove_diacritics");
    }

    @Override
    public String toString() {
        return sql();
    }
}
