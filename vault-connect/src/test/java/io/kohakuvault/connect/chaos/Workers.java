package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two workers of one group, as processes. */
final class Workers implements AutoCloseable {
    static final String OLD = "3.9.1";
    static final String NEW = "4.3.1";

    private final KafkaBroker broker;
    private final Path plugins;
    private final Path folder;
    private final List<ConnectWorker> running = new ArrayList<>();
    private String version;
    private int started;

    /** One that does not answer now. */
    private @Nullable ConnectWorker stopped;

    Workers(KafkaBroker broker, Path plugins, Path folder, String version) {
        this.broker = broker;
        this.plugins = plugins;
        this.folder = folder;
        this.version = version;
    }

    void start() {
        running.add(ConnectWorker.start(version, "worker-" + ++started, broker, plugins, folder));
    }

    String version() {
        return version;
    }

    /** The release of those that are started from now on. */
    void version(String other) {
        version = other;
    }

    List<ConnectWorker> all() {
        return List.copyOf(running);
    }

    /** One that answers. */
    ConnectWorker any() {
        return running.stream().filter(w -> w != stopped).findFirst().orElseThrow();
    }

    /** The one that runs the first task of a connector. */
    ConnectWorker owner(String connector) {
        AtomicReference<ConnectWorker> found = new AtomicReference<>();
        Await.until(
                "somebody runs " + connector,
                () -> {
                    String id = any().owner(connector).orElse("");
                    running.stream().filter(w -> w.id().equals(id)).findFirst().ifPresent(found::set);
                    return found.get() != null;
                },
                () -> any().status(connector));
        return found.get();
    }

    ConnectWorker otherThan(ConnectWorker worker) {
        return running.stream().filter(w -> w != worker).findFirst().orElseThrow();
    }

    void kill(ConnectWorker worker) {
        running.remove(worker);
        worker.process().kill();
    }

    /** Asks a worker to end. */
    void end(ConnectWorker worker) {
        running.remove(worker);
        worker.close();
    }

    /** SIGSTOP. */
    void stop(ConnectWorker worker) {
        stopped = worker;
        worker.process().stop();
    }

    /** SIGCONT. */
    void wake(ConnectWorker worker) {
        worker.process().resume();
        stopped = null;
    }

    /** How far the logs have come, to read what is logged from now on. */
    Map<Path, Long> heard() {
        Map<Path, Long> heard = new HashMap<>();
        for (ConnectWorker worker : running) {
            heard.put(worker.process().log(), worker.process().log().toFile().length());
        }
        return heard;
    }

    /** Whether one of the workers has logged one of the texts since. */
    boolean hasLogged(Map<Path, Long> heard, String... texts) {
        for (ConnectWorker worker : running) {
            Path log = worker.process().log();
            try (var file = Files.newByteChannel(log)) {
                file.position(heard.getOrDefault(log, 0L));
                String since = new String(
                        java.nio.channels.Channels.newInputStream(file).readAllBytes(), StandardCharsets.UTF_8);
                if (Stream.of(texts).anyMatch(since::contains)) {
                    return true;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return false;
    }

    String tails() {
        StringBuilder tails = new StringBuilder();
        running.forEach(
                w -> tails.append(w).append(":\n").append(w.process().tail()).append('\n'));
        return tails.toString();
    }

    /** Kills them: there is nothing to be said any more. */
    @Override
    public void close() {
        running.forEach(w -> w.process().kill());
        running.clear();
    }
}
