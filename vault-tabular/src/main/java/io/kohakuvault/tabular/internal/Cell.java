package io.kohakuvault.tabular.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value of a record as the input has it, before anybody knows what type its column is. Used again for the next
 * record.
 */
final class Cell {
    private static final byte[] NONE = {};
    private static final int SHOWN_CHARS = 60;

    /** What an input says of a value. */
    enum Kind {
        /** There is none. */
        NULL,
        /** A field of a CSV file, which may be text or number or anything. */
        FIELD,
        /** A text in quotes of JSON. */
        STRING,
        /** A number of JSON. */
        NUMBER,
        /** True or false of JSON. */
        BOOLEAN,
        /** A list or an object of JSON. */
        STRUCTURE
    }

    private Kind kind = Kind.NULL;
    private byte[] bytes = NONE;
    private int from;
    private int to;
    private @Nullable String text;
    private @Nullable Object structure;

    private final NumberText number = new NumberText();
    private final TimeText time = new TimeText();
    /** What the value was found to be as a number and as a time, once it was looked at. */
    private boolean numberKnown;

    private boolean isNumber;
    private TimeText.@Nullable Kind timeKind;

    void setNull() {
        set(Kind.NULL, NONE, 0, 0, null, null);
    }

    /** UTF-8 bytes of a field; not copied. */
    void setField(byte[] buffer, int start, int end) {
        set(Kind.FIELD, buffer, start, end, null, null);
    }

    void setString(String value) {
        set(Kind.STRING, NONE, 0, -1, value, null);
    }

    /** The characters of a number, which are ASCII; copied. */
    void setNumber(char[] chars, int start, int length) {
        byte[] copy = bytes.length >= length && kind == Kind.NUMBER ? bytes : new byte[Math.max(24, length)];
        for (int i = 0; i < length; i++) {
            copy[i] = (byte) chars[start + i];
        }
        set(Kind.NUMBER, copy, 0, length, null, null);
    }

    void setBoolean(boolean truth) {
        set(Kind.BOOLEAN, NONE, 0, -1, String.valueOf(truth), null);
    }

    /** What {@link JsonTree} read. */
    void setStructure(Object tree) {
        set(Kind.STRUCTURE, NONE, 0, -1, null, tree);
    }

    private void set(Kind as, byte[] buffer, int start, int end, @Nullable String value, @Nullable Object tree) {
        kind = as;
        bytes = buffer;
        from = start;
        to = end;
        text = value;
        structure = tree;
        numberKnown = false;
        timeKind = null;
    }

    /**
     * Leaves the spaces around it out.
     *
     * @throws RecordException for a list or an object
     */
    void trim() {
        if (kind == Kind.STRUCTURE) {
            throw new RecordException(structure instanceof List ? "it is a list" : "it is an object");
        }
        byte[] own = bytes();
        int start = from;
        int end = to;
        while (start < end && own[start] >= 0 && own[start] <= ' ') {
            start++;
        }
        while (end > start && own[end - 1] >= 0 && own[end - 1] <= ' ') {
            end--;
        }
        if (start != from || end != to) {
            set(kind, own, start, end, null, null);
        }
    }

    /** Whether it is a number, which {@link #number} then is. */
    boolean isNumber() {
        if (!numberKnown) {
            isNumber = number.parse(bytes(), from, to);
            numberKnown = true;
        }
        return isNumber;
    }

    NumberText number() {
        return number;
    }

    /** Whether it is a day or a point in time, which {@link #time} then is. */
    TimeText.Kind timeKind() {
        TimeText.Kind known = timeKind;
        if (known == null) {
            known = time.parse(bytes(), from, to);
            timeKind = known;
        }
        return known;
    }

    TimeText time() {
        return time;
    }

    Kind kind() {
        return kind;
    }

    /** Whether it may be read as more than text by its characters: JSON says of each value what it is. */
    boolean isField() {
        return kind == Kind.FIELD;
    }

    /** A field without a character; in quotes, else it were null. */
    boolean isEmptyField() {
        return kind == Kind.FIELD && from == to;
    }

    /** The list or map; null unless it is a structure. */
    @Nullable
    Object structure() {
        return structure;
    }

    /** The value's characters as bytes, from {@link #from} to {@link #to}; a structure has none. */
    byte[] bytes() {
        if (to < 0 && text != null) {
            bytes = text.getBytes(StandardCharsets.UTF_8);
            from = 0;
            to = bytes.length;
        }
        return bytes;
    }

    int from() {
        return from;
    }

    /** After {@link #bytes} was called. */
    int to() {
        return to;
    }

    /** The value's characters; of a structure its JSON text. */
    String text() {
        String known = text;
        if (known == null) {
            Object tree = structure;
            known = tree != null ? JsonTree.text(tree) : decode(bytes, from, to);
            text = known;
        }
        return known;
    }

    /** Strictly: what is no UTF-8 is refused, not replaced. */
    static String decode(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) { // written so, or the sign of a byte that is none
            try {
                CharBuffer exact = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
                return exact.toString();
            } catch (CharacterCodingException e) {
                throw new RecordException("it is not UTF-8 near '" + shorten(text)
                        + "'; convert the input first, for example with iconv -f windows-1252 -t utf-8");
            }
        }
        return text;
    }

    /** The value for a message, cut where it is long. */
    String shown() {
        return kind == Kind.NULL ? "null" : shorten(text());
    }

    static String shorten(String text) {
        int end = Math.min(SHOWN_CHARS, text.length());
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return end < text.length() ? text.substring(0, end) + "…" : text;
    }
}
