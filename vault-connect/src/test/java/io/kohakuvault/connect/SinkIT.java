package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.table.Row;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.testkit.WriteLock;
import io.kohakuvault.testkit.Zip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as its users run it: unpacked from its zip, on a real broker and real workers, stopped and killed. */
class SinkIT {
    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static Path plugins;

    @BeforeAll
    static void start() {
        plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        broker = KafkaBroker.start(folder.resolve("broker"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static Map<String, String> connector(String name, String topic, Path database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", VaultSinkConnector.class.getName());
        settings.put("tasks.max", "1");
        settings.put("topics", topic);
        settings.put("database.path", database.toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64, word str null, vec vec:f32:3");
        settings.put("kv.table", "latest");
        settings.put("text.table", "words");
        settings.put("text.fields", "word");
        settings.put("vector.table", "vecs");
        settings.put("vector.field", "vec");
        settings.put("vector.dimensions", "3");
        settings.put("consumer.override.auto.offset.reset", "earliest");
        settings.put("consumer.override.session.timeout.ms", "6000");
        settings.put("consumer.override.heartbeat.interval.ms", "1500");
        settings.put("consumer.override.max.poll.records", "200");
        return settings;
    }

    private static String json(long n) {
        return "{\"n\":" + n + ",\"word\":\"word" + n + "\",\"vec\":[1," + n + ",0.5]}";
    }

    private static void send(KafkaProducer<String, String> producer, String topic, long from, long to) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (long n = from; n < to; n++) {
            sent.add(producer.send(new ProducerRecord<>(topic, "key" + n % 500, json(n))));
        }
        producer.flush();
        for (Future<RecordMetadata> record : sent) {
            try {
                record.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("the broker has not taken all records from " + from, e);
            }
        }
    }

    /** Compares the file with the topic, offset by offset. */
    private static void verify(String topic, Path database) {
        Map<TopicPartition, Set<Long>> expected = new HashMap<>();
        Map<String, String> last = new TreeMap<>();
        long[] records = {0};
        broker.readAll(topic, r -> {
            expected.computeIfAbsent(new TopicPartition(r.topic(), r.partition()), p -> new HashSet<>())
                    .add(r.offset());
            last.put(r.key(), r.value());
            records[0]++;
        });
        try (Vault vault = Vault.open(database);
                Snapshot snapshot = vault.snapshot()) {
            var table = snapshot.tables().get("events");
            Map<TopicPartition, Set<Long>> found = new HashMap<>();
            for (Row row : table.rows(0, table.length(), "_partition", "_offset")) {
                boolean isNew = found.computeIfAbsent(
                                new TopicPartition(topic, ((Long) row.get("_partition")).intValue()),
                                p -> new HashSet<>())
                        .add((Long) row.get("_offset"));
                assertThat(isNew)
                        .as("row %d is the only one of its record", row.index())
                        .isTrue();
            }
            assertThat(found).isEqualTo(expected);
            assertThat(snapshot.text(
                                    "words",
                                    io.kohakuvault.text.TextOptions.defaults().withColumns("word"))
                            .count())
                    .isEqualTo(records[0]);
            assertThat(snapshot.vectors("vecs").count()).isEqualTo(records[0]);
            Set<String> keys = new HashSet<>();
            for (KvEntry entry : snapshot.kv("latest").prefix("")) {
                keys.add(entry.keyText());
                @SuppressWarnings("unchecked")
                Map<String, Object> value = (Map<String, Object>)
                        snapshot.kv("latest").findValue(entry.key()).orElseThrow();
                assertThat(last.get(entry.keyText())).contains("\"n\":" + value.get("n") + ",");
            }
            assertThat(keys).isEqualTo(last.keySet());
        }
    }

    private static long rows(Path database) {
        return Written.rows(database);
    }

    private static void awaitRows(Path database, long rows, ConnectWorker worker, String connector) {
        Await.until(
                rows + " rows in the file",
                () -> rows(database) >= rows,
                () -> rows(database) + " rows\n" + worker.status(connector) + "\n"
                        + worker.process().tail());
    }

    @Test
    void deliversConvertsAndReportsWhatCannotBeWritten() throws Exception {
        Path database = folder.resolve("plain.db");
        broker.createTopic("plain", 2);
        broker.createTopic("plain-dlq", 1);
        try (ConnectWorker worker = ConnectWorker.start("worker-plain", broker, plugins, folder.resolve("plain"));
                KafkaProducer<String, String> producer = broker.producer()) {
            assertThat(worker.plugins()).contains(VaultSinkConnector.class.getName());
            Map<String, String> settings = connector("plain", "plain", database);
            Map<String, String> wrong = new HashMap<>(settings);
            wrong.put("name", "plain");
            wrong.put("vector.dimensions", "0");
            assertThat(worker.validate("VaultSinkConnector", wrong)).containsOnlyKeys("vector.dimensions");
            settings.put("errors.tolerance", "all");
            settings.put("errors.deadletterqueue.topic.name", "plain-dlq");
            settings.put("errors.deadletterqueue.topic.replication.factor", "1");
            worker.configure("plain", settings);
            send(producer, "plain", 0, 2_000);
            producer.send(
                    new ProducerRecord<>("plain", 0, "bad", "{\"n\":\"no number\",\"word\":\"x\",\"vec\":[1,2,3]}"));
            send(producer, "plain", 2_000, 3_000);
            awaitRows(database, 3_000, worker, "plain");
            assertThat(rows(database)).isEqualTo(3_000);
            List<String> reported = new ArrayList<>();
            Await.until(
                    "the bad record is in the dead letter queue",
                    () -> {
                        reported.clear();
                        broker.readAll("plain-dlq", r -> reported.add(r.value()));
                        return !reported.isEmpty();
                    },
                    worker.process()::tail);
            assertThat(reported).hasSize(1);
            assertThat(reported.get(0)).contains("no number");
            worker.delete("plain");
            deliversRecordsWithSchemas(worker, producer);
        }
    }

    /** What JsonConverter delivers with schemas is a Struct: it says itself what the table's columns are. */
    private static void deliversRecordsWithSchemas(ConnectWorker worker, KafkaProducer<String, String> producer) {
        Path database = folder.resolve("typed.db");
        broker.createTopic("typed", 1);
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", VaultSinkConnector.class.getName());
        settings.put("topics", "typed");
        settings.put("database.path", database.toString());
        settings.put("table.name", "events");
        settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        settings.put("value.converter.schemas.enable", "true");
        settings.put("consumer.override.auto.offset.reset", "earliest");
        worker.configure("typed", settings);
        producer.send(new ProducerRecord<>(
                "typed",
                "k",
                "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"field\":\"n\",\"type\":\"int32\"},"
                        + "{\"field\":\"s\",\"type\":\"string\",\"optional\":true},"
                        + "{\"field\":\"t\",\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\"}]},"
                        + "\"payload\":{\"n\":7,\"s\":null,\"t\":1700000000000}}"));
        awaitRows(database, 1, worker, "typed");
        try (Vault vault = Vault.openReadOnly(database)) {
            assertThat(vault.tables().get("events").rows(0, 1).get(0).toMap())
                    .containsEntry("n", 7L)
                    .containsEntry("s", null)
                    .containsEntry("t", java.time.Instant.ofEpochMilli(1_700_000_000_000L));
        }
        worker.delete("typed");
    }

    @Test
    void killedStoppedAndWokenWorkersDeliverOnce() throws Exception {
        assumeTrue(WriteLock.isTold(), "needs Linux's /proc/locks to tell who is in a transaction");
        Path database = folder.resolve("chaos.db");
        broker.createTopic("chaos", 3);
        Path workers = folder.resolve("chaos");
        Source source = new Source("chaos", database);
        List<ConnectWorker> started = new ArrayList<>();
        try {
            ConnectWorker first = start(started, workers);
            first.configure("chaos", connector("chaos", "chaos", database));
            source.start();
            awaitRows(database, 1_000, first, "chaos");

            // SIGKILL in full flow, a successor takes over.
            first.process().kill();
            ConnectWorker second = start(started, workers);
            awaitRows(database, rows(database) + 1_000, second, "chaos");

            // SIGSTOP between transactions: the write lock is free while the worker stands.
            stopBetweenTransactions(second, database);
            ConnectWorker third = start(started, workers);
            awaitRows(database, rows(database) + 1_000, third, "chaos");
            second.process().resume();
            awaitRows(database, rows(database) + 1_000, third, "chaos");

            // SIGSTOP inside a transaction: the worker holds the write lock until it is woken, its successor waits and
            // tries again. Which one that is, is the group's decision: since the second is back, either may have the
            // task.
            ConnectWorker holder = stopInsideTransaction(List.of(second, third), database);
            ConnectWorker successor = holder == second ? third : second;
            long heard = Files.size(successor.process().log());
            long standing = rows(database);
            Await.until(
                    "the other worker waits for the lock",
                    () -> logSince(successor, heard).contains("cannot be claimed yet"),
                    () -> successor.status("chaos") + "\n" + successor.process().tail());
            assertThat(rows(database))
                    .as("nobody writes while the lock is held")
                    .isEqualTo(standing);
            holder.process().resume();
            awaitRows(database, standing + 1_000, successor, "chaos");
            awaitRows(database, source.stop(), successor, "chaos");
            successor.delete("chaos");
        } finally {
            started.forEach(worker -> worker.process().kill());
            source.stop();
        }
        verify("chaos", database);
    }

    private static ConnectWorker start(List<ConnectWorker> started, Path folder) {
        ConnectWorker worker = ConnectWorker.start("worker-" + (started.size() + 1), broker, plugins, folder);
        started.add(worker);
        return worker;
    }

    /** Sends records without end, but not so far ahead of the file that it could not catch up. */
    private static final class Source {
        private static final int STEP = 200;
        private static final int MOST_AHEAD = 5_000;

        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
        private final AtomicLong sent = new AtomicLong();
        private final Thread thread;

        Source(String topic, Path database) {
            this.thread = new Thread(() -> {
                try (KafkaProducer<String, String> producer = broker.producer()) {
                    while (!ended.get()) {
                        if (sent.get() < rows(database) + MOST_AHEAD) {
                            send(producer, topic, sent.get(), sent.get() + STEP);
                            sent.addAndGet(STEP);
                        }
                        LockSupport.parkNanos(20_000_000);
                    }
                } catch (RuntimeException e) {
                    failure.set(e);
                }
            });
        }

        void start() {
            thread.start();
        }

        /** Ends it; answers how many records the topic has. */
        long stop() throws InterruptedException {
            ended.set(true);
            thread.join();
            RuntimeException e = failure.get();
            if (e != null) {
                throw e;
            }
            return sent.get();
        }
    }

    private static String logSince(ConnectWorker worker, long bytes) throws IOException {
        byte[] log = Files.readAllBytes(worker.process().log());
        return new String(log, (int) bytes, log.length - (int) bytes, StandardCharsets.UTF_8);
    }

    /** Stops a worker at any moment, and lets it go on when that was inside a transaction of its own. */
    private static void stopBetweenTransactions(ConnectWorker worker, Path database) {
        Await.until(
                worker + " is stopped between transactions",
                () -> {
                    worker.process().stop();
                    if (!isInTransaction(worker, database)) {
                        return true;
                    }
                    worker.process().resume();
                    return false;
                },
                worker.process()::tail);
    }

    /**
     * Stops the worker that is in a transaction. One that the workers say has the task is a candidate; the lock itself,
     * looked at while the candidate stands, tells whether it is right.
     */
    private static ConnectWorker stopInsideTransaction(List<ConnectWorker> workers, Path database) {
        AtomicReference<ConnectWorker> stopped = new AtomicReference<>();
        Await.until(
                "one of " + workers + " is stopped inside a transaction",
                () -> {
                    String owner = workers.get(0).owner("chaos").orElse("");
                    for (ConnectWorker worker : workers) {
                        if (worker.id().equals(owner)) {
                            worker.process().stop();
                            if (isInTransaction(worker, database)) {
                                stopped.set(worker);
                                return true;
                            }
                            worker.process().resume();
                        }
                    }
                    return false;
                },
                () -> workers.get(0).status("chaos"));
        return stopped.get();
    }

    private static boolean isInTransaction(ConnectWorker worker, Path database) throws IOException {
        OptionalLong holder = WriteLock.holder(database);
        return holder.isPresent() && holder.getAsLong() == worker.process().pid();
    }
}
