package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.connect.VaultSinkTask;
import io.kohakuvault.testkit.IdleSinkContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink writes files that take turns, and Spark queries their directory meanwhile. */
class LiveSinkTest {
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);
    private static final int BATCHES = 60;
    private static final String LAST_FILE = "events-000003.db";
    private static final int RECORDS = 2_000;

    /** Batches between two queries at most: neither is to be done before the other begins. */
    private static final int BATCHES_A_QUERY = 10;

    @TempDir
    Path folder;

    private final AtomicInteger queries = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean isOver;

    private void sink() {
        Map<String, String> settings = new HashMap<>();
        settings.put("name", "sink");
        settings.put("database.path", folder.resolve("events-${sequence}.db").toString());
        settings.put("rotate.bytes", "1048576");
        settings.put("table.name", "events");
        settings.put("table.columns", "n i64, half f64");
        settings.put("commit.interval.ms", "0");
        VaultSinkTask task = new VaultSinkTask();
        task.initialize(new IdleSinkContext());
        task.start(settings);
        task.open(List.of(PARTITION));
        try {
            for (int batch = 0; !isOver && (batch < BATCHES || !Files.exists(folder.resolve(LAST_FILE))); batch++) {
                while (batch - BATCHES_A_QUERY * 2 > BATCHES_A_QUERY * queries.get() && !isOver) {
                    Thread.onSpinWait();
                }
                List<SinkRecord> records = new ArrayList<>();
                for (int i = 0; i < RECORDS; i++) {
                    long n = (long) batch * RECORDS + i;
                    records.add(new SinkRecord("events", 0, null, null, null, Map.of("n", n, "half", n / 2.0), n));
                }
                task.put(records);
                sent.addAndGet(RECORDS);
                Map<TopicPartition, OffsetAndMetadata> offsets =
                        Map.of(PARTITION, new OffsetAndMetadata((long) (batch + 1) * RECORDS));
                task.preCommit(offsets);
                if (batch == BATCHES_A_QUERY) {
                    begun.countDown();
                }
            }
        } finally {
            task.close(List.of(PARTITION));
            task.stop();
        }
    }

    @Test
    void everyQuerySeesCommittedRowsAndNotFewerThanTheOneBefore() throws Exception {
        CompletableFuture<Void> writing = CompletableFuture.runAsync(this::sink);
        assertThat(begun.await(2, TimeUnit.MINUTES)).isTrue(); // before its first commit a file has no table
        Map<String, Long> before = new HashMap<>();
        try {
            boolean last;
            do {
                last = writing.isDone();
                queries.incrementAndGet();
                Dataset<Row> events = Local.read("events", folder);
                Map<String, Long> counts = new HashMap<>();
                for (Row file : events.groupBy("_file")
                        .agg(
                                org.apache.spark.sql.functions.expr("count(half)"),
                                org.apache.spark.sql.functions.expr("min(n)"),
                                org.apache.spark.sql.functions.expr("max(n)"),
                                org.apache.spark.sql.functions.expr("sum(half)"))
                        .collectAsList()) {
                    String name = file.getString(0);
                    long count = file.getLong(1);
                    long least = file.getLong(2);
                    long greatest = file.getLong(3);
                    counts.put(name, count);
                    // Whole commits of the sink, all of whose rows follow one another.
                    assertThat(greatest - least + 1).as(name).isEqualTo(count);
                    assertThat(count % RECORDS).as("rows of %s", name).isZero();
                    assertThat(file.getDouble(4)).as(name).isEqualTo((least + greatest) * (double) count / 4);
                    assertThat(count).as(name).isGreaterThanOrEqualTo(before.getOrDefault(name, 0L));
                }
                assertThat(counts.keySet()).containsAll(before.keySet());
                long known = events.count(); // answered when planned
                assertThat(known)
                        .isGreaterThanOrEqualTo(counts.values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
                before = counts;
            } while (!last);
        } finally {
            isOver = true; // the sink waits for no more queries
        }
        writing.get(1, TimeUnit.MINUTES);
        long rows = sent.get();
        assertThat(queries.get()).isGreaterThan(3);
        assertThat(before).hasSizeGreaterThan(1);
        assertThat(Local.read("events", folder)
                        .selectExpr("count(n)", "count(DISTINCT n)", "min(n)", "max(n)", "sum(n)")
                        .first()
                        .toString())
                .isEqualTo("[" + rows + "," + rows + ",0," + (rows - 1) + "," + rows * (rows - 1) / 2 + "]");
    }
}
