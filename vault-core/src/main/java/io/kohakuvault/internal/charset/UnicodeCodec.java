package io.kohakuvault.internal.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8, UTF-16, ASCII and Latin-1 by Java's own charsets, and byte order marks. */
final class UnicodeCodec implements TextCodec {
    private static final int PIECE_CHARS = 8192;

    private final Charset charset;
    private final int unitBytes;
    private final byte[] mark;
    private final Charset reversed;
    private final byte[] reversedMark;

    private UnicodeCodec(Charset charset, int unitBytes, byte[] mark, Charset reversed, byte[] reversedMark) {
        this.charset = charset;
        this.unitBytes = unitBytes;
        this.mark = mark;
        this.reversed = reversed;
        this.reversedMark = reversedMark;
    }

    /** Without a byte order mark: one that is there is a character like others. */
    static UnicodeCodec plain(Charset charset, int unitBytes) {
        return new UnicodeCodec(charset, unitBytes, new byte[0], charset, new byte[0]);
    }

    /** UTF-8 with a mark in front, which may be missing when it is read. */
    static UnicodeCodec utf8Signed() {
        byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
        return new UnicodeCodec(StandardCharsets.UTF_8, 1, mark, StandardCharsets.UTF_8, new byte[0]);
    }

    /** Written as a little-endian Python writes it; read as its mark says, and little-endian without one. */
    static UnicodeCodec utf16() {
        return new UnicodeCodec(
                StandardCharsets.UTF_16LE,
                2,
                new byte[] {(byte) 0xFF, (byte) 0xFE},
                StandardCharsets.UTF_16BE,
                new byte[] {(byte) 0xFE, (byte) 0xFF});
    }

    @Override
    public int unitBytes() {
        return unitBytes;
    }

    @Override
    public int encode(String text, ByteSink out) {
        out.addAll(mark, 0, mark.length);
        CharsetEncoder encoder = charset.newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer in = CharBuffer.wrap(text);
        ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE_CHARS, text.length() + 1) * 4);
        CoderResult result;
        do {
            result = encoder.encode(in, piece, true);
            out.addAll(piece.array(), 0, piece.position());
            piece.clear();
        } while (result.isOverflow());
        return result.isError() ? in.position() : DONE;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        boolean other = reversedMark.length > 0 && begins(bytes, from, to, reversedMark);
        int skipped = other ? reversedMark.length : begins(bytes, from, to, mark) ? mark.length : 0;
        CharsetDecoder decoder = (other ? reversed : charset)
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, from + skipped, to - from - skipped);
        CharBuffer piece = CharBuffer.allocate(Math.min(PIECE_CHARS, to - from + 2));
        CoderResult result;
        do {
            result = decoder.decode(in, piece, true);
            out.append(piece.array(), 0, piece.position());
            piece.clear();
        } while (result.isOverflow());
        return result.isError() ? in.position() : DONE;
    }

    private static boolean begins(byte[] bytes, int from, int to, byte[] mark) {
        if (to - from < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if (bytes[from + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
