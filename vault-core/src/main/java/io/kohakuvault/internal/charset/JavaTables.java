package io.kohakuvault.internal.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Tables of East Asian encodings: those of a charset of Java's, and the few places where Python's differ. What comes
 * out is compared with a checksum over Python's whole table, so that another Java whose charset is not the same cannot
 * lead to a wrong character.
 */
enum JavaTables {
    BIG5("Big5", null, "a15a=2574 a1c3=ffe3 a1c5=2cd a1fe=ff0f a240=ff3c", "", Order.LAST, 0x4242FCF4),
    BIG5_HKSCS(
            "Big5-HKSCS",
            null,
            "a15a=2574 a1c3=ffe3 a1c5=2cd a1fe=ff0f a240=ff3c 8862=ca,304 8864=ca,30c 88a3=ea,304 88a5=ea,30c"
                    + " 877a-87df= c6cf= c6d3= c6d5= c6d7= c6de= c6df=",
            "",
            Order.LAST,
            0x60183670),
    CP932("windows-31j", null, "80=80 a0=f8f0 fd=f8f1 fe=f8f2 ff=f8f3", "", Order.FIRST, 0xB23443C0),
    CP949("x-windows-949", Private.DROPPED, "", "", Order.FIRST, 0x7A71827C),
    CP950("x-windows-950", Private.FROM_BIG5, "", "a451 a4ca", Order.FIRST, 0xBD00E514),
    EUC_JP("EUC-JP", null, "a1bd=2015 8fa2b7=7e", "", Order.FIRST, 0xE9281FE1),
    EUC_KR("EUC-KR", null, "a2e8= a4d4=", "", Order.FIRST, 0x90E5C3DD),
    GB2312("GB2312", null, "", "", Order.FIRST, 0x7700A0DE),
    GBK("GBK", Private.DROPPED, "a2e3= a892=2295", "", Order.FIRST, 0xE768E9B3),
    /** The part of two bytes alone. */
    GB18030(
            "GB18030",
            null,
            "a6d9=e78d a6da=e78e a6db=e78f a6dc=e790 a6dd=e791 a6de=e792 a6df=e793 a6ec=e794 a6ed=e795 a6f3=e796 a8bc=e7c7"
                    + " fe59=e81e fe61=e826 fe66=e82b fe67=e82c fe6d=e832 fe7e=e843 fe90=e854 fea0=e864",
            "",
            Order.FIRST,
            0x25DF1AC6),
    JOHAB(
            "x-Johab",
            null,
            "8441=3000 8442=3131 8443=3132 8445=3134 8448=3137 8449=3139 8451=3141 8453=3142 8455=3145 8456=3146 8457=3147"
                    + " 8458=3148 8459=314a 845a=314b 845b=314c 845c=314d 845d=314e",
            "",
            Order.LAST,
            0xD08DFF5C),
    SHIFT_JIS("Shift_JIS", null, "815c=2015", "", Order.FIRST, 0xECB72039),
    SHIFT_JIS_2004(
            "x-SJIS_0213",
            null,
            "5c=a5 7e=203e 815c=2015 815f=5c 81b0=7e 81d4=2985 81d5=2986",
            "",
            Order.FIRST,
            0x726427A4),
    SHIFT_JISX0213(
            "x-SJIS_0213",
            null,
            "5c=a5 7e=203e 815c=2015 815f=5c 81b0=7e 81d4=2985 81d5=2986 fc5a=9b1d"
                    + " 879f= 889e= 9873= 989e= eaa5= eff8= eff9= effa= effb= effc=",
            "",
            Order.FIRST,
            0x4A1F61CD);

    /** Which of several codes of one character Python writes. */
    private enum Order {
        FIRST,
        LAST
    }

    /** What becomes of codes that Java has in Unicode's area for private use and Python has not there. */
    private enum Private {
        DROPPED,
        FROM_BIG5
    }

    private final String charset;
    private final @Nullable Private privateUse;
    private final String differences;
    private final String preferred;
    private final Order order;
    private final int checksum;

    JavaTables(
            String charset,
            @Nullable Private privateUse,
            String differences,
            String preferred,
            Order order,
            int checksum) {
        this.charset = charset;
        this.privateUse = privateUse;
        this.differences = differences;
        this.preferred = preferred;
        this.order = order;
        this.checksum = checksum;
    }

    /**
     * Makes the tables; an UnsupportedOperationException when this Java has not the charset, or another one under its
     * name.
     */
    MultiByteCodec load() {
        if (!Charset.isSupported(charset)) {
            throw new UnsupportedOperationException(
                    "this Java runtime has no charset " + charset + "; run one with the module jdk.charsets");
        }
        MultiByteCodec codec = new MultiByteCodec(this == EUC_JP);
        CharsetDecoder java = decoder(charset);
        CharsetDecoder big5 = privateUse == Private.FROM_BIG5 ? decoder("Big5") : null;
        for (int code = 0; code <= 0xFF; code++) {
            codec.decodes(code, decode(java, big5, code, 1));
        }
        applyDifferences(codec, 0, 0xFF);
        for (int code = 0x8000; code <= 0xFFFF; code++) {
            if (codec.at(code >> 8) == MultiByteCodec.NONE) {
                codec.decodes(code, decode(java, big5, code, 2));
            }
        }
        for (int code = 0x8F0000; this == EUC_JP && code <= 0x8FFFFF; code++) {
            codec.decodes(code, decode(java, null, code, 3));
        }
        applyDifferences(codec, 0x100, Integer.MAX_VALUE);
        int found = encodable(codec);
        if (found != checksum) {
            throw new UnsupportedOperationException(
                    "this Java runtime's charset " + charset + " is not the one that this library knows ("
                            + Integer.toHexString(found) + "); it would mistake characters");
        }
        return codec;
    }

    private static CharsetDecoder decoder(String charset) {
        return Charset.forName(charset)
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private @Nullable String decode(CharsetDecoder java, @Nullable CharsetDecoder big5, int code, int size) {
        String text = decode(java, code, size);
        if (privateUse != null && text != null && text.charAt(0) >= '\uE000' && text.charAt(0) <= '\uF8FF') {
            text = null;
        }
        return text == null && big5 != null ? decode(big5, code, size) : text;
    }

    private static @Nullable String decode(CharsetDecoder decoder, int code, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (int i = size - 1; i >= 0; i--) {
            bytes.put((byte) (code >> (8 * i)));
        }
        CharBuffer chars = CharBuffer.allocate(4);
        CoderResult result = decoder.reset().decode(bytes.flip(), chars, true);
        boolean whole = result.isUnderflow() && decoder.flush(chars).isUnderflow() && chars.position() > 0;
        return whole ? chars.flip().toString() : null;
    }

    private void applyDifferences(MultiByteCodec codec, int least, int greatest) {
        for (String difference : differences.isEmpty() ? new String[0] : differences.split(" ", -1)) {
            int equals = difference.indexOf('=');
            int dash = difference.indexOf('-');
            int first = Integer.parseInt(difference, 0, dash < 0 ? equals : dash, 16);
            int last = dash < 0 ? first : Integer.parseInt(difference, dash + 1, equals, 16);
            StringBuilder text = new StringBuilder();
            for (String point : difference.substring(equals + 1).split(",", -1)) {
                if (!point.isEmpty()) {
                    text.appendCodePoint(Integer.parseInt(point, 16));
                }
            }
            for (int code = first; code <= last && code >= least && code <= greatest; code++) {
                codec.decodes(code, text.length() == 0 ? null : text.toString());
            }
        }
    }

    /**
     * Makes the codes writable in the order in which the one that Python writes comes last; answers a checksum over
     * all.
     */
    private int encodable(MultiByteCodec codec) {
        CRC32 crc = new CRC32();
        int[] ranges = {0, 0xFF, 0x8000, 0xFFFF, 0x8F0000, this == EUC_JP ? 0x8FFFFF : 0};
        boolean last = order == Order.LAST;
        for (int r = last ? 0 : ranges.length - 2; r >= 0 && r < ranges.length; r += last ? 2 : -2) {
            int count = ranges[r + 1] - ranges[r] + 1;
            for (int i = 0; i < count; i++) {
                int code = last ? ranges[r] + i : ranges[r + 1] - i;
                int value = codec.at(code);
                if (value != MultiByteCodec.NONE) {
                    codec.encodes(code);
                    add(crc, code);
                    if (MultiByteCodec.isPair(value)) {
                        codec.pair(value).chars().forEach(c -> add(crc, c));
                    } else {
                        add(crc, value);
                    }
                }
            }
        }
        for (String code : preferred.isEmpty() ? new String[0] : preferred.split(" ")) {
            codec.encodes(Integer.parseInt(code, 16));
        }
        return (int) crc.getValue();
    }

    private static void add(CRC32 crc, int number) {
        crc.update(number >>> 24);
        crc.update(number >>> 16);
        crc.update(number >>> 8);
        crc.update(number);
    }
}
