package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.Vault;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one rule of inference: every value of the sample fits the type, and is read back as what it means. */
class InferenceTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final List<List<String>> KINDS = List.of(
            List.of("1", "-7", "0", "9223372036854775807", "-9223372036854775808"),
            List.of("18446744073709551615", "9223372036854775808"),
            List.of("18446744073709551616", "100000000000000000000", "-9223372036854775809"),
            List.of("0.1", "1.50", "1e-05", "1E5", "-0.0", ".5", "5.", "+1.5", "0.14285714285714285", "1e300"),
            List.of("0.10000000000000000001", "1e400", "1e-400", "123456789.1234567890123"),
            List.of("007", "+7", "-0", "00", "1_000", "1,5", "0x10", "1d", "٣"),
            List.of("NaN", "nan", "Infinity", "-inf"),
            List.of("true", "False", "TRUE", "false"),
            List.of("tRue", "yes", "T", "t"),
            List.of("2024-01-02", "0001-01-01", "+12024-01-02"),
            List.of("+5881581-01-01", "2023-02-29"),
            List.of("2024-01-02T03:04:05Z", "2024-01-02 03:04:05.000001Z", "2024-01-02T03:04+00:00"),
            List.of("2024-01-02T03:04:05.123456789Z"),
            List.of("0001-01-01T00:00:00Z", "+99999-01-01T00:00:00Z", "+999999-01-01T00:00:00Z"),
            List.of("2024-01-02T03:04:05", "2024-01-02 03:04:05", "2024-01-02T03:04:05+02:00"),
            List.of("text", " 12", "12 ", "NA", "null", "[1]", "{}", "日本"));

    @TempDir
    Path folder;

    /** Whether two texts mean the same number, up to what the nearest double shows of so many digits. */
    private static boolean isSameNumber(String written, String read) {
        if (written.toLowerCase(java.util.Locale.ROOT).matches("nan|-?inf(inity)?")) {
            return Double.toString(Double.parseDouble(
                            written.replaceFirst("(?i)inf(inity)?", "Infinity").replaceFirst("(?i)nan", "NaN")))
                    .equals(read);
        } else if (!written.matches("[-+]?(0|[1-9]\\d*)?(\\.\\d*)?([eE][-+]?\\d+)?") || written.matches("\\+\\d+")) {
            return false;
        }
        BigDecimal a = new BigDecimal(written);
        BigDecimal b = new BigDecimal(read);
        boolean near = a.doubleValue() == b.doubleValue() && written.contains(".") && a.precision() <= 17;
        boolean signs = !written.startsWith("-") || read.startsWith("-");
        return signs && (a.compareTo(b) == 0 || near);
    }

    private static boolean isSameTime(String written, String read) {
        try {
            return Instant.parse(written.replace(' ', 'T').replace("+00:00", ":00Z"))
                    .equals(Instant.parse(read));
        } catch (java.time.DateTimeException e) {
            return false;
        }
    }

    @Test
    void everyCsvValueIsReadBackAsWhatItMeans() throws IOException {
        long seed = System.nanoTime();
        System.out.println("InferenceTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            List<String> values = new ArrayList<>();
            List<String> main = KINDS.get(random.nextInt(KINDS.size()));
            List<String> other = KINDS.get(random.nextInt(KINDS.size()));
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                List<String> kind = random.nextInt(3) > 0 ? main : other;
                values.add(random.nextInt(6) == 0 ? null : kind.get(random.nextInt(kind.size())));
            }
            StringBuilder csv = new StringBuilder("n,v\n");
            for (String value : values) {
                csv.append("x,")
                        .append(value == null ? "" : value.contains(",") ? "\"" + value + "\"" : value)
                        .append('\n');
            }
            Path file = folder.resolve(round + ".db");
            CommandLineRun in =
                    CommandLineRun.of("import", file, "t", Files.writeString(folder.resolve("a.csv"), csv.toString()));
            assertThat(in.exit()).as("seed " + seed + ", " + values + in.err()).isZero();
            List<JsonNode> read = lines(
                    CommandLineRun.of("export", file, "t", "--format", "jsonl").out());
            String type = CommandLineRun.of("schema", file, "t").out();
            for (int i = 0; i < values.size(); i++) {
                String written = values.get(i);
                JsonNode value = read.get(i).get("v");
                String where = "seed " + seed + ", " + values + " " + type + ": " + written + " as " + value;
                if (written == null) {
                    assertThat(value.isNull()).as(where).isTrue();
                    continue;
                }
                String text = value.isNumber() ? value.toString() : value.asText();
                assertThat(text.equals(written)
                                || (value.isBoolean() && written.equalsIgnoreCase(text))
                                || ((value.isNumber() || text.matches("NaN|-?Infinity|-0.0"))
                                        && isSameNumber(written, text))
                                || isSameTime(written, text))
                        .as(where)
                        .isTrue();
            }
        }
    }

    @Test
    void everyJsonValueIsReadBackAsWhatItIs() throws IOException {
        long seed = System.nanoTime();
        System.out.println("InferenceTest seed " + seed);
        Random random = new Random(seed);
        List<String> texts = List.of(
                "1",
                "-3",
                "9223372036854775807",
                "18446744073709551615",
                "0.5",
                "1e-7",
                "1e30",
                "-0.0",
                "true",
                "false",
                "\"12345\"",
                "\"true\"",
                "\" 12\"",
                "\"\"",
                "\"2024-01-02\"",
                "\"2024-01-02T03:04:05Z\"",
                "\"NaN\"",
                "[1,2.5,\"x\"]",
                "[]",
                "{\"k\":null}",
                "{\"k\":[1,{}]}",
                "\"text\"");
        for (int round = 0; round < 150; round++) {
            List<String> few = new ArrayList<>();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                few.add(texts.get(random.nextInt(texts.size())));
            }
            List<String> values = new ArrayList<>();
            StringBuilder jsonl = new StringBuilder();
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                String value = random.nextInt(6) == 0 ? "null" : few.get(random.nextInt(few.size()));
                values.add(value);
                jsonl.append("{\"v\":").append(value).append(",\"n\":1}\n");
            }
            Path file = folder.resolve(round + ".db");
            CommandLineRun in = CommandLineRun.of(
                    "import", file, "t", Files.writeString(folder.resolve("a.jsonl"), jsonl.toString()));
            assertThat(in.exit()).as("seed " + seed + ", " + values + in.err()).isZero();
            List<JsonNode> read = lines(
                    CommandLineRun.of("export", file, "t", "--format", "jsonl").out());
            for (int i = 0; i < values.size(); i++) {
                JsonNode written = JSON.readTree(values.get(i));
                JsonNode value = read.get(i).get("v");
                boolean same = values.get(i).equals("-0.0")
                        ? value.asText().equals("-0.0")
                        : written.isNumber() && value.isNumber()
                                ? written.decimalValue().compareTo(value.decimalValue()) == 0
                                : written.equals(value);
                assertThat(same)
                        .as("seed " + seed + ", " + values + ": " + written + " as " + value + " "
                                + CommandLineRun.of("schema", file, "t").out())
                        .isTrue();
            }
        }
    }

    private static List<JsonNode> lines(String jsonl) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : jsonl.split("\n", -1)) {
            if (!line.isEmpty()) {
                // -0.0 loses its sign as a BigDecimal.
                nodes.add(JSON.readTree(line.contains("-0.0") ? line.replace(":-0.0", ":\"-0.0\"") : line));
            }
        }
        return nodes;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1} {\"a\":0.5}                  | a=f64",
                "{\"a\":\"1\"} {\"a\":2}                | a=msgpack",
                "{\"a\":[1]} {\"a\":{\"b\":1}}          | a=msgpack",
                "{\"a\":[1e400]}                        | a=json",
                "{\"a\":1e400} {\"a\":\"x\"}            | a=json",
                "{\"a\":1e400} {\"a\":1}                | a=str",
                "{\"a\":100000000000000000000}          | a=str",
                "{\"a\":{\"b\":1}}                      | a=map",
                "{\"a\":null} {\"b\":true}              | a=str b=bool"
            })
    void jsonKeepsItsKinds(String lines, String types) throws IOException {
        Path file = folder.resolve("a.db");
        Path input = Files.writeString(folder.resolve("a.jsonl"), lines.strip().replace("} {", "}\n{") + "\n");
        assertThat(CommandLineRun.of("import", file, "t", input).err()).isEmpty();
        assertThat(CommandLineRun.of("schema", file, "t").out().strip().replace("\n", " "))
                .isEqualTo(types);
    }

    @Test
    void whatNoTypeHoldsIsKeptAsJson() throws IOException {
        Path file = folder.resolve("a.db");
        Path input = Files.writeString(
                folder.resolve("a.jsonl"), "{\"a\": {\"k\": 1e400, \"s\": \"x\"}}\n{\"a\": \"text\"}\n");
        assertThat(CommandLineRun.of("import", file, "t", input).err()).isEmpty();
        try (Vault vault = Vault.openReadOnly(file)) {
            var rows = vault.tables().get("t").rows(0, 2);
            assertThat(rows.get(0).get("a")).isEqualTo("{\"k\":1e400,\"s\":\"x\"}");
            assertThat(rows.get(1).get("a")).isEqualTo("\"text\"");
        }
    }

    @Test
    void moreRowsAreLookedAtWhenSaidSo() throws IOException {
        Path file = folder.resolve("a.db");
        Path input = Files.writeString(folder.resolve("a.csv"), "a\n" + "1\n".repeat(1_500) + "x\n");
        CommandLineRun late = CommandLineRun.of("import", file, "t", input);
        assertThat(late.exit()).isEqualTo(1);
        assertThat(late.err()).contains("row 1501", "--infer-rows all");
        assertThat(CommandLineRun.of("import", file, "t", input, "--infer-rows", "1501")
                        .exit())
                .isZero();
        assertThat(CommandLineRun.of("import", file, "u", input, "--infer-rows", "all")
                        .exit())
                .isZero();
        assertThat(CommandLineRun.of("import", file, "v", input, "--infer-rows", "0")
                        .exit())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("schema", file, "u").out().strip()).isEqualTo("a=str");
    }

    @Test
    void aTextThatMayMeanNullIsSpokenOf() throws IOException {
        Path file = folder.resolve("a.db");
        Path input = Files.writeString(folder.resolve("a.csv"), "n,s,x\n1,a,NA\n2,NA,\nNA,b,5\n");
        CommandLineRun run = CommandLineRun.of("import", file, "t", input);
        assertThat(run.exit()).isZero();
        assertThat(run.err().lines()).singleElement().asString().contains("2 columns (n, x)", "--null 'NA'");
        assertThat(CommandLineRun.of("import", file, "u", input, "--null", "NA").err())
                .isEmpty();
        assertThat(CommandLineRun.of("schema", file, "u").out()).isEqualTo(lineEnds("n=i64\ns=str\nx=i64\n"));
        assertThat(CommandLineRun.of("export", file, "u").out()).isEqualTo("n,s,x\n1,a,\n2,,\n,b,5\n");
        assertThat(CommandLineRun.of("export", file, "u", "--null", "NA").out())
                .isEqualTo("n,s,x\n1,a,NA\n2,NA,NA\nNA,b,5\n");
    }

    private static String lineEnds(String text) {
        return text.replace("\n", System.lineSeparator());
    }
}
