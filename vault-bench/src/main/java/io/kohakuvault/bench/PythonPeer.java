package io.kohakuvault.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One workload of KohakuVault in a process of Python, which runs a repetition when it is asked to ({@code turn.py}).
 */
final class PythonPeer implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    /** @param folder for its files, on the same disk as ours */
    PythonPeer(Path python, Path scripts, Path folder, String workload, String variant, double scale)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        python.toString(),
                        scripts.resolve("turn.py").toString(),
                        "--workload",
                        workload,
                        "--variant",
                        variant,
                        "--scale",
                        Double.toString(scale)))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TMPDIR", folder.toString());
        process = builder.start();
        answers = process.inputReader();
        questions = process.outputWriter();
        String ready = answers.readLine();
        if (!"ready".equals(ready)) {
            close();
            throw new IOException("KohakuVault's " + workload + " does not begin: " + ready);
        }
    }

    /** Runs it once. */
    double seconds() throws IOException {
        questions.write("round\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("KohakuVault's process has ended");
        }
        return Double.parseDouble(answer);
    }

    /** The end of its input ends it, and it removes its files. */
    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
