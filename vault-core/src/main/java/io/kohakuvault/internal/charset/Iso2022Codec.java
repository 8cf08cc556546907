package io.kohakuvault.internal.charset;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ISO-2022-JP with its extensions, and ISO-2022-KR: escape sequences choose among sets of characters, as in Python's
 * codecs.
 */
final class Iso2022Codec implements TextCodec {
    private static final int ESC = 0x1B;
    private static final int SHIFT_OUT = 0x0E;
    private static final int SHIFT_IN = 0x0F;
    private static final int LONGEST_ESCAPE = 16;
    /** Not a text, but what the bytes before this one began. */
    private static final int CUT = 0;

    private final List<CharacterSet> sets;
    private final boolean shifts;
    private final boolean hasG2;

    /** @param sets the first that has a character is the one that writes it */
    Iso2022Codec(List<CharacterSet> sets) {
        this.sets = sets;
        this.shifts = sets.stream().anyMatch(set -> set.plane() == 1);
        this.hasG2 = sets.stream().anyMatch(set -> set.plane() == 2);
    }

    @Override
    public int encode(String text, ByteSink out) {
        CharacterSet g0 = CharacterSet.ASCII;
        boolean announced = false;
        boolean shifted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            CharacterSet set = CharacterSet.ASCII;
            int code = c;
            if (c >= 0x80) {
                set = writing(c);
                if (set == null) {
                    return i;
                }
                code = set.code(c);
            } else if (c == ESC || (c == SHIFT_OUT && shifts) || (c == SHIFT_IN && shifts)) {
                return i; // would be read as what it does, and not as a character
            }
            if (set.plane() == 1) {
                if (!announced) {
                    out.addAll(set.escape(), 0, set.escape().length);
                    announced = true;
                }
                if (!shifted) {
                    out.add(SHIFT_OUT);
                    shifted = true;
                }
            } else {
                if (!g0.equals(set)) {
                    out.addAll(set.escape(), 0, set.escape().length);
                    g0 = set;
                }
                if (shifted) {
                    out.add(SHIFT_IN);
                    shifted = false;
                }
            }
            out.addCode(code);
        }
        if (shifted) {
            out.add(SHIFT_IN);
        }
        if (!g0.equals(CharacterSet.ASCII)) {
            out.addAll(CharacterSet.ASCII.escape(), 0, CharacterSet.ASCII.escape().length);
        }
        return DONE;
    }

    private @Nullable CharacterSet writing(char c) {
        for (CharacterSet set : sets) {
            if (set.code(c) >= 0) {
                return set;
            }
        }
        return null;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, StringBuilder out) {
        CharacterSet[] planes = {CharacterSet.ASCII, CharacterSet.ASCII, CharacterSet.ASCII};
        boolean shifted = false;
        boolean foreign = false; // inside an escape sequence of something else, which passes as it is
        for (int i = from; i < to; ) {
            int b = bytes[i] & 0xFF;
            if (foreign) {
                out.append((char) b);
                foreign = !endsEscape(b);
                i++;
            } else if (b == ESC) {
                if (i + 1 >= to) {
                    return i;
                }
                int next = bytes[i + 1];
                if (next == '(' || next == ')' || next == '$' || next == '.' || next == '&') {
                    int length = designate(bytes, i, to, planes);
                    if (length == CUT) {
                        return i;
                    }
                    i += length;
                } else if (hasG2 && next == 'N') {
                    int point = i + 2 < to ? single(planes[2], bytes[i + 2] & 0xFF) : -1;
                    if (point < 0) {
                        return i;
                    }
                    out.append((char) point);
                    i += 3;
                } else {
                    out.append((char) ESC);
                    foreign = true;
                    i++;
                }
            } else if (shifts && (b == SHIFT_IN || b == SHIFT_OUT)) {
                shifted = b == SHIFT_OUT;
                i++;
            } else if (b < 0x20) {
                shifted &= b != '\n';
                out.append((char) b);
                i++;
            } else if (b >= 0x80) {
                return i;
            } else {
                CharacterSet set = planes[shifted ? 1 : 0];
                if (i + set.widthBytes() > to) {
                    return i;
                }
                int point = set.plane() == 2 ? -1 : set.at(b, set.widthBytes() == 2 ? bytes[i + 1] & 0xFF : 0);
                if (point < 0) {
                    return i;
                }
                out.appendCodePoint(point);
                i += set.widthBytes();
            }
        }
        return DONE;
    }

    /** A character of the third plane after ESC N. */
    private static int single(CharacterSet set, int b) {
        return set.equals(CharacterSet.ASCII) ? (b < 0x80 ? b : -1) : set.plane() == 2 ? set.at(b, 0) : -1;
    }

    private static boolean endsEscape(int b) {
        return (b >= 'A' && b <= 'Z') || b == '@';
    }

    /** Obeys an escape sequence; answers its length, or {@link #CUT} when it means nothing here. */
    private int designate(byte[] bytes, int at, int to, CharacterSet[] planes) {
        int length = 0;
        for (int i = 1; i < LONGEST_ESCAPE && at + i < to && length == 0; i++) {
            if (endsEscape(bytes[at + i])) {
                length = i + 1;
            } else if (!shifts && at + i + 1 < to && bytes[at + i] == '&' && bytes[at + i + 1] == '@') {
                i += 2; // JIS X 0208:1990 is announced by ESC & @ and then chosen like the older one
            }
        }
        boolean wide = length > 1 && bytes[at + 1] == '$';
        int kind = length == 4 ? bytes[at + 2] : length == 3 && !wide ? bytes[at + 1] : '(';
        if (length == 6 && !shifts && new String(bytes, at + 3, 3, StandardCharsets.ISO_8859_1).equals("\u001b$B")) {
            wide = true; // an announcement, of whatever, and what it announces
        } else if (!(length == 3 || (length == 4 && wide))) {
            return CUT;
        }
        int plane = kind == '(' ? 0 : kind == ')' ? 1 : kind == '.' && hasG2 && length == 3 ? 2 : -1;
        CharacterSet set = set(bytes[at + length - 1], wide ? 2 : 1);
        if (plane < 0 || set == null) {
            return CUT;
        }
        planes[plane] = set;
        return length;
    }

    private @Nullable CharacterSet set(int mark, int widthBytes) {
        if (mark == CharacterSet.ASCII.mark() && widthBytes == 1) {
            return CharacterSet.ASCII;
        }
        for (CharacterSet set : sets) {
            if (set.mark() == mark && set.widthBytes() == widthBytes) {
                return set;
            }
        }
        return null;
    }
}
