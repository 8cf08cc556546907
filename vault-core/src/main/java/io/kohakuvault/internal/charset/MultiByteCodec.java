package io.kohakuvault.internal.charset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One, two and, behind 8F in EUC-JP, three bytes a character, by tables. A few codes of Big5-HKSCS and JIS X 0213 are a
 * letter with a combining mark: two characters.
 */
final class MultiByteCodec implements TextCodec {
    /** No character. */
    static final int NONE = -1;

    private static final int PAIRS = Character.MAX_CODE_POINT + 1;
    private static final int THREE_BYTE_LEAD = 0x8F;

    private final int[] singles = new int[256];
    private final int[] doubles = new int[0x8000];
    private final int[] triples;
    private final CodePages codes = new CodePages();
    private final List<String> pairs = new ArrayList<>();
    private final Map<String, Integer> pairCodes = new HashMap<>();
    private final CodePages beginsPair = new CodePages();

    MultiByteCodec(boolean threeBytes) {
        this.triples = new int[threeBytes ? 0x10000 : 0];
        java.util.Arrays.fill(singles, NONE);
        java.util.Arrays.fill(doubles, NONE);
        java.util.Arrays.fill(triples, NONE);
    }

    /** Says what a code is; a text of one code point or of two, or null for nothing. Decides nothing about encoding. */
    void decodes(int code, @org.jspecify.annotations.Nullable String text) {
        int value = NONE;
        if (text != null) {
            value = text.codePointAt(0);
            if (text.length() > Character.charCount(value)) {
                value = PAIRS + pairs.size();
                pairs.add(text);
            }
        }
        if (code <= 0xFF) {
            singles[code] = value;
        } else if (code <= 0xFFFF) {
            doubles[code - 0x8000] = value;
        } else {
            triples[code & 0xFFFF] = value;
        }
    }

    /** What a code is: a code point, a pair of them above all code points, or -1. */
    int at(int code) {
        return code <= 0xFF ? singles[code] : code <= 0xFFFF ? doubles[code - 0x8000] : triples[code & 0xFFFF];
    }

    /** The two characters of a pair. */
    String pair(int value) {
        return pairs.get(value - PAIRS);
    }

    static boolean isPair(int value) {
        return value >= PAIRS;
    }

    /** Makes the code the way in which its characters are written. */
    void encodes(int code) {
        int value = at(code);
        if (isPair(value)) {
            String pair = pair(value);
            pairCodes.put(pair, code);
            beginsPair.put(pair.charAt(0), 0);
        } else {
            codes.put(value, code);
        }
    }

    /** The code of a character, or -1. */
    int code(int codePoint) {
        return codes.get(codePoint);
    }

    @Override
    public int encode(String text, ByteSink out) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (beginsPair.has(point) && i + 2 <= text.length()) {
                Integer code = pairCodes.get(text.substring(i, i + 2));
                if (code != null) {
                    out.addCode(code);
                    i += 2;
                    continue;
                }
            }
            int code = codes.get(point);
            if (code < 0) {
                return i;
            }
            out.addCode(code);
            i += Character.charCount(point);
        }
        return DONE;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        for (int i = from; i < to; ) {
            int lead = bytes[i] & 0xFF;
            int value = singles[lead];
            int size = 1;
            if (value == NONE && lead >= 0x80) {
                size = lead == THREE_BYTE_LEAD && triples.length > 0 ? 3 : 2;
                if (i + size > to) {
                    return i;
                }
                int second = bytes[i + 1] & 0xFF;
                value = size == 2
                        ? doubles[(lead << 8 | second) - 0x8000]
                        : triples[second << 8 | (bytes[i + 2] & 0xFF)];
            }
            if (value == NONE) {
                return i;
            }
            if (isPair(value)) {
                out.append(pair(value));
            } else {
                out.appendCodePoint(value);
            }
            i += size;
        }
        return DONE;
    }
}
