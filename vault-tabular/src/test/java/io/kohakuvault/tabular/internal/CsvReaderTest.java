package io.kohakuvault.tabular.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReaderTest {
    private static final List<String> PIECES = List.of(
            "",
            "a",
            "zoë",
            "😀",
            "\"",
            "\"\"",
            ",",
            ";",
            "\n",
            "\r",
            "\r\n",
            " ",
            "NA",
            "\u0000",
            "long ".repeat(3_000),
            "\t",
            "|");

    private static CsvReader reader(String text) throws IOException {
        return reader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static CsvReader reader(InputStream in) throws IOException {
        return new CsvReader(in, null, ',', List.of("NA"), Wording.COMMAND, note -> {});
    }

    private static List<List<String>> read(CsvReader reader) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        while (reader.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < reader.size(); i++) {
                row.add(
                        reader.cell(i).kind() == Cell.Kind.NULL
                                ? null
                                : reader.cell(i).text());
            }
            rows.add(row);
        }
        return rows;
    }

    /** Bytes a few at a time. */
    private static InputStream trickle(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, 1 + random.nextInt(5_000)));
            }
        };
    }

    @Test
    void whatIsWrittenIsReadWhereverTheBufferEnds() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> heading = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                heading.add("c" + i + PIECES.get(random.nextInt(PIECES.size())));
            }
            List<List<String>> rows = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                List<String> row = new ArrayList<>();
                for (int k = 0; k < heading.size(); k++) {
                    row.add(
                            random.nextInt(4) == 0
                                    ? null
                                    : PIECES.get(random.nextInt(PIECES.size()))
                                            + PIECES.get(random.nextInt(PIECES.size())));
                }
                rows.add(row);
            }
            StringWriter text = new StringWriter();
            RecordWriter writer = RecordWriter.csv(text, heading, ',', "NA");
            for (List<String> row : rows) {
                writer.write(new RecordWriter.Values() {
                    @Override
                    public String text(int column) {
                        return row.get(column);
                    }

                    @Override
                    public Object json(int column) {
                        throw new IllegalStateException();
                    }
                });
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            CsvReader reader = reader(trickle(bytes, random));
            assertThat(reader.heading()).as("seed " + seed).isEqualTo(heading);
            assertThat(read(reader)).as("seed " + seed).isEqualTo(rows);
        }
    }

    @Test
    void lineEndsOfAllSystemsAreLineEnds() throws IOException {
        for (String end : List.of("\n", "\r\n", "\r")) {
            String text = "a,b" + end + "1,\"x" + end + "y\"" + end + end + ",2" + end;
            assertThat(read(reader(text)))
                    .as(end)
                    .containsExactly(List.of("1", "x" + end + "y"), java.util.Arrays.asList(null, "2"));
            assertThat(read(reader(text.substring(0, text.length() - end.length()))))
                    .hasSize(2);
        }
    }

    @Test
    void fieldsAreTakenAsTheyStand() throws IOException {
        assertThat(read(reader("a,b,c,d\n 1 ,x\"y\" , \"q\",\"\"\n\"NA\",NA,na,\n")))
                .containsExactly(
                        List.of(" 1 ", "x\"y\" ", " \"q\"", ""), java.util.Arrays.asList("NA", null, "na", null));
    }

    @Test
    void linesAreCountedThroughQuotes() throws IOException {
        CsvReader reader = reader("a,b\n\"x\ny\n\",1\n\n2,3\n");
        assertThat(reader.next()).isTrue();
        assertThat(reader.line()).isEqualTo(2);
        assertThat(reader.next()).isTrue();
        assertThat(reader.line()).isEqualTo(6);
    }

    @Test
    void inAFileOfOneColumnAnEmptyLineIsANull() throws IOException {
        assertThat(read(reader("a\n1\n\n2\n")))
                .containsExactly(List.of("1"), java.util.Arrays.asList((String) null), List.of("2"));
        assertThat(read(reader("a\n\n"))).hasSize(1);
        assertThat(read(reader("a\n"))).isEmpty();
        assertThat(read(reader("a"))).isEmpty();
    }

    @Test
    void columnsWithoutANameGetOneThatIsFree() throws IOException {
        List<String> notes = new ArrayList<>();
        CsvReader reader = new CsvReader(
                new ByteArrayInputStream(",a,column3,,\n".getBytes(StandardCharsets.UTF_8)),
                null,
                ',',
                List.of(),
                Wording.COMMAND,
                notes::add);
        assertThat(reader.heading()).containsExactly("column1", "a", "column3", "column4", "column5");
        assertThat(notes).hasSize(3).first().asString().contains("column 1 has no name");
        assertThat(reader("column2,\n").heading()).containsExactly("column2", "column2_2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a;b\\n1;2 # --delimiter ';'",
                "a\\tb\\n1 # --delimiter tab",
                "a|b\\n1 # --delimiter '|'",
                "a,a\\n1,2 # two columns have the heading 'a'",
                "a,b\\n1 # it has 1 value, the heading 2 names: a, b",
                "a\\n1,2 # it has 2 values, the heading 1 name: a",
                "a\\n\"x\\ny # the quote that opens in line 2 is never closed",
                "a,b\\n\"x\"y,1 # comes more text, 'y,1'",
                "'' # Empty header line"
            })
    void whatIsWrongIsSaid(String text, String message) {
        assertThatThrownBy(() -> read(reader(text.replace("\\n", "\n").replace("\\t", "\t"))))
                .isInstanceOf(RecordException.class)
                .hasMessageContaining(message);
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedAndNotReplaced() throws IOException {
        CsvReader reader = reader(new ByteArrayInputStream("a\nZo\u00eb\n".getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(reader.next()).isTrue();
        assertThatThrownBy(() -> reader.cell(0).text())
                .isInstanceOf(RecordException.class)
                .hasMessageContaining("not UTF-8")
                .hasMessageContaining("iconv");
        assertThat(read(reader("a\n\uFFFD\n"))).containsExactly(List.of("\uFFFD"));
    }
}
