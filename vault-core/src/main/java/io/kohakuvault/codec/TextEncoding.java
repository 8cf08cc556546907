package io.kohakuvault.codec;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Encodings of text columns that both languages write alike. */
public enum TextEncoding {
    /** UTF-8, the default. */
    UTF8("utf8", StandardCharsets.UTF_8),
    /** UTF-16, little-endian, no byte order mark. */
    UTF16LE("utf16le", StandardCharsets.UTF_16LE),
    /** UTF-16, big-endian, no byte order mark. */
    UTF16BE("utf16be", StandardCharsets.UTF_16BE),
    /** 7 bits. */
    ASCII("ascii", StandardCharsets.US_ASCII),
    /** ISO 8859-1. */
    LATIN1("latin1", StandardCharsets.ISO_8859_1);

    private final String token;
    private final Charset charset;

    TextEncoding(String token, Charset charset) {
        this.token = token;
        this.charset = charset;
    }

    /**
     * The name in dtype strings.
     *
     * @return for example {@code utf16le}
     */
    public String token() {
        return token;
    }

    /**
     * Java's name for it.
     *
     * @return the charset
     */
    public Charset charset() {
        return charset;
    }

    /** Takes the spellings that Python's codecs take for these five. */
    static Optional<TextEncoding> ofToken(String token) {
        return switch (token.toLowerCase(Locale.ROOT).replace('_', '-')) {
            case "utf8", "utf-8" -> Optional.of(UTF8);
            case "utf16le", "utf-16le", "utf-16-le" -> Optional.of(UTF16LE);
            case "utf16be", "utf-16be", "utf-16-be" -> Optional.of(UTF16BE);
            case "ascii", "us-ascii" -> Optional.of(ASCII);
            case "latin1", "latin-1", "iso-8859-1", "iso8859-1" -> Optional.of(LATIN1);
            default -> Optional.empty();
        };
    }
}
