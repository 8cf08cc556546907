package io.kohakuvault.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends topics to a vault. Its settings are documented in {@link #config()}. */
public final class VaultSinkConnector extends SinkConnector {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSinkConnector.class);

    private Map<String, String> properties = Map.of();

    /** Made by the worker. */
    public VaultSinkConnector() {}

    @Override
    public String version() {
        return Version.get();
    }

    @Override
    public ConfigDef config() {
        return SinkSettings.DEFINITION;
    }

    /** All that is wrong with the settings, each finding at its key; looks at the folder of the file too. */
    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Map<String, String> given = SinkConfig.given(connectorConfigs);
        Config config = super.validate(given);
        Problems problems = new Problems();
        SinkConfig.check(given, problems);
        SettingsCheck.check(given, problems);
        Map<String, ConfigValue> byName = new HashMap<>();
        config.configValues().forEach(value -> byName.put(value.name(), value));
        List<ConfigValue> all = new ArrayList<>(config.configValues());
        problems.all().forEach((key, messages) -> {
            ConfigValue value = byName.get(key);
            if (value == null) {
                all.add(new ConfigValue(key, given.get(key), List.of(), messages));
            } else {
                messages.stream()
                        .filter(m -> !value.errorMessages().contains(m))
                        .forEach(value::addErrorMessage);
            }
        });
        return new Config(all);
    }

    @Override
    public void start(Map<String, String> props) {
        properties = SinkConfig.given(props);
        new SinkConfig(properties);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return VaultSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        SinkConfig config = new SinkConfig(properties);
        if (config.writesOneFile() && maxTasks > 1) {
            LOG.info(
                    "{} names one file, which one task writes; tasks.max {} is not used up",
                    SinkSettings.DATABASE_PATH,
                    maxTasks);
        }
        int tasks = config.writesOneFile() ? 1 : maxTasks;
        List<Map<String, String>> all = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            Map<String, String> numbered = new HashMap<>(properties);
            numbered.put(SinkSettings.TASK, Integer.toString(i));
            all.add(numbered);
        }
        return all;
    }

    /**
     * Moves the offsets in the files, forwards, backwards or to none, as those of the consumer group are moved: {@code
     * PATCH} and {@code DELETE} of {@code /connectors/<name>/offsets} while the connector is stopped.
     *
     * @param connectorConfig the connector's settings
     * @param offsets for each partition the offset to go on from, or null
     * @return true: they are moved
     * @throws ConnectException when a file cannot be changed; the group's offsets stay then
     */
    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
        OffsetMoves.move(new SinkConfig(connectorConfig), VaultSinkTask.newFiles(), offsets);
        return true;
    }

    @Override
    public void stop() {
        // Holds nothing: the tasks own the files.
    }
}
