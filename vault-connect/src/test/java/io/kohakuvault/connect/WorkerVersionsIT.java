package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildMetrics;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.testkit.Zip;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same plugin on the oldest worker, a later and the newest one, and a file that goes through their upgrades. */
class WorkerVersionsIT {
    private static final int RECORDS = 1_500;

    @TempDir
    Path folder;

    @Test
    void aFileGoesThroughTheUpgradesOfItsWorkers() {
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        Path database = folder.resolve("a.db");
        long sent = 0;
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
                KafkaProducer<String, String> producer = broker.producer()) {
            broker.createTopic("events", 1);
            for (String version : List.of("3.3.2", "3.9.1", "4.3.1")) {
                try (ConnectWorker worker =
                        ConnectWorker.start(version, "worker-" + version, broker, plugins, folder.resolve(version))) {
                    if (sent == 0) { // later ones find it in Kafka
                        worker.configure("events", settings(database));
                    }
                    for (int i = 0; i < RECORDS; i++, sent++) {
                        producer.send(new ProducerRecord<>("events", "key" + sent, "{\"n\":" + sent + "}"));
                    }
                    producer.flush();
                    long all = sent;
                    Await.until(
                            all + " rows with worker " + version,
                            () -> numbers(database).size() >= all,
                            () -> numbers(database).size() + " rows\n" + worker.status("events") + "\n"
                                    + worker.process().tail());
                    worker.awaitRunning("events", 1);
                    assertThat(ChildMetrics.read(
                                    worker.process().pid(),
                                    "io.kohakuvault.connect:type=sink-task,*",
                                    "RecordsWritten"))
                            .as("by JMX, worker " + version)
                            .containsExactly((long) RECORDS);
                    assertThat(ChildMetrics.read(
                                    worker.process().pid(), "kafka.connect:type=plugins,*", "records-written"))
                            .as("among the metrics of worker " + version)
                            .isEqualTo(version.equals("4.3.1") ? List.of((long) RECORDS) : List.of());
                }
            }
        }
        assertThat(numbers(database))
                .isEqualTo(LongStream.range(0, sent).boxed().toList());
    }

    private static Map<String, String> settings(Path database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", VaultSinkConnector.class.getName());
        settings.put("tasks.max", "1");
        settings.put("topics", "events");
        settings.put("database.path", database.toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        settings.put("kv.table", "latest");
        settings.put("consumer.override.auto.offset.reset", "earliest");
        settings.put("consumer.override.session.timeout.ms", "6000");
        settings.put("consumer.override.heartbeat.interval.ms", "1500");
        return settings;
    }

    private static List<Long> numbers(Path database) {
        return Written.numbers(database, "n");
    }
}
