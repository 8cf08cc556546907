package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.testkit.Zip;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that are made anew under a real worker's tasks, and offsets that an operator moves by its REST interface. */
class TopicChangeIT {
    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static ConnectWorker worker;

    @BeforeAll
    static void start() {
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        broker = KafkaBroker.start(folder.resolve("broker"));
        worker = ConnectWorker.start("worker", broker, plugins, folder.resolve("worker"));
    }

    @AfterAll
    static void stop() {
        worker.close();
        broker.close();
    }

    private static Map<String, String> settings(String topic, Path database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", VaultSinkConnector.class.getName());
        settings.put("topics", topic);
        settings.put("database.path", database.toString());
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64");
        settings.put("check.pause.ms", "50");
        settings.put("consumer.override.auto.offset.reset", "earliest");
        return settings;
    }

    private static void send(String topic, long from, long to) {
        try (KafkaProducer<String, String> producer = broker.producer()) {
            for (long n = from; n < to; n++) {
                producer.send(new ProducerRecord<>(topic, 0, "key" + n, "{\"n\":" + n + "}"));
            }
        }
    }

    private static List<Long> numbers(Path database) {
        return Written.numbers(database, "n");
    }

    private static void awaitRows(String connector, Path database, long rows) {
        Await.until(
                rows + " rows of " + connector,
                () -> numbers(database).size() >= rows,
                () -> numbers(database).size() + " rows\n" + worker.status(connector) + "\n"
                        + worker.process().tail());
    }

    private static void awaitFailed(String connector, String... words) {
        Await.until(
                connector + " fails",
                () -> worker.states(connector).contains("FAILED"),
                () -> worker.status(connector) + "\n" + worker.process().tail());
        assertThat(worker.status(connector)).contains(words);
    }

    private static List<Long> of(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    /** Longer than before, so that the consumer's position means another record, and nothing else tells. */
    @Test
    void aTopicThatIsMadeAnewUnderARunningTaskIsNoticed() {
        Path database = folder.resolve("anew.db");
        broker.createTopic("anew", 1);
        Map<String, String> settings = settings("anew", database);
        worker.configure("anew", settings);
        send("anew", 0, 300);
        awaitRows("anew", database, 300);
        broker.deleteTopic("anew");
        broker.createTopic("anew", 1);
        send("anew", 10_000, 10_700);
        awaitFailed("anew", "is not what", "behavior.on.topic.change");
        assertThat(numbers(database).subList(0, 300)).isEqualTo(of(0, 300));
        worker.delete("anew");
    }

    /** With a dead letter queue nothing is read again: Kafka is asked for the topic's id. */
    @Test
    void theTopicsIdTellsWithADeadLetterQueue() {
        Path database = folder.resolve("ids.db");
        broker.createTopic("ids", 1);
        broker.createTopic("ids-dlq", 1);
        Map<String, String> settings = settings("ids", database);
        settings.put("kafka.bootstrap.servers", broker.address());
        settings.put("errors.tolerance", "all");
        settings.put("errors.deadletterqueue.topic.name", "ids-dlq");
        settings.put("errors.deadletterqueue.topic.replication.factor", "1");
        worker.configure("ids", settings);
        send("ids", 0, 300);
        awaitRows("ids", database, 300);
        broker.deleteTopic("ids");
        broker.createTopic("ids", 1);
        send("ids", 10_000, 10_700);
        awaitFailed("ids", "id of the topic was");
        assertThat(numbers(database)).isEqualTo(of(0, 300));
        settings.put("behavior.on.topic.change", "restart");
        worker.delete("ids");
        worker.configure("ids", settings);
        awaitRows("ids", database, 1_000);
        List<Long> expected = new ArrayList<>(of(0, 300));
        expected.addAll(of(10_000, 10_700));
        assertThat(numbers(database)).isEqualTo(expected);
        worker.delete("ids");
    }

    @Test
    void offsetsThatAreMovedByRestMoveThoseOfTheFile() throws Exception {
        Path database = folder.resolve("moved.db");
        broker.createTopic("moved", 1);
        worker.configure("moved", settings("moved", database));
        send("moved", 0, 200);
        awaitRows("moved", database, 200);
        worker.stop("moved");
        worker.moveOffset("moved", "moved", 0, 50L);
        worker.resume("moved");
        awaitRows("moved", database, 350);
        worker.stop("moved");
        worker.moveOffset("moved", "moved", 0, null);
        worker.resume("moved");
        awaitRows("moved", database, 550);
        List<Long> expected = new ArrayList<>(of(0, 200));
        expected.addAll(of(50, 200));
        expected.addAll(of(0, 200));
        assertThat(numbers(database)).isEqualTo(expected);
        worker.delete("moved");
    }
}
