package io.kohakuvault.bench;

import io.kohakuvault.Vault;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.testkit.NoopSinkConnector;
import io.kohakuvault.testkit.Zip;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records a second through the sink, one task, against a sink that does nothing behind the same converter. */
public final class SinkBenchmark {
    private static final int RECORDS = Integer.getInteger("bench.records", 2_000_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final String TOPIC = "bench";
    private static final String TWO = "two";
    private static final String FULL = "full";
    private static final int FULL_RECORDS = Math.max(1, RECORDS / 50);

    private final KafkaBroker broker;
    private final ConnectWorker worker;
    private final Path folder;

    private SinkBenchmark(KafkaBroker broker, ConnectWorker worker, Path folder) {
        this.broker = broker;
        this.worker = worker;
        this.folder = folder;
    }

    /**
     * One run.
     *
     * @param rate records a second, from the first ones that were seen to the last
     * @param cores how many cores broker, worker and this process took meanwhile, all together
     */
    private record Run(double rate, double cores) {
        /** What all cores of this machine would make of it, were a record to take what it took here. */
        double gain() {
            return Runtime.getRuntime().availableProcessors() / cores;
        }
    }

    /**
     * Runs it.
     *
     * @param args none
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(System.getProperty("bench.folder"));
        empty(folder);
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        Path noop = plugins.resolve("noop");
        Files.createDirectories(noop);
        Path testkit = Path.of(NoopSinkConnector.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Files.copy(testkit, noop.resolve("noop.jar"), StandardCopyOption.REPLACE_EXISTING);
        try (KafkaBroker broker = KafkaBroker.start(folder);
                ConnectWorker worker = ConnectWorker.start("worker", broker, plugins, folder)) {
            broker.createTopic(TOPIC, 1);
            broker.createTopic(TWO, 2);
            broker.createTopic(FULL, 1);
            produce(broker, TOPIC, RECORDS, SinkBenchmark::reading);
            produce(broker, TWO, RECORDS, SinkBenchmark::reading);
            produce(broker, FULL, FULL_RECORDS, SinkBenchmark::article);
            SinkBenchmark benchmark = new SinkBenchmark(broker, worker, folder);
            for (int round = 0; round < ROUNDS; round++) {
                benchmark.round(round);
            }
        }
        System.exit(0);
    }

    private void round(int round) {
        Run nothing = noop("noop" + round, TOPIC, 1);
        Run table = vault("table" + round, Map.of());
        Run kv = vault("kv" + round, Map.of("kv.table", "latest"));
        Run text = vault("text" + round, Map.of("kv.table", "latest", "text.table", "names", "text.fields", "name"));
        System.out.printf(
                "%,d records of 113 bytes, JsonConverter: does nothing %,.0f/s, table %,.0f/s (%.2f), table + key-values %,.0f/s (%.2f), + text %,.0f/s (%.2f)%n",
                RECORDS,
                nothing.rate,
                table.rate,
                table.rate / nothing.rate,
                kv.rate,
                kv.rate / nothing.rate,
                text.rate,
                text.rate / nothing.rate);
        Run nothingTwice = noop("noop-two" + round, TWO, 2);
        Run two = two(round);
        System.out.printf(
                "two partitions and tasks: does nothing %,.0f/s (%.2f of one, which took %.2f cores, that is %.2f by CPU), table, in two files, %,.0f/s (%.2f of one, which took %.2f cores, that is %.2f by CPU)%n",
                nothingTwice.rate,
                nothingTwice.rate / nothing.rate,
                nothing.cores,
                nothing.gain(),
                two.rate,
                two.rate / table.rate,
                table.cores,
                table.gain());
        System.out.printf(
                "%,d records with 60 words and 384 floats into all four kinds %,.0f/s%n",
                FULL_RECORDS, full(round).rate);
    }

    /** What an earlier run has left is of no use. */
    static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void produce(KafkaBroker broker, String topic, int records, IntFunction<String> value) {
        try (KafkaProducer<String, String> producer = broker.producer()) {
            for (int i = 0; i < records; i++) {
                Future<?> unused = producer.send(new ProducerRecord<>(topic, "key" + i % 50_000, value.apply(i)));
            }
        }
    }

    static String reading(int i) {
        return "{\"id\":" + i + ",\"ts\":" + (1_700_000_000_000L + i) + ",\"name\":\"sensor " + i % 1000
                + "\",\"value\":" + i / 7.0 + ",\"ok\":" + (i % 2 == 0) + ",\"level\":" + i % 5 + ",\"note\":null}";
    }

    /** Sixty words of some thousands, and a vector. */
    private static String article(int i) {
        Random random = new Random(i);
        StringBuilder json = new StringBuilder("{\"id\":").append(i).append(",\"text\":\"");
        for (int w = 0; w < 60; w++) {
            json.append(w == 0 ? "" : " ").append("word").append((int) (5_000 * Math.pow(random.nextDouble(), 3)));
        }
        json.append("\",\"vec\":[");
        for (int d = 0; d < 384; d++) {
            json.append(d == 0 ? "" : ",").append(Math.round(random.nextGaussian() * 1e4) / 1e4);
        }
        return json.append("]}").toString();
    }

    private static Map<String, String> common() {
        Map<String, String> settings = new HashMap<>();
        settings.put("topics", TOPIC);
        settings.put("tasks.max", "1");
        settings.put("consumer.override.auto.offset.reset", "earliest");
        String poll = System.getProperty("bench.poll"); // else Kafka's default, 500
        if (poll != null) {
            settings.put("consumer.override.max.poll.records", poll);
        }
        return settings;
    }

    private Run noop(String name, String topic, int tasks) {
        Path counter = folder.resolve(name + ".count");
        Map<String, String> settings = common();
        settings.put("topics", topic);
        settings.put("tasks.max", Integer.toString(tasks));
        settings.put("connector.class", NoopSinkConnector.class.getName());
        settings.put(NoopSinkConnector.COUNTER, counter.toString());
        return run(name, settings, RECORDS, () -> count(counter));
    }

    private static long count(Path counter) throws IOException {
        if (!Files.exists(counter)) {
            return 0;
        }
        try (FileChannel file = FileChannel.open(counter)) {
            ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {}
            long count = 0;
            for (bytes.flip(); bytes.remaining() >= Long.BYTES; ) {
                count += bytes.getLong();
            }
            return count;
        }
    }

    private Run vault(String name, Map<String, String> more) {
        Path database = folder.resolve(name + ".db");
        Map<String, String> settings = vaultSettings(database);
        settings.putAll(more);
        try (Vault vault = Vault.open(database)) {
            return run(name, settings, RECORDS, () -> rows(vault));
        }
    }

    static Map<String, String> vaultSettings(Path database) {
        Map<String, String> settings = common();
        settings.put("connector.class", "io.kohakuvault.connect.VaultSinkConnector");
        settings.put("database.path", database.toString());
        settings.put("table.name", "events");
        settings.put(
                "table.columns",
                "id i64, ts timestamp:ms null, name str, value f64, ok bool, level i32, note str null");
        return settings;
    }

    private static long rows(Vault vault) {
        return vault.tables().find("events").map(t -> t.length()).orElse(0L);
    }

    private Run two(int round) {
        Map<String, String> settings = vaultSettings(folder.resolve("two" + round + "-${partition}.db"));
        settings.put("topics", TWO);
        settings.put("tasks.max", "2");
        try (Vault zero = Vault.open(folder.resolve("two" + round + "-0.db"));
                Vault one = Vault.open(folder.resolve("two" + round + "-1.db"))) {
            return run("two" + round, settings, RECORDS, () -> rows(zero) + rows(one));
        }
    }

    private Run full(int round) {
        Path database = folder.resolve("full" + round + ".db");
        Map<String, String> settings = vaultSettings(database);
        settings.put("topics", FULL);
        settings.put("table.columns", "id i64, text str");
        settings.put("kv.table", "latest");
        settings.put("kv.value", "text");
        settings.put("text.table", "articles");
        settings.put("text.fields", "text");
        settings.put("vector.table", "vecs");
        settings.put("vector.field", "vec");
        settings.put("vector.dimensions", "384");
        try (Vault vault = Vault.open(database)) {
            return run("full" + round, settings, FULL_RECORDS, () -> rows(vault));
        }
    }

    /** From the first records seen to the last. */
    private Run run(String name, Map<String, String> settings, int all, Callable<Long> records) {
        long[] first = new long[3];
        worker.configure(name, settings);
        Await.until(
                "all records through " + name,
                Duration.ofMinutes(5),
                () -> {
                    long n = records.call();
                    if (n > 0 && first[1] == 0) {
                        first[0] = n;
                        first[1] = System.nanoTime();
                        first[2] = cpuNanos();
                    }
                    return n >= all;
                },
                () -> worker.status(name) + worker.process().tail());
        double nanos = System.nanoTime() - first[1];
        Run run = new Run((all - first[0]) / (nanos / 1e9), (cpuNanos() - first[2]) / nanos);
        worker.delete(name);
        return run;
    }

    private long cpuNanos() {
        Duration ours = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return broker.process().cpu().plus(worker.process().cpu()).plus(ours).toNanos();
    }
}
