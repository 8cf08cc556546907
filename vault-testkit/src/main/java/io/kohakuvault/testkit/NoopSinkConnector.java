package io.kohakuvault.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/** A sink that counts records and does nothing else: what the framework and the converter alone cost. */
public final class NoopSinkConnector extends SinkConnector {
    /** The file that holds a count of eight bytes, big-endian, for each task. */
    public static final String COUNTER = "counter.file";

    private static final String TASK = "task.number";

    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return "0";
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define(
                        COUNTER,
                        ConfigDef.Type.STRING,
                        ConfigDef.Importance.HIGH,
                        "The file that holds a count of eight bytes for each task.");
    }

    @Override
    public void start(Map<String, String> props) {
        properties = Map.copyOf(props);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return NoopTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> configs = new ArrayList<>();
        for (int task = 0; task < maxTasks; task++) {
            Map<String, String> config = new HashMap<>(properties);
            config.put(TASK, Integer.toString(task));
            configs.add(config);
        }
        return configs;
    }

    @Override
    public void stop() {}

    /** Counts. */
    public static final class NoopTask extends SinkTask {
        private @Nullable MappedByteBuffer counter;
        private long count;

        @Override
        public String version() {
            return "0";
        }

        @Override
        public void start(Map<String, String> props) {
            try (FileChannel file = FileChannel.open(
                    Path.of(String.valueOf(props.get(COUNTER))),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                int task = Integer.parseInt(String.valueOf(props.get(TASK)));
                long place = (long) Long.BYTES * task;
                // Mapping sets a length that it found too short: of two tasks at once one would cut off the other's.
                file.write(ByteBuffer.allocate(Long.BYTES), place);
                counter = file.map(FileChannel.MapMode.READ_WRITE, place, Long.BYTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            count += records.size();
            MappedByteBuffer c = counter;
            if (c != null) {
                c.putLong(0, count);
            }
        }

        @Override
        public void stop() {}
    }
}
