package io.kohakuvault.internal.charset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds encodings by the names that Python's codecs take, and makes what writes and reads them when it is first needed.
 */
public final class TextCodecs {
    /** Python's own name of each encoding and what stands for it, in the order of the resource. */
    private static final Map<String, String> NAMES = new HashMap<>();

    private static final List<String> CANONICAL = new ArrayList<>();
    private static final Map<String, TextCodec> CODECS = new ConcurrentHashMap<>();

    static {
        for (String[] words : lines("aliases.txt")) {
            CANONICAL.add(words[0]);
            for (String name : words) {
                NAMES.put(name, words[0]);
            }
        }
        // Names that KohakuVault knows itself, and Python does not.
        NAMES.put("utf16le", "utf_16_le");
        NAMES.put("utf16be", "utf_16_be");
    }

    private TextCodecs() {}

    /** Python's own names of all that are known. */
    public static List<String> names() {
        return List.copyOf(CANONICAL);
    }

    /** Python's own name of the encoding that a spelling means; empty for one that is not known here. */
    public static Optional<String> canonicalName(String spelling) {
        String name = normalize(spelling);
        String found = NAMES.get(name);
        if (found == null && name.indexOf('.') >= 0) {
            found = NAMES.get(name.replace('.', '_'));
            if (found != null && found.equals(name.replace('.', '_'))) {
                found = null; // Python looks up aliases so, not the names that they stand for
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * As {@code encodings.normalize_encoding} does it: what is no letter or digit becomes one underscore, case does not
     * matter.
     */
    private static String normalize(String spelling) {
        StringBuilder name = new StringBuilder();
        boolean gap = false;
        for (int i = 0; i < spelling.length(); i++) {
            char c = spelling.charAt(i);
            if (Character.isLetterOrDigit(c) || c == '.') {
                if (gap && name.length() > 0) {
                    name.append('_');
                }
                if (c < 0x80) {
                    name.append(c);
                }
                gap = false;
            } else {
                gap = true;
            }
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }

    /**
     * The codec of an encoding.
     *
     * @param name as {@link #canonicalName} answers it
     * @throws UnsupportedOperationException when this Java runtime has not what it takes
     */
    public static TextCodec codec(String name) {
        TextCodec made = CODECS.get(name);
        if (made == null) {
            made = make(name);
            CODECS.putIfAbsent(name, made);
        }
        return Objects.requireNonNull(CODECS.get(name));
    }

    private static TextCodec make(String name) {
        return switch (name) {
            case "utf_8" -> UnicodeCodec.plain(StandardCharsets.UTF_8, 1);
            case "utf_8_sig" -> UnicodeCodec.utf8Signed();
            case "utf_16" -> UnicodeCodec.utf16();
            case "utf_16_le" -> UnicodeCodec.plain(StandardCharsets.UTF_16LE, 2);
            case "utf_16_be" -> UnicodeCodec.plain(StandardCharsets.UTF_16BE, 2);
            case "utf_32" -> new Utf32Codec(false, true);
            case "utf_32_le" -> new Utf32Codec(false, false);
            case "utf_32_be" -> new Utf32Codec(true, false);
            case "utf_7" -> new Utf7Codec();
            case "ascii" -> UnicodeCodec.plain(StandardCharsets.US_ASCII, 1);
            case "latin_1" -> UnicodeCodec.plain(StandardCharsets.ISO_8859_1, 1);
            case "big5" -> JavaTables.BIG5.load();
            case "big5hkscs" -> JavaTables.BIG5_HKSCS.load();
            case "cp932" -> JavaTables.CP932.load();
            case "cp949" -> JavaTables.CP949.load();
            case "cp950" -> JavaTables.CP950.load();
            case "euc_jp" -> JavaTables.EUC_JP.load();
            case "euc_kr" -> new EucKrCodec(JavaTables.EUC_KR.load());
            case "gb18030" -> new Gb18030Codec(JavaTables.GB18030.load());
            case "gb2312" -> JavaTables.GB2312.load();
            case "gbk" -> JavaTables.GBK.load();
            case "johab" -> JavaTables.JOHAB.load();
            case "shift_jis" -> JavaTables.SHIFT_JIS.load();
            case "shift_jis_2004" -> JavaTables.SHIFT_JIS_2004.load();
            case "shift_jisx0213" -> JavaTables.SHIFT_JISX0213.load();
            case "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_ext" -> japanese(name);
            case "iso2022_kr" -> new Iso2022Codec(List.of(CharacterSet.ksX1001(JavaTables.EUC_KR.load(), 1)));
            default -> singleByte(name);
        };
    }

    private static TextCodec japanese(String name) {
        MultiByteCodec eucJp = JavaTables.EUC_JP.load();
        List<CharacterSet> sets = new ArrayList<>();
        sets.add(CharacterSet.jisX0208(eucJp, false));
        if (!name.equals("iso2022_jp")) {
            sets.add(CharacterSet.jisX0212(eucJp));
        }
        if (name.equals("iso2022_jp_2")) {
            sets.add(CharacterSet.ksX1001(JavaTables.EUC_KR.load(), 0));
            sets.add(CharacterSet.gb2312(JavaTables.GB2312.load()));
        }
        sets.add(CharacterSet.jisX0201Roman());
        if (name.equals("iso2022_jp_ext")) {
            sets.add(CharacterSet.jisX0201Katakana());
        }
        sets.add(CharacterSet.jisX0208(eucJp, true));
        if (name.equals("iso2022_jp_2")) {
            sets.add(CharacterSet.latin1());
            sets.add(CharacterSet.iso8859Part7(singleByte("iso8859_7")));
        }
        return new Iso2022Codec(sets);
    }

    private static SingleByteCodec singleByte(String name) {
        for (String[] words : lines("single-byte.txt")) {
            if (words[0].equals(name)) {
                return SingleByteCodec.parse(java.util.Arrays.copyOfRange(words, 1, words.length));
            }
        }
        throw new IllegalStateException("no table of " + name);
    }

    /** The lines of a resource that are no comments, word by word. */
    private static List<String[]> lines(String resource) {
        List<String[]> lines = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(TextCodecs.class.getResourceAsStream(resource), resource);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    lines.add(line.split(" "));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }
}
