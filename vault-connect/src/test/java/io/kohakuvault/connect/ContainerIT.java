package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.Zip;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The sink on a broker of Apache's image, as others run it. Only where there is Docker. */
class ContainerIT {
    private static final String WHY_NOT =
            "there is no Docker here (no daemon answers), so the sink is not run on a broker in a container";
    private static final int RECORDS = 2_000;

    @TempDir
    Path folder;

    @BeforeEach
    void needsDocker() {
        boolean available = DockerClientFactory.instance().isDockerAvailable();
        if (!available) {
            System.out.println("ContainerIT is skipped: " + WHY_NOT);
        }
        assumeTrue(available, WHY_NOT);
    }

    @Test
    void recordsOfABrokerInAContainerArriveOnce() {
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        Path database = folder.resolve("a.db");
        try (KafkaContainer broker = new KafkaContainer("apache/kafka:4.1.0")) {
            broker.start();
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                            Map.of("bootstrap.servers", broker.getBootstrapServers(), "acks", "all"),
                            new StringSerializer(),
                            new StringSerializer());
                    ConnectWorker worker =
                            ConnectWorker.start("4.3.1", "worker", broker.getBootstrapServers(), plugins, folder)) {
                for (int i = 0; i < RECORDS; i++) { // the image's broker makes the topic
                    producer.send(new ProducerRecord<>("events", "key" + i, "{\"n\":" + i + "}"));
                }
                producer.flush();
                Map<String, String> settings = new HashMap<>();
                settings.put("connector.class", VaultSinkConnector.class.getName());
                settings.put("topics", "events");
                settings.put("database.path", database.toString());
                settings.put("table.name", "events");
                settings.put("table.columns", "n i64");
                settings.put("kafka.bootstrap.servers", broker.getBootstrapServers());
                worker.configure("events", settings);
                Await.until(
                        RECORDS + " rows",
                        () -> Written.rows(database) >= RECORDS,
                        () -> worker.status("events") + "\n" + worker.process().tail());
            }
        }
        assertThat(Written.numbers(database, "n"))
                .isEqualTo(LongStream.range(0, RECORDS).boxed().toList());
    }
}
