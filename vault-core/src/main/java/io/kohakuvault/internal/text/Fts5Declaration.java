package io.kohakuvault.internal.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the arguments of an FTS5 table say, read as FTS5 reads them
 * (https://sqlite.org/fts5.html#fts5_table_creation_and_initialization).
 *
 * @param columns its columns in their order
 * @param options its options by their full names; FTS5 takes the beginning of a name for it
 */
record Fts5Declaration(List<Column> columns, Map<String, String> options) {
    /** In the order in which FTS5 looks for the one that a beginning stands for. */
    private static final List<String> OPTIONS = List.of(
            "prefix",
            "tokenize",
            "content",
            "contentless_delete",
            "contentless_unindexed",
            "content_rowid",
            "columnsize",
            "locale",
            "detail",
            "tokendata");

    /**
     * A column.
     *
     * @param name its name
     * @param isIndexed whether it is searched
     */
    record Column(String name, boolean isIndexed) {}

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException when FTS5 as it is known here would not take one; the message says which
     */
    static Fts5Declaration of(List<String> arguments) {
        List<Column> columns = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        for (String argument : arguments) {
            Words words = new Words(argument);
            String first = words.next();
            words.skipSpace();
            if (words.take('=')) {
                words.skipSpace();
                options.put(option(first), words.atEnd() ? "" : words.next());
            } else {
                String mark = words.atEnd() ? "" : words.next();
                if (!mark.isEmpty() && !mark.equalsIgnoreCase("unindexed")) {
                    throw new IllegalArgumentException("'" + argument + "' is unknown");
                }
                columns.add(new Column(first, mark.isEmpty()));
            }
            words.skipSpace();
            if (!words.atEnd()) {
                throw new IllegalArgumentException("'" + argument + "' is unknown");
            }
        }
        return new Fts5Declaration(columns, options);
    }

    private static String option(String given) {
        String lower = given.toLowerCase(Locale.ROOT);
        return OPTIONS.stream()
                .filter(name -> name.startsWith(lower))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the option '" + given + "' is unknown"));
    }

    /** The words of the tokenizer's declaration; the default is unicode61. */
    List<String> tokenizer() {
        List<String> tokens = new ArrayList<>();
        Words words = new Words(options.getOrDefault("tokenize", ""));
        words.skipSpace();
        while (!words.atEnd()) {
            tokens.add(words.next());
            words.skipSpace();
        }
        return tokens.isEmpty() ? List.of("unicode61") : tokens;
    }

    /** Words of an argument: bare, or between quotes of any kind, which are taken off. */
    private static final class Words {
        private final String text;
        private int at;

        Words(String text) {
            this.text = text;
        }

        boolean atEnd() {
            return at >= text.length();
        }

        void skipSpace() {
            while (!atEnd() && " \t\n\f\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        boolean take(char sign) {
            boolean found = !atEnd() && text.charAt(at) == sign;
            at += found ? 1 : 0;
            return found;
        }

        String next() {
            int from = at;
            if (!atEnd() && "\"'`[".indexOf(text.charAt(at)) >= 0) {
                return quoted();
            }
            while (!atEnd() && isBare(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw new IllegalArgumentException("'" + text + "' cannot be read");
            }
            return text.substring(from, at);
        }

        private String quoted() {
            char close = text.charAt(at) == '[' ? ']' : text.charAt(at);
            StringBuilder word = new StringBuilder();
            at++;
            while (!atEnd()) {
                char c = text.charAt(at++);
                if (c == close) {
                    if (!take(close)) {
                        break;
                    }
                }
                word.append(c);
            }
            return word.toString();
        }

        private static boolean isBare(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == 0x1A
                    || c >= 0x80;
        }
    }
}
