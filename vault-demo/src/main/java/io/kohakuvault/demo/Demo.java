package io.kohakuvault.demo;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.testkit.Zip;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Streams the API documentation of ten Java libraries through a real broker and a real Connect worker into one vault
 * file, kills the worker half way, proves that nothing was lost or doubled, and reads the file by SQL, words and
 * vectors.
 */
public final class Demo {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Console console = new Console(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    private final Path folder = Path.of(System.getProperty("demo.folder"));
    private final Path database = folder.resolve("api-docs.db");
    private @Nullable ConnectWorker worker;

    private Demo() {}

    /**
     * Runs the demo; a failure ends the JVM with 1.
     *
     * @param args none
     */
    public static void main(String[] args) {
        try {
            new Demo().run();
            System.exit(0);
        } catch (Exception | Error e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void run() throws Exception {
        clean();
        console.stage("Reading the documentation of Java libraries from their sources");
        List<ApiDoc> docs = DocExtractor.extract(Path.of(System.getProperty("demo.sources")));
        console.done(
                "%,d doc comments, %,d words, %d libraries",
                docs.size(),
                docs.stream().mapToLong(ApiDoc::words).sum(),
                docs.stream().map(ApiDoc::library).distinct().count());

        console.stage("Starting a Kafka broker, and a Connect worker with the plugin's zip under plugin.path");
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        Path processes = folder.resolve("processes");
        try (KafkaBroker broker = KafkaBroker.start(processes)) {
            broker.createTopic(Topic.NAME, Topic.PARTITIONS);
            ConnectWorker first = ConnectWorker.start("worker-1", broker, plugins, processes);
            worker = first;
            try {
                first.configure(Job.CONNECTOR, Job.configuration(database));
                console.done("broker %s, %s, connector %s", broker.address(), first.process(), Job.CONNECTOR);
                stream(broker, first, plugins, processes, docs);
            } finally {
                ConnectWorker last = worker;
                if (last != null) {
                    last.close();
                }
            }
            verify(broker);
        }
        try (Vault vault = Vault.open(database)) {
            new Showcase(vault, console).show();
        }
    }

    private void clean() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                old.sorted(Comparator.reverseOrder()).forEach(p -> {
                    try {
                        Files.delete(p);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
        Files.createDirectories(folder);
    }

    private void stream(KafkaBroker broker, ConnectWorker first, Path plugins, Path processes, List<ApiDoc> docs) {
        console.stage("Streaming them as JSON records; half way the worker is killed with SIGKILL");
        long start = System.nanoTime();
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> Topic.produce(broker, docs));
        boolean killed = false;
        long rows = 0;
        while (rows < docs.size()) {
            rows = rows();
            console.progress(rows, docs.size(), "records in the file");
            if (producer.isCompletedExceptionally()) {
                producer.join();
            }
            if (!killed && rows >= docs.size() / 2) {
                killed = true;
                console.breakProgress();
                first.process().kill();
                console.line("killed %s at %,d records; starting another", first.process(), rows);
                worker = ConnectWorker.start("worker-2", broker, plugins, processes);
                console.line("%s runs, and takes over when the session of the dead one has expired", worker.process());
            }
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                ConnectWorker last = worker;
                throw new IllegalStateException(rows + " of " + docs.size() + " records after " + LONGEST
                        + (last == null
                                ? ""
                                : "\n" + last.status(Job.CONNECTOR) + "\n"
                                        + last.process().tail()));
            }
            LockSupport.parkNanos(100_000_000);
        }
        producer.join();
        console.done("all records are in the file");
    }

    private long rows() {
        if (!Files.exists(database)) {
            return 0;
        }
        try (Vault vault = Vault.openReadOnly(database)) {
            return vault.tables().list().contains(Job.TABLE)
                    ? vault.tables().get(Job.TABLE).length()
                    : 0;
        }
    }

    private void verify(KafkaBroker broker) {
        console.stage("Comparing the file with the topic, offset by offset");
        Verification topic = Verification.of(broker);
        try (Vault vault = Vault.open(database);
                Snapshot snapshot = vault.snapshot()) {
            topic.compare(snapshot);
        }
        console.done(
                "exactly once: %,d rows, documents and vectors, %,d keys with their last value, none missing, none doubled",
                topic.records(), topic.keys());
    }
}
