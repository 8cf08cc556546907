package io.kohakuvault;

import io.kohakuvault.testkit.PythonVenv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Python package whose files ours are. */
final class RealKohakuVault {
    private static final String PACKAGE = "kohakuvault==1.1.0";

    private RealKohakuVault() {}

    /** A Python with the package, and with more where a test wants them, in target/venv; made once. */
    static Path python(String... more) throws Exception {
        List<String> packages = new ArrayList<>(List.of(PACKAGE, "numpy"));
        packages.addAll(List.of(more));
        return PythonVenv.orSkip("Python with " + PACKAGE, () -> PythonVenv.of("venv", packages));
    }

    static String run(String... command) throws IOException, InterruptedException {
        return PythonVenv.run(command);
    }
}
