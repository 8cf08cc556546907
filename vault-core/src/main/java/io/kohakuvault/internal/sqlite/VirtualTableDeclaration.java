package io.kohakuvault.internal.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a {@code CREATE VIRTUAL TABLE} statement of a schema says, taken apart by SQLite's own rules: comments and
 * quotes may stand anywhere, and a comma inside parentheses or quotes separates nothing.
 *
 * @param module the module's name in lower case, without quotes
 * @param arguments the module's arguments as they are written, without the space around them
 */
public record VirtualTableDeclaration(String module, List<String> arguments) {
    /** Copies the list. */
    public VirtualTableDeclaration {
        arguments = List.copyOf(arguments);
    }

    /** Takes a statement apart; empty when it is another one, or not well-formed. */
    public static Optional<VirtualTableDeclaration> parse(String sql) {
        Tokens tokens = new Tokens(sql);
        if (!tokens.nextIs("create") || !tokens.nextIs("virtual") || !tokens.nextIs("table")) {
            return Optional.empty();
        }
        // The table's name, which may have a schema's before it; SQLite leaves out IF NOT EXISTS.
        do {
            if (!tokens.next()) {
                return Optional.empty();
            }
        } while (!tokens.is("using"));
        if (!tokens.next()) {
            return Optional.empty();
        }
        String module = tokens.name().toLowerCase(Locale.ROOT);
        if (!tokens.next()) {
            return Optional.of(new VirtualTableDeclaration(module, List.of()));
        }
        return tokens.is("(")
                ? arguments(tokens, sql).map(found -> new VirtualTableDeclaration(module, found))
                : Optional.empty();
    }

    private static Optional<List<String>> arguments(Tokens tokens, String sql) {
        List<String> arguments = new ArrayList<>();
        int depth = 1;
        int from = -1; // of the first token of the argument
        int to = -1; // the end of its last one: comments around an argument do not belong to it
        while (tokens.next()) {
            if (depth == 1 && (tokens.is(",") || tokens.is(")"))) {
                arguments.add(from < 0 ? "" : sql.substring(from, to));
                if (tokens.is(")")) {
                    return Optional.of(arguments);
                }
                from = -1;
                continue;
            }
            depth += tokens.is("(") ? 1 : tokens.is(")") ? -1 : 0;
            from = from < 0 ? tokens.start : from;
            to = tokens.end;
        }
        return Optional.empty();
    }

    /** The tokens of a statement, without space and comments. */
    private static final class Tokens {
        private final String sql;
        private int start;
        private int end;

        Tokens(String sql) {
            this.sql = sql;
        }

        boolean nextIs(String keyword) {
            return next() && is(keyword);
        }

        /** Whether the token is this keyword or sign; a quoted name never is. */
        boolean is(String keyword) {
            return end - start == keyword.length() && sql.regionMatches(true, start, keyword, 0, keyword.length());
        }

        /** The token as a name. */
        String name() {
            String token = sql.substring(start, end);
            char quote = token.charAt(0);
            if (token.length() < 2 || "\"'`[".indexOf(quote) < 0) {
                return token;
            }
            String inside = token.substring(1, token.length() - 1);
            return quote == '[' ? inside : inside.replace("" + quote + quote, "" + quote);
        }

        /** Goes to the next token; false at the end, and where a quote or a comment does not end. */
        boolean next() {
            start = afterSpaceAndComments(end);
            if (start < 0 || start >= sql.length()) {
                end = sql.length();
                start = end;
                return false;
            }
            char first = sql.charAt(start);
            if ("\"'`[".indexOf(first) >= 0) {
                end = afterQuoted(first);
                return end > 0 || abandon();
            }
            end = start + 1;
            while (isPartOfWord(first) && end < sql.length() && isPartOfWord(sql.charAt(end))) {
                end++;
            }
            return true;
        }

        private boolean abandon() {
            start = sql.length();
            end = start;
            return false;
        }

        private static boolean isPartOfWord(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '$'
                    || c >= 0x80;
        }

        private int afterQuoted(char first) {
            char close = first == '[' ? ']' : first;
            int at = start + 1;
            while (true) {
                int found = sql.indexOf(close, at);
                if (found < 0) {
                    return -1;
                }
                boolean doubled = first != '[' && found + 1 < sql.length() && sql.charAt(found + 1) == close;
                if (!doubled) {
                    return found + 1;
                }
                at = found + 2;
            }
        }

        private int afterSpaceAndComments(int from) {
            int at = from;
            while (at < sql.length()) {
                if (sql.startsWith("--", at)) {
                    int newline = sql.indexOf('\n', at);
                    at = newline < 0 ? sql.length() : newline + 1;
                } else if (sql.startsWith("/*", at)) {
                    int close = sql.indexOf("*/", at + 2);
                    if (close < 0) {
                        return -1;
                    }
                    at = close + 2;
                } else if (" \t\n\f\r".indexOf(sql.charAt(at)) >= 0) {
                    at++;
                } else {
                    break;
                }
            }
            return at;
        }
    }
}
