package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kohakuvault.maintenance.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open few files, and has opened them all. */
class DescriptorsIT {
    @TempDir
    Path folder;

    /** Opens snapshots until that fails, says how, closes them and goes on. Argument: the file. */
    public static final class Greedy {
        private Greedy() {}

        public static void main(String[] args) {
            List<Snapshot> open = new ArrayList<>();
            try (Vault vault = Vault.open(Path.of(args[0]))) {
                vault.kv("kv").put("a", new byte[1]);
                boolean sound = vault.maintenance()
                        .verify(Progress.none())
                        .isSound(); // its classes are loaded while they can be
                vault.snapshot().close();
                try {
                    while (open.size() < 10_000) {
                        open.add(vault.snapshot());
                    }
                } catch (VaultIoException e) {
                    System.out.println("refused: " + e.getMessage());
                }
                vault.kv("kv").put("b", new byte[1]);
                open.forEach(Snapshot::close);
                sound &= vault.maintenance().verify(Progress.none()).isSound();
                System.out.println("sound " + sound + ", keys " + vault.kv("kv").count());
            }
        }
    }

    @Test
    void runningOutOfDescriptorsIsNamedAsSuchAndLosesNothing() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell to set the limit");
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 250 && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Greedy.class.getName(),
                        folder.resolve("a.db").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("refused: ").contains("ulimit -n").contains("sound true, keys 2");
    }
}
