package io.kohakuvault.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the notebooks' command says where something is missing that it needs; it makes nothing then. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "puts a shell script in the place of Java")
class NotebookCommandTest {
    private static final Path SCRIPT = Path.of(System.getProperty("vault.root"), "notebooks", "notebooks.py");

    @TempDir
    Path folder;

    /** The interpreter itself: what is first on the PATH may be a script that needs the PATH. */
    private static String python() {
        String paths = String.valueOf(System.getenv("PATH"));
        assumeTrue(
                Stream.of(paths.split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, "python3"))),
                "there is no python3");
        String look = "import sys, venv, ensurepip; print(sys.executable if sys.version_info >= (3, 11) else '')";
        String found = run(Map.of(), List.of("python3", "-c", look));
        assumeTrue(found.startsWith("/"), "python3 is older than 3.11, or without venv");
        return found.lines().findFirst().orElseThrow();
    }

    private static String run(Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().remove("JAVA_HOME");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return said + "code " + process.exitValue();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String notebooks(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(python(), "-B", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return run(environment, command);
    }

    private Path java(String script) throws IOException {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return folder.resolve("jdk");
    }

    @Test
    void withoutJavaItSaysWhatToInstall() {
        assertThat(notebooks(Map.of("PATH", folder.toString()), "run"))
                .contains("There is no java: install a JDK 17 or later")
                .endsWith("code 1");
    }

    @Test
    void aFolderThatIsNoJdkIsNamed() {
        assertThat(notebooks(Map.of("JAVA_HOME", folder + "/nowhere"), "run"))
                .contains("nowhere/bin/java is not there: --java and JAVA_HOME name the folder of a JDK")
                .endsWith("code 1");
    }

    @Test
    void aJavaThatDoesNotStartIsQuoted() throws IOException {
        String jdk = java("echo 'a library is missing' >&2; exit 3").toString();
        assertThat(notebooks(Map.of(), "run", "--java", jdk))
                .contains("jdk/bin/java does not start")
                .contains("a library is missing")
                .endsWith("code 1");
    }

    @Test
    void anOldJavaAndARuntimeAloneAreRefused() throws IOException {
        String old = java("echo '    java.home = /old' >&2; echo '    java.specification.version = 1.8' >&2")
                .toString();
        assertThat(notebooks(Map.of(), "run", "--java", old))
                .contains("is Java 1.8: JDK 17 or later is needed")
                .endsWith("code 1");
        String runtime = java("echo '    java.home = /runtime' >&2; echo '    java.specification.version = 17' >&2")
                .toString();
        assertThat(notebooks(Map.of(), "run", "--java", runtime))
                .contains("/runtime is a runtime without the module jdk.jshell")
                .endsWith("code 1");
    }

    @Test
    void withoutMavenItSaysSo() {
        Map<String, String> environment =
                Map.of("PATH", folder.toString(), "JAVA_HOME", System.getProperty("java.home"));
        assertThat(notebooks(environment, "run"))
                .contains("There is no mvn: install Maven 3.8 or later")
                .endsWith("code 1");
    }

    @Test
    void aLockThatCannotBeWrittenIsSpokenOf() throws Exception {
        Path notebooks = Files.createDirectories(folder.resolve("clone/notebooks"));
        Path copy = notebooks.resolve("notebooks.py");
        Files.copy(SCRIPT, copy);
        Files.createDirectory(notebooks.resolve(".notebooks.lock")); // nor could root write it
        String jdk = java("if [ \"$1\" = --list-modules ]; then echo jdk.jshell; fi\n"
                        + "echo '    java.home = /jdk' >&2; echo '    java.specification.version = 17' >&2")
                .toString();
        assertThat(run(Map.of(), List.of(python(), "-B", copy.toString(), "run", "--java", jdk)))
                .contains(".notebooks.lock cannot be written", "use a clone of your own")
                .doesNotContain("Traceback")
                .endsWith("code 1");
    }

    /** A second one would clear the folder that the first one's kernels use, and build under them. */
    @Test
    void twoAtOnceDoNotShareAFolder() throws Exception {
        Path copy = Files.createDirectories(folder.resolve("clone/notebooks")).resolve("notebooks.py");
        Files.copy(SCRIPT, copy);
        String jdk = java("if [ \"$1\" = --list-modules ]; then echo jdk.jshell; fi\n"
                        + "echo '    java.home = /jdk' >&2; echo '    java.specification.version = 17' >&2")
                .toString();
        // The build of the first one lasts until the test says that it has failed.
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path mvn = bin.resolve("mvn");
        Files.writeString(mvn, "#!/bin/sh\nread line\nexit 3\n");
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = Map.of("PATH", bin + ":" + System.getenv("PATH"));
        List<String> command = List.of(python(), "-B", copy.toString(), "run", "--java", jdk);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process first = builder.start();
        try (var said = first.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).startsWith("Building");
            assertThat(run(environment, command))
                    .contains("notebooks.py run, process " + first.pid() + ", is at work in", "another clone")
                    .endsWith("code 1");
            first.getOutputStream().close();
            assertThat(first.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(run(environment, command))
                    .as("it is over, however it ended")
                    .contains("cannot be built");
        } finally {
            first.destroyForcibly();
        }
    }
}
