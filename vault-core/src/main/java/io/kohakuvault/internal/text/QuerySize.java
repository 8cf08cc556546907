package io.kohakuvault.internal.text;

import io.kohakuvault.text.TextQuery;

/**
 * Keeps a query to a size with which a search ends soon. FTS5 opens an iterator for each token of a query and compares
 * each document that matches with each phrase: a text that was pasted whole may be too much of both.
 */
final class QuerySize {
    private QuerySize() {}

    /** Throws when the query is larger than {@link TextQuery} says that one may be. */
    static void check(TextQuery query) {
        if (query.mode() == TextQuery.Mode.FTS5) {
            checkExpression(query.expression());
            return;
        }
        checkWords(query.words().size(), "different words");
        checkCharacters(query.words().stream().mapToInt(String::length).sum());
    }

    private static void checkWords(int words, String kind) {
        if (words > TextQuery.MAX_WORDS) {
            throw new IllegalArgumentException("a query may have " + TextQuery.MAX_WORDS + " " + kind
                    + ", but this one has " + words + "; search for fewer of them");
        }
    }

    private static void checkCharacters(int characters) {
        if (characters > TextQuery.MAX_CHARACTERS) {
            throw new IllegalArgumentException("the words of a query may have " + TextQuery.MAX_CHARACTERS
                    + " characters together, but these have " + characters + "; search for fewer or shorter ones");
        }
    }

    /** Counts the words of an expression without understanding it. */
    private static void checkExpression(String expression) {
        int words = 0;
        int characters = 0;
        int at = 0;
        while (at < expression.length()) {
            int to = at;
            if (expression.charAt(at) == '"') {
                int close = expression.indexOf('"', at + 1);
                to = close < 0 ? expression.length() : close + 1; // a doubled quote makes two words of it: near enough
            } else {
                while (to < expression.length() && isBare(expression.charAt(to))) {
                    to++;
                }
            }
            if (to == at) {
                at++;
                continue;
            }
            if (!isOperator(expression.substring(at, to))) {
                words++;
                characters += to - at;
            }
            at = to;
        }
        checkWords(words, "words");
        checkCharacters(characters);
    }

    /** Whether the parentheses of an expression match, outside of its strings: else it could end what is around it. */
    static boolean hasMatchingParentheses(String expression) {
        int open = 0;
        boolean isString = false;
        for (int i = 0; i < expression.length() && open >= 0; i++) {
            char c = expression.charAt(i);
            isString ^= c == '"'; // a doubled quote ends a string and begins one
            open += isString ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return open == 0 && !isString;
    }

    private static boolean isOperator(String word) {
        return word.equals("AND") || word.equals("OR") || word.equals("NOT") || word.equals("NEAR");
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
