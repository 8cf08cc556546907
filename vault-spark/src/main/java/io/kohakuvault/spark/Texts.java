package io.kohakuvault.spark;

import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Texts of Spark's, which takes any bytes for one. */
final class Texts {
    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /** A text; null for bytes that are no UTF-8, of which decoding makes another text. */
    static @Nullable String decoded(UTF8String text) {
        String decoded = text.toString();
        boolean isSame = decoded.indexOf(REPLACEMENT) < 0
                || UTF8String.fromString(decoded).equals(text);
        return isSame ? decoded : null;
    }

    /**
     * A text that is to be written.
     *
     * @throws IllegalArgumentException when it is no UTF-8
     */
    static String written(String column, UTF8String text) {
        String decoded = decoded(text);
        if (decoded == null) {
            throw new IllegalArgumentException(
                    "column '" + column + "': a text is not UTF-8; write it as binary: cast(… as binary)");
        }
        return decoded;
    }
}
