package io.kohakuvault.internal.charset;

/**
 * UTF-7 (RFC 2152) as Python writes and reads it, which Java has not; without halves of surrogate pairs, which Python
 * lets pass.
 */
final class Utf7Codec implements TextCodec {
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static boolean isDirect(char c) {
        return (c >= ' ' && c < 0x7F && c != '+' && c != '\\' && c != '~') || c == '\t' || c == '\n' || c == '\r';
    }

    private static boolean isHalfOfPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static int sextet(int b) {
        return b < 0x80 ? BASE64.indexOf(b) : -1;
    }

    @Override
    public int encode(String text, ByteSink out) {
        boolean shifted = false;
        int bits = 0; // how many wait to be written
        int buffer = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isDirect(c)) {
                if (shifted) {
                    if (bits > 0) {
                        out.add(BASE64.charAt(buffer << (6 - bits) & 0x3F));
                    }
                    bits = 0;
                    buffer = 0;
                    shifted = false;
                    if (sextet(c) >= 0 || c == '-') {
                        out.add('-');
                    }
                }
                out.add(c);
            } else if (c == '+' && !shifted) {
                out.add('+');
                out.add('-');
            } else {
                if (Character.isSurrogate(c) && !isHalfOfPair(text, i)) {
                    return i;
                }
                if (!shifted) {
                    out.add('+');
                    shifted = true;
                }
                buffer = buffer << 16 | c;
                bits += 16;
                while (bits >= 6) {
                    bits -= 6;
                    out.add(BASE64.charAt(buffer >> bits & 0x3F));
                }
                buffer &= (1 << bits) - 1;
            }
        }
        if (bits > 0) {
            out.add(BASE64.charAt(buffer << (6 - bits) & 0x3F));
        }
        if (shifted) {
            out.add('-');
        }
        return DONE;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        int shiftedAt = -1;
        int bits = 0;
        int buffer = 0;
        char half = 0; // a high surrogate that waits for the low one
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xFF;
            if (shiftedAt >= 0) {
                int sextet = sextet(b);
                if (sextet >= 0) {
                    buffer = buffer << 6 | sextet;
                    bits += 6;
                    if (bits >= 16) {
                        bits -= 16;
                        char unit = (char) (buffer >> bits);
                        buffer &= (1 << bits) - 1;
                        if (Character.isLowSurrogate(unit) != (half != 0)) {
                            return i;
                        }
                        half = Character.isHighSurrogate(unit) ? unit : 0;
                        out.append(unit);
                    }
                    continue;
                }
                if (bits >= 6 || buffer != 0 || half != 0) {
                    return i;
                }
                shiftedAt = -1;
                bits = 0;
                buffer = 0;
                if (b == '-') {
                    continue;
                }
            }
            if (b == '+') {
                if (i + 1 < to && bytes[i + 1] == '-') {
                    i++;
                    out.append('+');
                } else if (i + 1 < to && sextet(bytes[i + 1] & 0xFF) < 0) {
                    return i;
                } else {
                    shiftedAt = i;
                }
            } else if (b < 0x80) {
                out.append((char) b);
            } else {
                return i;
            }
        }
        return half != 0 || bits >= 6 || buffer != 0 ? shiftedAt : DONE;
    }
}
