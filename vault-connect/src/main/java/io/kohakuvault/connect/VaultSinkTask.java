package io.kohakuvault.connect;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.offset.FencedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers records to vaults, exactly once: a batch and the offsets behind it are one transaction, and a task that has lost its
 * partitions without knowing it (a stopped process, a pause of the machine) is fenced by the epoch of its successor's claim.
 */
public final class VaultSinkTask extends SinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSinkTask.class);

    private final Map<String, VaultFile> files = new HashMap<>();
    private final Set<TopicPartition> owned = new HashSet<>();

    /** Partitions that were claimed with a batch in hand: their records in it are delivered again, however often it is retried. */
    private final Set<TopicPartition> rewound = new HashSet<>();

    private @Nullable SinkConfig config;
    private @Nullable ErrantRecordReporter reporter;
    private long skipped;

    /** Made by the worker. */
    public VaultSinkTask() {}

    @Override
    public String version() {
        return Version.get();
    }

    @Override
    public void start(Map<String, String> props) {
        config = new SinkConfig(props);
        try {
            reporter = context.errantRecordReporter();
        } catch (NoSuchMethodError | NoClassDefFoundError e) {
            reporter = null; // a worker older than 2.6
        }
    }

    private SinkConfig config() {
        SinkConfig c = config;
        if (c == null) {
            throw new IllegalStateException("the task was not started");
        }
        return c;
    }

    private VaultFile file(TopicPartition partition) {
        String path = config().path(partition.topic(), partition.partition());
        VaultFile file = files.get(path);
        if (file == null) {
            file = new VaultFile(config(), Path.of(path));
            files.put(path, file);
        }
        return file;
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        Set<VaultFile> locked = new HashSet<>();
        for (TopicPartition partition : partitions) {
            owned.add(partition);
            try {
                VaultFile file = file(partition);
                if (!locked.contains(file)) { // one wait for the lock is enough
                    claimOrDefer(file, partition, locked);
                }
            } catch (VaultBusyException | VaultIoException e) {
                LOG.warn("{}: its file cannot be opened yet: {}", partition, e.getMessage());
            }
        }
    }

    private void claimOrDefer(VaultFile file, TopicPartition partition, Set<VaultFile> locked) {
        try {
            claim(file, partition);
        } catch (VaultBusyException | VaultIoException e) {
            // Whoever had it holds the write lock, perhaps stopped: claimed when its records come, as often as it
            // takes.
            locked.add(file);
            LOG.warn("{}: cannot be claimed yet: {}", partition, e.getMessage());
        }
    }

    private boolean claim(VaultFile file, TopicPartition partition) {
        var next = file.claim(partition);
        next.ifPresent(offset -> context.offset(partition, offset));
        LOG.info(
                "{}: claimed, goes on from {}",
                partition,
                next.isPresent() ? next.getAsLong() : "where the consumer stands");
        return next.isPresent();
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        Map<VaultFile, List<SinkRecord>> batches = new LinkedHashMap<>();
        try {
            for (SinkRecord record : records) {
                TopicPartition partition = Coordinates.of(record).topicPartition();
                if (!owned.contains(partition)) {
                    throw new ConnectException(
                            "a record of " + partition + ", which this task was not given" + Coordinates.hint());
                }
                VaultFile file = file(partition);
                if (!file.hasClaim(partition) && claim(file, partition)) {
                    rewound.add(partition);
                }
                if (!rewound.contains(partition)) { // else delivered again, from the offset that the file names
                    batches.computeIfAbsent(file, f -> new ArrayList<>()).add(record);
                }
            }
            for (Map.Entry<VaultFile, List<SinkRecord>> batch : batches.entrySet()) {
                batch.getKey().write(batch.getValue(), this::settle);
            }
            rewound.clear(); // the framework seeks before it polls again
        } catch (FencedException e) {
            // The framework polls before it offers the batch again, and learns then which partitions are gone. Those
            // that are not were
            // claimed by somebody who had no right to them any more: they are claimed anew.
            LOG.warn("{}", e.getMessage());
            batches.forEach((file, batch) ->
                    batch.forEach(r -> file.release(Coordinates.of(r).topicPartition())));
            throw retry(e);
        } catch (VaultBusyException | VaultIoException e) {
            LOG.warn("will be tried again: {}", e.getMessage());
            throw retry(e);
        } catch (VaultException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    private RetriableException retry(RuntimeException e) {
        context.timeout(config().retryBackoffMs());
        return new RetriableException(e.getMessage(), e);
    }

    /** Rejected records are safe in the dead letter queue before the batch without them is committed. */
    private void settle(List<VaultFile.Rejected> rejected) {
        ErrantRecordReporter r = reporter;
        if (r == null) {
            if (!config().toleratesErrors()) {
                throw rejected.get(0).reason();
            }
            skipped += rejected.size();
            rejected.forEach(
                    x -> LOG.warn("skipped ({} so far): {}", skipped, x.reason().getMessage()));
            return;
        }
        List<Future<Void>> reports = new ArrayList<>();
        for (VaultFile.Rejected x : rejected) {
            LOG.warn("reported: {}", x.reason().getMessage());
            reports.add(r.report(x.record(), x.reason()));
        }
        for (Future<Void> report : reports) {
            try {
                report.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ConnectException("interrupted while a rejected record was reported", e);
            } catch (ExecutionException e) {
                throw new ConnectException("a rejected record could not be reported: " + e.getCause(), e);
            }
        }
    }

    /** Answers with what the files hold, whatever the framework has delivered. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (VaultFile file : files.values()) {
            file.committed().forEach((partition, next) -> offsets.put(partition, new OffsetAndMetadata(next)));
        }
        offsets.keySet().retainAll(owned);
        return offsets;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            owned.remove(partition);
            rewound.remove(partition);
            VaultFile file = files.get(config().path(partition.topic(), partition.partition()));
            if (file != null) {
                file.release(partition);
            }
        }
        // A file without partitions may be another task's next: it is not kept open.
        files.values().removeIf(file -> {
            if (file.isIdle()) {
                file.close();
            }
            return file.isIdle();
        });
    }

    @Override
    public void stop() {
        files.values().forEach(VaultFile::close);
        files.clear();
        owned.clear();
    }
}
