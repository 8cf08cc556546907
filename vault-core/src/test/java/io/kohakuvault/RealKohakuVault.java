package io.kohakuvault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The Python package whose files ours are. */
final class RealKohakuVault {
    private static final String PACKAGE = "kohakuvault==1.1.0";

    private RealKohakuVault() {}

    /** A Python with the package, and with more where a test wants them, in target/venv; made once. */
    static Path python(String... more) throws Exception {
        Path venv = Path.of("target", "venv").toAbsolutePath();
        Path python = venv.resolve(Path.of("bin", "python"));
        try {
            if (!Files.exists(python)) {
                run("python3", "-m", "venv", venv.toString());
            }
            List<String> install = new ArrayList<>(List.of(
                    python.toString(),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    PACKAGE,
                    "numpy"));
            install.addAll(List.of(more));
            run(install.toArray(String[]::new));
            return python;
        } catch (IOException | IllegalStateException e) {
            String reason = "Python with " + PACKAGE + " cannot be had: " + e.getMessage();
            System.out.println("interop SKIPPED: " + reason);
            if (Boolean.getBoolean("vault.interop.required")) {
                throw new IllegalStateException(reason, e);
            }
            return Assumptions.abort(reason);
        }
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
