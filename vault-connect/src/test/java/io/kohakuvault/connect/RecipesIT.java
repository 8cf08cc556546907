package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.testkit.Zip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real workers with the recipes' settings; only addresses and folders are others. */
class RecipesIT {
    private static final int RECORDS = 500;

    @TempDir
    Path folder;

    @Test
    void workersWithTheRecipesSettingsDeliver() throws IOException {
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
                KafkaProducer<String, String> producer = broker.producer()) {
            broker.createTopic("events", 1);
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(
                        "events", "key" + i % 10, "{\"user\":\"u" + i + "\",\"amount\":\"1.5\",\"at\":" + i + "}"));
            }
            producer.flush();

            Path alone = folder.resolve("standalone.db");
            Map<String, String> standalone = here("standalone.properties", broker, plugins);
            standalone.put(
                    "offset.storage.file.filename", folder.resolve("offsets").toString());
            standalone.put("plugin.discovery", "only_scan"); // the jars are found where no service is looked up too
            Map<String, String> connector = Recipes.settings("events.properties");
            connector.put("database.path", alone.toString());
            try (ConnectWorker worker = ConnectWorker.startStandalone(
                    "standalone", standalone, List.of(properties("events.properties", connector)), folder)) {
                awaitRows(alone, worker);
            }

            Path data = folder.resolve("distributed.db");
            connector = Recipes.settings("events.json");
            connector.put("database.path", data.toString());
            // A group of its own: the first one has read the topic.
            connector.put("name", "again");
            try (ConnectWorker worker = ConnectWorker.startDistributed(
                    "distributed", here("distributed.properties", broker, plugins), folder)) {
                worker.configure("again", connector);
                awaitRows(data, worker);
            }
        }
    }

    private static Map<String, String> here(String name, KafkaBroker broker, Path plugins) throws IOException {
        Map<String, String> settings = Recipes.settings(name);
        assertThat(settings).containsKeys("bootstrap.servers", "listeners", "plugin.path");
        settings.put("bootstrap.servers", broker.address());
        settings.put("plugin.path", plugins.toString());
        return settings;
    }

    private Path properties(String name, Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        Path file = folder.resolve(name);
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    private static void awaitRows(Path database, ConnectWorker worker) {
        Await.until(
                RECORDS + " rows with worker " + worker,
                () -> Written.rows(database) >= RECORDS,
                worker.process()::tail);
        assertThat(Written.rows(database)).isEqualTo(RECORDS);
    }
}
