package io.kohakuvault.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.notebook.internal.Screen;
import io.kohakuvault.notebook.internal.Screens;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bar begins, moves and ends, whatever becomes of what it shows. */
class LoadProgressTest {
    @TempDir
    Path folder;

    private final List<String> seen = new ArrayList<>();

    private void watched(Runnable work) {
        Screens.set(new Screen() {
            @Override
            public String show(Rendered first) {
                seen.add(first.text());
                return "id";
            }

            @Override
            public void update(String id, Rendered next) {
                assertThat(id).isEqualTo("id");
                seen.add(next.text());
            }
        });
        try {
            work.run();
        } finally {
            Screens.set(Screen.terminal(System.out));
        }
    }

    @Test
    void aCheckOfAFileMovesIt() {
        watched(() -> {
            try (Vault vault = Vault.open(folder.resolve("file.db"));
                    LoadProgress bar = LoadProgress.of("<Checking>")) {
                vault.kv("kv").putValue("a", 1);
                assertThat(vault.maintenance().verify(bar).isSound()).isTrue();
            }
        });
        assertThat(seen.get(0)).startsWith("<Checking> [").contains("0 %");
        assertThat(seen.get(seen.size() - 1)).contains("[##############################] 100 % in");
    }

    @Test
    void whatStopsIsShownWhereItStopped() {
        watched(() -> {
            try (LoadProgress bar = LoadProgress.of("Loading")) {
                bar.advanced(1, 2);
                bar.advanced(1, 0); // nothing is known, nothing is lost
            }
        });
        assertThat(seen.get(seen.size() - 1)).contains("50 %, ended after");
    }

    @Test
    void whatIsDoneIsFull() {
        watched(() -> {
            try (LoadProgress bar = LoadProgress.of("Loading")) {
                bar.advanced(7, 7);
            }
        });
        assertThat(seen.get(seen.size() - 1)).contains("#".repeat(30) + "] 100 % in");
    }

    @Test
    void aLoadThatFailsAtItsEndIsNotCalledDone() {
        watched(() -> assertThatThrownBy(() -> {
                    try (LoadProgress bar = LoadProgress.of("Loading")) {
                        bar.advanced(7, 7);
                        throw new IllegalStateException("the disk is full");
                    }
                })
                .hasMessage("the disk is full"));
        assertThat(seen.get(seen.size() - 1)).contains("100 % in").doesNotContain("done");
    }

    @Test
    void whatNeverSaidHowMuchThereIsHasNoShare() {
        watched(() -> {
            try (LoadProgress bar = LoadProgress.of("Loading")) {
                bar.advanced(0, 0);
            }
        });
        assertThat(seen.get(seen.size() - 1)).contains("] ended after").doesNotContain("%");
    }

    @Test
    void aSecondCloseAndCallsAfterItChangeNothing() {
        watched(() -> {
            LoadProgress bar = LoadProgress.of("Loading");
            bar.close();
            bar.close();
            assertThat(bar.advanced(2, 2)).isTrue();
        });
        assertThat(seen).hasSize(2);
    }

    @Test
    void anInterruptCancels() {
        watched(() -> {
            try (LoadProgress bar = LoadProgress.of("Loading")) {
                Thread.currentThread().interrupt();
                assertThat(bar.advanced(1, 2)).isFalse();
                assertThat(Thread.interrupted()).isTrue();
            }
        });
    }

    @Test
    void aTerminalHasOneLine() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Screen terminal = Screen.terminal(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        terminal.update(terminal.show(new Rendered("", "one")), new Rendered("", "two"));
        terminal.end();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\rone\rtwo" + System.lineSeparator());
    }
}
