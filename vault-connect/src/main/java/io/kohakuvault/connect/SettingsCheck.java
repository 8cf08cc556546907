package io.kohakuvault.connect;

import io.kohakuvault.maintenance.Content;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** What can be told of settings only where they are posted: keys that nobody knows, topics, and the file's folder. */
final class SettingsCheck {
    /** Connect's own, for a sink; the prefixes stand for families. */
    private static final Set<String> CONNECT = Set.of(
            "name",
            "connector.class",
            "connector.plugin.version",
            "tasks.max",
            "tasks.max.enforce",
            "topics",
            "topics.regex",
            "transforms",
            "predicates",
            "config.action.reload",
            "key.converter",
            "value.converter",
            "header.converter",
            "errors.tolerance",
            "errors.retry.timeout",
            "errors.retry.delay.max.ms",
            "errors.log.enable",
            "errors.log.include.messages",
            "errors.deadletterqueue.topic.name",
            "errors.deadletterqueue.topic.replication.factor",
            "errors.deadletterqueue.context.headers.enable");

    private static final String NOT_NEEDED = "not needed";

    /** What operators of JDBC sinks look for, and what it is here. */
    private static final Map<String, String> OF_JDBC_SINKS = Map.ofEntries(
            Map.entry("connection.url", SinkSettings.DATABASE_PATH),
            Map.entry("table.name.format", TableSettings.TABLE_NAME),
            Map.entry(
                    "insert.mode",
                    TopicSettings.KV_TABLE + " with " + TopicSettings.KV_KEY + ", " + TopicSettings.TEXT_MODE + " or "
                            + TopicSettings.VECTOR_MODE),
            Map.entry("pk.mode", TopicSettings.KV_KEY),
            Map.entry("pk.fields", TopicSettings.KV_KEY),
            Map.entry("delete.enabled", TopicSettings.ON_NULL_VALUES),
            Map.entry("fields.whitelist", TableSettings.INCLUDE),
            Map.entry("batch.size", SinkSettings.COMMIT_RECORDS),
            Map.entry("topics.to.tables.mapping", SinkSettings.TOPIC_PREFIX + "<topic>." + TableSettings.TABLE_NAME),
            Map.entry("connection.user", NOT_NEEDED),
            Map.entry("connection.password", NOT_NEEDED),
            Map.entry("dialect.name", NOT_NEEDED),
            Map.entry("quote.sql.identifiers", NOT_NEEDED + ": names are not SQL"),
            Map.entry("db.timezone", NOT_NEEDED + ": times are UTC"));

    private static final List<String> CONNECT_PREFIXES = List.of(
            "key.converter.",
            "value.converter.",
            "header.converter.",
            "transforms.",
            "predicates.",
            "consumer.override.",
            "producer.override.",
            "admin.override.",
            SinkSettings.KAFKA_PREFIX);

    private SettingsCheck() {}

    static void check(Map<String, String> given, Problems problems) {
        given.keySet().stream().filter(key -> !isKnown(key)).forEach(key -> problems.add(key, unknown(key)));
        checkTopics(given, problems);
        checkWithoutEffect(given, problems);
        ClientSettings.check(given, problems);
        checkTextFields(given, problems);
        checkFolder(given.getOrDefault(SinkSettings.DATABASE_PATH, ""), problems);
    }

    /** Settings of a store that is named nowhere: its name was forgotten, or has a typing error. */
    private static void checkWithoutEffect(Map<String, String> given, Problems problems) {
        for (Map.Entry<String, List<String>> store : TopicSettings.OF_STORES.entrySet()) {
            String name = store.getKey();
            boolean named = given.entrySet().stream()
                    .anyMatch(e -> !e.getValue().isBlank()
                            && (e.getKey().equals(name)
                                    || (e.getKey().startsWith(SinkSettings.TOPIC_PREFIX)
                                            && e.getKey().endsWith("." + name))));
            if (!named) {
                store.getValue().forEach(setting -> checkWithoutEffect(setting, setting, name, given, problems));
                TopicConfigs.overrides(given, new Problems()).stream()
                        .filter(own -> store.getValue().contains(own.setting()))
                        .forEach(own -> checkWithoutEffect(own.key(), own.setting(), name, given, problems));
            }
        }
    }

    private static void checkWithoutEffect(
            String key, String setting, String store, Map<String, String> given, Problems problems) {
        String value = given.getOrDefault(key, "");
        if (!value.isBlank() && !SinkSettings.isDefault(setting, value)) {
            problems.add(key, "'" + key + "' does nothing, since " + store + " is not set");
        }
    }

    /** Names that no column of documents can be made with: in a file that is there somebody else may have made them. */
    private static void checkTextFields(Map<String, String> given, Problems problems) {
        String path = given.getOrDefault(SinkSettings.DATABASE_PATH, "");
        if (!path.contains("${") && new File(path).exists()) {
            return;
        }
        given.forEach((key, value) -> {
            boolean isForOne =
                    key.startsWith(SinkSettings.TOPIC_PREFIX) && key.endsWith("." + TopicSettings.TEXT_FIELDS);
            for (String field :
                    key.equals(TopicSettings.TEXT_FIELDS) || isForOne ? value.split(",", -1) : new String[0]) {
                String name = field.strip();
                try {
                    name = ColumnSpec.parse(field).name();
                } catch (IllegalArgumentException e) {
                    continue; // which is said
                }
                if (!isName(name)) {
                    problems.invalid(
                            key,
                            field.strip(),
                            "a column of documents is named by letters, digits and underscores, and no word of SQL; give it a name of its own: '"
                                    + field.strip() + " as text'");
                }
            }
        });
    }

    private static boolean isName(String column) {
        try {
            Content.Kind.KEY_VALUES.checkName(column);
            return true;
        } catch (IllegalArgumentException e) { // what the format keeps for itself are names of tables
            return !String.valueOf(e.getMessage()).contains("must be letters");
        }
    }

    private static boolean isKnown(String key) {
        return SinkSettings.DEFINITION.names().contains(key)
                || CONNECT.contains(key)
                || key.startsWith(SinkSettings.TOPIC_PREFIX)
                || CONNECT_PREFIXES.stream().anyMatch(key::startsWith);
    }

    private static String unknown(String key) {
        String here = OF_JDBC_SINKS.get(key);
        if (here != null) {
            return "'" + key + "' is a JDBC sink's; here it is " + here;
        }
        return "'" + key + "' is no setting of this connector or of Kafka Connect"
                + Stream.concat(SinkSettings.DEFINITION.names().stream(), CONNECT.stream())
                        .filter(known -> distance(key.toLowerCase(Locale.ROOT), known) <= 2)
                        .findFirst()
                        .map(known -> "; is '" + known + "' meant?")
                        .orElse("");
    }

    /** How many letters must be put in, taken out or changed (Levenshtein 1966). */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** Settings for a topic that is not read do nothing. A transformation may rename topics: then it cannot be told. */
    private static void checkTopics(Map<String, String> given, Problems problems) {
        if (!given.getOrDefault("transforms", "").isBlank()) {
            return;
        }
        List<String> topics = SinkConfig.listed(given);
        Optional<Pattern> regex = Optional.empty();
        try {
            regex = Optional.ofNullable(given.get("topics.regex")).map(Pattern::compile);
        } catch (PatternSyntaxException e) {
            return; // Connect says so
        }
        for (TopicConfigs.Overridden own : TopicConfigs.overrides(given, new Problems())) {
            String topic = own.of();
            if (own.isForPattern()) {
                if (regex.isEmpty() && !topics.isEmpty() && topics.stream().noneMatch(t -> matches(topic, t))) {
                    problems.add(own.key(), "no topic that the connector reads matches '" + topic + "'");
                }
                continue;
            }
            boolean read = regex.map(r -> r.matcher(topic).matches()).orElse(topics.contains(topic));
            if (!read && (given.containsKey("topics") || regex.isPresent())) {
                problems.add(own.key(), "topic '" + topic + "' is not among those that the connector reads");
            }
        }
    }

    private static boolean matches(String pattern, String topic) {
        try {
            return Pattern.matches(pattern, topic);
        } catch (PatternSyntaxException e) {
            return true; // is told as such
        }
    }

    /** The part of the folder's path that is the same for all files must be there: it may be a mount. */
    private static void checkFolder(String path, Problems problems) {
        if (path.isBlank()) {
            return;
        }
        int placeholder = path.indexOf("${");
        if (path.equals(":memory:")) {
            problems.invalid(SinkSettings.DATABASE_PATH, path, "a vault is a file, and this names none; give its path");
            return;
        }
        try {
            Path folder = FileNames.folder(path).orElse(null);
            Path file = Path.of(placeholder < 0 ? path : "x").toAbsolutePath();
            if (folder != null && !Files.isDirectory(folder)) {
                problems.invalid(
                        SinkSettings.DATABASE_PATH,
                        path,
                        "there is no folder " + folder + " on this worker; make it, or mount it, first");
            } else if (folder != null && !Files.isWritable(folder)) {
                problems.invalid(
                        SinkSettings.DATABASE_PATH, path, "the worker's user may not write in the folder " + folder);
            } else if (placeholder < 0 && Files.isDirectory(file)) {
                problems.invalid(SinkSettings.DATABASE_PATH, path, "it is a folder; name a file in it");
            } else if (placeholder < 0 && Files.exists(file) && !Files.isWritable(file)) {
                problems.invalid(SinkSettings.DATABASE_PATH, path, "the worker's user may not write the file");
            } else if (placeholder < 0 && Files.exists(file) && Files.size(file) > 0 && !FamilyFiles.isDatabase(file)) {
                problems.invalid(
                        SinkSettings.DATABASE_PATH,
                        path,
                        "there is a file of that name, which is no SQLite database (or is encrypted); give another path");
            }
        } catch (IOException e) {
            problems.invalid(SinkSettings.DATABASE_PATH, path, "it cannot be looked at: " + e);
        } catch (InvalidPathException e) {
            problems.invalid(SinkSettings.DATABASE_PATH, path, "it is no path: " + e.getReason());
        }
    }
}
