package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as other programs write them. */
class RealFilesTest {
    @TempDir
    Path folder;

    private CommandLineRun load(String name, byte[] bytes, Object... more) throws IOException {
        Path input = Files.write(folder.resolve(name), bytes);
        Files.deleteIfExists(folder.resolve("x.db"));
        Object[] line = {"import", folder.resolve("x.db"), "t", input};
        Object[] all = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, all, line.length, more.length);
        return CommandLineRun.of(all);
    }

    private CommandLineRun load(String name, String text, Object... more) throws IOException {
        return load(name, text.getBytes(StandardCharsets.UTF_8), more);
    }

    private String schema() {
        return CommandLineRun.of("schema", folder.resolve("x.db"), "t")
                .out()
                .strip()
                .replace(System.lineSeparator(), " ");
    }

    private String rows() {
        return CommandLineRun.of("export", folder.resolve("x.db"), "t", "--format", "jsonl")
                .out();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void flightsWithMissingValuesGoInAtTheFirstTry() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder(
                "year,month,day,dep_time,dep_delay,carrier,flight,tailnum,origin,air_time,distance,time_hour\n");
        for (int i = 0; i < 3_000; i++) {
            boolean cancelled = i > 1_500 && random.nextInt(30) == 0; // after the sample
            csv.append("2013,")
                    .append(1 + i / 300)
                    .append(',')
                    .append(1 + i % 28)
                    .append(',');
            csv.append(cancelled ? "NA,NA" : (500 + i % 1900) + "," + (random.nextInt(60) - 10))
                    .append(",UA,");
            csv.append(random.nextInt(8000)).append(',').append(cancelled ? "NA" : "N" + random.nextInt(90000));
            csv.append(",EWR,")
                    .append(cancelled ? "NA" : "" + random.nextInt(600))
                    .append(',');
            csv.append(random.nextInt(3000)).append(",2013-01-01T10:00:00Z\n");
        }
        CommandLineRun run = load("flights.csv", csv.toString(), "--null", "NA");
        assertThat(run.err()).as("seed " + seed).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(schema())
                .isEqualTo(
                        "year=i64 month=i64 day=i64 dep_time=i64 dep_delay=i64 carrier=str flight=i64 tailnum=str origin=str air_time=i64"
                                + " distance=i64 time_hour=timestamp:us:UTC");
        CommandLineRun hint = load("flights.csv", csv.toString());
        assertThat(hint.exit()).isEqualTo(1);
        assertThat(hint.err()).contains("'NA'", "--null 'NA'");
    }

    @Test
    void pandasWritesItsIndexWithoutAName() throws IOException {
        CommandLineRun run = load("pandas.csv", ",a\n0,x\n1,y\n");
        assertThat(run.exit()).isZero();
        assertThat(run.err().lines()).singleElement().asString().contains("called 'column1'");
        assertThat(rows()).isEqualTo("{\"column1\":0,\"a\":\"x\"}\n{\"column1\":1,\"a\":\"y\"}\n");
        // And again, into the table that is there.
        CommandLineRun again = CommandLineRun.of("import", folder.resolve("x.db"), "t", folder.resolve("pandas.csv"));
        assertThat(again.exit()).as(again.err()).isZero();
    }

    @Test
    void excelWritesSemicolonsAndAMark() throws IOException {
        CommandLineRun asked = load("excel.csv", "\uFEFFid;name\r\n1;\"a;b\"\r\n");
        assertThat(asked.exit()).isEqualTo(1);
        assertThat(asked.err()).contains("--delimiter ';'");
        assertThat(load("excel.csv", "\uFEFFid;name\r\n1;\"a;b\"\r\n", "--delimiter", ";")
                        .exit())
                .isZero();
        assertThat(rows()).isEqualTo("{\"id\":1,\"name\":\"a;b\"}\n");
        assertThat(load("one.csv", "a;b\n1;2\n", "--delimiter", ",").exit()).isZero();
        assertThat(rows()).isEqualTo("{\"a;b\":\"1;2\"}\n");
        CommandLineRun wide = load("utf16.csv", "\uFEFFa,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE));
        assertThat(wide.err()).contains("UTF-16", "iconv");
        CommandLineRun latin = load("latin.csv", "a\nZoë\n".getBytes(Charset.forName("windows-1252")));
        assertThat(latin.exit()).isEqualTo(1);
        assertThat(latin.err()).contains("row 1", "not UTF-8", "iconv");
        assertThat(load("latin.jsonl", "{\"a\":\"Zoë\"}\n".getBytes(StandardCharsets.ISO_8859_1))
                        .err())
                .contains("UTF-8");
    }

    @Test
    void databasesWriteTabsAndTheirOwnNulls() throws IOException {
        assertThat(load("dump.tsv", "a\tb\n1\t\\N\n\\N\tx\n", "--null", "\\N").exit())
                .isZero();
        assertThat(schema()).isEqualTo("a=i64 b=str");
        assertThat(rows()).isEqualTo("{\"a\":1,\"b\":null}\n{\"a\":null,\"b\":\"x\"}\n");
        assertThat(load("tabs.csv", "a\tb\n1\t2\n").err()).contains("--delimiter tab");
        assertThat(load("tabs.csv", "a\tb\n1\t2\n", "--delimiter", "tab").exit())
                .isZero();
        assertThat(load("commas.tsv", "a,b\n1,2\n").err()).contains("--delimiter ','");
        assertThat(load("many.csv", "a,b\nNA,-\n1,2\n", "--null", "NA", "--null", "-")
                        .exit())
                .isZero();
        assertThat(schema()).isEqualTo("a=i64 b=i64");
    }

    @Test
    void whatIsCompressedIsDecompressed() throws IOException {
        String text = "a,b\n" + "1,zoë\n".repeat(5_000);
        byte[] twice = new ByteArrayOutputStream() {
            {
                writeBytes(gzip(text));
                writeBytes(gzip("2,end\n"));
            }
        }.toByteArray();
        byte[] zstd = Zstd.compress(text.getBytes(StandardCharsets.UTF_8));
        assertThat(load("a.csv.gz", gzip(text)).out()).startsWith("5,000 rows");
        assertThat(load("a.csv.gz", twice).out()).startsWith("5,001 rows");
        assertThat(load("a.csv.zst", zstd).out()).startsWith("5,000 rows");
        assertThat(load("a.csv", zstd).out()).startsWith("5,000 rows");
        assertThat(load("a.csv.gz", text).out()).startsWith("5,000 rows");
        for (byte[] whole : new byte[][] {gzip(text), zstd}) {
            for (int length : new int[] {12, whole.length / 2, whole.length - 1}) {
                CommandLineRun cut = load("cut.csv.gz", Arrays.copyOf(whole, length));
                assertThat(cut.exit()).isEqualTo(1);
                assertThat(cut.err().lines())
                        .singleElement()
                        .asString()
                        .contains("cut.csv.gz", "damaged or cut off")
                        .doesNotContain("Exception", "ZLIB");
                assertThat(folder.resolve("x.db")).doesNotExist();
            }
        }
    }

    @Test
    void framesOfZstdThatOtherProgramsWriteAreTold() throws IOException {
        byte[] zstd = Zstd.compress("a\n1\n".getBytes(StandardCharsets.UTF_8));
        // As pzstd begins: a frame to be skipped that holds the size of the next one.
        ByteBuffer parallel = ByteBuffer.allocate(12 + zstd.length).order(ByteOrder.LITTLE_ENDIAN);
        parallel.putInt(0x184D2A50).putInt(4).putInt(zstd.length).put(zstd);
        assertThat(load("a.csv.zst", parallel.array()).out()).startsWith("1 rows");
        // A header with a window of 2^28 bytes, and one block of bytes as they are.
        byte[] wide = HexFormat.of().parseHex("28b52ffd" + "00" + "90" + "210000" + "610a310a");
        assertThat(load("a.csv.zst", wide).err())
                .contains("a.csv.zst", "window of more than 128 MiB", "zstd -d --long=31");
    }

    @Test
    void anEmptyTextOfJsonIsNoNullOfOtherTypes() throws IOException {
        for (String type : List.of("i64", "f64", "timestamp", "date", "bool", "decimal:5:2", "uuid", "list")) {
            CommandLineRun run = load("a.jsonl", "{\"a\":\"\"}\n", "--types", "a=" + type);
            assertThat(run.exit()).as(type).isEqualTo(1);
            assertThat(run.err()).as(type).contains("'a'");
        }
        assertThat(load("a.jsonl", "{\"a\":\"\"} {\"a\":null}\n", "--types", "a=str")
                        .out())
                .startsWith("2 rows");
        assertThat(rows()).isEqualTo("{\"a\":\"\"}\n{\"a\":null}\n");
        assertThat(load("a.csv", "a,b\n\"\",1\n", "--types", "a=i64").exit()).isZero();
        assertThat(rows()).isEqualTo("{\"a\":null,\"b\":1}\n");
    }

    @Test
    void storedElementsThatCannotBeReadAreRefused() throws IOException {
        for (String[] wrong : new String[][] {
            {"msgpack", "{\"$msgpack\":\"kgE=\"}"}, // two of which one is there
            {"msgpack", "{\"$msgpack\":\"AQI=\"}"}, // two values
            {"cbor", "{\"$cbor\":\"ggE=\"}"},
            {"list", "{\"$msgpack\":\"gA==\"}"}, // a map
            {"vec:f32", "{\"$vec\":\"AQECAAAAAACAPw==\"}"},
            {"vec:f32", "{\"$vec\":\"\"}"}
        }) {
            CommandLineRun run = load("a.jsonl", "{\"a\":" + wrong[1] + "}\n", "--types", "a=" + wrong[0]);
            assertThat(run.exit()).as(wrong[1]).isEqualTo(1);
            assertThat(run.err()).as(wrong[1]).contains("'a'").doesNotContain("Exception");
        }
        assertThat(load("a.jsonl", "{\"a\":{\"$msgpack\":\"kQE=\"}}\n", "--types", "a=list")
                        .exit())
                .isZero();
        assertThat(rows()).isEqualTo("{\"a\":[1]}\n");
    }

    @Test
    void typesAreReadFromFilesOfAnyProgram() throws IOException {
        Path types = folder.resolve("types.txt");
        Files.writeString(types, "\ufeffa=i64\r\nb=str not null\r\n");
        assertThat(load("a.csv", "a,b\n1,2\n", "--types", "@" + types).err()).isEmpty();
        assertThat(schema()).isEqualTo("a=i64 b=str not null");
        Files.write(types, "naïf=i64".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(load("a.csv", "a,b\n1,2\n", "--types", "@" + types).err())
                .contains("types.txt", "no text in UTF-8", "iconv");
        assertThat(load("a.csv", "a,b\n1,2\n", "--types", "@" + types + "x").err())
                .contains("types.txtx: no such file");
    }

    @Test
    void spacesAndQuotesAreKept() throws IOException {
        assertThat(load("a.csv", "n, m\n  bare,\" 12\"\n").exit()).isZero();
        assertThat(rows()).isEqualTo("{\"n\":\"  bare\",\" m\":\" 12\"}\n");
        assertThat(load("a.csv", "n\n\" 12\"\n", "--types", "n=i64").exit()).isZero();
        assertThat(rows()).isEqualTo("{\"n\":12}\n");
    }

    @Test
    void textsOfAnyLengthGoInAndOut() throws IOException {
        String text = "x".repeat(20_000_001);
        assertThat(load("l.csv", "a\n\"" + text + "\"\n").exit()).isZero();
        assertThat(load("l.jsonl", "{\"a\":\"" + text + "\"}\n").exit()).isZero();
        Path out = folder.resolve("o.csv");
        assertThat(CommandLineRun.of("export", folder.resolve("x.db"), "t", "--out", out)
                        .exit())
                .isZero();
        assertThat(out).hasSize(text.length() + 3);
    }

    @Test
    void aHeadingAloneMakesATable() throws IOException {
        assertThat(load("h.csv", "a,b\n").exit()).isZero();
        assertThat(schema()).isEqualTo("a=str b=str");
        assertThat(load("h.csv", "a,b\n", "--types", "a=i64 not null,b=f64").exit())
                .isZero();
        assertThat(schema()).isEqualTo("a=i64 not null b=f64");
        assertThat(CommandLineRun.of("export", folder.resolve("x.db"), "t").out())
                .isEqualTo("a,b\n");
        CommandLineRun unknown = load("h.jsonl", "");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("has no rows", "--types");
        assertThat(load("h.jsonl", "{}\n").err()).contains("its objects are empty", "--types");
        assertThat(load("h.jsonl", "", "--types", "a=i64").exit()).isZero();
    }

    @Test
    void aColumnThatTheTableLacksIsNamedWithTheFile() throws IOException {
        assertThat(load("a.csv", "a\n1\n").exit()).isZero();
        for (String[] file : new String[][] {{"b.csv", "a,c\n1,2\n"}, {"b.jsonl", "{\"a\":1,\"c\":2}\n"}}) {
            Path input = Files.writeString(folder.resolve(file[0]), file[1]);
            CommandLineRun run = CommandLineRun.of("import", folder.resolve("x.db"), "t", input);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains(file[0], "column 'c' is not in the table", "nothing was imported");
        }
        assertThat(load("t.csv", "t\n1\n", "--types", "t=TIMESTAMP").err()).contains("timestamp", "small letters");
    }

    @Test
    void whatAnExportBecomesIsSaid() throws IOException {
        assertThat(load("a.csv", "a\n1\n").exit()).isZero();
        Path table = folder.resolve("x.db");
        Path sheet = folder.resolve("o.xlsx");
        CommandLineRun run = CommandLineRun.of("export", table, "t", "--out", sheet);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("o.xlsx", "--format");
        assertThat(sheet).doesNotExist();
        assertThat(CommandLineRun.of("export", table, "t", "--out", sheet, "--format", "csv")
                        .exit())
                .isZero();
        assertThat(CommandLineRun.of("export", table, "t", "--out", folder.resolve("plain"))
                        .exit())
                .isZero();
    }

    @Test
    void aNullWhereNoneMayBeIsRefused() throws IOException {
        CommandLineRun run = load("n.csv", "a,b\n1,x\n,y\n", "--types", "a=i64 not null");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("row 2", "'a' is not nullable");
        assertThat(folder.resolve("x.db")).doesNotExist();
    }

    @Test
    void typesAreReadFromAFileOrSaidInPieces() throws IOException {
        Path types =
                Files.writeString(folder.resolve("types"), "# a comment\na=i64\n\n\"b,c\" = str\n".replace(" = ", "="));
        assertThat(load("a.csv", "a,\"b,c\",d\n1,2,3\n", "--types", "@" + types, "--types", "d=decimal:5:1")
                        .exit())
                .isZero();
        assertThat(schema()).isEqualTo("a=i64 \"b,c\"=str d=decimal:5:1");
        assertThat(load("a.csv", "a\n1\n", "--types", "a").err()).contains("--types 'a': say a type");
        assertThat(load("a.csv", "a\n1\n", "--types", "a=i64,a=str").err()).contains("stands twice");
        assertThat(load("a.csv", "a\n1\n", "--types", "a=i65").err()).contains("--types a=i65:");
        assertThat(load("a.csv", "a\n1\n", "--types", "@" + folder.resolve("none"))
                        .err())
                .contains("none: no such file");
    }
}
