package io.kohakuvault.internal.charset;

import java.util.Arrays;

/** A byte a character, by a table. */
final class SingleByteCodec implements TextCodec {
    private static final char NONE = '\uFFFF';

    private final char[] chars;
    private final CodePages codes = new CodePages();

    private SingleByteCodec(char[] chars) {
        this.chars = chars;
        for (int b = 0; b < chars.length; b++) {
            if (chars[b] != NONE) {
                codes.put(chars[b], b); // where two bytes are one character, Python writes the higher one
            }
        }
    }

    /** Reads a line of single-byte.txt, after its name. */
    static SingleByteCodec parse(String[] runs) {
        char[] chars = new char[256];
        int at = 0;
        for (String run : runs) {
            if (run.charAt(0) == '-') {
                int count = Integer.parseInt(run.substring(1));
                Arrays.fill(chars, at, at + count, NONE);
                at += count;
            } else {
                int plus = run.indexOf('+');
                int count = plus < 0 ? 1 : 1 + Integer.parseInt(run.substring(plus + 1));
                int first = Integer.parseInt(plus < 0 ? run : run.substring(0, plus), 16);
                for (int i = 0; i < count; i++) {
                    chars[at++] = (char) (first + i);
                }
            }
        }
        if (at != chars.length) {
            throw new IllegalStateException("a table of " + at + " bytes");
        }
        return new SingleByteCodec(chars);
    }

    /** The character of a byte, or -1. */
    int at(int b) {
        return chars[b] == NONE ? -1 : chars[b];
    }

    @Override
    public int encode(String text, ByteSink out) {
        for (int i = 0; i < text.length(); i++) {
            int code = codes.get(text.charAt(i));
            if (code < 0) {
                return i;
            }
            out.add(code);
        }
        return DONE;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            char c = chars[bytes[i] & 0xFF];
            if (c == NONE) {
                return i;
            }
            out.append(c);
        }
        return DONE;
    }
}
