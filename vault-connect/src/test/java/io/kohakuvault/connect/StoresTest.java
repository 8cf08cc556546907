package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file has something else under a name that the settings give: the task stops, and no record is to blame. */
class StoresTest {
    @TempDir
    Path folder;

    private Path file;
    private final Map<String, String> settings = new HashMap<>();
    private final FakeContext context = new FakeContext();

    @BeforeEach
    void settings() {
        file = folder.resolve("a.db");
        settings.put("name", "sink");
        settings.put("database.path", file.toString());
    }

    private void put(String... topics) {
        VaultSinkTask task = new VaultSinkTask();
        task.initialize(context);
        task.start(settings);
        try {
            List<SinkRecord> records = new ArrayList<>();
            for (String topic : topics) {
                task.open(List.of(new TopicPartition(topic, 0)));
                Map<String, Object> value = Map.of("n", 1L, "body", "text", "e", List.of(1, 2));
                records.add(new SinkRecord(topic, 0, null, "k", null, value, 0, 1L, TimestampType.CREATE_TIME));
            }
            task.put(records);
            assertThat(task.preCommit(Map.of())).hasSize(topics.length);
        } finally {
            task.stop();
        }
    }

    private void sql(String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private void assertStops(String... words) {
        assertThatThrownBy(() -> put("events"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll(words);
        assertThat(context.reported).isEmpty();
    }

    @Test
    void keyValuesUnderTheNameOfAnotherTable() throws Exception {
        sql("CREATE TABLE kv (a, b, c)");
        settings.put("kv.table", "kv");
        settings.put("errors.tolerance", "all");
        assertStops("topic events", "table kv holds no key-values", "[a, b, c]");
    }

    @Test
    void keyValuesUnderTheNameOfVectors() {
        try (Vault vault = Vault.open(file)) {
            vault.vectors("kv", VectorOptions.cosine(2)).insert(new float[] {1, 2}, "a");
        }
        settings.put("kv.table", "kv");
        assertStops("topic events", "kv");
    }

    @Test
    void documentsOfOtherColumns() {
        try (Vault vault = Vault.open(file)) {
            vault.text("t", TextOptions.defaults().withColumns("title", "body")).insert(List.of("a", "b"), "c");
        }
        settings.put("text.table", "t");
        settings.put("text.fields", "body");
        assertStops("topic events", "[title, body]", "[body]");
    }

    @Test
    void documentsWhoseNamesBesideAreTaken() throws Exception {
        sql("CREATE TABLE t_data (a)");
        settings.put("text.table", "t");
        settings.put("text.fields", "body");
        assertStops("topic events", "'t_data'");
    }

    @Test
    void vectorsOfOtherDimensions() {
        try (Vault vault = Vault.open(file)) {
            vault.vectors("v", VectorOptions.cosine(7)).insert(new float[] {1, 0, 0, 0, 0, 0, 0}, "a");
        }
        settings.put("vector.table", "v");
        settings.put("vector.field", "e");
        settings.put("vector.dimensions", "2");
        assertStops("topic events", "dimensions=7");
    }

    /** Topics of an expression are not known before their records come. */
    @Test
    void twoTopicsThatWantDifferentThingsOfOneTable() {
        settings.put("topics.regex", "a|b");
        settings.put("text.table", "t");
        settings.put("text.fields", "body");
        settings.put("topic.b.text.fields", "n");
        assertThatThrownBy(() -> put("a", "b"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("topics 'a' and 'b'", "documents of [body]", "documents of [n]");
        assertThat(context.reported).isEmpty();
    }

    /** What is told when settings are posted has the names that the file really takes. */
    @Test
    void namesBesideAStoreAreThoseThatItTakes() throws Exception {
        settings.put("kv.table", "kv");
        settings.put("text.table", "t");
        settings.put("text.fields", "body");
        settings.put("text.mode", "upsert");
        settings.put("vector.table", "v");
        settings.put("vector.field", "e");
        settings.put("vector.dimensions", "2");
        put("events");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("large", new byte[3 << 20]);
        }
        TreeSet<String> there = new TreeSet<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (rows.next()) {
                there.add(rows.getString(1));
            }
        }
        TreeSet<String> told = new TreeSet<>();
        new SinkConfig(settings).topic("events").stores("events").forEach(store -> told.addAll(store.names()));
        there.removeIf(name -> name.matches("(vault|kohakuvault|kvault|sqlite)_.*"));
        assertThat(told).containsAll(there).contains("kv", "t_data", "v_chunks");
    }

    @Test
    void aTableIsMadeUnlessTheSettingsForbidIt() {
        settings.put("table.name", "evnets");
        settings.put("table.columns", "n i64");
        settings.put("auto.create", "false");
        assertStops("table 'evnets' is not in the file", "auto.create", "table.name");
        settings.put("auto.create", "true");
        put("events");
        settings.put("auto.create", "false");
        settings.put("name", "other");
        settings.put("behavior.on.other.connectors", "ignore");
        put("events");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.tables().get("evnets").length()).isEqualTo(2);
        }
    }

    /** Whose records come first must not decide whether those of the other can be written. */
    @Test
    void topicsThatShareATableEachHaveTheirColumnsInIt() {
        settings.put("topics", "t, u");
        settings.put("table.name", "both");
        settings.put("topic.t.table.columns", "n i64 null");
        settings.put("topic.u.table.columns", "body str null");
        settings.put("topic.u.table.metadata.columns", "topic, partition, offset, timestamp, key");
        for (List<String> order : List.of(List.of("t", "u"), List.of("u", "t"))) {
            settings.put("database.path", folder.resolve(order.get(0) + ".db").toString());
            put(order.get(0));
            put(order.get(1));
            try (Vault vault = Vault.openReadOnly(Path.of(settings.get("database.path")))) {
                List<String> rows = new ArrayList<>();
                vault.tables()
                        .get("both")
                        .scan()
                        .forEach(row -> rows.add(row.get("_topic") + " " + row.get("n") + " " + row.get("body") + " "
                                + row.get("_key")));
                assertThat(rows).containsExactlyInAnyOrder("t 1 text null", "u 1 text k");
            }
        }
    }
}
