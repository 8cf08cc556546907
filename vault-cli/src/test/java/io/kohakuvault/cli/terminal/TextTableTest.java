package io.kohakuvault.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTableTest {
    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "abc, 3",
        "zoë, 3",
        "日本語, 6",
        "e\u0301, 1",
        "😀, 2",
        "한글, 4",
        "ｶﾅ, 2",
        "Ａ, 2",
        "👨\u200D👩, 4",
        "†, 1"
    })
    void wideCharactersTakeTwoColumnsAndMarksNone(String text, int width) {
        assertThat(DisplayText.width(text)).isEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef, 6, abcdef",
        "abcdef, 5, abcd…",
        "日本語, 6, 日本語",
        "日本語, 5, 日本…",
        "日本語, 4, 日…",
        "a日本, 4, a日…",
        "日本, 1, …",
        "e\u0301e\u0301e\u0301, 2, e\u0301…"
    })
    void aTextIsCutToItsColumns(String text, int columns, String cut) {
        assertThat(DisplayText.cut(text, columns)).isEqualTo(cut);
        assertThat(DisplayText.width(cut)).isLessThanOrEqualTo(columns);
    }

    @Test
    void controlCharactersAreShownAndNotObeyed() throws IOException {
        String evil = "a\u001b[31m\r\n\tb\u0007\u007f\u009b\u202e\u2028\ud800z😀";
        assertThat(DisplayText.escape(evil))
                .isEqualTo("a\\u001b[31m\\r\\n\\tb\\u0007\\u007f\\u009b\\u202e\\u2028\\ud800z😀");
        assertThat(DisplayText.escape("plain ë")).isSameAs("plain ë");
        StringWriter shown = new StringWriter();
        try (Writer filter = new ControlFilter(shown)) {
            filter.write("x\u001b]0;title\u0007\n\ty");
            filter.write('\r');
            filter.write("ab\u0000".toCharArray(), 1, 2);
        }
        assertThat(shown.toString()).isEqualTo("x\\u001b]0;title\\u0007\n\ty\\rb\\u0000");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> pieces = List.of("a", "日本", "some longer text than the others", "1234567", "😀", "");
        for (int round = 0; round < 500; round++) {
            int count = 1 + random.nextInt(30);
            List<String> headings = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                headings.add((random.nextBoolean() ? "-" : "") + "h" + pieces.get(random.nextInt(pieces.size())));
            }
            TextTable table = new TextTable(headings);
            for (int r = random.nextInt(6); r > 0; r--) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    row.add(pieces.get(random.nextInt(pieces.size())).repeat(random.nextInt(4)));
                }
                table.add(row);
            }
            int width = 20 + random.nextInt(150);
            List<String> lines = table.lines(width);
            boolean leftOut = lines.get(lines.size() - 1).startsWith("… ");
            for (String line : leftOut ? lines.subList(0, lines.size() - 1) : lines) {
                assertThat(DisplayText.width(line)).as(line + ", seed " + seed).isLessThanOrEqualTo(width);
            }
            assertThat(table.lines(0)).noneMatch(line -> line.contains("…"));
        }
    }

    @Test
    void narrowColumnsStayWholeWhereWideOnesAreCut() {
        TextTable table = new TextTable(List.of("id", "text", "-n"));
        table.add(List.of("1", "x".repeat(50), "12345"));
        assertThat(table.lines(30))
                .containsExactly("id  text                     n", "1   " + "x".repeat(18) + "…  12345");
        TextTable wide = new TextTable(List.of("one", "two", "three", "four"));
        wide.add(List.of("1".repeat(9), "2".repeat(9), "3".repeat(9), "4".repeat(9)));
        assertThat(wide.lines(20))
                .hasSize(3)
                .last()
                .asString()
                .isEqualTo("… 2 more columns: -x shows all, --columns chooses");
    }
}
