package io.kohakuvault.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs Python beside a Java notebook, for files that both read. Thread-safe.
 */
public final class Python {
    private static final int SHOWN = 4_000;

    private Python() {}

    /**
     * Runs a script to its end and gives what it prints. The interpreter is the one that the environment variable
     * {@code VAULT_PYTHON} names, which the notebooks' kernels set, or {@code python3}. An interrupt ends the script.
     *
     * @param script source of Python 3
     * @param arguments what the script finds in {@code sys.argv[1:]}
     * @return its standard output as UTF-8
     * @throws IllegalStateException when it cannot be started or ends with an error; has what it said
     */
    public static String run(String script, String... arguments) {
        String named = System.getenv("VAULT_PYTHON");
        return run(named == null || named.isBlank() ? "python3" : named, script, List.of(arguments));
    }

    static String run(String interpreter, String script, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(interpreter, "-"));
        command.addAll(arguments);
        Process process = null;
        Path said = null;
        try {
            Path output = Files.createTempFile("vault-python", ".out");
            said = Files.createTempFile("vault-python", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(said.toFile());
                builder.environment().put("PYTHONIOENCODING", "utf-8");
                process = start(builder, interpreter);
                try (var in = process.getOutputStream()) {
                    in.write(script.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // It has ended without reading all of it, and says why.
                }
                int code = process.waitFor();
                if (code != 0) {
                    String message = new String(Files.readAllBytes(said), StandardCharsets.UTF_8).strip();
                    throw new IllegalStateException("Python ended with code " + code + ":\n"
                            + message.substring(Math.max(0, message.length() - SHOWN)));
                }
                return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Python ran", e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            delete(said);
        }
    }

    private static Process start(ProcessBuilder builder, String interpreter) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Python cannot be started as \"" + interpreter
                            + "\": set VAULT_PYTHON to an interpreter, or start the notebooks by notebooks/notebooks.py",
                    e);
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                file.toFile().deleteOnExit();
            }
        }
    }
}
