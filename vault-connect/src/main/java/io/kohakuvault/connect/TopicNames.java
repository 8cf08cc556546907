package io.kohakuvault.connect;

import io.kohakuvault.maintenance.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who has which of SQLite's tables in a file. Tables that have their names from topics must not share one without
 * anybody's wish, as {@code a.b} and {@code a_b} would; and a table that is shared is of one kind.
 */
final class TopicNames {
    /** What stands beside a store under names of their own, by its kind. Segments are of values that are streamed. */
    private static final Map<Content.Kind, List<String>> BESIDE = Map.of(
            Content.Kind.KEY_VALUES,
            List.of(),
            Content.Kind.DOCUMENTS,
            List.of("_values", "_data", "_idx", "_content", "_docsize", "_config"),
            Content.Kind.VECTORS,
            List.of("_values", "_info", "_chunks", "_rowids", "_vector_chunks00", "_metadatachunks00"));

    private final Map<String, Owner> owners = new HashMap<>();

    /**
     * A store that a topic's records go to.
     *
     * @param key the key of the setting that names it
     * @param name its name
     * @param fromTopic whether it has its name from the topic
     * @param shape what else two topics must agree on, in words
     */
    record Store(String key, String name, Content.Kind kind, boolean fromTopic, String shape) {
        private static String fold(String name) {
            return name.toLowerCase(Locale.ROOT);
        }

        /** All names that it takes, its own first. */
        List<String> names() {
            List<String> names = new ArrayList<>(List.of(fold(name)));
            Objects.requireNonNull(BESIDE.get(kind)).forEach(end -> names.add(fold(name) + end));
            return names;
        }

        private boolean isSame(Store other) {
            return fold(name).equals(fold(other.name)) && kind == other.kind && shape.equals(other.shape);
        }

        private String what() {
            return kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + shape;
        }
    }

    private record Owner(String topic, Store store) {}

    /** A topic that would write to the table of another one. */
    record Clash(String key, String message) {}

    /** Takes note of a topic's tables. */
    Optional<Clash> add(String topic, TopicConfig config) {
        return add(topic, config.stores(topic));
    }

    Optional<Clash> add(String topic, List<Store> stores) {
        for (Store store : stores) {
            for (String name : store.names()) {
                Owner other = owners.putIfAbsent(name, new Owner(topic, store));
                if (other != null) {
                    Optional<String> message = clash(name, other, new Owner(topic, store));
                    if (message.isPresent()) {
                        return message.map(m -> new Clash(store.key, m));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> clash(String name, Owner one, Owner other) {
        boolean ofOneTopic = one.topic.equals(other.topic);
        boolean isOwn = name.equals(Store.fold(one.store.name)) && name.equals(Store.fold(other.store.name));
        if (isOwn
                && !ofOneTopic
                && one.store.fromTopic
                && other.store.fromTopic
                && one.store.kind == other.store.kind) {
            return Optional.of("topics '" + one.topic + "' and '" + other.topic + "' would both be written to table '"
                    + name
                    + "', since names of SQLite's tables have underscores for other characters; give one of them "
                    + SinkSettings.TOPIC_PREFIX + "<topic>.<key> with another name");
        } else if (one.store.isSame(other.store)) {
            return Optional.empty();
        }
        String who = ofOneTopic ? "" : "topics '" + one.topic + "' and '" + other.topic + "': ";
        if (isOwn) {
            return Optional.of(who + one.store.key + " has this name already; a table is of one kind, and '" + name
                    + "' would have " + one.store.what() + " and " + other.store.what()
                    + "; give one of them another name");
        }
        return Optional.of(who + one.store.key + " '" + one.store.name + "' (" + one.store.what() + ") and "
                + other.store.key + " '" + other.store.name + "' (" + other.store.what()
                + ") would both need the table '" + name + "'; give one of them another name");
    }
}
