package io.kohakuvault.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command as a process of its own, for what depends on there being one: the locale, pipes, signals, the heap. */
final class CommandProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> out;
    private final CompletableFuture<byte[]> err;

    private CommandProcess(Process process, boolean readsOutput) {
        this.process = process;
        this.out =
                readsOutput ? all(process.getInputStream(), printed) : CompletableFuture.completedFuture(new byte[0]);
        this.err = all(process.getErrorStream(), told);
    }

    private static CompletableFuture<byte[]> all(InputStream stream, ByteArrayOutputStream printed) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        stream.transferTo(printed);
                        return printed.toByteArray();
                    } catch (IOException e) {
                        return new byte[0];
                    }
                },
                // Reading waits: the common pool has one thread on a small machine (JDK 25 uses it there too).
                work -> {
                    Thread reader = new Thread(work, "output of a command");
                    reader.setDaemon(true);
                    reader.start();
                });
    }

    /** What it did. */
    record Result(int exit, String out, String err) {}

    /** How it is started. */
    record Setup(Path folder, Map<String, String> environment, List<String> options, boolean readsOutput) {
        Setup(Path folder) {
            this(folder, Map.of("LC_ALL", "C.UTF-8"), List.of(), true);
        }

        Setup withLocale(String locale) {
            return new Setup(folder, Map.of("LC_ALL", locale), options, readsOutput);
        }

        Setup withOptions(String... more) {
            return new Setup(folder, environment, List.of(more), readsOutput);
        }

        /** The test reads what is printed. */
        Setup withOpenOutput() {
            return new Setup(folder, environment, options, false);
        }

        CommandProcess start(Object... args) throws IOException {
            List<String> line = new ArrayList<>(java(options));
            for (Object arg : args) {
                line.add(String.valueOf(arg));
            }
            return start(line);
        }

        /** A line of the shell in which "$@" is the command. */
        CommandProcess shell(String script) throws IOException {
            List<String> line = new ArrayList<>(List.of("bash", "-c", script, "bash"));
            line.addAll(java(options));
            return start(line);
        }

        private CommandProcess start(List<String> line) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("LC_") || key.equals("LANG"));
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            builder.environment().putAll(environment);
            return new CommandProcess(builder.start(), readsOutput);
        }

        Result run(Object... args) throws IOException, InterruptedException {
            try (CommandProcess process = start(args)) {
                process.input().close();
                return process.result();
            }
        }
    }

    private static List<String> java(List<String> options) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED"));
        line.addAll(options);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), VaultCommand.class.getName()));
        return line;
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    InputStream output() {
        return process.getInputStream();
    }

    /** A key on the terminal that the process has. */
    void type(int key) throws IOException {
        input().write(key);
        input().flush();
    }

    /** Whether the JVM has a thread of this name, which Linux cuts to 15 letters. */
    boolean hasThread(String name) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            return threads.anyMatch(thread -> {
                try {
                    return name.startsWith(
                            Files.readString(thread.resolve("comm")).strip());
                } catch (IOException e) {
                    return false; // it has ended
                }
            });
        } catch (IOException e) {
            return false;
        }
    }

    /** What it has printed so far, where the test does not read it. */
    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** What it has said on standard error so far. */
    String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    Result result() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the command does not end");
        }
        return new Result(
                process.exitValue(),
                new String(out.join(), StandardCharsets.UTF_8),
                new String(err.join(), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
