package io.kohakuvault.codec;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Text to UTF-8 without loss: {@link String#getBytes} writes a question mark for half a surrogate pair, this refuses
 * it.
 */
public final class Utf8 {
    private Utf8() {}

    /**
     * Encodes a text.
     *
     * @param text any well-formed text
     * @return its UTF-8 bytes
     * @throws IllegalArgumentException when it holds half a surrogate pair, which UTF-8 cannot say
     */
    public static byte[] encode(String text) {
        return check(text).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks a text that something else will encode.
     *
     * @param text any well-formed text
     * @return the text
     * @throws IllegalArgumentException when it holds half a surrogate pair
     */
    public static String check(String text) {
        Objects.requireNonNull(text, "a text or key must not be null");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new IllegalArgumentException("the text holds half a surrogate pair at " + i
                            + ", which UTF-8 cannot say; mend it where it comes from");
                }
                i++;
            }
        }
        return text;
    }
}
