package io.kohakuvault.internal.charset;

import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;

/**
 * One of the sets that ISO 2022 chooses by escape sequences, in seven bits.
 *
 * @param plane 0 or 1, or 2 for a set that is read behind ESC N and never written
 * @param widthBytes bytes of a character
 * @param escape what chooses it
 * @param mark the last byte of that
 * @param decoder from a code to a code point, or -1
 * @param encoder from a code point to a code, or -1
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity
record CharacterSet(
        int plane, int widthBytes, byte[] escape, char mark, IntUnaryOperator decoder, IntUnaryOperator encoder) {
    private static final int HANGUL_FILLER = 0x3164;
    private static final int HANGUL_FILLER_CODE = 0x2454;

    static final CharacterSet ASCII = of(0, 1, "\u001b(B", b -> b, c -> c < 0x80 ? c : -1);

    private static CharacterSet of(
            int plane, int widthBytes, String escape, IntUnaryOperator decoder, IntUnaryOperator encoder) {
        return new CharacterSet(
                plane,
                widthBytes,
                escape.getBytes(StandardCharsets.US_ASCII),
                escape.charAt(escape.length() - 1),
                decoder,
                encoder);
    }

    /** JIS X 0208; of 1983, and of 1978 for reading. */
    static CharacterSet jisX0208(MultiByteCodec eucJp, boolean older) {
        return doubles(eucJp, older ? "\u001b$@" : "\u001b$B", 0);
    }

    static CharacterSet jisX0212(MultiByteCodec eucJp) {
        return of(0, 2, "\u001b$(D", code -> eucJp.at(0x8F8080 | code), c -> {
            int code = eucJp.code(c);
            return code >> 16 == 0x8F ? code & 0x7F7F : -1;
        });
    }

    static CharacterSet gb2312(MultiByteCodec gb2312) {
        return doubles(gb2312, "\u001b$(A", 0);
    }

    /** KS X 1001, with the filler of syllables that EUC-KR cannot say alone. */
    static CharacterSet ksX1001(MultiByteCodec eucKr, int plane) {
        CharacterSet set = doubles(eucKr, plane == 0 ? "\u001b$(C" : "\u001b$)C", plane);
        return of(
                plane,
                2,
                plane == 0 ? "\u001b$(C" : "\u001b$)C",
                code -> code == HANGUL_FILLER_CODE ? HANGUL_FILLER : set.decoder.applyAsInt(code),
                c -> c == HANGUL_FILLER ? HANGUL_FILLER_CODE : set.encoder.applyAsInt(c));
    }

    private static CharacterSet doubles(MultiByteCodec euc, String escape, int plane) {
        return of(plane, 2, escape, code -> euc.at(0x8080 | code), c -> {
            int code = euc.code(c);
            return code >= 0xA1A1 && code <= 0xFEFE && (code & 0x80) != 0 ? code & 0x7F7F : -1;
        });
    }

    /** ASCII with a yen sign and an overline. */
    static CharacterSet jisX0201Roman() {
        return of(
                0,
                1,
                "\u001b(J",
                b -> b == 0x5C ? 0xA5 : b == 0x7E ? 0x203E : b,
                c -> c == 0xA5 ? 0x5C : c == 0x203E ? 0x7E : -1);
    }

    /** Katakana of half the width. */
    static CharacterSet jisX0201Katakana() {
        return of(
                0,
                1,
                "\u001b(I",
                b -> b >= 0x21 && b <= 0x5F ? 0xFF40 + b : -1,
                c -> c >= 0xFF61 && c <= 0xFF9F ? c - 0xFF40 : -1);
    }

    static CharacterSet latin1() {
        return of(2, 1, "\u001b.A", b -> b < 0x80 ? b + 0x80 : -1, c -> -1);
    }

    /**
     * Greek, before the euro and the drachma sign came; Python reads a byte with the high bit set as the character
     * without it.
     */
    static CharacterSet iso8859Part7(SingleByteCodec table) {
        return of(
                2,
                1,
                "\u001b.F",
                b -> b >= 0x80 ? b & 0x7F : b == 0x24 || b == 0x25 || b == 0x2A ? -1 : table.at(b | 0x80),
                c -> -1);
    }

    /** The character of a code, or -1. */
    int at(int first, int second) {
        return widthBytes == 1
                ? decoder.applyAsInt(first)
                : second < 0x80 ? decoder.applyAsInt(first << 8 | second) : -1;
    }

    /** The code of a character, or -1. */
    int code(int codePoint) {
        return encoder.applyAsInt(codePoint);
    }
}
