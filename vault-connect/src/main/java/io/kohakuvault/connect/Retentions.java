package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.ConnectException;

/** How long rows are kept in the tables of a file: one table has one answer. Not thread-safe. */
final class Retentions {
    private final Vault vault;

    /** By the table's name; empty where rows stay. */
    private final Map<String, Optional<RowRetention>> tables = new HashMap<>();

    private final Map<String, Said> said = new HashMap<>();

    /** Which topic has said it first. */
    private record Said(String topic, OptionalLong ageMs) {}

    Retentions(Vault vault) {
        this.vault = vault;
    }

    /**
     * Takes note of what a topic's settings say of its table.
     *
     * @throws ConnectException when another topic's settings say something else of the same table
     */
    void add(String topic, TopicConfig config) {
        Optional<String> name = config.tableName(topic);
        if (name.isEmpty()) {
            return;
        }
        OptionalLong ageMs = config.table().retentionMs();
        Said before = said.putIfAbsent(name.get(), new Said(topic, ageMs));
        if (before == null) {
            tables.put(
                    name.get(),
                    ageMs.isPresent()
                            ? Optional.of(new RowRetention(
                                    vault, name.get(), config.table().metadata(), ageMs.getAsLong()))
                            : Optional.empty());
        } else if (!before.ageMs.equals(ageMs)) {
            throw new ConnectException(contradiction(name.get(), before.topic, topic));
        }
    }

    static String contradiction(String table, String one, String other) {
        return "the topics '" + one + "' and '" + other + "' are written to one table, '" + table + "', with different "
                + TableSettings.RETENTION_MS + "; a table's rows are removed whatever topic they are of";
    }

    void look(long nowMillis) {
        tables.values().forEach(retention -> retention.ifPresent(r -> r.look(nowMillis)));
    }
}
