package io.kohakuvault.bench;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildMetrics;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.testkit.Zip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Many records through the sink on a worker with a small heap: the rate of each tenth, and the memory it took; then the
 * same while others read the file.
 */
public final class SinkEndurance {
    private static final int RECORDS = Integer.getInteger("bench.records", 10_000_000);
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final String TOPIC = "bench";
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private SinkEndurance() {}

    /**
     * Runs it.
     *
     * @param args none
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(System.getProperty("bench.folder"));
        SinkBenchmark.empty(folder);
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        try (KafkaBroker broker = KafkaBroker.start(folder);
                ConnectWorker worker = ConnectWorker.start("worker", broker, plugins, folder)) {
            broker.createTopic(TOPIC, 1);
            try (KafkaProducer<String, String> producer = broker.producer()) {
                for (int i = 0; i < RECORDS; i++) {
                    Future<?> unused =
                            producer.send(new ProducerRecord<>(TOPIC, "key" + i % 50_000, SinkBenchmark.reading(i)));
                }
            }
            Path first = folder.resolve("alone.db");
            double alone = run(worker, first, null);
            Path second = folder.resolve("beside.db");
            double beside = run(worker, second, second);
            double elsewhere = run(worker, folder.resolve("elsewhere.db"), first);
            System.out.printf(
                    "beside readers of its file %.2f of the rate alone, beside readers of another file %.2f%n",
                    beside / alone, elsewhere / alone);
        }
        System.exit(0);
    }

    /**
     * @param read the file that is read meanwhile: the one that is written, or a whole one, which tells what of the
     *     difference the readers' work alone makes
     */
    private static double run(ConnectWorker worker, Path database, @Nullable Path read) throws Exception {
        String name = String.valueOf(database.getFileName());
        List<Double> rates = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        double rate;
        try (Vault vault = Vault.open(database)) {
            FutureTask<Boolean> readers = null;
            if (read != null) {
                readers = new FutureTask<>(() -> {
                    read(read, done);
                    return true;
                });
                new Thread(readers).start();
            }
            worker.configure(name, settings(database));
            long before = rows(vault);
            Await.until("the first records", LONGEST, () -> rows(vault) > 0, worker.process()::tail);
            long first = rows(vault);
            long begun = System.nanoTime();
            long last = begun;
            for (int tenth = 1; tenth <= 10; tenth++) {
                long wanted = (long) RECORDS * tenth / 10;
                Await.until(wanted + " records", LONGEST, () -> rows(vault) >= wanted, worker.process()::tail);
                long now = System.nanoTime();
                long rows = rows(vault);
                rates.add((rows - Math.max(first, before)) / ((now - last) / 1e9));
                before = rows;
                last = now;
            }
            rate = (RECORDS - first) / ((last - begun) / 1e9);
            done.countDown();
            if (readers != null) {
                boolean unused = readers.get(); // or why they could not read
            }
        }
        System.out.printf(
                "%s: %,d records, %,.0f/s, slowest tenth %,.0f/s, fastest %,.0f/s; worker's resident memory at most %s, garbage collections %s ms%n",
                name,
                RECORDS,
                rate,
                rates.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                rates.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                resident(worker.process().pid()),
                ChildMetrics.read(worker.process().pid(), "java.lang:type=GarbageCollector,*", "CollectionTime"));
        worker.delete(name);
        return rate;
    }

    private static Map<String, String> settings(Path database) {
        Map<String, String> settings = new HashMap<>(SinkBenchmark.vaultSettings(database));
        settings.put("kv.table", "latest");
        settings.put("text.table", "names");
        settings.put("text.fields", "name");
        return settings;
    }

    private static long rows(Vault vault) {
        return vault.tables().find("events").map(t -> t.length()).orElse(0L);
    }

    /** The last ten rows, and an aggregate by DuckDB over Arrow, again and again with a pause between. */
    private static void read(Path database, CountDownLatch done) throws InterruptedException {
        int times = 0;
        do {
            try (Vault vault = Vault.openReadOnly(database);
                    BufferAllocator allocator = VaultArrow.allocator();
                    Snapshot snapshot = vault.snapshot()) {
                if (snapshot.tables().find("events").isPresent()) {
                    TableReader table = snapshot.tables().get("events");
                    table.rows(Math.max(0, table.length() - 10), table.length());
                    try (DuckDBConnection duck =
                            DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class)) {
                        DuckDbArrow.register(
                                duck,
                                "events",
                                VaultArrow.scan(snapshot, "events")
                                        .columns("level", "value")
                                        .copied()
                                        .open(allocator),
                                allocator);
                        try (Statement sql = duck.createStatement();
                                ResultSet rows = sql.executeQuery(
                                        "SELECT level, count(*), avg(value) FROM events GROUP BY level")) {
                            while (rows.next()) {
                                times++;
                            }
                        }
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            // With nothing open: a snapshot that is kept meanwhile would be another question.
        } while (!done.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS));
        System.out.println("readers answered " + times + " groups");
    }

    private static String resident(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("?")
                        .replaceAll("\\s+", " ")
                : "?";
    }
}
