package io.kohakuvault.internal.text;

import io.kohakuvault.text.TextQuery;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Words of a query that are shorter than the three characters of which the trigram tokenizer makes its tokens. The
 * index knows nothing of them, so they are looked for in the texts, where the index would find a longer word: anywhere,
 * also within a word, and with the same disregard of case and diacritics.
 */
final class ShortWords {
    private final TextTokenizer tokenizer;
    private final boolean all;
    private final List<String> folded = new ArrayList<>();
    private final List<String> longWords = new ArrayList<>();

    private ShortWords(TextTokenizer tokenizer, TextQuery query) {
        this.tokenizer = tokenizer;
        this.all = query.mode() != TextQuery.Mode.ANY;
        for (String word : query.words()) {
            String plain = fold(word);
            if (plain.codePointCount(0, plain.length()) >= 3) {
                longWords.add(word);
            } else if (!plain.isEmpty()) {
                folded.add(plain);
            }
        }
    }

    /** Those of a query; null when it has none, or the table's tokens have no length. */
    static @Nullable ShortWords of(TextQuery query, TextTokenizer tokenizer) {
        if (query.mode() == TextQuery.Mode.FTS5 || !tokenizer.isTrigram()) {
            return null;
        }
        ShortWords found = new ShortWords(tokenizer, query);
        return found.folded.isEmpty() ? null : found;
    }

    /** The other words of the query as one for the index; empty when there are none. */
    String expressionOfOthers() {
        String others = String.join(" ", longWords);
        return (all ? TextQuery.all(others) : TextQuery.any(others)).expression();
    }

    /** Whether a document with these texts has all of them, where all are wanted, else any. */
    boolean isIn(List<String> texts) {
        List<String> plain = texts.stream().map(this::fold).toList();
        return all
                ? folded.stream().allMatch(word -> plain.stream().anyMatch(text -> text.contains(word)))
                : folded.stream().anyMatch(word -> plain.stream().anyMatch(text -> text.contains(word)));
    }

    boolean allAreWanted() {
        return all;
    }

    /** The text as the tokenizer sees it. */
    private String fold(String text) {
        int end = text.indexOf('\0');
        String seen = end < 0 ? text : text.substring(0, end); // where the tokenizer stops
        if (tokenizer.isCaseSensitive()) {
            return seen;
        }
        StringBuilder folded = new StringBuilder(seen.length());
        seen.codePoints().forEach(c -> append(folded, c));
        return folded.toString();
    }

    private void append(StringBuilder folded, int c) {
        if (tokenizer.removesDiacritics() && c >= 0x80) {
            if (c >= 0x300 && c <= 0x331) {
                return; // a diacritic that stands by itself
            }
            String parts = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD);
            if (parts.length() > 1 && parts.charAt(0) < 0x80) {
                folded.append(Character.toLowerCase(parts.charAt(0)));
                return;
            }
        }
        // The dotless and the dotted i are letters of their own, as in Unicode's case folding.
        folded.appendCodePoint(c == 0x130 || c == 0x131 ? c : Character.toLowerCase(Character.toUpperCase(c)));
    }
}
