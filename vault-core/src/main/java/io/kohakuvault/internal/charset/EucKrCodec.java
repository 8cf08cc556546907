package io.kohakuvault.internal.charset;

/**
 * EUC-KR as Python has it: a syllable that KS X 1001 has no code for is put together of a filler and three letters,
 * eight bytes in all. The filler alone, which Python writes and cannot read, is refused.
 */
final class EucKrCodec implements TextCodec {
    private static final int LEAD = 0xA4;
    private static final int FILLER = 0xD4;
    private static final int FIRST_SYLLABLE = 0xAC00;
    private static final int LAST_SYLLABLE = 0xD7A3;
    private static final int MEDIALS = 21;
    private static final int FINALS = 28;
    private static final int FIRST_MEDIAL = 0xBF;

    /** The second byte of each initial, and of each final but the missing one. */
    private static final int[] INITIALS = {
        0xA1, 0xA2, 0xA4, 0xA7, 0xA8, 0xA9, 0xB1, 0xB2, 0xB3, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE
    };

    private static final int[] FINAL_BYTES = {
        FILLER, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1, 0xB2,
        0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE
    };

    private final MultiByteCodec table;

    EucKrCodec(MultiByteCodec table) {
        this.table = table;
    }

    @Override
    public int encode(String text, ByteSink out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int code = table.code(c);
            if (code >= 0) {
                out.addCode(code);
            } else if (c >= FIRST_SYLLABLE && c <= LAST_SYLLABLE) {
                int syllable = c - FIRST_SYLLABLE;
                out.addCode(LEAD << 8 | FILLER);
                out.addCode(LEAD << 8 | INITIALS[syllable / (MEDIALS * FINALS)]);
                out.addCode(LEAD << 8 | (FIRST_MEDIAL + syllable / FINALS % MEDIALS));
                out.addCode(LEAD << 8 | FINAL_BYTES[syllable % FINALS]);
            } else {
                return i;
            }
        }
        return DONE;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        int at = from;
        for (int i = from; i + 1 < to; ) {
            int lead = bytes[i] & 0xFF;
            if (lead == LEAD && (bytes[i + 1] & 0xFF) == FILLER) {
                int bad = table.decode(bytes, at, i, out);
                int syllable = bad != DONE || i + 8 > to ? -1 : syllable(bytes, i);
                if (syllable < 0) {
                    return bad != DONE ? bad : i;
                }
                out.append((char) syllable);
                i += 8;
                at = i;
            } else {
                i += lead < 0x80 ? 1 : 2;
            }
        }
        return table.decode(bytes, at, to, out);
    }

    private static int syllable(byte[] bytes, int at) {
        for (int i = at; i < at + 8; i += 2) {
            if ((bytes[i] & 0xFF) != LEAD) {
                return -1;
            }
        }
        int initial = indexOf(INITIALS, bytes[at + 3] & 0xFF);
        int medial = (bytes[at + 5] & 0xFF) - FIRST_MEDIAL;
        int end = indexOf(FINAL_BYTES, bytes[at + 7] & 0xFF);
        boolean whole = initial >= 0 && medial >= 0 && medial < MEDIALS && end >= 0;
        return whole ? FIRST_SYLLABLE + (initial * MEDIALS + medial) * FINALS + end : -1;
    }

    private static int indexOf(int[] bytes, int wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
