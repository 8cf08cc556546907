package io.kohakuvault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A Python of one's own with packages from PyPI. */
final class PythonVenv {
    private PythonVenv() {}

    /** A step that needs Python or PyPI. */
    interface Step<T> {
        T run() throws IOException, InterruptedException;
    }

    /** The interpreter of target/{@code name}, which is made once, with packages installed. */
    static Path of(String name, List<String> packages) throws IOException, InterruptedException {
        Path venv = Path.of("target", name).toAbsolutePath();
        Path python = venv.resolve(Path.of("bin", "python"));
        if (!Files.exists(python)) {
            RealKohakuVault.run("python3", "-m", "venv", venv.toString());
        }
        List<String> install = new ArrayList<>(
                List.of(python.toString(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"));
        install.addAll(packages);
        RealKohakuVault.run(install.toArray(String[]::new));
        return python;
    }

    /** What a step answers; where it cannot be done the test is skipped, or fails where it must not be. */
    static <T> T orSkip(String what, Step<T> step) throws InterruptedException {
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
}
