package io.kohakuvault.internal.charset;

import java.util.Arrays;

/**
 * GB 18030 as Python has it: one and two bytes by a table; four bytes count through what the table has not, in the
 * order of code points, and then through those above U+FFFF.
 */
final class Gb18030Codec implements TextCodec {
    /** Where code points above U+FFFF begin to be counted: at 90 30 81 30. */
    private static final int FIRST_SUPPLEMENTARY = (0x90 - 0x81) * 12600;

    private final MultiByteCodec table;
    private final char[] counted;

    Gb18030Codec(MultiByteCodec table) {
        this.table = table;
        char[] rest = new char[0x10000];
        int count = 0;
        for (int c = 0x80; c <= 0xFFFF; c++) {
            if (table.code(c) < 0 && !Character.isSurrogate((char) c)) {
                rest[count++] = (char) c;
            }
        }
        this.counted = Arrays.copyOf(rest, count);
    }

    @Override
    public int encode(String text, ByteSink out) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            int code = table.code(point);
            if (code >= 0) {
                out.addCode(code);
            } else {
                int number = point > 0xFFFF
                        ? FIRST_SUPPLEMENTARY + point - 0x10000
                        : Arrays.binarySearch(counted, (char) point);
                if (number < 0) {
                    return i;
                }
                out.add(0x81 + number / 12600);
                out.add(0x30 + number / 1260 % 10);
                out.add(0x81 + number / 10 % 126);
                out.add(0x30 + number % 10);
            }
            i += Character.charCount(point);
        }
        return DONE;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        int at = from;
        for (int i = from; i + 1 < to; ) {
            int lead = bytes[i] & 0xFF;
            if (lead >= 0x81 && isDigit(bytes[i + 1])) {
                int bad = table.decode(bytes, at, i, out);
                int point = bad != DONE || i + 4 > to ? -1 : four(bytes, i);
                if (point < 0) {
                    return bad != DONE ? bad : i;
                }
                out.appendCodePoint(point);
                i += 4;
                at = i;
            } else {
                i += lead < 0x80 ? 1 : 2;
            }
        }
        return table.decode(bytes, at, to, out);
    }

    private static boolean isDigit(byte b) {
        return b >= 0x30 && b <= 0x39;
    }

    private int four(byte[] bytes, int at) {
        int first = (bytes[at] & 0xFF) - 0x81;
        int third = (bytes[at + 2] & 0xFF) - 0x81;
        if (first > 125 || third < 0 || third > 125 || !isDigit(bytes[at + 3])) {
            return -1;
        }
        int number = ((first * 10 + bytes[at + 1] - 0x30) * 126 + third) * 10 + bytes[at + 3] - 0x30;
        if (number < counted.length) {
            return counted[number];
        }
        int supplementary = number - FIRST_SUPPLEMENTARY + 0x10000;
        return supplementary > 0xFFFF && supplementary <= Character.MAX_CODE_POINT ? supplementary : -1;
    }
}
