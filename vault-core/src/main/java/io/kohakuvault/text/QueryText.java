package io.kohakuvault.text;

import io.kohakuvault.codec.Utf8;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Words of a text, and FTS5's strings. */
final class QueryText {
    private QueryText() {}

    /** The different words, in the order in which they first come; words are what stands between spaces of any kind. */
    static List<String> words(String text) {
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
        return List.copyOf(found);
    }

    /** The last word of a text that has one. */
    static String lastWord(String text) {
        int to = text.length();
        while (isSpace(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        int from = to;
        while (from > 0 && !isSpace(text.codePointBefore(from))) {
            from -= Character.charCount(text.codePointBefore(from));
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    static String check(String what, String text) {
        Objects.requireNonNull(text, what);
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + " must not hold the character U+0000, but does at " + text.indexOf('\0'));
        }
        return Utf8.check(text);
    }

    /** A text as FTS5's string, in which nothing is syntax. */
    static String quote(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
