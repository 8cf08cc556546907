package io.kohakuvault.internal.vec0;

import java.util.ArrayList;
import java.util.List;

/** A token of an argument of vec0, as vec0's own tokenizer cuts it. */
record Token(Kind kind, String text) {
    enum Kind {
        WORD,
        NUMBER,
        SYMBOL,
        /** A character that vec0 does not know; it sees nothing of what follows. */
        UNKNOWN
    }

    static List<Token> of(String argument) {
        List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < argument.length()) {
            char c = argument.charAt(i);
            int start = i++;
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                continue;
            }
            Kind kind = Kind.UNKNOWN;
            if (isLetter(c)) {
                kind = Kind.WORD;
                while (i < argument.length() && isPartOfWord(argument.charAt(i))) {
                    i++;
                }
            } else if (isDigit(c)) {
                kind = Kind.NUMBER;
                while (i < argument.length() && isDigit(argument.charAt(i))) {
                    i++;
                }
            } else if ("+[]=(),".indexOf(c) >= 0) {
                kind = Kind.SYMBOL;
            }
            tokens.add(new Token(kind, argument.substring(start, i)));
            if (kind == Kind.UNKNOWN) {
                break;
            }
        }
        return tokens;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isPartOfWord(char c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** vec0 compares no more letters than the token has: {@code int} and {@code i} are {@code integer} to it. */
    boolean means(String... words) {
        if (kind == Kind.WORD) {
            for (String word : words) {
                if (text.length() <= word.length() && word.regionMatches(true, 0, text, 0, text.length())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Of the types of vectors it compares the first letters, and takes {@code float32} for {@code float}. */
    boolean beginsWith(String word) {
        return kind == Kind.WORD && text.regionMatches(true, 0, word, 0, word.length());
    }
}
