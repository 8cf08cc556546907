package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.Await;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code vault head -f} in a process of its own, while this one writes. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class FollowTest {
    @TempDir
    Path folder;

    private CommandProcess.Setup setup;
    private Path file;
    private Vault vault;
    private Table table;

    @BeforeEach
    void setUp() {
        setup = new CommandProcess.Setup(folder);
        file = folder.resolve("a.db");
        vault = Vault.open(file);
        table = vault.tables()
                .ensure(
                        "log",
                        Schema.builder()
                                .column("n", DType.I64)
                                .nullable("text", DType.STR)
                                .build());
    }

    @AfterEach
    void tearDown() {
        vault.close();
    }

    private void append(int from, int to) {
        RowBatch batch = table.newBatch();
        for (int i = from; i < to; i++) {
            int n = i;
            batch.add(row -> row.set("n", n).set("text", "text " + n));
        }
        table.append(batch);
    }

    private CommandProcess follow(Object... more) throws Exception {
        List<Object> args = new ArrayList<>(List.of("head", "a.db", "log", "-f"));
        args.addAll(Arrays.asList(more));
        return setup.start(args.toArray());
    }

    private static void await(CommandProcess process, String what, Callable<Boolean> condition) {
        Await.until(
                what,
                () -> {
                    assertThat(process.isAlive() || condition.call()).isTrue();
                    return condition.call();
                },
                () -> process.printed() + process.told());
    }

    /** The numbers that were printed, of lines that are complete. */
    private static List<Integer> numbers(CommandProcess process) {
        String printed = process.printed();
        return printed.substring(0, printed.lastIndexOf('\n') + 1)
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("[0-9]+\\b.*"))
                .map(line -> Integer.valueOf(line.replaceFirst("\\D.*", "")))
                .toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static void awaitNumbers(CommandProcess process, List<Integer> expected) {
        await(process, expected.size() + " rows", () -> numbers(process).size() >= expected.size());
        assertThat(numbers(process)).isEqualTo(expected);
    }

    private static CommandProcess.Result end(CommandProcess process) throws Exception {
        process.signal("TERM");
        return process.result();
    }

    @Test
    void beginsWithTheLastRowsAndPrintsEachThatIsCommittedOnce() throws Exception {
        append(0, 50);
        try (CommandProcess follower = follow("-n", "3")) {
            awaitNumbers(follower, range(47, 50));
            int sent = 50;
            for (int i = 0; i < 200; i++) { // many commits between two looks
                append(sent, sent + 1 + i % 7);
                sent += 1 + i % 7;
            }
            append(sent, sent + 5_000); // more than are read at once
            sent += 5_000;
            awaitNumbers(follower, range(47, sent));
            for (int i = 0; i < 3; i++, sent++) { // after pauses
                append(sent, sent + 1);
                awaitNumbers(follower, range(47, sent + 1));
            }
            CommandProcess.Result result = end(follower);
            assertThat(result.exit()).isEqualTo(143);
            assertThat(result.err()).isEmpty();
            assertThat(result.out().lines().filter(line -> line.contains("text") && line.contains("n ")))
                    .as("headings stand there once")
                    .hasSize(1);
        }
    }

    @Test
    void theWritersLogStartsOverWhileItIsFollowed() throws Exception {
        append(0, 10);
        try (CommandProcess follower = follow("-n", "0")) {
            await(follower, "headings", () -> follower.printed().contains("text"));
            append(10, 20);
            awaitNumbers(follower, range(10, 20));
            assertThat(vault.maintenance().checkpoint()).isTrue();
            append(20, 21);
            awaitNumbers(follower, range(10, 21));
            end(follower);
        }
    }

    @Test
    void rowsThatAreRemovedAreTold() throws Exception {
        append(0, 1_000);
        try (CommandProcess follower = follow("-n", "0")) {
            await(follower, "headings", () -> follower.printed().contains("text"));
            vault.transact(() -> {
                table.removeBefore(900);
                append(1_000, 1_200);
            });
            List<Integer> expected = new ArrayList<>(range(1_000, 1_200));
            awaitNumbers(follower, expected);
            await(follower, "a note", () -> follower.told().contains("has 300 rows now"));
            vault.transact(() -> {
                table.truncate(250);
                append(2_000, 2_100);
            });
            expected.addAll(range(2_000, 2_100));
            awaitNumbers(follower, expected);
            await(follower, "a note", () -> follower.told().contains("has 350 rows now"));
            vault.transact(() -> {
                table.truncate(0);
                append(3_000, 3_500);
            });
            expected.addAll(range(3_000, 3_500));
            awaitNumbers(follower, expected);
            await(follower, "a note", () -> follower.told().contains("goes on from its first"));
            table.set(490, row -> row.set("text", "corrected"));
            append(4_000, 4_001);
            expected.add(4_000);
            awaitNumbers(follower, expected);
            assertThat(follower.told().lines()).hasSize(3);
            end(follower);
        }
    }

    /** A log of which the oldest rows are removed all the time. */
    @Test
    void aRetentionBesideLosesAndRepeatsNothing() throws Exception {
        int kept = 5_000; // more than are added in all, so that none is removed before it could be seen
        append(0, kept);
        try (CommandProcess follower = follow("-n", "0")) {
            await(follower, "headings", () -> follower.printed().contains("text"));
            int sent = kept;
            for (int i = 0; i < 400; i++) {
                append(sent, sent + 1 + i % 20);
                sent += 1 + i % 20;
                table.removeBefore(table.length() - kept);
            }
            awaitNumbers(follower, range(kept, sent));
            assertThat(follower.told().lines()).allMatch(line -> line.contains("has 5,0"));
            end(follower);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalEndsItWithoutAWord(String signal) throws Exception {
        assumeFalse(
                signal.equals("INT") && CommandProcessTest.ignoresInterrupts(),
                "this process, and so its children, ignores SIGINT");
        append(0, 3);
        try (CommandProcess follower = follow()) {
            awaitNumbers(follower, range(0, 3));
            follower.signal(signal);
            CommandProcess.Result result = follower.result();
            assertThat(result.exit()).isEqualTo(signal.equals("INT") ? 130 : 143);
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void aNewColumnGetsNewHeadings() throws Exception {
        append(0, 3);
        try (CommandProcess follower = follow()) {
            awaitNumbers(follower, range(0, 3));
            table.addColumn(SchemaColumn.of("more", DType.I64, true));
            table.append(row -> row.set("n", 3).set("text", "text").set("more", 42));
            awaitNumbers(follower, range(0, 4));
            assertThat(follower.printed()
                            .lines()
                            .map(line -> line.replaceAll(" +", " ").strip()))
                    .containsSubsequence("n text more", "3 text 42");
            assertThat(follower.told()).contains("table 'log' has other columns now");
            table.renameColumn("text", "words");
            table.append(row -> row.set("n", 4).set("words", "text"));
            awaitNumbers(follower, range(0, 5));
            assertThat(follower.printed()).contains("words");
            end(follower);
        }
    }

    @Test
    void aTableThatIsDroppedOrRenamedEndsIt() throws Exception {
        append(0, 3);
        try (CommandProcess follower = follow()) {
            awaitNumbers(follower, range(0, 3));
            vault.tables().rename("log", "other");
            CommandProcess.Result result = follower.result();
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .contains("a.db", "table 'log' is not there any more", "dropped or renamed");
        }
    }

    @Test
    void aFileThatIsReplacedOrDeletedEndsIt() throws Exception {
        append(0, 3);
        for (boolean replaced : new boolean[] {true, false}) {
            Path copy = folder.resolve("copy.db");
            Files.deleteIfExists(copy);
            vault.maintenance().backup(copy, Progress.none());
            try (CommandProcess follower = setup.start("head", "copy.db", "log", "-f")) {
                awaitNumbers(follower, range(0, 3));
                if (replaced) {
                    Path other = Files.copy(copy, folder.resolve("other.db"));
                    Files.move(other, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                } else {
                    Files.delete(copy);
                }
                CommandProcess.Result result = follower.result();
                assertThat(result.exit()).isEqualTo(1);
                assertThat(result.err().lines())
                        .singleElement()
                        .asString()
                        .contains("copy.db", "deleted, renamed or replaced");
            }
            try (Stream<Path> beside = Files.list(folder)) {
                for (Path path :
                        beside.filter(p -> p.toString().contains("copy.db")).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void conditionsColumnsAndLinesForEachValueHoldForWhatComesToo() throws Exception {
        append(0, 5_000);
        try (CommandProcess follower = follow("-n", "2", "--where", "n<10", "--columns", "n", "-x")) {
            await(follower, "two rows", () -> follower.printed().contains("-- row 9\nn  9\n"));
            append(5, 15);
            await(follower, "the last row", () -> follower.printed().contains("-- row 5004\nn  9\n"));
            assertThat(follower.printed())
                    .isEqualTo(Stream.of(8, 9, 5_000, 5_001, 5_002, 5_003, 5_004)
                            .map(row -> "-- row " + row + "\nn  " + (row < 10 ? row : row - 4_995) + "\n")
                            .reduce("", String::concat));
            end(follower);
        }
    }

    @Test
    void columnsAreFollowed() throws Exception {
        vault.columns().ensure("numbers", DType.F64).asList();
        vault.columns().doubles("numbers").append(1.5);
        vault.columns().ensure("words", DType.STR);
        vault.columns().strings("words").append("one");
        append(0, 2);
        try (CommandProcess numbers = setup.start("head", "a.db", "numbers", "-f");
                CommandProcess words = setup.start("head", "a.db", "words", "-f");
                CommandProcess owned = setup.start("head", "a.db", "log.text", "-f", "-n", "1")) {
            await(numbers, "1.5", () -> numbers.printed().contains("1.5\n"));
            await(words, "one", () -> words.printed().contains("one\n"));
            await(owned, "text", () -> owned.printed().contains("text 1\n"));
            vault.columns().doubles("numbers").append(2.5);
            vault.columns().strings("words").append("two");
            table.append(row -> row.set("n", 2));
            await(numbers, "2.5", () -> numbers.printed().contains("2.5\n"));
            await(words, "two", () -> words.printed().contains("two\n"));
            await(owned, "a null", () -> owned.printed().contains("null\n"));
            assertThat(owned.printed()).isEqualTo("log.text\ntext 1\nnull\n");
            vault.columns().delete("words");
            assertThat(words.result().err()).contains("column 'words' is not there any more");
            end(numbers);
            end(owned);
        }
    }

    @Test
    void whatHasNoOrderOfWritingIsRefused() throws Exception {
        vault.kv("kv").putValue("k", "v");
        vault.text("notes").insert("some words", "id");
        CommandLineRun keys = CommandLineRun.of("head", file, "kv", "-f");
        assertThat(keys.exit()).isEqualTo(2);
        assertThat(keys.err()).contains("-f follows tables and columns", "'kv' holds key-values");
        assertThat(CommandLineRun.of("head", file, "notes", "--follow").err()).contains("holds documents");
        assertThat(CommandLineRun.of("head", file, "none", "-f").err()).contains("nothing called 'none'");
    }

    @Test
    void itEndsQuietlyWhenNobodyReads() throws Exception {
        append(0, 3);
        try (CommandProcess follower = setup.withOpenOutput().start("head", "a.db", "log", "-f")) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(follower.output(), StandardCharsets.UTF_8));
            for (int i = 0; i < 4; i++) {
                assertThat(lines.readLine()).isNotEmpty();
            }
            lines.close();
            append(3, 4);
            CommandProcess.Result result = follower.result();
            assertThat(result.exit()).isEqualTo(141);
            assertThat(result.err()).isEmpty();
        }
    }
}
