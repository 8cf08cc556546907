package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads of settings that are wrong, when they are posted. */
class SettingsTest {
    @TempDir
    Path folder;

    private Map<String, String> sound() {
        Map<String, String> settings = new HashMap<>();
        settings.put("name", "sink");
        settings.put("connector.class", VaultSinkConnector.class.getName());
        settings.put("topics", "a.b, c");
        settings.put("database.path", folder.resolve("a.db").toString());
        settings.put("table.name", "events");
        settings.put("errors.tolerance", "all");
        settings.put("consumer.override.max.poll.records", "100");
        settings.put("value.converter.schemas.enable", "false");
        return settings;
    }

    private static Map<String, List<String>> errors(Map<String, String> settings) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        for (ConfigValue value : new VaultSinkConnector().validate(settings).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    private Map<String, List<String>> errorsWith(String... more) {
        Map<String, String> settings = sound();
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return errors(settings);
    }

    private static void assertFound(Map<String, List<String>> errors, String key, String... words) {
        assertThat(errors).containsOnlyKeys(key);
        assertThat(String.join("\n", errors.get(key))).contains(words);
    }

    @Test
    void soundSettingsHaveNoErrors() {
        assertThat(errors(sound())).isEmpty();
        assertThat(errorsWith(
                        "topic.a.b.kv.table", "latest",
                        "kv.table", "kv_${topic}",
                        "text.table", "${topic}",
                        "text.fields", "body"))
                .isEmpty();
        assertThat(errorsWith("database.path", folder + "/${topic}/${shard}.db", "database.shards", "4"))
                .isEmpty();
        assertThat(errorsWith("kafka.bootstrap.servers", "localhost:1", "kafka.security.protocol", "SSL"))
                .isEmpty();
    }

    @Test
    void eachMistakeIsFoundAtItsKey() throws Exception {
        assertFound(errorsWith("table.colums", "n i64"), "table.colums", "table.columns", "meant");
        assertFound(errorsWith("nonsense", "1"), "nonsense", "no setting");
        assertFound(errorsWith("kv.table", "a b"), "kv.table", "letters, digits and underscores");
        assertFound(errorsWith("kv.key", "a${nope}"), "kv.key", "${nope}", "${key.<field>}");
        assertFound(errorsWith("kv.key", "${topic}"), "kv.key", "one key");
        assertFound(errorsWith("kv.table", "select"), "kv.table", "word of SQL");
        assertFound(errorsWith("kv.table", "x", "text.table", "X", "text.fields", "b"), "text.table", "kv.table");
        assertFound(errorsWith("table.columns", "n i65, m i64, o int"), "table.columns", "i65", "int");
        assertFound(errorsWith("table.columns", "d decimal:40:2"), "table.columns", "decimal");
        assertFound(errorsWith("topic.a.b.tabel.name", "x"), "topic.a.b.tabel.name", "topic.<topic>.<key>");
        assertFound(errorsWith("topic.d.table.name", "x"), "topic.d.table.name", "not among");
        assertFound(errorsWith("topic.c.table.columns", "n int"), "topic.c.table.columns", "int");
        assertFound(errorsWith("database.path", "/no/such/folder/a.db"), "database.path", "no folder /no/such/folder");
        assertFound(errorsWith("database.path", folder.toString()), "database.path", "it is a folder");
        assertFound(errorsWith("database.path", folder + "/${nope}.db"), "database.path", "${nope}");
        assertFound(errorsWith("database.path", folder + "/${shard}.db"), "database.shards", "${shard}");
        assertFound(errorsWith("database.shards", "4"), "database.shards", "${shard}");
        assertFound(errorsWith("database.shards", "0"), "database.shards", "at least 1");
        assertFound(errorsWith("commit.interval.ms", "soon"), "commit.interval.ms", "soon");
        assertFound(errorsWith("behavior.on.topic.change", "ignore"), "behavior.on.topic.change", "fail, restart");
        assertFound(errorsWith("table.name", ""), "table.name", "nothing is to be written", "kv.table");
        Files.createDirectory(folder.resolve("\u00e4"));
        assertThat(errorsWith("database.path", folder + "/\u00e4/a.db")).isEmpty();
    }

    @Test
    void allMistakesAreFoundAtOnce() {
        assertThat(errorsWith(
                        "database.path", "/no/such/a.db",
                        "table.columns", "n i65",
                        "vector.table", "v",
                        "vector.metric", "manhattan",
                        "text.table", "t",
                        "commit.records", "0",
                        "unknown", "x",
                        "topic.zzz.kv.table", "y"))
                .containsOnlyKeys("database.path", "vector.metric", "commit.records", "unknown", "topic.zzz.kv.table");
        // Those that concern several settings are found when each can be read.
        assertThat(errorsWith("table.columns", "n i65", "vector.table", "v", "text.table", "t", "text.fields", "rank"))
                .containsOnlyKeys("table.columns", "vector.field", "vector.dimensions", "text.fields");
    }

    @Test
    void aConnectorThatIsStartedSaysAllOfThem() {
        Map<String, String> settings = sound();
        settings.put("table.columns", "n i65");
        settings.put("vector.table", "v");
        assertThatThrownBy(() -> new SinkConfig(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("table.columns")
                .hasMessageContaining("vector.field")
                .hasMessageContaining("vector.dimensions");
        Map<String, String> missing = sound();
        missing.put("database.path", "/no/such/a.db"); // may be mounted any moment
        assertThat(new SinkConfig(missing).databasePath()).isEqualTo("/no/such/a.db");
    }

    @Test
    void topicsWithARenamingTransformationAreNotJudged() {
        assertThat(errorsWith("transforms", "r", "transforms.r.type", "x", "topic.renamed.kv.table", "y"))
                .isEmpty();
        Map<String, String> regex = sound();
        regex.remove("topics");
        regex.put("topics.regex", "a.*");
        regex.put("topic.abc.kv.table", "y");
        assertThat(errors(regex)).isEmpty();
        regex.put("topic.zzz.kv.table", "y");
        assertFound(errors(regex), "topic.zzz.kv.table", "not among");
    }

    @Test
    void tablesOfSqliteTakeATopicsNameAsFarAsTheyCan() {
        Map<String, String> settings = sound();
        settings.put("table.name", "t/${topic}");
        settings.put("kv.table", "${topic}");
        settings.put("topic.a.b.kv.value", "v");
        SinkConfig config = new SinkConfig(settings);
        assertThat(config.topic("a.b").tableName("a.b")).contains("t/a.b");
        assertThat(config.topic("a.b").kvTable("a.b")).contains("a_b");
        assertThat(config.topic("7-x").kvTable("7-x")).contains("_7_x");
    }

    @Test
    void settingsOfPatternsStandAboveThoseForAllAndBelowATopicsOwn() {
        Map<String, String> settings = sound();
        settings.put("topics", "logs-a, logs-b, c");
        settings.put("topic.logs-.*.table.name", "logs");
        settings.put("topic.logs-.*.kv.table", "seen");
        settings.put("topic.logs-b.table.name", "b");
        assertThat(errors(settings)).isEmpty();
        SinkConfig config = new SinkConfig(settings);
        assertThat(config.topic("logs-a").tableName("logs-a")).contains("logs");
        assertThat(config.topic("logs-b").tableName("logs-b")).contains("b");
        assertThat(config.topic("logs-b").kvTable("logs-b")).contains("seen");
        assertThat(config.topic("c").tableName("c")).contains("events");
        assertThat(config.topic("logs-z")).isSameAs(config.topic("logs-a"));
        assertThat(config.topic("c")).isSameAs(config.topic("d"));
    }

    @Test
    void mistakesOfPatternsAreFound() {
        assertFound(errorsWith("topic.x(.table.name", "t"), "topic.x(.table.name", "no regular expression");
        assertFound(errorsWith("topic.x.*.table.name", "t"), "topic.x.*.table.name", "no topic");
        assertFound(errorsWith("topic.c*.table.columns", "n int"), "topic.c*.table.columns", "int");
        assertThat(errorsWith("topic.c.*.table.name", "x", "topic..*.table.name", "x"))
                .isEmpty();
        assertFound(
                errorsWith("topic.c.*.table.name", "x", "topic..*.table.name", "y"),
                "topic.c.*.table.name",
                "topic 'c'",
                "topic..*.table.name",
                "topic.c.table.name");
        assertThat(errorsWith("topic.c.*.table.name", "x", "topic..*.table.name", "y", "topic.c.table.name", "z"))
                .isEmpty();
        Map<String, String> regex = sound();
        regex.remove("topics");
        regex.put("topics.regex", ".*");
        regex.put("topic.a.*.table.name", "x");
        regex.put("topic..*b.table.name", "y");
        SinkConfig config = new SinkConfig(regex);
        assertThatThrownBy(() -> config.topic("ab"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("topic 'ab' is matched");
    }

    @Test
    void topicsThatWouldShareATableWithoutAWishAreFound() {
        assertFound(errorsWith("topics", "a.b, a_b", "kv.table", "kv_${topic}"), "kv.table", "'a.b' and 'a_b'");
        assertThat(errorsWith("topics", "a.b, a_b", "kv.table", "kv_${topic}", "topic.a.b.kv.table", "other"))
                .isEmpty();
        assertThat(errorsWith("topics", "a.b, a_b", "kv.table", "shared")).isEmpty();
        assertThat(errorsWith(
                        "topics", "a.b, a_b", "kv.table", "kv_${topic}", "database.path", folder + "/${topic}.db"))
                .as("files of their own")
                .isEmpty();
    }

    @Test
    void columnsAreNamedInOneWay() {
        assertFound(
                errorsWith("table.columns", "n i64", "table.flatten.delimiter", "_"),
                "table.flatten.delimiter",
                "table.columns names the columns already");
        assertFound(errorsWith("table.columns", "a as n i64, b as n i64"), "table.columns", "'n'");
        assertFound(errorsWith("table.columns", "a as n i64 nul"), "table.columns", "path as");
        assertFound(errorsWith("table.metadata.columns", "topic, ofset"), "table.metadata.columns", "ofset", "offset");
        assertFound(errorsWith("text.table", "t", "text.fields", "body str"), "text.fields", "'path as name'");
    }

    @Test
    void rotationIsSetAsAWhole() {
        assertThat(errorsWith("database.path", folder + "/${topic}-${date}_${hour}.db"))
                .isEmpty();
        assertThat(errorsWith(
                        "database.path",
                        folder + "/${date}-${sequence}.db",
                        "rotate.bytes",
                        "1073741824",
                        "rotate.retention.ms",
                        "86400000"))
                .isEmpty();
        assertFound(errorsWith("database.path", folder + "/${sequence}.db"), "rotate.bytes", "how large");
        assertFound(errorsWith("rotate.bytes", "1073741824"), "rotate.bytes", "${sequence}");
        assertFound(
                errorsWith("database.path", folder + "/${sequence}.db", "rotate.bytes", "4096"),
                "rotate.bytes",
                "at least 1048576");
        assertFound(errorsWith("rotate.retention.ms", "5"), "rotate.retention.ms", "table.retention.ms");
        assertFound(errorsWith("database.path", folder + "/${hour}.db"), "database.path", "${date}");
        assertFound(errorsWith("database.path", folder + "/${date}-${date}.db"), "database.path", "twice");
        assertThat(errorsWith("database.path", folder + "/${date}/a.db").get("database.path"))
                .anyMatch(message -> message.contains("file's name"));
        assertFound(
                errorsWith("table.retention.ms", "5", "table.metadata", "false"), "table.retention.ms", "'timestamp'");
    }

    @Test
    void commonMistakesAreAnsweredWithWhatIsMeant() {
        assertFound(errorsWith("connection.url", "jdbc:x"), "connection.url", "JDBC", "database.path");
        assertFound(errorsWith("db.timezone", "UTC"), "db.timezone", "JDBC", "not needed: times are UTC");
        assertFound(errorsWith("errors.tolerence", "all"), "errors.tolerence", "'errors.tolerance' meant");
        assertFound(errorsWith("errors.deadletterqueue.topic", "d"), "errors.deadletterqueue.topic", "no setting");
        assertFound(errorsWith("kv.table", "x", "kv.key", "a${value.b"), "kv.key", "has no }");
        assertFound(errorsWith("table.columns", "at datetime"), "table.columns", "timestamp:ms", "decimal:12:2");
        assertThat(errorsWith("table.name", "").get("table.name")).hasSize(1);
    }

    /** JSON may have null for a value: it counts as not given, whatever the setting is. */
    @Test
    void settingsThatAreNullAreNotGiven() {
        for (String key : SinkSettings.DEFINITION.names()) {
            Map<String, String> settings = sound();
            settings.put("kv.table", "latest");
            settings.put(key, null);
            if (key.equals("database.path")) {
                assertThat(errors(settings)).as(key).containsKey(key);
            } else {
                assertThat(errors(settings)).as(key).isEmpty();
                assertThat(new SinkConfig(settings).topic("c").kvTable("c").isPresent())
                        .as(key)
                        .isEqualTo(!key.equals("kv.table"));
            }
        }
        assertThat(errorsWith("topic.c.table.name", null, "nonsense", null)).isEmpty();
    }

    @Test
    void placeholdersThatThereAreNotAreFound() {
        assertFound(errorsWith("table.name", "t_${Topic}"), "table.name", "${Topic}", "there is ${topic}");
        assertFound(errorsWith("table.name", "t_${topic"), "table.name", "has no }");
        assertThat(errorsWith("kv.table", "t_${partition}").get("kv.table"))
                .anyMatch(message -> message.contains("there is ${topic}"));
        assertFound(errorsWith("database.path", folder + "/${topic.db"), "database.path", "has no }");
    }

    @Test
    void settingsOfAStoreThatHasNoNameAreFound() {
        assertFound(errorsWith("text.fields", "body"), "text.fields", "text.table is not set");
        assertThat(errorsWith("vector.field", "e", "vector.dimensions", "3", "kv.key", "id"))
                .containsOnlyKeys("vector.field", "vector.dimensions", "kv.key");
        assertFound(
                errorsWith("table.name", "", "kv.table", "x", "table.columns", "n i64"),
                "table.columns",
                "table.name is not set");
        // What is as it is anyway does no harm, and a topic may name the store.
        assertThat(errorsWith("kv.key", "record_key", "vector.metric", "COSINE", "auto.evolve", "true"))
                .isEmpty();
        assertThat(errorsWith("kv.key", "id", "topic.c.kv.table", "x")).isEmpty();
    }

    @Test
    void theClientsSettingsAreCheckedToo() {
        assertFound(
                errorsWith("kafka.bootstrap.server", "localhost:9092"),
                "kafka.bootstrap.server",
                "kafka.bootstrap.servers is not set",
                "'kafka.bootstrap.servers' meant");
        assertFound(errorsWith("kafka.bootstrap.servers", "localhost"), "kafka.bootstrap.servers", "host:port");
        assertFound(
                errorsWith("kafka.bootstrap.servers", "a:1, [::1]:2", "kafka.security.protocol", "NONE"),
                "kafka.security.protocol",
                "SASL_SSL");
        assertFound(
                errorsWith("kafka.bootstrap.servers", "a:1", "kafka.security.protocl", "SSL"),
                "kafka.security.protocl",
                "'kafka.security.protocol' meant");
        assertThat(errorsWith("kafka.bootstrap.servers", "", "kafka.security.protocol", " "))
                .as("a template of which nothing is filled in")
                .isEmpty();
        assertThat(errorsWith("kafka.bootstrap.servers", "a:1", "kafka.own.of.a.plugin", "x"))
                .isEmpty();
    }

    /** What is for all topics need not be whole where each topic adds what it lacks. */
    @Test
    void settingsForAllThatAreForNoTopicAloneNeedNotBeWhole() {
        assertThat(errorsWith("table.name", "", "topic.a.b.table.name", "x", "topic.c.*.kv.table", "y"))
                .isEmpty();
        assertThat(errorsWith(
                        "text.table", "t_${topic}", "topic.a.b.text.fields", "title", "topic.c.text.fields", "body"))
                .isEmpty();
        assertFound(
                errorsWith("table.name", "", "topic.a.b.table.name", "x"), "table.name", "nothing is to be written");
        assertThat(errorsWith("text.table", "t_${topic}", "topic.a.b.text.fields", "title", "topic.c.kv.table", "y"))
                .containsKey("text.fields");
    }

    @Test
    void aFileThatIsSomethingElseIsFound() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no database at all");
        assertFound(errorsWith("database.path", text.toString()), "database.path", "no SQLite database");
        assertThat(errorsWith(
                        "database.path",
                        Files.createFile(folder.resolve("empty.db")).toString()))
                .isEmpty();
    }

    @Test
    void storesThatTakeEachOthersNamesAreFound() {
        assertFound(errorsWith("text.table", "x", "text.fields", "b", "kv.table", "X_data"), "text.table", "'x_data'");
        assertFound(
                errorsWith("topic.a.b.kv.table", "x", "topic.c.text.table", "x", "topic.c.text.fields", "b"),
                "topic.c.text.table",
                "topics 'a.b' and 'c'",
                "key-values and documents");
        assertFound(
                errorsWith("text.table", "x", "text.fields", "b", "topic.c.text.fields", "d"),
                "text.table",
                "documents of [b] and documents of [d]");
        assertFound(
                errorsWith("topic.a.b.table.columns", "n i64", "topic.c.table.columns", "n str"),
                "topic.c.table.columns",
                "topics 'a.b' and 'c' are written to one table, 'events'",
                "both n i64 and n str");
        assertFound(
                errorsWith("topic.a.b.table.columns", "n i64", "topic.c.table.columns", "m i64"),
                "topic.c.table.columns",
                "m i64 would be in no row of the first one");
        assertThat(errorsWith("topic.a.b.table.columns", "n i64 null", "topic.c.table.columns", "m i64 null"))
                .isEmpty(); // the table may be there, with both
        assertThat(errorsWith("kv.table", "same", "topic.c.kv.table", "same")).isEmpty();
    }

    /** As forms do, which fill in what Connect says of the settings. */
    @Test
    void defaultsMayBeGivenAsConnectWritesThem() {
        Map<String, String> settings = sound();
        SinkSettings.DEFINITION
                .configKeys()
                .forEach((key, setting) -> settings.putIfAbsent(
                        key,
                        setting.hasDefault()
                                ? String.valueOf(ConfigDef.convertToString(setting.defaultValue, setting.type))
                                : ""));
        settings.put("table.name", "");
        settings.put("kv.table", "latest");
        assertThat(errors(settings)).isEmpty();
        settings.put("table.metadata.columns", "offset , Topic");
        assertFound(errors(settings), "table.metadata.columns", "does nothing");
    }

    @Test
    void whereAFieldIsToBeNamedThereIsNoPlaceholder() {
        assertFound(errorsWith("kv.table", "kv", "kv.value", "${value.a}"), "kv.value", "placeholders");
        assertFound(errorsWith("kv.table", "kv", "kv.value", "record_key"), "kv.value", "_key");
        assertFound(errorsWith("kv.table", "kv", "kv.key", "record_value"), "kv.key", "${value.id}");
        assertFound(errorsWith("kv.table", "kv", "kv.key", "${value.}"), "kv.key", "behind the dot");
        assertFound(errorsWith("table.columns", "${value.a} as a i64"), "table.columns", "placeholders");
        assertFound(errorsWith("table.columns", "_headers. as a str"), "table.columns", "behind the dot");
        assertFound(errorsWith("text.table", "d", "text.fields", "${value.a}"), "text.fields", "placeholders");
        assertFound(
                errorsWith("vector.table", "v", "vector.dimensions", "2", "vector.field", "${value.e}"),
                "vector.field",
                "placeholders");
    }

    @Test
    void settingsOfOneTopicForAStoreThatIsNamedNowhereAreFound() {
        assertFound(errorsWith("topic.c.kv.key", "id"), "topic.c.kv.key", "does nothing", "kv.table is not set");
        assertThat(errorsWith("topic.c.kv.key", "id", "topic.c.kv.table", "kv")).isEmpty();
    }

    @Test
    void aFieldWhoseNameNoColumnOfDocumentsCanHaveNeedsAnother() throws Exception {
        for (String field : List.of("a.b", "a-b", "select", "1a")) {
            assertFound(errorsWith("text.table", "d", "text.fields", "x, " + field), "text.fields", field + " as text");
            assertFound(
                    errorsWith("topic.c.text.table", "d", "topic.c.text.fields", field),
                    "topic.c.text.fields",
                    field + " as text");
            assertThat(errorsWith("text.table", "d", "text.fields", "x, " + field + " as y"))
                    .isEmpty();
        }
        assertThat(errorsWith("text.table", "d", "text.fields", "ünï, _x, col_meta"))
                .isEmpty();
        Files.createFile(folder.resolve("a.db")); // who knows which columns others have made
        assertThat(errorsWith("text.table", "d", "text.fields", "a-b")).isEmpty();
    }

    @Test
    void memoryIsNoFile() {
        assertFound(errorsWith("database.path", ":memory:"), "database.path", "a vault is a file");
    }
}
