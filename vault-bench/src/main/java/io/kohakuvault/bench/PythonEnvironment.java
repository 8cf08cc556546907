package io.kohakuvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Python of its own with packages from PyPI, in a folder where it is made once. */
final class PythonEnvironment {
    static final String KOHAKUVAULT = "kohakuvault==1.1.0";
    static final String NUMPY = "numpy==2.4.6";

    private PythonEnvironment() {}

    /**
     * The interpreter; null, after saying why, where Python cannot be had.
     *
     * @param packages those that cannot be had are said and left out
     */
    static @Nullable Path in(Path folder, List<String> packages) throws InterruptedException {
        Path python = folder.resolve("bin/python");
        try {
            if (!isReady(folder)) {
                if (run(List.of("python3", "-m", "venv", folder.toString())) != 0) {
                    throw new IOException("no venv");
                }
                for (String wanted : packages) {
                    if (run(List.of(python.toString(), "-m", "pip", "install", "-q", wanted)) != 0) {
                        System.out.println(wanted + " cannot be had: its peers are left out");
                    }
                }
                Files.createFile(folder.resolve("ready"));
            }
            return python;
        } catch (IOException e) {
            System.out.println("Python cannot be had (" + e.getMessage() + "): Java alone");
            return null;
        }
    }

    static boolean isReady(Path folder) {
        return Files.exists(folder.resolve("ready"));
    }

    /** Whether a module can be imported. */
    static boolean has(Path python, String module) throws InterruptedException {
        try {
            return run(List.of(python.toString(), "-c", "import " + module)) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static int run(List<String> command) throws IOException, InterruptedException {
        List<String> words = command.stream().filter(word -> !word.isEmpty()).toList();
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }
}
