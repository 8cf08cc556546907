package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes everything a vault holds is killed with SIGKILL, again and again: nothing is lost that was told, nothing torn. */
class CrashIT {
    private static final int KILLS = 8;

    @TempDir
    Path folder;

    /** Writes steps and tells each that is committed. Arguments: file, file to tell in. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            try (Vault vault = Vault.open(Path.of(args[0]))) {
                for (int n = (int) vault.kv("kv").count(); ; n++) {
                    TransactionTest.step(vault, n);
                    Files.writeString(Path.of(args[1]), Integer.toString(n + 1));
                }
            }
        }
    }

    @Test
    void whatWasCommittedIsThereAndWhatWasNotIsNotHalfThere() throws Exception {
        Path file = folder.resolve("crash.db");
        int before = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path told = folder.resolve("told" + kill);
            int target = before + 1 + 17 * kill;
            ChildJvm writer = ChildJvm.start(
                    "writer" + kill,
                    System.getProperty("java.class.path"),
                    ChildJvm.jvmFlags(),
                    folder,
                    Writer.class.getName(),
                    file.toString(),
                    told.toString());
            Await.until(
                    target + " steps are told",
                    Duration.ofSeconds(60),
                    () -> Files.exists(told) && told(told) >= target,
                    writer::tail);
            writer.kill();
            try (Vault vault = Vault.open(file)) {
                int steps = (int) vault.kv("kv").count();
                // The file may be one step ahead of what was told, never behind.
                assertThat(steps).isGreaterThanOrEqualTo(told(told));
                TransactionTest.check(vault, steps);
                before = steps;
            }
        }
    }

    /** The writer may be killed between emptying the file and filling it. */
    private static int told(Path file) throws java.io.IOException {
        String text = Files.readString(file);
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }
}
