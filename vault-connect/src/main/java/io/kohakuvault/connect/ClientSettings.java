package io.kohakuvault.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;

/** The settings of the client that asks Kafka for the ids of topics, when they are posted. */
final class ClientSettings {
    private static final Pattern ADDRESS = Pattern.compile("\\S+:\\d{1,5}");

    private ClientSettings() {}

    static void check(Map<String, String> given, Problems problems) {
        Map<String, String> own = new HashMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(SinkSettings.KAFKA_PREFIX)) {
                own.put(key.substring(SinkSettings.KAFKA_PREFIX.length()), value);
            }
        });
        String servers = given.getOrDefault(SinkSettings.KAFKA_SERVERS, "");
        if (servers.isBlank()) {
            own.keySet().stream()
                    .map(setting -> SinkSettings.KAFKA_PREFIX + setting)
                    .filter(key -> !key.equals(SinkSettings.KAFKA_SERVERS)
                            && !given.getOrDefault(key, "").isBlank())
                    .forEach(key -> problems.add(
                            key,
                            "'" + key + "' does nothing, since " + SinkSettings.KAFKA_SERVERS + " is not set"
                                    + meant(key)));
            return;
        }
        Stream.of(servers.split(",", -1))
                .map(String::strip)
                .filter(server -> !server.isEmpty() && !ADDRESS.matcher(server).matches())
                .forEach(server -> problems.invalid(
                        SinkSettings.KAFKA_SERVERS, server, "a broker's address is host:port, for example kafka:9092"));
        ConfigDef definition = AdminClientConfig.configDef();
        for (ConfigValue value : definition.validate(own)) {
            ConfigDef.ConfigKey key = definition.configKeys().get(value.name());
            // Classes may be on a path that only the client looks at; others know settings that the client does not.
            if (key != null && own.containsKey(value.name()) && key.type != ConfigDef.Type.CLASS) {
                value.errorMessages()
                        .forEach(message -> problems.add(SinkSettings.KAFKA_PREFIX + value.name(), message));
            }
        }
        own.keySet().stream()
                .filter(setting -> !definition.names().contains(setting))
                .map(setting -> SinkSettings.KAFKA_PREFIX + setting)
                .filter(key -> !meant(key).isEmpty())
                .forEach(key -> problems.add(key, "'" + key + "' is no setting of Kafka's client" + meant(key)));
    }

    /** Which setting of the client has nearly that name. */
    private static String meant(String key) {
        String setting = key.substring(SinkSettings.KAFKA_PREFIX.length());
        return AdminClientConfig.configNames().stream()
                .filter(known -> !known.equals(setting) && SettingsCheck.distance(setting, known) <= 2)
                .findFirst()
                .map(known -> "; is '" + SinkSettings.KAFKA_PREFIX + known + "' meant?")
                .orElse("");
    }
}
