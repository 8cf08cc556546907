package io.kohakuvault.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalWriterTest {
    private static String printed(String line) {
        StringWriter text = new StringWriter();
        TerminalWriter out = new TerminalWriter(text);
        out.printHits(line.replace('<', DisplayText.HIT)
                .replace('>', DisplayText.HIT_END)
                .replace('E', '\u001b'));
        out.flush();
        return text.toString()
                .strip()
                .replace("\u001b[1m", "<")
                .replace("\u001b[22m", ">")
                .replace('\u001b', 'E');
    }

    @ParameterizedTest
    @CsvSource({
        "a <hit> and <another>, a <hit> and <another>",
        "none, none",
        "'', ''",
        "cut <in the mid…, cut <in the mid…>",
        "a> <<b>> c>, a <b> c",
        "<all>, <all>",
        "<E[31m>E[2J, <\\u001b[31m>\\u001b[2J",
    })
    void hitsAreBoldAndNothingElseSteersTheTerminal(String line, String shown) {
        assertThat(printed(line)).isEqualTo(shown);
    }

    @Test
    void marksTakeNoColumn() {
        String marked = "a " + DisplayText.HIT + "hit" + DisplayText.HIT_END + " b";
        assertThat(DisplayText.width(marked)).isEqualTo(7);
        assertThat(DisplayText.cut(marked, 7)).isEqualTo(marked);
        assertThat(DisplayText.cut(marked, 4)).isEqualTo("a " + DisplayText.HIT + "h…");
        assertThat(DisplayText.escape(marked)).isEqualTo(marked);
    }

    @Test
    void whatIsPrintedOtherwiseHasNoMarks() {
        StringWriter text = new StringWriter();
        TerminalWriter out = new TerminalWriter(text);
        out.print("\u001b[1mbold\tline\n");
        out.flush();
        assertThat(text.toString()).isEqualTo("\\u001b[1mbold\tline\n");
    }
}
