package io.kohakuvault.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.Snapshot;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.testkit.KafkaBroker;
import io.kohakuvault.vector.VectorHit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares the file with the topic, offset by offset. Any difference ends the demo with an error. */
final class Verification {
    private final Map<String, Integer> recordsByKey = new HashMap<>();
    private final Map<String, String> lastSource = new HashMap<>();
    private final Set<String> coordinates = new HashSet<>();

    static Verification of(KafkaBroker broker) {
        Verification topic = new Verification();
        ObjectMapper json = new ObjectMapper();
        broker.readAll(Topic.NAME, r -> {
            topic.recordsByKey.merge(r.key(), 1, Integer::sum);
            topic.coordinates.add(r.partition() + "@" + r.offset());
            try {
                topic.lastSource.put(
                        r.key(), json.readTree(r.value()).path("source").asText());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        });
        return topic;
    }

    int records() {
        return coordinates.size();
    }

    int keys() {
        return recordsByKey.size();
    }

    void compare(Snapshot snapshot) {
        TableReader table = snapshot.tables().get(Job.TABLE);
        Set<String> found = new HashSet<>();
        for (Row row : table.rows(0, table.length(), "_partition", "_offset")) {
            String at = row.get("_partition") + "@" + row.get("_offset");
            check(found.add(at), "the table holds the record at " + at + " twice");
        }
        check(
                found.equals(coordinates),
                "the table holds " + found.size() + " records, the topic " + coordinates.size());

        long keys = 0;
        for (KvEntry entry : snapshot.kv(Job.KV).prefix("")) {
            Object value = snapshot.kv(Job.KV).findValue(entry.key()).orElse("");
            check(
                    value.equals(lastSource.get(entry.keyText())),
                    "the value of " + entry.keyText() + " is not its last one");
            keys++;
        }
        check(keys == keys(), "there are " + keys + " keys, the topic has " + keys());

        Map<String, Integer> documents = new HashMap<>();
        long count = snapshot.text(Job.TEXT, Job.TEXT_OPTIONS).count();
        for (long id = 1; id <= count; id++) {
            Object key = snapshot.text(Job.TEXT, Job.TEXT_OPTIONS)
                    .find(id)
                    .flatMap(d -> d.value())
                    .orElse("");
            documents.merge(key.toString(), 1, Integer::sum);
        }
        check(documents.equals(recordsByKey), "the documents' keys are not those of the records");

        Map<String, Integer> vectors = new HashMap<>();
        for (VectorHit hit :
                snapshot.vectors(Job.VECTORS).search(HashedEmbedding.of("everything"), Integer.MAX_VALUE)) {
            vectors.merge(hit.value().orElse("").toString(), 1, Integer::sum);
        }
        check(vectors.equals(recordsByKey), "the vectors' keys are not those of the records");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException("NOT exactly once: " + message);
        }
    }
}
