package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.io.FileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes random transactions over everything that a vault holds is killed with SIGKILL, again and again:
 * what it told is there, and nothing is half there. 30 kills; {@code -Dvault.crash.kills} says otherwise, 1,000 with
 * {@code -Pchaos}.
 */
class CrashIT {
    @TempDir
    Path folder;

    /** Writes transactions and tells each that is committed. Arguments: file, journal. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            try (Vault vault = Vault.open(Path.of(args[0]));
                    FileWriter journal = new FileWriter(args[1], true)) {
                CrashModel model = CrashModel.after(CrashModel.stepsOf(vault));
                while (true) {
                    model.step(vault);
                    journal.write(model.steps() + "\n");
                    journal.flush();
                }
            }
        }
    }

    @Test
    void whatWasCommittedIsThereAndWhatWasNotIsNotHalfThere() throws Exception {
        int kills = Integer.getInteger("vault.crash.kills", 30);
        Random random = new Random(1);
        int steps = 0;
        Path file = folder.resolve("crash0.db");
        for (int kill = 0; kill < kills; kill++) {
            if (steps > 600) {
                // A new file now and then: the first transactions make tables, and models stay small.
                steps = 0;
                file = folder.resolve("crash" + kill + ".db");
            }
            Path told = folder.resolve("told" + kill);
            int target = steps + 1 + random.nextInt(40);
            ChildJvm writer = ChildJvm.start(
                    "writer" + kill,
                    System.getProperty("java.class.path"),
                    ChildJvm.jvmFlags(),
                    folder,
                    Writer.class.getName(),
                    file.toString(),
                    told.toString());
            Await.until(target + " steps are told", () -> told(told) >= target, writer::tail);
            writer.kill();
            try (Vault vault = Vault.open(file)) {
                steps = CrashModel.stepsOf(vault);
                // The file may be one step ahead of what was told, never behind.
                assertThat(steps).isBetween(told(told), told(told) + 1);
                CrashModel.after(steps).check(vault);
                if (kill % 10 == 0) {
                    assertThat(vault.maintenance().verify(Progress.none()).findings())
                            .isEmpty();
                }
            }
        }
        System.out.println(kills + " kills: nothing lost, nothing torn");
    }

    /** The last whole line of a journal. */
    private static int told(Path journal) {
        try {
            String text = Files.exists(journal) ? Files.readString(journal) : "";
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            return lines.isEmpty() ? 0 : Integer.parseInt(lines.get(lines.size() - 1));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
