package io.kohakuvault.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.sql.VaultSql;
import io.kohakuvault.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompt as somebody at a terminal has it, who presses keys. */
class SqlPromptTest {
    @TempDir
    Path folder;

    /** A statement that would run for hours; the prompt goes on behind it. */
    @Test
    void interruptEndsTheStatementAndNotThePrompt() throws Exception {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PipedOutputStream keys = new PipedOutputStream();
        Path file = folder.resolve("v.db");
        try (Vault vault = Vault.open(file);
                VaultSql engine = VaultSql.open(vault);
                Connection connection = engine.connection();
                Terminal terminal = TerminalBuilder.builder()
                        .system(false)
                        .streams(new PipedInputStream(keys), screen)
                        .encoding(StandardCharsets.UTF_8)
                        .build()) {
            SqlCommand.streamResults(connection);
            ResultPrinter printer = new ResultPrinter(connection, terminal.writer(), terminal.writer(), 80);
            SqlPrompt prompt = new SqlPrompt(file, engine, connection, printer, ResultFormat.csv);
            CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> prompt.run(terminal, null));
            type(keys, "SELECT 6 * 7; SELECT sum(a.range * b.range) FROM range(100000000) a, range(1000000) b;\r");
            seen(screen, "42"); // so it does not ask any more
            Await.until(
                    "the statement is stopped",
                    () -> {
                        terminal.raise(Terminal.Signal.INT);
                        return screen.toString(StandardCharsets.UTF_8).contains("stopped");
                    },
                    screen::toString);
            type(keys, "SELECT 40 + 3 AS a, 'it goes on' AS b;\r");
            seen(screen, "43,it goes on");
            type(keys, "FROM nothing_of_this_name;\r.quit\r");
            assertThat(run.get(1, TimeUnit.MINUTES)).isZero();
            assertThat(screen.toString(StandardCharsets.UTF_8))
                    .contains("nothing_of_this_name does not exist")
                    .doesNotContain("DESCRIBE");
        }
    }

    /** Between two statements of a line, where none runs. */
    @Test
    void interruptEndsTheStatementsToCome() throws Exception {
        StringWriter screen = new StringWriter();
        try (Vault vault = Vault.open(folder.resolve("v.db"));
                VaultSql engine = VaultSql.open(vault);
                Connection connection = engine.connection()) {
            PrintWriter writer = new PrintWriter(screen);
            ResultPrinter printer = new ResultPrinter(connection, writer, writer, 80);
            printer.print("SELECT 41", ResultFormat.csv);
            printer.stop();
            assertThatThrownBy(() -> printer.print("SELECT 42", ResultFormat.csv))
                    .isInstanceOf(CancellationException.class);
            printer.start();
            printer.print("SELECT 43", ResultFormat.csv);
        }
        assertThat(screen.toString()).contains("41", "43").doesNotContain("42");
    }

    @Test
    void historyIsInTheUsersFolderOrNowhere() throws Exception {
        Path home = folder.resolve("home");
        Path kept = home.resolve(".local/state/kohakuvault");
        assertThat(SqlPrompt.history(null, home.toString())).isEqualTo(kept.resolve("sql_history"));
        assertThat(kept).isDirectory();
        Path state = folder.resolve("state");
        assertThat(SqlPrompt.history(state.toString(), "?")).isEqualTo(state.resolve("kohakuvault/sql_history"));
        assertThat(SqlPrompt.history("state", home.toString())).isEqualTo(kept.resolve("sql_history"));
        assertThat(SqlPrompt.history("", "?")).isNull(); // no folder of that name where the command happens to run
        assertThat(SqlPrompt.history(
                        null, Files.writeString(folder.resolve("file"), "").toString()))
                .isNull();
        assertThat(Path.of("?")).doesNotExist();
    }

    private static void seen(ByteArrayOutputStream screen, String text) {
        Await.until(text, () -> screen.toString(StandardCharsets.UTF_8).contains(text), screen::toString);
    }

    private static void type(PipedOutputStream keys, String text) throws Exception {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }
}
