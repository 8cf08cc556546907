package io.kohakuvault.connect.chaos;

import io.kohakuvault.connect.VaultSinkConnector;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** All that takes part: a broker, two workers, the topics with their connectors, and the load. */
final class Arena implements AutoCloseable {
    static final String DEAD_LETTERS = "main-dead";
    private static final long LOOK_NANOS = 200_000_000;
    private static final int LOOKS_A_STATUS = 10;

    /** How long the sink may take for what it is behind: some hundred thousands of records on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final KafkaBroker broker;
    private final Workers workers;
    private final SmallDisk disk;
    private final Random random;
    private final Load load;

    /** Four partitions to begin with, a file for each; transactions, poison, tasks. */
    private final ChaosTopic main;

    /** Deleted and made anew; restarts. */
    private final ChaosTopic anew;

    /** Whether that is told by the topic's id, or by its last record. */
    private final boolean asksForIds;

    private final ChaosTopic compacted;

    /** Its file is on the disk that gets full; without one it is as any other. */
    private final ChaosTopic small;

    private final Map<String, Integer> tasks = new HashMap<>();

    private final List<DeadLetters.Rough> rough = new ArrayList<>();

    /**
     * @param release of the workers at first
     */
    Arena(Path folder, Path plugins, String release, long seed) throws IOException {
        this.random = new Random(seed);
        this.asksForIds = Math.floorMod(seed, 4) < 2; // the parity decides the release
        this.disk = SmallDisk.mount(Files.createDirectories(folder.resolve("small")));
        // Cleans at once what may be compacted; one partition of the transactions' log is enough for two producers.
        this.broker = KafkaBroker.start(
                folder.resolve("broker"),
                Map.of("log.cleaner.backoff.ms", "500", "transaction.state.log.num.partitions", "1"));
        this.workers = new Workers(broker, plugins, folder.resolve("workers"), release);
        Path files = Files.createDirectories(folder.resolve("files"));
        this.main = new ChaosTopic(
                broker, "main", files.resolve("main-${partition}.db").toString(), 4, false);
        this.anew = new ChaosTopic(broker, "anew", files.resolve("anew.db").toString(), 1, false);
        this.compacted = new ChaosTopic(
                broker, "compacted", files.resolve("compacted.db").toString(), 1, true);
        this.small = new ChaosTopic(
                broker, "small", disk.folder().resolve("small.db").toString(), 1, false);
        broker.createTopic(DEAD_LETTERS, 1);
        this.load = new Load(broker, main, List.of(anew, compacted, small), seed);
    }

    /** Starts the workers, the connectors and the load. */
    void start() {
        workers.start();
        workers.start();
        topics().forEach(topic -> configure(topic, 1));
        load.start();
        awaitProgress();
    }

    /** Gives a topic's connector so many tasks, making it when it is not there, and waits until they run. */
    void configure(ChaosTopic topic, int count) {
        workers.any().configure(topic.name(), settings(topic, count));
        tasks.put(topic.name(), count);
        awaitRunning(topic);
    }

    void awaitRunning(ChaosTopic topic) {
        workers.any().awaitRunning(topic.name(), tasks.get(topic.name()));
    }

    private Map<String, String> settings(ChaosTopic topic, int count) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", VaultSinkConnector.class.getName());
        settings.put("tasks.max", Integer.toString(count));
        settings.put("topics", topic.name());
        settings.put("database.path", topic.path());
        if (topic != anew || asksForIds) {
            settings.put("kafka.bootstrap.servers", broker.address());
        }
        settings.put("check.pause.ms", "50");
        settings.put("retry.backoff.max.ms", "2000");
        settings.put("table.name", FileVerifier.TABLE);
        settings.put("table.columns", "n i64, word str, vec vec:f32:3");
        settings.put("kv.table", FileVerifier.KV);
        settings.put("text.table", FileVerifier.TEXT);
        settings.put("text.fields", "word");
        settings.put("vector.table", FileVerifier.VECTORS);
        settings.put("vector.field", "vec");
        settings.put("vector.dimensions", "3");
        settings.put("vector.metric", "l2"); // stored as they are
        settings.put("consumer.override.auto.offset.reset", "earliest");
        settings.put("consumer.override.isolation.level", "read_committed");
        settings.put("consumer.override.session.timeout.ms", "6000");
        settings.put("consumer.override.heartbeat.interval.ms", "1500");
        // Topics and partitions that are new are seen soon.
        settings.put("consumer.override.metadata.max.age.ms", "2000");
        if (topic == anew) {
            settings.put("behavior.on.topic.change", "restart");
        }
        if (topic == main) {
            settings.put("errors.tolerance", "all");
            settings.put("errors.deadletterqueue.topic.name", DEAD_LETTERS);
            settings.put("errors.deadletterqueue.topic.replication.factor", "1");
            settings.put("errors.deadletterqueue.context.headers.enable", "true");
        }
        return settings;
    }

    /** Waits until every file has what its topic has now: a record sent to each partition must come through. */
    void awaitProgress() {
        awaitWritten(topics());
    }

    void awaitWritten(List<ChaosTopic> topics) {
        Map<ChaosTopic, Map<Integer, ChaosTopic.Probe>> waited = new HashMap<>();
        topics.forEach(topic -> waited.put(topic, topic.sendToEach(Sample.Kind.GOOD)));
        List<String> failed = new ArrayList<>();
        int[] looks = {0};
        Await.until(
                "the files hold what the topics hold",
                PATIENCE,
                () -> {
                    for (var wait : waited.entrySet()) {
                        wait.getValue().entrySet().removeIf(e -> wait.getKey().holds(e.getKey(), e.getValue()));
                    }
                    waited.values().removeIf(Map::isEmpty);
                    if (waited.isEmpty()) {
                        return true;
                    }
                    if (++looks[0] % LOOKS_A_STATUS == 0) {
                        for (ChaosTopic topic : waited.keySet()) {
                            if (workers.any().states(topic.name()).contains("FAILED")) {
                                failed.add(workers.any().status(topic.name()));
                            }
                        }
                    }
                    LockSupport.parkNanos(LOOK_NANOS);
                    return !failed.isEmpty();
                },
                () -> waited.values() + "\n" + workers.tails());
        if (!failed.isEmpty()) {
            throw new IllegalStateException("the sink has stopped: " + failed + "\n" + workers.tails());
        }
    }

    /** Waits until the load has sent what it was told to. */
    void awaitLoad() {
        Await.until("the load is done", PATIENCE, load::isDone, workers::tails);
    }

    List<ChaosTopic> topics() {
        return List.of(main, anew, compacted, small);
    }

    KafkaBroker broker() {
        return broker;
    }

    Workers workers() {
        return workers;
    }

    SmallDisk disk() {
        return disk;
    }

    Random random() {
        return random;
    }

    Load load() {
        return load;
    }

    ChaosTopic main() {
        return main;
    }

    ChaosTopic anew() {
        return anew;
    }

    boolean asksForIds() {
        return asksForIds;
    }

    ChaosTopic compacted() {
        return compacted;
    }

    ChaosTopic small() {
        return small;
    }

    /** How far the files of the main topic have come. */
    Map<Integer, Long> written() {
        Map<Integer, Long> written = new HashMap<>();
        for (int p = 0; p < main.partitions(); p++) {
            written.put(p, main.written(p));
        }
        return written;
    }

    /** What came into the files since was delivered while something rough happened. */
    void addRough(Map<Integer, Long> since) {
        written().forEach((p, to) -> rough.add(new DeadLetters.Rough(p, since.getOrDefault(p, 0L), to)));
    }

    List<DeadLetters.Rough> rough() {
        return rough;
    }

    @Override
    public void close() {
        load.stop();
        topics().forEach(ChaosTopic::close);
        workers.close();
        broker.close();
        disk.close();
    }
}
