package io.kohakuvault.internal.charset;

import java.util.Arrays;

/** From code points to the bytes of an encoding, in pages that are made where there is something. */
final class CodePages {
    private static final int NONE = -1;

    private final int[][] pages = new int[(Character.MAX_CODE_POINT >> 8) + 1][];

    /** The bytes as a number, or -1. */
    int get(int codePoint) {
        int[] page = pages[codePoint >> 8];
        return page == null ? NONE : page[codePoint & 0xFF];
    }

    void put(int codePoint, int code) {
        int[] page = pages[codePoint >> 8];
        if (page == null) {
            page = new int[256];
            Arrays.fill(page, NONE);
            pages[codePoint >> 8] = page;
        }
        page[codePoint & 0xFF] = code;
    }

    boolean has(int codePoint) {
        return get(codePoint) != NONE;
    }
}
