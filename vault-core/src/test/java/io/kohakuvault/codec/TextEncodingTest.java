package io.kohakuvault.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was recorded of CPython 3.11 in src/test/resources/encodings; TextEncodingIT asks the Python that is there. */
class TextEncodingTest {
    private static List<String> recorded(String file) throws Exception {
        return Files.readAllLines(Path.of("src/test/resources/encodings", file), StandardCharsets.UTF_8);
    }

    @Test
    void everyCharacterAndEverySequenceOfBytesIsWhatPythonMakesOfIt() throws Exception {
        PythonEncodings.compareChecksums(recorded("checksums.txt"));
    }

    @Test
    void textsAndDamagedTextsAreWhatPythonMakesOfThem() throws Exception {
        PythonEncodings.compareTexts(recorded("texts.txt"));
    }

    @Test
    void encodingsAreCalledWhatPythonCallsThem() throws Exception {
        PythonEncodings.compareNames(recorded("names.txt"));
    }

    @ParameterizedTest
    @CsvSource({
        "cp1252,       €,        80",
        "Latin 1,      é,        e9",
        "utf-16,       a,        fffe6100",
        "UTF-32,       a,        fffe000061000000",
        "utf_8_sig,    a,        efbbbf61",
        "Shift-JIS,    日本,      93fa967b",
        "gb18030,      㐀𠮷,      8139ee399534b235",
        "euckr,        갂,        a4d4a4a1a4bfa4a2",
        "big5-hkscs,   Ê̄,        8862",
        "KOI8-R,       Привет,   f0d2c9d7c5d4",
        "macroman,     ü,        9f",
        "iso2022_jp,   日a,       1b2442467c1b284261",
        "utf-7,        1é+,      312b414f6b414b772d"
    })
    void bytesAreWritten(String name, String text, String hex) {
        TextEncoding encoding = TextEncoding.of(name);
        assertThat(HexFormat.of().formatHex(encoding.encode(text))).isEqualTo(hex);
        assertThat(encoding.decode(HexFormat.of().parseHex(hex))).isEqualTo(text);
    }

    @Test
    void whatAnEncodingHasNotIsRefusedByCharacterAndPlace() {
        assertThatThrownBy(() -> TextEncoding.ASCII.encode("Hello, 世界"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("U+4E16 '世' at index 7 cannot be written in ascii");
        assertThatThrownBy(() -> TextEncoding.of("cp1252").encode("😀"))
                .hasMessageContaining("U+1F600 '😀' at index 0 cannot be written in cp1252");
        assertThatThrownBy(() -> TextEncoding.of("cp1252").encode("a\u0081"))
                .hasMessageContaining("U+0081 at index 1 cannot be written in cp1252");
        for (TextEncoding encoding : TextEncoding.values()) {
            assertThatThrownBy(() -> encoding.encode("a\uD800b"))
                    .as(encoding.name())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("half a surrogate pair at ");
        }
    }

    @Test
    void aCharacterThatPythonWritesAsAnotherOneIsRefused() {
        // Python: '¥'.encode('shift_jis').decode('shift_jis') == '\\'
        assertThatThrownBy(() -> TextEncoding.of("shift_jis").encode("5¥"))
                .hasMessageContaining("U+00A5 '¥' at index 1");
        assertThatThrownBy(() -> TextEncoding.of("cp932").encode("〜")).hasMessageContaining("U+301C");
        assertThatThrownBy(() -> TextEncoding.of("euc_kr").encode("\u3164")).hasMessageContaining("U+3164");
        assertThatThrownBy(() -> TextEncoding.of("iso2022_jp").encode("\u001b[0m"))
                .hasMessageContaining("U+001B");
    }

    @Test
    void bytesThatAreNoTextAreRefusedByPlace() {
        assertThatThrownBy(() -> TextEncoding.UTF8.decode(new byte[] {'a', 'b', (byte) 0xC3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("byte 2 of 3 (0xC3) is no text in utf8");
        assertThatThrownBy(() -> TextEncoding.ASCII.decode(new byte[] {'a', (byte) 0x80}))
                .hasMessageContaining("byte 1 of 2 (0x80) is no text in ascii");
        assertThatThrownBy(() -> TextEncoding.of("cp1252").decode(new byte[] {(byte) 0x81}))
                .hasMessageContaining("byte 0 of 1 (0x81)");
        assertThatThrownBy(() -> TextEncoding.UTF16LE.decode(new byte[] {'a', 0, 'b'}))
                .hasMessageContaining("byte 2 of 3");
        assertThat(TextEncoding.UTF8.decode("\uFFFD".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("\uFFFD");
    }

    @Test
    void paddedTextLosesTheZerosAtItsEndAndNoOther() {
        assertThat(TextEncoding.UTF16LE.decodePadded(new byte[] {0, 1, 0, 0, 0}))
                .isEqualTo("Ā");
        assertThat(TextEncoding.of("utf-32").decodePadded(new byte[10])).isEmpty();
        assertThat(TextEncoding.of("utf-16").decodePadded(new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0, 0, 0, 0}))
                .isEqualTo("a");
        assertThat(TextEncoding.UTF8.decodePadded(new byte[] {'a', 0, 'b', 0})).isEqualTo("a\0b");
        assertThatThrownBy(() -> TextEncoding.UTF16LE.decodePadded(new byte[] {'a', 0, 'b'}))
                .hasMessageContaining("byte 2 of 3");
    }

    @Test
    void constantsAndSpellingsAreOneInstance() {
        assertThat(TextEncoding.of("latin-1")).isSameAs(TextEncoding.LATIN1);
        assertThat(TextEncoding.of("UTF_16LE")).isSameAs(TextEncoding.UTF16LE);
        assertThat(TextEncoding.of("windows-1252")).isSameAs(TextEncoding.of("CP1252"));
        assertThat(TextEncoding.values()).doesNotHaveDuplicates().contains(TextEncoding.UTF8, TextEncoding.of("cp037"));
        for (TextEncoding encoding : TextEncoding.values()) {
            assertThat(encoding.isSupported()).as(encoding.name()).isTrue();
            assertThat(TextEncoding.valueOf(encoding.name())).isSameAs(encoding);
        }
        assertThat(TextEncoding.ASCII.charset()).isEqualTo(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> TextEncoding.of("cp1252").charset()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> TextEncoding.of("nosuch"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'nosuch'");
        assertThatThrownBy(() -> TextEncoding.of("rot13")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dtypesKeepTheStringOfTheFile() {
        for (String token : List.of(
                "str:Shift-JIS", "string:latin_1", "str:8:UTF-16LE", "str:utf-8", "str: cp1252 ", "str:nosuch")) {
            assertThat(DType.parse(token).token()).isEqualTo(token);
            assertThat(DType.parse(token)).hasToString(token);
        }
        assertThat(DType.parse("string:utf-8")).isEqualTo(DType.STR).hasSameHashCodeAs(DType.STR);
        assertThat(DType.parse("str:shift_jis"))
                .isEqualTo(DType.parse("str:SJIS"))
                .isNotEqualTo(DType.STR);
        assertThat(((DType.StringType) DType.parse("str:nosuch")).encoding().isSupported())
                .isFalse();
        assertThat(new DType.StringType(8, TextEncoding.UTF16LE).token()).isEqualTo("str:8:utf16le");
        assertThat(new DType.StringType(0, TextEncoding.of("SJIS")).token()).isEqualTo("str:shift_jis");
    }
}
