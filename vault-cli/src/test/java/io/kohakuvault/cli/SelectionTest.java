package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows and columns that are asked for, in files with statistics and without. */
@SuppressWarnings("removal") // what goes with 1.0 is tested until then
class SelectionTest {
    private static final int ROWS = 20_000;

    @TempDir
    Path folder;

    private static Instant at(int i) {
        return Instant.parse("2024-01-01T00:00:00Z").plusMillis(i * 500L);
    }

    /** Null in every seventh row. */
    private static Double half(int i) {
        return i % 7 == 0 ? null : i % 11 == 0 ? Double.NaN : (double) (float) (i / 10.0);
    }

    private static String text(int i) {
        return i % 5 == 0 ? null : i % 13 == 0 ? "" : "v" + i % 100;
    }

    private Path file(boolean guarded) {
        Path path = folder.resolve(guarded + ".db");
        try (Vault vault = Vault.open(
                path, VaultOptions.defaults().withGuardNewFiles(guarded).withPageSizeBytes(4096))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("i", DType.I32)
                                    .nullable("half", DType.F32)
                                    .nullable("s", DType.STR)
                                    .column("u", DType.U64)
                                    .column("b", DType.BOOL)
                                    .timestamp("at", TimeUnit.MS)
                                    .column("day", new LogicalType.Date())
                                    .column("time", new LogicalType.Time(TimeUnit.MS))
                                    .column("p", new LogicalType.Decimal(10, 2))
                                    .column("big", new LogicalType.Decimal(30, 2))
                                    .nullable("l", new LogicalType.ListOf())
                                    .column("a=b", DType.I64));
            RowBatch batch = table.newBatch();
            for (int i = 0; i < ROWS; i++) {
                int n = i;
                batch.add(row -> row.set("i", n)
                        .setObject("half", half(n))
                        .set("s", text(n))
                        .set("u", n % 2 == 0 ? n : -1L - n)
                        .set("b", n % 3 == 0)
                        .set("at", at(n))
                        .set("day", LocalDate.of(2024, 1, 1).plusDays(n / 100))
                        .set("time", LocalTime.ofSecondOfDay(n))
                        .set("p", BigDecimal.valueOf(n, 2))
                        .set("big", BigDecimal.valueOf(n, 2))
                        .set("a=b", n));
            }
            table.append(batch);
        }
        return path;
    }

    private void check(IntPredicate expected, String... conditions) {
        String wanted = IntStream.range(0, ROWS)
                .filter(expected)
                .mapToObj(i -> i + "\n")
                .reduce("i\n", String::concat);
        for (boolean guarded : new boolean[] {true, false}) {
            List<Object> line =
                    new ArrayList<>(List.of("export", folder.resolve(guarded + ".db"), "t", "--columns", "i"));
            for (String condition : conditions) {
                line.addAll(List.of("--where", condition));
            }
            CommandLineRun run = CommandLineRun.of(line.toArray());
            assertThat(run.err()).as(String.join(" and ", conditions)).isEmpty();
            assertThat(run.out()).as(String.join(" and ", conditions)).isEqualTo(wanted);
        }
    }

    @Test
    void conditionsHoldForTheRowsThatFulfilThem() {
        file(true);
        file(false);
        check(i -> i == 17, "i=17");
        check(i -> i == 17, "i==17", "i == 17");
        check(i -> "v3".equals(text(i)), "s==v3");
        check(i -> i != 17, "i!=17");
        check(i -> half(i) == null, "half is null");
        check(i -> half(i) != null, "half is not null");
        check(i -> half(i) == null && i > 9000, " half IS  NULL ", "i>9000");
        check(i -> true, "i is not null");
        check(i -> false, "i is null");
        check(i -> i < 17, "i<17");
        check(i -> i <= 17, "i <= 17");
        check(i -> i > 19_990, "i>19990");
        check(i -> i >= 19_990, "i>=19990");
        check(i -> i > 19_990, "i>19990.5", "i>=19990");
        check(i -> false, "i=1.5");
        check(i -> true, "i<1e300");
        check(i -> true, "i>-1e300");
        check(i -> i > 0, "i>1e-2000000000", "i<99999999999999999999");
        check(i -> false, "i<-3000000000");
        check(i -> half(i) != null && half(i) == (double) 0.1f, "half=0.1");
        check(i -> half(i) != null && half(i) < 1.5f, "half<1.5");
        check(i -> half(i) != null && half(i) != (double) 0.3f, "half!=0.3");
        check(i -> half(i) != null && half(i).isNaN(), "half=NaN");
        check(i -> "v3".equals(text(i)), "s=v3");
        check(i -> text(i) != null && !text(i).equals("v3"), "s!=v3");
        check(i -> text(i) != null && text(i).isEmpty(), "s=");
        check(i -> text(i) != null && text(i).compareTo("v2") < 0, "s<v2");
        check(i -> i % 2 != 0, "u>18446744073709530000");
        check(i -> i % 2 == 0 && i < 8, "u<8");
        check(i -> i % 3 == 0, "b=true");
        check(i -> i % 3 != 0, "b=0");
        check(i -> at(i).isBefore(Instant.parse("2024-01-01T00:01:00Z")), "at<2024-01-01T00:01:00Z");
        check(i -> i == 1, "at=2024-01-01T00:00:00.5Z");
        check(i -> i <= 1, "at<=2024-01-01T00:00:00.5005Z");
        check(i -> false, "at=2024-01-01T00:00:00.5005Z");
        check(i -> i >= 7_200, "at>=2024-01-01T02:00:00+01:00", "at>2000-01-01");
        check(i -> i / 100 == 1, "day=2024-01-02");
        check(i -> i <= 60, "time<=00:01:00");
        check(i -> i < 150, "p<1.5");
        check(i -> i < 150, "big<1.50");
        check(i -> true, "p<1e50", "p>-1e50");
        check(i -> i == 5, "a=b=5");
        check(i -> i > 100 && i < 110 && i % 3 == 0, "i>100", "a=b<110", "b=true");
        check(i -> "v99".equals(text(i)), "i!=-1", "s=v99", "p!=0", "i>=0", "time>00:00:00", "day!=1999-01-01", "u!=0");
    }

    @Test
    void columnsComeInTheOrderAskedForAndRowsUpToTheLimit() {
        Path file = file(true);
        assertThat(CommandLineRun.of("export", file, "t", "--columns", "b,i", "--limit", "2")
                        .out())
                .isEqualTo("b,i\ntrue,0\nfalse,1\n");
        assertThat(CommandLineRun.of("export", file, "t", "--columns", "i", "--limit", "1", "--where", "b=false")
                        .out())
                .isEqualTo("i\n1\n");
        assertThat(CommandLineRun.of("export", file, "t", "--columns", "i", "--limit", "0")
                        .out())
                .isEqualTo("i\n");
        assertThat(CommandLineRun.of("export", file, "t.i", "--limit", "2").out())
                .isEqualTo("value\n0\n1\n");
        assertThat(CommandLineRun.of("head", file, "t", "-n", "2", "--columns", "i,u", "--where", "u>100")
                        .out())
                .isEqualTo(lines("i                     u", "1  18446744073709551614", "3  18446744073709551612"));
        assertThat(CommandLineRun.of("head", file, "t", "-n", "1", "-x", "--columns", "i,at,half,s", "--where", "i>2")
                        .out())
                .isEqualTo(lines("-- row 3", "i     3", "at    2024-01-01T00:00:01.500Z", "half  0.3", "s     v3"));
    }

    @Test
    void rowsOfLongTablesAreFoundWindowByWindow() {
        int rows = 600_000;
        Path path = folder.resolve("long.db");
        try (Vault vault = Vault.open(path)) {
            Table table = vault.tables()
                    .ensure("t", Schema.builder().column("i", DType.I64).build());
            table.appendColumns(
                    columns -> columns.set("i", LongStream.range(0, rows).toArray()));
            int window = 1 << 18;
            assertThat(table.indexesWithin("i", 5, rows, window, window + 3))
                    .containsExactly(window, window + 1, window + 2);
            assertThat(table.indexesWithin("i", 5, 9, window, rows)).isEmpty();
            assertThat(table.indexesWithin("i", 5, 9, 9, 9)).isEmpty();
            assertThatThrownBy(() -> table.indexesWithin("i", 5, 9, 9, rows + 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.indexesWithin("i", 5, 9, -1, 9))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        String found = IntStream.range(262_140, 262_150).mapToObj(i -> i + "\n").reduce("i\n", String::concat);
        assertThat(CommandLineRun.of("export", path, "t", "--where", "i>=262140", "--where", "i<262150")
                        .out())
                .isEqualTo(found);
        assertThat(CommandLineRun.of("export", path, "t", "--where", "i>=262140", "--limit", "10")
                        .out())
                .isEqualTo(found);
        assertThat(CommandLineRun.of("export", path, "t", "--where", "i>=599999")
                        .out())
                .isEqualTo("i\n599999\n");
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "--where | nothing=1 | 1 | 'nothing=1': there is no column 'nothing'; columns are [i, half",
                "--where | nothing is null | 1 | there is no column 'nothing'; columns are [i, half",
                "--where | i!1 | 1 | 'i!1' does not compare a column",
                "--where | =1 | 1 | '=1' does not compare a column",
                "--where | i | 1 | does not compare a column",
                "--where | half<=1e400 | 1 | it is beyond the column's numbers; say Infinity",
                "--where | half>-1e39 | 1 | it is beyond the column's numbers; say Infinity",
                "--where | i=x | 1 | column 'i' (i i32) is not compared with 'x'",
                "--where | b<true | 1 | is compared by = and != alone",
                "--where | l=[1] | 1 | columns of this type are not compared",
                "--where | at=noon | 1 | no time in ISO 8601",
                "--columns | i,x | 1 | has no column 'x', it has [i, half",
                "--columns | i,,b | 2 | a name is missing",
                "--limit | -1 | 2 | cannot be negative",
                "--limit | many | 2 | 'many': it is no whole number"
            })
    void whatCannotBeAskedForIsSaid(String option, String value, int exit, String message) {
        CommandLineRun run = CommandLineRun.of("export", file(false), "t", option, value);
        assertThat(run.exit()).isEqualTo(exit);
        assertThat(run.err().lines()).singleElement().asString().contains(message);
    }

    @Test
    void aColumnOfATableHasItsNullsAndItsTimes() {
        for (boolean guarded : new boolean[] {true, false}) {
            Path file = file(guarded);
            for (String column : List.of("half", "l", "at", "s", "p", "a=b")) {
                for (String format : List.of("csv", "jsonl")) {
                    CommandLineRun alone =
                            CommandLineRun.of("export", file, "t." + column, "--limit", "5000", "--format", format);
                    CommandLineRun table = CommandLineRun.of(
                            "export", file, "t", "--columns", column, "--limit", "5000", "--format", format);
                    assertThat(alone.err()).as(column).isEmpty();
                    assertThat(alone.out())
                            .as(column)
                            .isEqualTo(
                                    format.equals("csv")
                                            ? table.out().replaceFirst("[^\n]+", "value")
                                            : table.out().replace("\"" + column + "\":", "\"value\":"));
                }
            }
            assertThat(CommandLineRun.of("head", file, "t.half", "-n", "12")
                            .out()
                            .lines()
                            .map(String::strip))
                    .startsWith("t.half", "null", "0.1")
                    .hasSize(13);
            assertThat(CommandLineRun.of("head", file, "t.l", "-n", "2").exit()).isZero();
        }
        CommandLineRun run = CommandLineRun.of("export", file(false), "t", "--columns", "i,half,i");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("'i' stands there twice");
    }

    @Test
    void numbersOfMessagePackAreShownWhole() {
        Path file = folder.resolve("packed.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("c", DType.MSGPACK).append(0.123456789012345);
        }
        assertThat(CommandLineRun.of("head", file, "c").out()).contains("0.123456789012345");
    }

    @Test
    void theMarkOfNullHasNoDelimiterOfItsFormat() {
        Path file = file(true);
        assertThat(CommandLineRun.of("export", file, "t", "--format", "tsv", "--null", "a\tb")
                        .exit())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("export", file, "t", "--format", "tsv", "--null", "a,b")
                        .exit())
                .isZero();
    }

    @Test
    void conditionsAreForTables() {
        Path file = file(false);
        assertThat(CommandLineRun.of("put", file, "k", "v").exit()).isZero();
        for (String name : List.of("t.i", "kv")) {
            CommandLineRun run = CommandLineRun.of("head", file, name, "--where", "value=1");
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("--where is for tables");
        }
    }
}
