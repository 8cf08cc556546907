package io.kohakuvault.internal.sqlite;

import java.util.List;

/**
 * What a row may hold: SQLite takes 1,000,000,000 bytes (https://sqlite.org/limits.html), and tells more as if the file
 * were damaged.
 */
public final class RowSize {
    /** Less some for what stands beside the caller's bytes. */
    public static final int MOST_BYTES = 999_000_000;

    private static final int MOST_BYTES_OF_A_CHARACTER = 3;

    private RowSize() {}

    /**
     * Refuses what no row can hold.
     *
     * @param bytes what the caller wants to be stored
     * @param what it is, as the beginning of a sentence
     * @param remedy what the caller may do instead
     */
    public static void check(long bytes, String what, String remedy) {
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    what + " may have " + MOST_BYTES + " bytes, but had " + bytes + "; " + remedy);
        }
    }

    /** The bytes of texts in UTF-8: exactly where they may be too many, else no fewer than there are. */
    public static long utf8Bytes(List<String> texts) {
        long most = 0;
        for (String text : texts) {
            most += (long) MOST_BYTES_OF_A_CHARACTER * text.length();
        }
        if (most <= MOST_BYTES) {
            return most;
        }
        long bytes = 0;
        for (String text : texts) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
            }
        }
        return bytes;
    }
}
