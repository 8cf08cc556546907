package io.kohakuvault.demo;

import io.kohakuvault.text.TextOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connector's configuration: what of a record goes where. */
final class Job {
    static final String CONNECTOR = "api-docs-to-vault";
    static final String TABLE = "api";
    static final String KV = "sources";
    static final String TEXT = "comments";
    static final String VECTORS = "embeddings";
    static final TextOptions TEXT_OPTIONS = TextOptions.defaults().withColumns("comment");

    private Job() {}

    static Map<String, String> configuration(Path database) {
        Map<String, String> c = new LinkedHashMap<>();
        c.put("connector.class", "io.kohakuvault.connect.VaultSinkConnector");
        c.put("tasks.max", "1");
        c.put("topics", Topic.NAME);
        c.put("database.path", database.toString());
        c.put("table.name", TABLE);
        c.put(
                "table.columns",
                "library str, package str, type str, member str null, kind str, line i32, words i32, deprecated bool, since str null, comment str");
        c.put("kv.table", KV);
        c.put("kv.value", "source");
        c.put("text.table", TEXT);
        c.put("text.fields", "comment");
        c.put("vector.table", VECTORS);
        c.put("vector.field", "embedding");
        c.put("vector.dimensions", Integer.toString(HashedEmbedding.DIMENSIONS));
        c.put("vector.metric", "cosine");
        // From here on only how fast a killed worker is missed, and how large its batches are.
        c.put("consumer.override.auto.offset.reset", "earliest");
        c.put("consumer.override.max.poll.records", "1000");
        c.put("consumer.override.max.partition.fetch.bytes", "4194304");
        c.put("consumer.override.session.timeout.ms", "6000");
        c.put("consumer.override.heartbeat.interval.ms", "1500");
        return c;
    }
}
