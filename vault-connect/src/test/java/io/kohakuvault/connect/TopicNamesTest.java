package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics whose names are much alike, and settings for some of them: what goes together is not refused. */
class TopicNamesTest {
    @TempDir
    Path folder;

    private Map<String, String> settings(String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("name", "sink");
        all.put("database.path", folder.resolve("a.db").toString());
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return all;
    }

    private static Map<String, List<String>> problems(Map<String, String> settings) {
        Problems problems = new Problems();
        TopicConfigs unused = SinkConfig.check(settings, problems);
        return problems.all();
    }

    /** Key-values take a name beside their own for values that are streamed, which no record's is. */
    @Test
    void aTopicMayBeCalledLikeTheSegmentsOfAnother() {
        Map<String, String> settings = settings("topics", "customer, customer_segments", "kv.table", "${topic}");
        assertThat(problems(settings)).isEmpty();
        VaultSinkTask task = new VaultSinkTask();
        task.initialize(new FakeContext());
        task.start(settings);
        List<SinkRecord> records = new ArrayList<>();
        for (String topic : List.of("customer", "customer_segments")) {
            task.open(List.of(new TopicPartition(topic, 0)));
            records.add(new SinkRecord(topic, 0, null, "k", null, topic, 0, 1L, TimestampType.CREATE_TIME));
        }
        task.put(records);
        assertThat(task.preCommit(Map.of())).hasSize(2);
        task.stop();
        try (Vault vault = Vault.openReadOnly(folder.resolve("a.db"))) {
            assertThat(vault.kv("customer").get("k")).isNotNull();
            assertThat(vault.kv("customer_segments").get("k")).isNotNull();
        }
    }

    @Test
    void whatTwoTablesNeedBothIsSaid() {
        assertThat(problems(settings("topics", "a, a_values", "text.table", "${topic}", "text.fields", "body")))
                .containsOnlyKeys("text.table")
                .hasEntrySatisfying(
                        "text.table",
                        messages -> assertThat(messages)
                                .singleElement()
                                .asString()
                                .contains("topics 'a' and 'a_values'", "would both need the table 'a_values'")
                                .doesNotContain("underscores"));
    }

    /** A pattern says of its topics what they have in common: each of them is whole with its own settings. */
    @Test
    void settingsForAPatternNeedNotBeWhole() {
        Map<String, String> settings = settings(
                "topics", "eu.orders, us.orders",
                "topic..*orders.text.fields", "body",
                "topic..*orders.text.mode", "upsert",
                "topic.eu.orders.text.table", "eu",
                "topic.us.*.text.table", "us");
        assertThat(problems(settings)).isEmpty();
        settings.remove("topic.us.*.text.table");
        assertThat(problems(settings))
                .containsOnlyKeys("table.name")
                .hasEntrySatisfying(
                        "table.name",
                        messages -> assertThat(messages)
                                .singleElement()
                                .asString()
                                .contains("nothing is to be written of topic us.orders"));
    }
}
