package io.kohakuvault.codec;

import io.kohakuvault.internal.charset.ByteSink;
import io.kohakuvault.internal.charset.TextCodec;
import io.kohakuvault.internal.charset.TextCodecs;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How the text of a column becomes bytes: one of Python's text codecs, to which KohakuVault hands the name that stands
 * in the dtype. What is written here are the bytes that Python writes, and what is read is the text that Python reads;
 * both are refused where Python refuses them ({@code errors='strict'}), and so is a character that Python writes as the
 * bytes of another one. There is one instance for each encoding, so that {@code ==} compares them. Immutable and
 * thread-safe.
 */
public final class TextEncoding {
    private static final Map<String, TextEncoding> KNOWN = new ConcurrentHashMap<>();

    /** UTF-8, the default. */
    public static final TextEncoding UTF8 = constant("UTF8", "utf_8", StandardCharsets.UTF_8);
    /** UTF-16, little-endian, no byte order mark. */
    public static final TextEncoding UTF16LE = constant("UTF16LE", "utf_16_le", StandardCharsets.UTF_16LE);
    /** UTF-16, big-endian, no byte order mark. */
    public static final TextEncoding UTF16BE = constant("UTF16BE", "utf_16_be", StandardCharsets.UTF_16BE);
    /** 7 bits. */
    public static final TextEncoding ASCII = constant("ASCII", "ascii", StandardCharsets.US_ASCII);
    /** ISO 8859-1. */
    public static final TextEncoding LATIN1 = constant("LATIN1", "latin_1", StandardCharsets.ISO_8859_1);

    private final String name;
    private final String token;
    private final @Nullable String codec;
    private final @Nullable Charset charset;

    private TextEncoding(String name, String token, @Nullable String codec, @Nullable Charset charset) {
        this.name = name;
        this.token = token;
        this.codec = codec;
        this.charset = charset;
    }

    private static TextEncoding constant(String name, String codec, Charset charset) {
        TextEncoding made = new TextEncoding(name, name.toLowerCase(java.util.Locale.ROOT), codec, charset);
        KNOWN.put(codec, made);
        return made;
    }

    /**
     * The encoding of a name as Python spells it: {@code cp1252}, {@code Shift-JIS}, {@code latin 1}, {@code euckr} and
     * so on; case, hyphens, underscores and spaces do not matter.
     *
     * @param name any spelling that {@code codecs.lookup} takes
     * @return the encoding
     * @throws IllegalArgumentException when no encoding of {@link #values()} is called so
     */
    public static TextEncoding of(String name) {
        TextEncoding encoding = ofToken(name);
        if (encoding.codec == null) {
            throw new IllegalArgumentException(encoding.unknown());
        }
        return encoding;
    }

    /** Also for a name that is not known: files may hold any. */
    static TextEncoding ofToken(String spelling) {
        Optional<String> codec = TextCodecs.canonicalName(spelling);
        return codec.isPresent()
                ? KNOWN.computeIfAbsent(codec.get(), name -> new TextEncoding(name, name, name, null))
                : new TextEncoding(spelling, spelling, null, null);
    }

    /**
     * All encodings of Python that this library writes and reads.
     *
     * @return a new array
     */
    public static TextEncoding[] values() {
        List<String> names = TextCodecs.names();
        return names.stream().map(TextEncoding::ofToken).toArray(TextEncoding[]::new);
    }

    /**
     * The encoding whose {@link #name()} this is.
     *
     * @param name for example {@code UTF8}, or any name that {@link #of} takes
     * @return the encoding
     * @throws IllegalArgumentException when there is none
     */
    public static TextEncoding valueOf(String name) {
        return of(name);
    }

    /**
     * The constant's name, or Python's name of the encoding.
     *
     * @return for example {@code UTF8} or {@code cp1252}
     */
    public String name() {
        return name;
    }

    /**
     * The name in dtype strings of columns that are made with it.
     *
     * @return for example {@code utf16le} or {@code cp1252}
     */
    public String token() {
        return token;
    }

    /**
     * Whether text of it can be written and read here. It cannot where a file names an encoding that this library does
     * not know, or where the Java runtime lacks the module {@code jdk.charsets} that some of East Asia need.
     *
     * @return false when {@link #encode} and {@link #decode} would throw UnsupportedOperationException
     */
    public boolean isSupported() {
        try {
            codec();
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Java's name for one of the five constants.
     *
     * @return the charset
     * @throws UnsupportedOperationException for other encodings: Java's charsets of similar names differ from
     *     Python's in some characters, use {@link #encode} and {@link #decode}
     */
    public Charset charset() {
        if (charset == null) {
            throw new UnsupportedOperationException(
                    "no charset of Java's is exactly the text encoding '" + token + "'; use encode and decode");
        }
        return charset;
    }

    /**
     * Writes a text.
     *
     * @param text any text
     * @return its bytes
     * @throws IllegalArgumentException when it holds a character that the encoding has not; says which and where
     * @throws UnsupportedOperationException when the encoding is not {@linkplain #isSupported() supported}
     */
    public byte[] encode(String text) {
        if (equals(UTF8)) {
            return Utf8.encode(text);
        }
        ByteSink bytes = new ByteSink(text.length() + 8);
        int at = codec().encode(text, bytes);
        if (at >= 0) {
            int point = text.codePointAt(at);
            boolean half = Character.getType(point) == Character.SURROGATE;
            throw new IllegalArgumentException(
                    "%s %sat index %d cannot be written in %s; replace it, or use a column of str"
                            .formatted(
                                    half ? "half a surrogate pair" : "U+%04X".formatted(point),
                                    half || Character.isISOControl(point) ? "" : "'" + Character.toString(point) + "' ",
                                    at,
                                    token));
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a text.
     *
     * @param bytes what {@link #encode} or Python wrote
     * @return the text
     * @throws IllegalArgumentException when they are no text of this encoding; says at which byte
     * @throws UnsupportedOperationException when the encoding is not {@linkplain #isSupported() supported}
     */
    public String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    private String decode(byte[] bytes, int from, int to) {
        if (equals(UTF8)) {
            String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            if (text.indexOf('\uFFFD') < 0) { // what Java puts where the bytes mean nothing; the text may hold one too
                return text;
            }
        }
        StringBuilder text = new StringBuilder(to - from);
        int at = codec().decode(bytes, from, to, text);
        if (at >= 0) {
            throw new IllegalArgumentException("byte %d of %d (0x%02X) is no text in %s"
                    .formatted(at - from, to - from, at < to ? bytes[at] : (byte) 0, token));
        }
        return text.toString();
    }

    /**
     * Reads a text that is padded with zero bytes, as columns of {@code str:N} are: characters U+0000 at its end are
     * dropped, and so are zero bytes behind the last whole unit of UTF-16 or UTF-32.
     *
     * @param bytes a padded text
     * @return the text
     * @throws IllegalArgumentException when they are no text of this encoding; says at which byte
     * @throws UnsupportedOperationException when the encoding is not {@linkplain #isSupported() supported}
     */
    public String decodePadded(byte[] bytes) {
        int to = bytes.length;
        for (int rest = to % codec().unitBytes(); rest > 0 && bytes[to - 1] == 0; rest--) {
            to--;
        }
        String text = decode(bytes, 0, to);
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == 0) {
            end--;
        }
        return text.substring(0, end);
    }

    private TextCodec codec() {
        if (codec == null) {
            throw new UnsupportedOperationException(unknown());
        }
        try {
            return TextCodecs.codec(codec);
        } catch (UnsupportedOperationException e) {
            throw new UnsupportedOperationException(
                    "the text encoding '" + token + "' cannot be used: " + e.getMessage(), e);
        }
    }

    private String unknown() {
        return "the text encoding '" + token + "' is not known here; docs/columns.md lists those that are";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextEncoding o && name.equals(o.name) && (codec == null) == (o.codec == null);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
