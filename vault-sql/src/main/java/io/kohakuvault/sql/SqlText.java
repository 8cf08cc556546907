package io.kohakuvault.sql;

import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import java.util.ArrayList;
import java.util.List;

/** SQL as text: quoting, and as many tokens of DuckDB's dialect as it takes to find where a query begins. */
final class SqlText {
    private SqlText() {}

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    /** A name as DuckDB compares it. */
    static String key(String name) {
        return DuckDbArrow.nameKey(name);
    }

    private static String upperCase(String word) {
        StringBuilder upper = new StringBuilder(word);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            upper.setCharAt(i, c >= 'a' && c <= 'z' ? (char) (c - ('a' - 'A')) : c);
        }
        return upper.toString();
    }

    /**
     * A token.
     *
     * @param text the token in upper case where it is a word; a quoted one with its quotes
     * @param start its first character
     * @param end the character after it
     * @param depth in how many parentheses it stands
     */
    record Token(String text, int start, int end, int depth) {
        boolean is(String word) {
            return text.equals(word);
        }
    }

    /** The tokens of a statement, comments left out. */
    static List<Token> tokens(String sql) {
        List<Token> tokens = new ArrayList<>();
        int depth = 0;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int end;
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            } else if (sql.startsWith("--", at)) {
                int line = sql.indexOf('\n', at);
                at = line < 0 ? sql.length() : line + 1;
                continue;
            } else if (sql.startsWith("/*", at)) {
                at = endOfComment(sql, at);
                continue;
            } else if (c == '\'' || c == '"') {
                boolean escapes = c == '\'' && at > 0 && isEscaping(sql, at);
                end = endOfQuote(sql, at, c, escapes);
            } else if (c == '$' && dollarTag(sql, at) != null) {
                String tag = java.util.Objects.requireNonNull(dollarTag(sql, at));
                int close = sql.indexOf(tag, at + tag.length());
                end = close < 0 ? sql.length() : close + tag.length();
            } else if (Character.isLetterOrDigit(c) || c == '_') {
                end = at + 1;
                while (end < sql.length() && isWord(sql.charAt(end))) {
                    end++;
                }
            } else {
                end = at + 1;
            }
            if (c == ')') {
                depth--;
            }
            String text = sql.substring(at, end);
            boolean quoted = c == '\'' || c == '"' || c == '$';
            tokens.add(new Token(quoted ? text : upperCase(text), at, end, depth));
            if (c == '(') {
                depth++;
            }
            at = end;
        }
        return tokens;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    /** A text E'…', in which a backslash escapes. */
    private static boolean isEscaping(String sql, int quote) {
        char before = sql.charAt(quote - 1);
        return (before == 'e' || before == 'E') && (quote < 2 || !isWord(sql.charAt(quote - 2)));
    }

    private static int endOfQuote(String sql, int start, char quote, boolean escapes) {
        int at = start + 1;
        while (at < sql.length()) {
            if (escapes && sql.charAt(at) == '\\') {
                at += 2;
            } else if (sql.charAt(at) != quote) {
                at++;
            } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return sql.length();
    }

    private static int endOfComment(String sql, int start) {
        int depth = 0;
        int at = start;
        while (at < sql.length()) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                at += 2;
                if (--depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return at;
    }

    private static @org.jspecify.annotations.Nullable String dollarTag(String sql, int start) {
        int at = start + 1;
        while (at < sql.length() && isWord(sql.charAt(at))) {
            at++;
        }
        boolean parameter = at > start + 1 && Character.isDigit(sql.charAt(start + 1));
        return at < sql.length() && sql.charAt(at) == '$' && !parameter ? sql.substring(start, at + 1) : null;
    }

    static boolean isOneStatement(String sql) {
        return statements(sql).size() == 1;
    }

    /** The statements between semicolons, without these. */
    static List<String> statements(String sql) {
        List<String> statements = new ArrayList<>();
        int start = -1;
        int end = -1;
        for (Token token : tokens(sql)) {
            if (token.is(";")) {
                if (start >= 0) {
                    statements.add(sql.substring(start, end));
                }
                start = -1;
            } else {
                start = start < 0 ? token.start() : start;
                end = token.end();
            }
        }
        if (start >= 0) {
            statements.add(sql.substring(start, end));
        }
        return statements;
    }

    /**
     * A statement without what ends it.
     *
     * @throws IllegalArgumentException when there are several, or none
     */
    static String oneStatement(String sql) {
        List<String> statements = statements(sql);
        if (statements.isEmpty()) {
            throw new IllegalArgumentException("there is no statement in: " + sql);
        } else if (statements.size() > 1) {
            throw new IllegalArgumentException("several statements, where one is wanted: " + sql);
        }
        return statements.get(0);
    }

    /** What stands in quotes of whatever kind, or null for another token. */
    static @org.jspecify.annotations.Nullable String quotedText(String token) {
        if (token.length() > 1 && (token.startsWith("'") || token.startsWith("\""))) {
            String quote = token.substring(0, 1);
            String inner = token.endsWith(quote) ? token.substring(1, token.length() - 1) : token.substring(1);
            return inner.replace(quote + quote, quote);
        } else if (token.startsWith("$") && token.indexOf('$', 1) > 0) {
            String tag = token.substring(0, token.indexOf('$', 1) + 1);
            String inner = token.substring(tag.length());
            return inner.endsWith(tag) ? inner.substring(0, inner.length() - tag.length()) : inner;
        }
        return null;
    }

    /** What a name in SQL means: without quotes and as it is written. */
    static String unquoted(String token) {
        return token.startsWith("\"") && token.length() > 1
                ? token.substring(1, token.length() - 1).replace("\"\"", "\"")
                : token;
    }
}
