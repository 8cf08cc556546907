package io.kohakuvault.testkit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A Python of one's own with packages from PyPI. Not thread-safe; other processes wait for one that installs. */
public final class PythonVenv {
    private PythonVenv() {}

    /**
     * A step that needs Python or PyPI.
     *
     * @param <T> what it answers
     */
    public interface Step<T> {
        /**
         * Does it.
         *
         * @return its answer
         * @throws IOException when it cannot be done
         * @throws InterruptedException when the thread is interrupted
         */
        T run() throws IOException, InterruptedException;
    }

    /**
     * A virtual environment, which is made once, with packages installed.
     *
     * @param name its folder in target
     * @param packages requirements as pip takes them, with their versions
     * @return its interpreter; scripts of the packages are beside it
     * @throws IOException when there is no python3
     * @throws IllegalStateException when pip or venv fails; the message has what they say
     * @throws InterruptedException when the thread is interrupted
     */
    public static Path of(String name, List<String> packages) throws IOException, InterruptedException {
        Path venv = Path.of("target", name).toAbsolutePath();
        Path python = venv.resolve(Path.of("bin", "python"));
        Files.createDirectories(venv.getParent());
        try (FileChannel alone = FileChannel.open(
                venv.resolveSibling(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            alone.lock(); // until it is closed
            if (!Files.exists(python)) {
                run("python3", "-m", "venv", venv.toString());
            }
            List<String> install = new ArrayList<>(
                    List.of(python.toString(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"));
            install.addAll(packages);
            run(install.toArray(String[]::new));
        }
        return python;
    }

    /**
     * What a step answers; where it cannot be done the test is skipped, or fails where {@code vault.interop.required}
     * is set. The reason is printed.
     *
     * @param <T> what it answers
     * @param what names what the step gets
     * @param step the step
     * @return its answer
     * @throws IllegalStateException when it cannot be done and must be
     * @throws InterruptedException when the thread is interrupted
     */
    public static <T> T orSkip(String what, Step<T> step) throws InterruptedException {
        try {
            return step.run();
        } catch (IOException | IllegalStateException e) {
            String reason = what + " cannot be had: " + e.getMessage();
            System.out.println("interop SKIPPED: " + reason);
            if (Boolean.getBoolean("vault.interop.required")) {
                throw new IllegalStateException(reason, e);
            }
            return Assumptions.abort(reason);
        }
    }

    /**
     * Runs a program to its end.
     *
     * @param command the program and its arguments
     * @return what it says, errors included
     * @throws IOException when it cannot be started
     * @throws IllegalStateException when it ends with another status than 0; the message has what it says
     * @throws InterruptedException when the thread is interrupted
     */
    public static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
