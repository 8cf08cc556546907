package io.kohakuvault.codec;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Text to UTF-8 without loss: {@link String#getBytes} writes a question mark for half a surrogate pair, this refuses
 * it.
 */
public final class Utf8 {
    private static final String NO_TEXT = "a text or key must not be null";

    private Utf8() {}

    /**
     * Encodes a text.
     *
     * @param text any well-formed text
     * @return its UTF-8 bytes
     * @throws IllegalArgumentException when it holds half a surrogate pair, which UTF-8 cannot say
     */
    public static byte[] encode(String text) {
        byte[] bytes = Objects.requireNonNull(text, NO_TEXT).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b == '?') { // perhaps for half a surrogate pair
                String unused = check(text);
                break;
            }
        }
        return bytes;
    }

    /**
     * Checks a text that something else will encode.
     *
     * @param text any well-formed text
     * @return the text
     * @throws IllegalArgumentException when it holds half a surrogate pair
     */
    public static String check(String text) {
        Objects.requireNonNull(text, NO_TEXT);
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
