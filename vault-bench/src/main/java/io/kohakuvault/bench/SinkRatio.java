package io.kohakuvault.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.connect.VaultSinkTask;
import io.kohakuvault.testkit.IdleSinkContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * The sink's task beside one that does nothing, both behind the parsing of JSON that a converter does, in batches of
 * the size that a worker gives. Without broker and worker: {@link SinkBenchmark} has them.
 */
final class SinkRatio {
    private static final String TOPIC = "guard";
    private static final int RECORDS = 5_000;
    private static final int BATCH = 500;
    private static final int ROUNDS = 15;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final byte[][] values = new byte[RECORDS][];
    private long offset;

    private SinkRatio() {
        for (int i = 0; i < RECORDS; i++) {
            values[i] = ("{\"id\":" + i + ",\"ts\":" + (1_700_000_000_000L + i) + ",\"name\":\"sensor " + i % 1000
                            + "\",\"value\":" + i / 7.0 + ",\"ok\":" + (i % 2 == 0) + ",\"level\":" + i % 5
                            + ",\"note\":null}")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Its rate over that of the one that does nothing. */
    static double of(Path folder, Map<String, String> more) throws Exception {
        Path file = folder.resolve("sink.db");
        Workloads.remove(file);
        Map<String, String> settings = new java.util.HashMap<>(Map.of(
                "name",
                "guard",
                "database.path",
                file.toString(),
                "table.name",
                "events",
                "table.columns",
                "id i64, ts timestamp:ms null, name str, value f64, ok bool, level i32, note str null"));
        settings.putAll(more);
        SinkRatio ratio = new SinkRatio();
        VaultSinkTask task = new VaultSinkTask();
        task.initialize(new IdleSinkContext());
        task.start(settings);
        task.open(List.of(new TopicPartition(TOPIC, 0)));
        try {
            Timing[] timings = Timing.inTurn(
                    ROUNDS,
                    new String[] {"sink that does nothing", "sink"},
                    () -> ratio.deliver(null),
                    () -> ratio.deliver(task));
            System.out.println(timings[1].against(timings[0]));
            return timings[1].timesAsFastAs(timings[0]);
        } finally {
            task.stop();
        }
    }

    private long deliver(@org.jspecify.annotations.Nullable SinkTask task) throws IOException {
        long delivered = 0;
        for (int from = 0; from < RECORDS; from += BATCH) {
            List<SinkRecord> batch = new ArrayList<>(BATCH);
            for (int i = from; i < from + BATCH; i++) {
                batch.add(new SinkRecord(
                        TOPIC,
                        0,
                        null,
                        "key" + i,
                        null,
                        JSON.readValue(values[i], MAP),
                        task == null ? i : offset++,
                        1_700_000_000_000L,
                        TimestampType.CREATE_TIME));
            }
            if (task != null) {
                task.put(batch);
            }
            delivered += batch.size();
        }
        return delivered;
    }
}
