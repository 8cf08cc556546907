package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents and vectors of which each key has one, the newest. */
class UpsertTest {
    private static final int KEYS = 12;

    @TempDir
    Path folder;

    private OneTopic topic(String... more) {
        OneTopic topic = new OneTopic(
                folder,
                "text.table",
                "docs",
                "text.fields",
                "in.body as body",
                "text.mode",
                "upsert",
                "vector.table",
                "vecs",
                "vector.field",
                "v",
                "vector.dimensions",
                "2",
                "vector.metric",
                "l2",
                "vector.mode",
                "upsert");
        topic.set(more);
        return topic;
    }

    private static Map<String, Object> value(int n) {
        return Map.of("in", Map.of("body", "word" + n), "v", List.of(n, 1.5), "id", n % KEYS);
    }

    private Map<Object, String> documents() {
        Map<Object, String> found = new TreeMap<>();
        try (Vault vault = Vault.openReadOnly(folder.resolve("a.db"))) {
            vault.text("docs")
                    .scan()
                    .forEach(d -> assertThat(
                                    found.put(d.value().orElseThrow(), d.texts().get(0)))
                            .as("two documents of a key")
                            .isNull());
            vault.text("docs")
                    .scan()
                    .forEach(d -> assertThat(vault.text("docs").search(d.texts().get(0), 5))
                            .hasSize(1));
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
        return found;
    }

    private Map<Object, String> vectors() {
        Map<Object, String> found = new TreeMap<>();
        try (Vault vault = Vault.openReadOnly(folder.resolve("a.db"))) {
            vault.vectors("vecs")
                    .scan()
                    .forEach(v -> assertThat(found.put(v.value().orElseThrow(), "word" + (int) v.vector()[0]))
                            .as("two vectors of a key")
                            .isNull());
        }
        return found;
    }

    /** Random upserts and tombstones in batches of random sizes, against a map. */
    @Test
    void eachKeyHasItsNewest() {
        OneTopic topic = topic();
        Map<Object, String> model = new TreeMap<>();
        Random random = new Random(7);
        int n = 0;
        for (int batch = 0; batch < 40; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                String key = "k" + random.nextInt(KEYS);
                if (random.nextInt(4) == 0) {
                    model.remove(key);
                    records.add(topic.record(key, null));
                } else {
                    model.put(key, "word" + n);
                    records.add(topic.record(key, value(n++)));
                }
            }
            topic.put(records.toArray(SinkRecord[]::new));
            assertThat(documents()).isEqualTo(model);
            assertThat(vectors()).isEqualTo(model);
        }
        assertThat(topic.rejected()).isEmpty();
    }

    @Test
    void theKeyMayBeAFieldOrAText() {
        OneTopic topic = topic("text.key", "id", "vector.key", "${topic}/${value.id}");
        for (int n = 0; n < 3 * KEYS; n++) {
            topic.putOne(null, value(n));
        }
        assertThat(documents()).hasSize(KEYS).containsEntry(3L, "word" + (2 * KEYS + 3));
        assertThat(vectors()).hasSize(KEYS).containsEntry("events/3", "word" + (2 * KEYS + 3));
        topic.put(topic.record("k", null));
        assertThat(topic.rejected())
                .singleElement()
                .asString()
                .contains("text.key 'id'", "takes the key to delete from");
        OneTopic byKey = topic("name", "by key", "behavior.on.other.connectors", "ignore");
        byKey.put(byKey.record(null, value(1)));
        assertThat(byKey.rejected()).singleElement().asString().contains("it has no key, by which text.key");
    }

    /** KohakuVault gives ids of documents anew, so that they need not be those of their values. */
    @Test
    void documentsOfOtherProgramsAreReplacedToo() {
        OneTopic topic = topic();
        topic.putOne("a", value(1));
        try (Vault vault = Vault.open(topic.file())) {
            TextVault docs = vault.text("docs");
            VectorKVault vecs = vault.vectors("vecs");
            long alone = docs.insert("nobody's", "b");
            assertThat(docs.delete(alone)).isTrue();
            long other = docs.insert("word2", "b");
            assertThat(docs.idsWith("b")).containsExactly(other);
            assertThat(docs.idsWith("c")).isEmpty();
            assertThat(vecs.idsWith("a")).hasSize(1);
            assertThat(vecs.idsWith("b")).isEmpty();
        }
        topic.putOne("b", value(3));
        assertThat(documents()).isEqualTo(new TreeMap<>(Map.of("a", "word1", "b", "word3")));
    }
}
