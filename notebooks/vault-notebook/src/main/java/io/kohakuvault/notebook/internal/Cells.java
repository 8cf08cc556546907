package io.kohakuvault.notebook.internal;

import io.kohakuvault.codec.NumericArray;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Single values as a line of text, and as the content of a cell. */
public final class Cells {
    /** Characters of a cell that are shown before it is folded. */
    static final int SHORT = 72;
    /** Characters that an unfolded cell shows at most. */
    static final int LONG = 4_000;

    private static final int SHOWN_BYTES = 8;
    private static final int SHOWN_NUMBERS = 4;
    private static final int DEEPEST = 5;
    private static final MathContext DIGITS = new MathContext(6);

    private Cells() {}

    /** The whole value in a line, longer than {@link #LONG} only by a note of what was left out. */
    static String text(@Nullable Object value) {
        StringBuilder line = new StringBuilder();
        append(line, value, 0);
        return cut(line.toString(), false);
    }

    /** The beginning of the value. */
    static String shortText(@Nullable Object value) {
        String line = text(value).replaceAll("[␊␍␉\\s]+", " ");
        if (line.codePointCount(0, line.length()) <= SHORT) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, SHORT - 1)) + "…";
    }

    /** The content of a cell: escaped, long ones folded. */
    public static String html(@Nullable Object value) {
        if (value == null) {
            return "<span class=\"kv-x\">null</span>";
        }
        String whole = text(value);
        String begin = shortText(value);
        if (whole.equals(begin)) {
            return Html.escape(whole);
        }
        String unfolded = value instanceof String s ? cut(s, true) : whole;
        return "<details><summary>" + Html.escape(begin) + "</summary><div>" + Html.escape(unfolded)
                + "</div></details>";
    }

    static boolean isNumber(@Nullable Object value) {
        return value instanceof Number;
    }

    private static String cut(String text, boolean lines) {
        if (text.length() <= LONG) {
            return printable(text, lines);
        }
        int end = Character.isHighSurrogate(text.charAt(LONG - 1)) ? LONG - 1 : LONG;
        return printable(text.substring(0, end), lines) + "… " + Counts.of(text.length() - (long) end)
                + " more characters";
    }

    /** Without what a terminal or a page would obey: control characters, changes of direction, halves of pairs. */
    public static String printable(String text) {
        return printable(text, false);
    }

    private static String printable(String text, boolean lines) {
        StringBuilder shown = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' && lines) {
                shown.append(c);
            } else if (c < 0x20) {
                shown.append((char) (0x2400 + c));
            } else if (c == 0x7F) {
                shown.append('\u2421');
            } else if ((c >= 0x80 && c < 0xA0) || c >= 0xFFFE || isObeyed(c)) {
                shown.append(String.format("\\u%04X", (int) c));
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                shown.append(c).append(text.charAt(++i));
            } else {
                shown.append(Character.isSurrogate(c) ? '\uFFFD' : c);
            }
        }
        return shown.toString();
    }

    /** Also what ends lines in some programs and not in others. */
    private static boolean isObeyed(char c) {
        return c == '\u2028' || c == '\u2029' || (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
    }

    private static void append(StringBuilder line, @Nullable Object value, int depth) {
        if (value == null) {
            line.append("null");
        } else if (value instanceof Double || value instanceof Float) {
            line.append(number((Number) value));
        } else if (value instanceof BigDecimal decimal) {
            line.append(decimal.toPlainString());
        } else if (value instanceof byte[] bytes) {
            bytes(line, bytes);
        } else if (value instanceof float[] floats) {
            line.append("f32[").append(floats.length).append("]");
            for (int i = 0; i < Math.min(floats.length, SHOWN_NUMBERS); i++) {
                line.append(' ').append(number(floats[i]));
            }
            line.append(floats.length > SHOWN_NUMBERS ? " …" : "");
        } else if (value instanceof NumericArray array) {
            array(line, array);
        } else if (depth > DEEPEST || line.length() > LONG) {
            line.append('…');
        } else if (value instanceof Map<?, ?> map) {
            line.append('{');
            String between = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                line.append(between).append(entry.getKey()).append(": ");
                append(line, entry.getValue(), depth + 1);
                between = ", ";
                if (line.length() > LONG) {
                    break;
                }
            }
            line.append('}');
        } else if (value instanceof Iterable<?> list) {
            line.append('[');
            String between = "";
            for (Object element : list) {
                line.append(between);
                append(line, element, depth + 1);
                between = ", ";
                if (line.length() > LONG) {
                    break;
                }
            }
            line.append(']');
        } else {
            line.append(value);
        }
    }

    private static void bytes(StringBuilder line, byte[] bytes) {
        line.append(Counts.of(bytes.length)).append(bytes.length == 1 ? " byte" : " bytes");
        if (bytes.length > 0) {
            int shown = Math.min(bytes.length, SHOWN_BYTES);
            line.append(' ').append(HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown));
            line.append(bytes.length > shown ? " …" : "");
        }
    }

    private static void array(StringBuilder line, NumericArray array) {
        line.append(array.element().token()).append(array.shape());
        ByteBuffer data = array.data();
        byte[] begin = new byte[Math.min(data.remaining(), SHOWN_BYTES)];
        data.duplicate().get(begin);
        line.append(' ').append(HexFormat.ofDelimiter(" ").formatHex(begin)).append(" …");
    }

    /** Six digits, as many as an eye compares. */
    static String number(Number value) {
        double number = value.doubleValue();
        if (!Double.isFinite(number)) {
            return value.toString();
        }
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return value instanceof Float && Math.abs(number) >= 1e7
                    ? value.toString()
                    : BigDecimal.valueOf(number).toPlainString();
        }
        BigDecimal rounded = new BigDecimal(value.toString()).round(DIGITS).stripTrailingZeros();
        double size = Math.abs(number);
        return size >= 1e-4 && size < 1e9 ? rounded.toPlainString() : rounded.toString();
    }
}
