package io.kohakuvault.internal.kv;

import java.util.Comparator;

/** The order of keys of text: that of their UTF-8 bytes, which is the order of code points. */
enum KeyOrder implements Comparator<String> {
    /** From the least key to the greatest. */
    ASCENDING;

    @Override
    public int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // A surrogate stands for a code point above all that one char can say.
                boolean highX = Character.isSurrogate(x);
                boolean highY = Character.isSurrogate(y);
                return highX == highY ? Character.compare(x, y) : highX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
