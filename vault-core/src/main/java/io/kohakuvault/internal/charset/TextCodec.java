package io.kohakuvault.internal.charset;

/**
 * One text encoding, as strict as Python's {@code errors='strict'}. Whatever {@link #encode} writes, {@link #decode}
 * reads as the same text: where Python writes a character as the bytes of another one (a yen sign in Shift JIS becomes
 * a backslash), it is refused. Implementations are thread-safe.
 */
public interface TextCodec {
    /** What both methods answer when everything was converted. */
    int DONE = -1;

    /** Adds the bytes of a text; answers the index of the first character that has none, or {@link #DONE}. */
    int encode(String text, ByteSink out);

    /**
     * Adds the text of the bytes [from, to); answers the position of the first byte that means nothing, or {@link
     * #DONE}.
     */
    int decode(byte[] bytes, int from, int to, StringBuilder out);

    /** Bytes of the smallest unit that a character is made of: text of a padded column ends with one. */
    default int unitBytes() {
        return 1;
    }
}
