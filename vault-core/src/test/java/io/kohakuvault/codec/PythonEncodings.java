package io.kohakuvault.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.internal.charset.ByteSink;
import io.kohakuvault.internal.charset.TextCodec;
import io.kohakuvault.internal.charset.TextCodecs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Compares what this library makes of texts with what {@code text_encodings.py} says that Python makes of them. */
public final class PythonEncodings {
    private static final HexFormat HEX = HexFormat.of();

    private PythonEncodings() {}

    /** Lines NAME CRC: everything that can be encoded alone, and everything that a few bytes are. */
    public static void compareChecksums(List<String> lines) {
        List<String> found = new ArrayList<>();
        lines.forEach(line -> found.add(line.substring(0, line.indexOf(' ') + 1)
                + String.format("%08x", checksum(line.substring(0, line.indexOf(' '))))));
        assertThat(found).isEqualTo(lines);
        assertThat(lines.stream().map(line -> line.substring(0, line.indexOf(' '))))
                .isEqualTo(TextCodecs.names());
    }

    private static long checksum(String name) {
        TextCodec codec = TextCodecs.codec(name);
        boolean all = name.startsWith("utf") || name.equals("gb18030");
        CRC32 crc = new CRC32();
        for (int point = 0; point < (all ? 0x110000 : 0x30000); point++) {
            ByteSink bytes = new ByteSink(8);
            if ((point < 0xD800 || point > 0xDFFF)
                    && codec.encode(Character.toString(point), bytes) == TextCodec.DONE) {
                add(crc, Integer.toHexString(point) + "=" + HEX.formatHex(bytes.toByteArray()) + ";");
            }
        }
        for (int b = 0; b < 256; b++) {
            decode(codec, crc, b);
        }
        for (int two = 0; two < 0x10000; two++) {
            decode(codec, crc, two >> 8, two & 0xFF);
        }
        for (int two = 0; two < 0x10000 && name.equals("euc_jp"); two++) {
            decode(codec, crc, 0x8F, two >> 8, two & 0xFF);
        }
        for (int n = 0; n < 126 * 10 * 126 * 10 && name.equals("gb18030"); n++) {
            decode(codec, crc, 0x81 + n / 12600, 0x30 + n / 1260 % 10, 0x81 + n / 10 % 126, 0x30 + n % 10);
        }
        return crc.getValue();
    }

    private static void decode(TextCodec codec, CRC32 crc, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        StringBuilder text = new StringBuilder();
        if (codec.decode(bytes, 0, bytes.length, text) == TextCodec.DONE) {
            add(crc, HEX.formatHex(bytes) + "=" + points(text.toString()) + ";");
        }
    }

    private static void add(CRC32 crc, String text) {
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Lines NAME encode|decode INPUT OUTPUT. */
    public static void compareTexts(List<String> lines) {
        for (String line : lines) {
            String[] words = line.split(" ");
            TextEncoding encoding = TextEncoding.of(words[0]);
            String found;
            try {
                found = words[1].equals("encode")
                        ? HEX.formatHex(encoding.encode(text(words[2])))
                        : points(encoding.decode(words[2].equals("-") ? new byte[0] : HEX.parseHex(words[2])));
            } catch (IllegalArgumentException e) {
                found = "!";
            }
            assertThat(found.isEmpty() ? "-" : found).as(line).isEqualTo(words[3]);
        }
        assertThat(lines).hasSizeGreaterThan(1000);
    }

    /** Lines SPELLING, tab, NAME, or ! where Python has no text encoding of it. */
    public static void compareNames(List<String> lines) {
        int known = 0;
        for (String line : lines) {
            String[] words = line.split("\t");
            String found = TextCodecs.canonicalName(words[0]).orElse("!");
            String python = TextCodecs.canonicalName(words[1]).orElse("!"); // it may have more encodings than we
            if (words[1].equals("!")) {
                assertThat(found).as(line).isEqualTo("!");
            } else if (!python.equals("!")) {
                assertThat(found).as(line).isEqualTo(python);
                known++;
            } else {
                assertThat(found).as(line).isEqualTo("!");
            }
        }
        assertThat(known).isGreaterThan(300);
    }

    private static String points(String text) {
        return text.codePoints().mapToObj(Integer::toHexString).collect(Collectors.joining(","));
    }

    private static String text(String points) {
        StringBuilder text = new StringBuilder();
        if (!points.equals("-")) {
            for (String point : points.split(",")) {
                text.appendCodePoint(Integer.parseInt(point.toLowerCase(Locale.ROOT), 16));
            }
        }
        return text.toString();
    }
}
