package io.kohakuvault.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of our own as a child process. It ends with its parent, however that ends: the child's first class is {@link
 * ParentWatch}, and a shutdown hook kills what is left.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Set<ChildJvm> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(ChildJvm::kill), "kill children"));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private ChildJvm(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a main class.
     *
     * @param name for messages and the log's file name
     * @param classPath what it runs with; this module's classes are added for the watch
     * @param jvmArgs flags of the JVM
     * @param folder where its log goes
     */
    public static ChildJvm start(
            String name, String classPath, List<String> jvmArgs, Path folder, String mainClass, String... args) {
        Path log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArgs);
        command.add(
                "-D" + ParentWatch.PARENT_PID + "=" + ProcessHandle.current().pid());
        command.add("-cp");
        command.add(classPath + File.pathSeparator + ownClasses());
        command.add(ParentWatch.class.getName());
        command.add(mainClass);
        command.addAll(List.of(args));
        try {
            Files.createDirectories(folder);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            ChildJvm child = new ChildJvm(name, process, log);
            RUNNING.add(child);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ownClasses() {
        return Path.of(java.net.URI.create(ChildJvm.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }

    /** The flags that every JVM of ours runs with, from the build. */
    public static List<String> jvmFlags() {
        return Stream.of(System.getProperty("vault.jvm.flags", "").split("\\s+", -1))
                .filter(flag -> !flag.isBlank())
                .toList();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** The CPU time that the process has taken so far; zero where the system does not tell. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGKILL; returns when the process is gone, and with it the locks that it held. */
    public void kill() {
        process.destroyForcibly();
        RUNNING.remove(this);
        try {
            if (!process.waitFor(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(this + " does not end after SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * SIGSTOP; returns when every thread stands. The signal alone returns while threads still run on other processors.
     */
    public void stop() {
        signal("STOP");
        Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        if (Files.isDirectory(tasks)) {
            Await.until(this + " stands", () -> standsStill(tasks), () -> "");
        }
    }

    private static boolean standsStill(Path tasks) throws IOException {
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                // "pid (name) state …": the name may hold spaces and parentheses.
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + signal + " " + pid() + " answered " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the child to end and answers its exit code. */
    public int await() {
        try {
            if (!process.waitFor(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " still runs after " + Await.LONGEST + ":\n" + tail());
            }
            RUNNING.remove(this);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The last lines of its log, for a message. */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    public Path log() {
        return log;
    }

    /** Asks it to stop and kills it when it does not. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
        RUNNING.remove(this);
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ")";
    }
}
