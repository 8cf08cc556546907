package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of documents and vectors on a terminal, in pipes and in other locales. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class SearchProcessTest {
    @TempDir
    Path folder;

    private CommandProcess.Setup vault;

    @BeforeEach
    void setUp() {
        vault = new CommandProcess.Setup(folder);
    }

    private CommandProcess.Result piped(CommandProcess.Setup here, String input, Object... args)
            throws IOException, InterruptedException {
        try (CommandProcess process = here.start(args)) {
            process.input().write(input.getBytes(StandardCharsets.UTF_8));
            process.input().close();
            return process.result();
        }
    }

    @Test
    void hitsAreBoldOnATerminalOnly() throws Exception {
        assumeTrue(
                new ProcessBuilder("script", "--version").start().waitFor() == 0,
                "there is no 'script', which runs a command on a terminal");
        vault.run("add", "a.db", "docs", "--value", "v\u001b[31m", "a \u001b[5mblinking cat\u0007 and\na cat");
        String onTerminal = "exec script -qec \"$(printf '%q ' \"$@\") search a.db docs cat\" /dev/null";
        try (CommandProcess search = vault.shell("unset NO_COLOR; export TERM=xterm COLUMNS=200; " + onTerminal)) {
            assertThat(search.result().out())
                    .contains(
                            "v\\u001b[31m  a \\u001b[5mblinking \u001b[1mcat\u001b[22m\\u0007 and\\na \u001b[1mcat\u001b[22m")
                    .doesNotContain("\u001b[5m");
        }
        for (String plain : new String[] {"export NO_COLOR=1 COLUMNS=200; ", "export TERM=dumb COLUMNS=200; "}) {
            try (CommandProcess search = vault.shell(plain + onTerminal)) {
                assertThat(search.result().out()).contains("blinking cat").doesNotContain("\u001b");
            }
        }
        assertThat(vault.run("search", "a.db", "docs", "cat").out())
                .contains("blinking cat")
                .doesNotContain("\u001b", "\uFDD0", "**");
        assertThat(vault.run("search", "a.db", "docs", "cat", "--json").out())
                .contains("blinking **cat**")
                .doesNotContain("\u001b");
    }

    @Test
    void textsVectorsAndLinesComeThroughPipes() throws Exception {
        assertThat(piped(vault, "Zoë\n日本", "add", "a.db", "docs", "--value", "z"))
                .isEqualTo(new CommandProcess.Result(0, "1\n", ""));
        assertThat(piped(vault, "[1, 0]", "add", "a.db", "v", "--vector", "-").out())
                .isEqualTo("1\n");
        assertThat(piped(vault, "[1, 1]", "search", "a.db", "v", "--vector", "-")
                        .out())
                .contains("0.2929   1");
        assertThat(piped(vault, "[1,", "search", "a.db", "v", "--vector", "-").err())
                .startsWith("vault search: standard input: is no vector: it is no JSON")
                .hasLineCount(1);
        String lines = vault.run("export", "a.db", "docs").out();
        assertThat(lines).isEqualTo("{\"id\":1,\"texts\":{\"content\":\"Zoë\\n日本\"},\"value\":\"z\"}\n");
        assertThat(piped(vault, lines, "import", "b.db", "docs", "-", "--as", "documents"))
                .isEqualTo(new CommandProcess.Result(0, "1 document\n", ""));
        assertThat(vault.run("dump", "b.db", "--json", "--only", "text").out())
                .isEqualTo(vault.run("dump", "a.db", "--json", "--only", "text").out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSIX", "C.UTF-8"})
    void textIsUtf8InEveryLocale(String locale) throws Exception {
        CommandProcess.Setup here = vault.withLocale(locale);
        assertThat(piped(
                                here,
                                "{\"content\":\"日本 Zoë\",\"value\":\"ä\"}",
                                "import",
                                "a.db",
                                "d",
                                "-",
                                "--as",
                                "documents")
                        .exit())
                .isZero();
        assertThat(here.run("head", "a.db", "d").out()).contains("日本 Zoë  ä");
        assertThat(here.run("search", "a.db", "d", "zoe").out()).contains("日本 Zoë");
        CommandProcess.Result word = here.run("search", "a.db", "d", "Zoë");
        if (locale.equals("POSIX")) { // it has no such letter
            assertThat(word.exit()).isEqualTo(2);
            assertThat(word.err()).contains("LC_ALL=C.UTF-8");
        } else {
            assertThat(word.out()).contains("日本 Zoë");
        }
    }
}
