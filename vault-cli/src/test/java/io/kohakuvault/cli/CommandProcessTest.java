package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kohakuvault.Vault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in the places where it is used: other locales, pipes, small heaps, interrupted. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class CommandProcessTest {
    /** So slow that whatever is under way still is when a signal comes, on a busy machine too. */
    private static final String SLOWLY = "-Xint";

    @TempDir
    Path folder;

    private CommandProcess.Setup vault;

    @BeforeEach
    void setUp() {
        vault = new CommandProcess.Setup(folder);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void await(CommandProcess process, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(process.isAlive())
                    .as(() -> {
                        try {
                            return process.result().toString();
                        } catch (InterruptedException e) {
                            return "interrupted";
                        }
                    })
                    .isTrue();
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private boolean isThere(String suffix) {
        try {
            return files().stream().anyMatch(name -> name.endsWith(suffix));
        } catch (IOException e) {
            return false;
        }
    }

    private void million(String name) throws IOException {
        try (Writer out = Files.newBufferedWriter(folder.resolve(name))) {
            out.write("at,x,wind,note\n");
            for (int i = 0; i < 3_000_000; i++) {
                out.write("2026-01-01T00:00:00Z," + i + "," + i / 8.0 + ",some text " + i + "\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSIX", "C", "C.UTF-8"})
    void outputIsUtf8InEveryLocale(String locale) throws Exception {
        write("u.csv", "name\nZoë 日本 😀\n");
        CommandProcess.Setup here = vault.withLocale(locale);
        assertThat(here.run("import", "u.db", "t", "u.csv")).isEqualTo(new CommandProcess.Result(0, "1 rows\n", ""));
        assertThat(here.run("export", "u.db", "t").out()).isEqualTo("name\nZoë 日本 😀\n");
        assertThat(here.run("head", "u.db", "t").out()).contains("Zoë 日本 😀");
        assertThat(here.run("dump", "u.db", "--json").out()).contains("Zoë 日本 😀");
        assertThat(here.run("export", "u.db", "t", "--out", "o.jsonl").exit()).isZero();
        assertThat(folder.resolve("o.jsonl")).hasContent("{\"name\":\"Zoë 日本 😀\"}");
        write("bad.csv", "n\n1\nZoë\n");
        assertThat(here.run("import", "u.db", "n", "bad.csv", "--types", "n=i64")
                        .err())
                .contains("'Zoë'");
    }

    @Test
    void argumentsThatWereNotDecodedAreRefused() throws Exception {
        CommandProcess.Setup posix = vault.withLocale("POSIX");
        for (Object[] args : new Object[][] {
            {"put", "k.db", "é", "one"},
            {"put", "k.db", "k", "é"},
            {"info", "é.db"},
            {"get", "k.db", "k", "--table=ü"}
        }) {
            CommandProcess.Result run = posix.run(args);
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err().lines()).singleElement().asString().contains("LC_ALL=C.UTF-8");
        }
        assertThat(files()).isEmpty();
        assertThat(posix.run("put", "k.db", "c3a9", "one", "--hex").exit()).isZero();
        assertThat(posix.run("put", "k.db", "what?", "a question").exit()).isZero();
        assertThat(vault.run("get", "k.db", "é").out()).isEqualTo("one\n");
        // Typed so, and decoded rightly.
        assertThat(vault.run("put", "k.db", "\uFFFD", "two").exit()).isZero();
        assertThat(vault.run("get", "k.db", "efbfbd", "--hex").out()).isEqualTo("two\n");
        try (CommandProcess broken = vault.shell("exec \"$@\" put k.db $'\\xc3' three")) {
            assertThat(broken.result().exit()).isEqualTo(2);
        }
    }

    @Test
    void aFolderWhoseNameWasNotDecodedIsSpokenOf() throws Exception {
        Path odd = Files.createDirectory(folder.resolve("zoë"));
        CommandProcess.Setup there = new CommandProcess.Setup(odd).withLocale("POSIX");
        CommandProcess.Result run = there.run("put", "k.db", "k", "v");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("current folder", "LC_ALL=C.UTF-8");
        assertThat(there.run("--version").exit()).isZero();
    }

    @Test
    void aClosedStandardInputIsTold() throws Exception {
        for (String args : List.of("import a.db t - --format csv", "put a.db k")) {
            try (CommandProcess closed = vault.shell("exec \"$@\" " + args + " <&-")) {
                CommandProcess.Result result = closed.result();
                assertThat(result.exit()).isEqualTo(1);
                assertThat(result.err()).contains("standard input is closed");
            }
        }
        assertThat(files()).doesNotContain("a.db");
    }

    @Test
    void whoStopsReadingHearsNothing() throws Exception {
        try (Writer out = Files.newBufferedWriter(folder.resolve("a.csv"))) {
            out.write("a\n");
            for (int i = 0; i < 200_000; i++) {
                out.write("some text " + i + "\n");
            }
        }
        assertThat(vault.run("import", "a.db", "t", "a.csv").exit()).isZero();
        for (Object[] args : new Object[][] {
            {"export", "a.db", "t"},
            {"export", "a.db", "t", "--format", "jsonl"},
            {"dump", "a.db", "--json"},
            {"head", "a.db", "t", "-n", "100000"}
        }) {
            try (CommandProcess export = vault.withOpenOutput().start(args)) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(export.output(), StandardCharsets.UTF_8));
                assertThat(lines.readLine()).isNotEmpty();
                lines.close();
                CommandProcess.Result result = export.result();
                assertThat(result.exit()).isIn(0, 141);
                assertThat(result.err()).isEmpty();
            }
        }
        assertThat(vault.run("export", "a.db", "t", "--out", "/dev/full").err()).contains("/dev/full: No space left");
        try (CommandProcess help = vault.shell("\"$@\" --help | head -1; echo ${PIPESTATUS[0]}")) {
            CommandProcess.Result result = help.result();
            assertThat(result.err()).isEmpty();
            assertThat(result.out().lines().toList().get(1)).isIn("0", "141");
        }
    }

    @Test
    void outputThatDoesNotFitIsAFailure() throws Exception {
        assertThat(vault.run("put", "a.db", "k", "v").exit()).isZero();
        for (String args : List.of("export a.db kv", "get a.db k", "get a.db k --raw", "ls a.db", "--help")) {
            try (CommandProcess full = vault.shell("exec \"$@\" " + args + " > /dev/full")) {
                CommandProcess.Result result = full.result();
                assertThat(result.exit()).as(args).isEqualTo(1);
                assertThat(result.err().lines())
                        .as(args)
                        .singleElement()
                        .asString()
                        .contains("could not be written");
            }
        }
    }

    /** As what a shell runs in the background does: a JVM leaves a signal alone that is ignored when it starts. */
    static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void anInterruptedImportLeavesNothing(String signal) throws Exception {
        assumeFalse(signal.equals("INT") && ignoresInterrupts(), "this process, and so its children, ignores SIGINT");
        million("a.csv");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        CommandProcess.Setup here = vault.withOptions(SLOWLY, "-Djava.io.tmpdir=" + temporary);
        try (CommandProcess load = here.start("import", "new.db", "t", "a.csv")) {
            await(load, () -> isThere(".part"));
            load.signal(signal);
            CommandProcess.Result result = load.result();
            assertThat(result.exit()).isEqualTo(signal.equals("INT") ? 130 : 143);
            assertThat(result.err().lines()).singleElement().asString().contains("interrupted");
        }
        assertThat(files()).containsExactly("a.csv", "tmp");
        // One that waits for its input, and one into a file that is there.
        try (CommandProcess load = here.start("import", "new.db", "t", "-", "--format", "csv")) {
            await(load, () -> isThere(".part"));
            load.input().write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
            load.input().flush();
            load.signal(signal);
            assertThat(load.result().exit()).isEqualTo(signal.equals("INT") ? 130 : 143);
        }
        assertThat(files()).containsExactly("a.csv", "tmp");
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(Path::getFileName).map(String::valueOf)).noneMatch(name -> name.contains("sample"));
        }
        assertThat(here.run("put", "old.db", "k", "v").exit()).isZero();
        try (CommandProcess load = here.start("import", "old.db", "t", "a.csv")) {
            await(load, () -> isThere("-wal"));
            load.signal(signal);
            assertThat(load.result().exit()).isEqualTo(signal.equals("INT") ? 130 : 143);
        }
        assertThat(here.run("ls", "old.db").out()).contains("key-values").doesNotContain("tables");
        assertThat(here.run("verify", "old.db").exit()).isZero();
    }

    /** With a bar: what draws it must not take the signal for itself. */
    @Test
    void ctrlCOnATerminalLeavesNothing() throws Exception {
        assumeFalse(ignoresInterrupts(), "this process, and so its children, ignores SIGINT");
        assumeTrue(isThere("script", "--version"), "there is no 'script', which runs a command on a terminal");
        million("a.csv");
        CommandProcess.Setup here = vault.withOptions(SLOWLY);
        String onTerminal = "exec script -qec \"$(printf '%q ' \"$@\") ";
        try (CommandProcess load = here.shell(onTerminal + "import new.db t a.csv\" /dev/null")) {
            await(load, () -> isThere(".part"));
            load.type('C' - '@');
            CommandProcess.Result result = load.result();
            assertThat(result.out()).contains("interrupted");
            assertThat(result.exit()).isEqualTo(130);
        }
        assertThat(files()).containsExactly("a.csv");
        assertThat(vault.run("import", "a.db", "t", "a.csv").exit()).isZero();
        for (String line : List.of("backup a.db copy.db", "compact a.db --page-size 8192", "verify a.db")) {
            try (CommandProcess working = here.shell(onTerminal + line + "\" /dev/null")) {
                await(working, () -> working.printed().contains("%"));
                working.type('C' - '@');
                assertThat(working.result().exit()).as(line).isEqualTo(130);
            }
            // A reader does not remove the log, which may be of use to others.
            assertThat(files())
                    .as(line)
                    .filteredOn(name -> !name.startsWith("a.db-"))
                    .containsExactly("a.csv", "a.db");
        }
        assertThat(vault.run("verify", "a.db").exit()).isZero();
    }

    @Test
    void anInterruptedDumpDoesNotSayThatColumnsAreDamaged() throws Exception {
        million("a.csv");
        assertThat(vault.run("import", "a.db", "t", "a.csv").exit()).isZero();
        try (CommandProcess dump = vault.shell("exec \"$@\" dump a.db --json > out.jsonl")) {
            await(dump, () -> folder.resolve("out.jsonl").toFile().length() > 1 << 16);
            dump.signal("TERM");
            CommandProcess.Result result = dump.result();
            assertThat(result.exit()).isEqualTo(143);
            assertThat(result.err()).contains("interrupted");
        }
        assertThat(Files.readString(folder.resolve("out.jsonl"))).doesNotContain("\"error\"");
    }

    @Test
    void inputComesThroughPipesToo() throws Exception {
        write("a.csv", "a,b\n1,2\n");
        String[] lines = {
            "mkfifo pipe; (cat a.csv > pipe) & \"$@\" import a.db t pipe --format csv",
            "\"$@\" import a.db t <(cat a.csv) --format csv",
            "cat a.csv | \"$@\" import a.db t /dev/stdin --format csv",
            "gzip -c a.csv | \"$@\" import a.db t /dev/stdin --format csv",
            "\"$@\" import a.db t a.csv < /dev/null",
            "\"$@\" import a.db n a.csv --types @<(echo 'a=i8,b=i8')",
        };
        for (String line : lines) {
            try (CommandProcess load = vault.shell(line)) {
                assertThat(load.result()).as(line).isEqualTo(new CommandProcess.Result(0, "1 rows\n", ""));
            }
        }
        try (CommandProcess put = vault.shell("\"$@\" put a.db k --file <(echo piped) && \"$@\" get a.db k")) {
            assertThat(put.result().out()).contains("piped");
        }
        for (String args : List.of("import a.db t . --format csv", "put a.db k --file .")) {
            try (CommandProcess folder = vault.shell("\"$@\" " + args)) {
                assertThat(folder.result().err()).contains(".: is a folder");
            }
        }
    }

    /** Nobody writes to the pipe; only opening it waits. */
    @Test
    void aPipeThatNobodyFillsIsLeftAtOnce() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (CommandProcess load = vault.start("import", "a.db", "t", "pipe", "--format", "csv")) {
            await(load, () -> load.hasThread("opens pipe"));
            load.signal("TERM");
            CommandProcess.Result result = load.result();
            assertThat(result.exit()).isEqualTo(143);
            assertThat(result.err()).contains("interrupted"); // what does not end by itself is ended without a word
        }
        assertThat(files()).containsExactly("pipe");
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void anInterruptedExportLeavesWhatStoodThere() throws Exception {
        million("a.csv");
        assertThat(vault.run("import", "a.db", "t", "a.csv").exit()).isZero();
        write("out.jsonl", "what was there");
        try (CommandProcess export = vault.withOptions(SLOWLY).start("export", "a.db", "t", "--out", "out.jsonl")) {
            await(export, () -> isThere(".part"));
            export.signal("TERM");
            assertThat(export.result().exit()).isEqualTo(143);
        }
        assertThat(folder.resolve("out.jsonl")).hasContent("what was there");
        try (CommandProcess backup = vault.start("backup", "a.db", "copy.db")) {
            await(backup, () -> isThere(".part") || isThere("copy.db"));
            backup.signal("TERM");
            backup.result();
        }
        assertThat(files()).noneMatch(name -> name.contains(".part"));
    }

    @Test
    void rowsThatAreLongGoThroughASmallHeap() throws Exception {
        String text = "x".repeat(100_000);
        try (Writer out = Files.newBufferedWriter(folder.resolve("a.jsonl"))) {
            for (int i = 0; i < 1_500; i++) {
                out.write("{\"id\":" + i + ",\"t\":\"" + text + "\"}\n");
            }
        }
        CommandProcess.Setup small = vault.withOptions("-Xmx64m");
        assertThat(small.run("import", "a.db", "w", "a.jsonl"))
                .isEqualTo(new CommandProcess.Result(0, "1,500 rows\n", ""));
        for (String format : List.of("jsonl", "csv")) {
            assertThat(small.run("export", "a.db", "w", "--format", format, "--out", "o." + format))
                    .isEqualTo(new CommandProcess.Result(0, "", ""));
            assertThat(small.run("export", "a.db", "w.t", "--format", format, "--out", "c." + format))
                    .isEqualTo(new CommandProcess.Result(0, "", ""));
        }
        assertThat(small.run("import", "a.db", "w2", "o.csv").err()).isEmpty();
        assertThat(small.run("export", "a.db", "w", "--where", "id>=1499", "--columns", "id")
                        .out())
                .isEqualTo("id\n1499\n");
        assertThat(small.run("dump", "a.db", "--json", "--no-values").exit()).isZero();
        assertThat(Files.mismatch(folder.resolve("a.jsonl"), folder.resolve("o.jsonl")))
                .isEqualTo(-1);
    }

    @Test
    void memoryThatDoesNotSufficeIsSaidInALine() throws Exception {
        try (Writer out = Files.newBufferedWriter(folder.resolve("a.csv"))) {
            out.write("a\n\"");
            for (int i = 0; i < 1_000; i++) {
                out.write("x".repeat(50_000));
            }
            out.write("\"\n");
        }
        CommandProcess.Result run = vault.withOptions("-Xmx48m").run("import", "a.db", "t", "a.csv");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("out of memory", "the heap has", "-Xmx");
        assertThat(files()).containsExactly("a.csv");
    }

    @Test
    void standardInputIsReadWhateverItIs() throws Exception {
        try (CommandProcess load = vault.start("import", "a.db", "t", "-", "--format", "csv")) {
            try (OutputStream input = load.input()) {
                input.write("a,b\n".getBytes(StandardCharsets.UTF_8));
                for (int i = 0; i < 3_000; i++) {
                    input.write((i + ",text " + i + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            assertThat(load.result()).isEqualTo(new CommandProcess.Result(0, "3,000 rows\n", ""));
        }
        try (CommandProcess load = vault.start("import", "a.db", "t", "-", "--format", "jsonl")) {
            try (OutputStream input = new GZIPOutputStream(load.input())) {
                input.write("{\"a\":7,\"b\":\"from gzip\"}\n".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(load.result().out()).isEqualTo("1 rows\n");
        }
        try (CommandProcess piped = vault.shell("\"$@\" export a.db t --out - | (shift; cat) | tail -1")) {
            assertThat(piped.result().out()).isEqualTo("7,from gzip\n");
        }
        try (CommandProcess put = vault.start("put", "a.db", "k")) {
            put.input().write(new byte[] {1, 2, 3});
            put.input().close();
            assertThat(put.result().exit()).isZero();
        }
        assertThat(vault.run("head", "a.db", "kv").out()).contains("x'010203'");
        assertThat(vault.run("import", "a.db", "t", "-").err()).contains("--format");
    }

    @Test
    void aPipeIsNoVault() throws Exception {
        new ProcessBuilder("mkfifo", folder.resolve("f.db").toString()).start().waitFor();
        for (Object[] args : new Object[][] {
            {"info", "f.db"}, {"put", "f.db", "k", "v"}, {"import", "f.db", "t", write("a.csv", "a\n1\n")}
        }) {
            CommandProcess.Result run = vault.run(args);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err().lines()).singleElement().asString().contains("f.db", "pipe");
        }
    }

    @Test
    void importsThatMakeTheSameFileAtOnceAllArrive() throws Exception {
        write("r.csv", "a\n1\n");
        List<CommandProcess> loads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            loads.add(vault.start("import", "race.db", "t", "r.csv"));
        }
        for (CommandProcess load : loads) {
            assertThat(load.result()).isEqualTo(new CommandProcess.Result(0, "1 rows\n", ""));
        }
        try (Vault file = Vault.openReadOnly(folder.resolve("race.db"))) {
            assertThat(file.tables().get("t").length()).isEqualTo(4);
        }
        assertThat(files()).noneMatch(name -> name.contains(".part"));
    }
}
