package io.kohakuvault.internal.charset;

/** UTF-32. Java's decoders of it drop a byte order mark that Python keeps. */
final class Utf32Codec implements TextCodec {
    private static final int MARK = 0xFEFF;

    private final boolean bigEndian;
    private final boolean marked;

    /** @param marked whether a byte order mark is written, and obeyed when it is read */
    Utf32Codec(boolean bigEndian, boolean marked) {
        this.bigEndian = bigEndian;
        this.marked = marked;
    }

    @Override
    public int unitBytes() {
        return 4;
    }

    @Override
    public int encode(String text, ByteSink out) {
        if (marked) {
            put(MARK, out);
        }
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (point <= 0xFFFF && Character.isSurrogate((char) point)) {
                return i;
            }
            put(point, out);
            i += Character.charCount(point);
        }
        return DONE;
    }

    private void put(int point, ByteSink out) {
        for (int i = 0; i < 4; i++) {
            out.add(point >> (8 * (bigEndian ? 3 - i : i)));
        }
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        boolean big = bigEndian;
        int at = from;
        if (marked && to - from >= 4) {
            int first = unit(bytes, from, big);
            if (first == MARK || Integer.reverseBytes(first) == MARK) {
                big ^= first != MARK;
                at += 4;
            }
        }
        for (; at < to; at += 4) {
            int point = at + 4 <= to ? unit(bytes, at, big) : -1;
            if (!Character.isValidCodePoint(point) || (point >= 0xD800 && point <= 0xDFFF)) {
                return at;
            }
            out.appendCodePoint(point);
        }
        return DONE;
    }

    private static int unit(byte[] bytes, int at, boolean big) {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            unit = unit << 8 | (bytes[big ? at + i : at + 3 - i] & 0xFF);
        }
        return unit;
    }
}
