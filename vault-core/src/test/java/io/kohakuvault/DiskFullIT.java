package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** No room, and no permission: a clear error, and what was committed is whole. */
@DisabledOnOs(
        value = OS.WINDOWS,
        disabledReason = "limits the size of files with ulimit, changes permissions with chmod")
class DiskFullIT {
    @TempDir
    Path folder;

    /**
     * Writes until there is no room, then looks whether all that was committed can be read, and tells it. Arguments:
     * file, file to tell in.
     */
    public static final class Filler {
        private Filler() {}

        public static void main(String[] args) throws Exception {
            try (Vault vault = Vault.open(Path.of(args[0]))) {
                CrashModel model = new CrashModel();
                String error = "";
                while (error.isEmpty()) {
                    try {
                        model.step(vault);
                        vault.kv("filler").put("k" + model.steps(), new byte[20_000]);
                    } catch (VaultIoException e) {
                        error = String.valueOf(e.getMessage());
                    }
                }
                int steps = CrashModel.stepsOf(vault);
                CrashModel.after(steps).check(vault);
                Files.writeString(Path.of(args[1]), steps + "\n" + error);
            }
        }
    }

    @Test
    void aFullDiskLeavesWhatWasCommitted() throws Exception {
        Path file = folder.resolve("a.db");
        Path told = folder.resolve("told");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 20000; exec \"$@\"", "limited"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.jvmFlags());
        command.addAll(List.of(
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path").replace("::", File.pathSeparator),
                Filler.class.getName(),
                file.toString(),
                told.toString()));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS))
                    .as(Files.readString(log))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(told).as(Files.readString(log)).exists();
        List<String> lines = Files.readAllLines(told);
        assertThat(lines.get(1)).contains("a.db");
        int steps = Integer.parseInt(lines.get(0));
        assertThat(steps).isGreaterThan(10);
        try (Vault vault = Vault.open(file)) {
            assertThat(CrashModel.stepsOf(vault)).isEqualTo(steps);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
            CrashModel model = CrashModel.after(steps);
            model.check(vault);
            model.step(vault);
            model.check(vault);
        }
        System.out.println("no room after " + steps + " transactions: " + lines.get(1));
    }

    @Test
    void aFileThatMayNotBeWrittenSaysSo() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("k", new byte[1]);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        Assumptions.assumeFalse(Files.isWritable(file), "root may write any file");
        assertThatThrownBy(() -> {
                    try (Vault vault = Vault.open(file)) {
                        vault.kv("kv").put("k", new byte[2]);
                    }
                })
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("a.db");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.kv("kv").get("k")).hasSize(1);
        }
    }
}
