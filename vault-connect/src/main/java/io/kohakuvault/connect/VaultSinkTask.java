package io.kohakuvault.connect;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.FencedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
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
 * Delivers records to vaults, exactly once: a batch and the offsets behind it are one transaction, and a task that has
 * lost its partitions without knowing it (a stopped process, a pause of the machine) is fenced by the epoch of its
 * successor's claim.
 */
public final class VaultSinkTask extends SinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSinkTask.class);

    private final Map<String, VaultFile> files = new HashMap<>();
    private final Set<TopicPartition> owned = new HashSet<>();

    /**
     * Partitions that were claimed with a batch in hand: their records in it are delivered again, however often it is
     * retried.
     */
    private final Set<TopicPartition> rewound = new HashSet<>();

    /** The records of a batch that is to be retried, by identity: the framework offers the same objects again. */
    private final Set<SinkRecord> retried = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * Partitions that were taken away since: the framework may leave records of them in the batch when a transformation
     * renamed the topic.
     */
    private final Set<TopicPartition> gone = new HashSet<>();

    private final VaultOptions options;

    private @Nullable SinkConfig config;
    private @Nullable ErrantRecordReporter reporter;
    private long skipped;

    /** Made by the worker. */
    public VaultSinkTask() {
        this(VaultOptions.defaults().withGuardNewFiles(true));
    }

    VaultSinkTask(VaultOptions options) {
        this.options = options;
    }

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

    private String path(TopicPartition partition) {
        return config().path(partition.topic(), partition.partition());
    }

    private VaultFile file(TopicPartition partition) {
        String path = path(partition);
        VaultFile file = files.get(path);
        if (file == null) {
            file = new VaultFile(config(), Path.of(path), options);
            files.put(path, file);
        }
        return file;
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        Set<String> locked = new HashSet<>();
        for (TopicPartition partition : partitions) {
            owned.add(partition);
            String path = path(partition);
            if (!locked.contains(path)) { // one wait for the lock is enough
                claimOrDefer(path, partition, locked);
            }
        }
    }

    private void claimOrDefer(String path, TopicPartition partition, Set<String> locked) {
        try {
            claim(file(partition), partition);
        } catch (VaultBusyException e) {
            // Whoever had it holds the write lock, perhaps stopped: claimed when its records come, as
            // often as it takes.
            locked.add(path);
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
                if (gone.contains(partition) && retried.contains(record)) {
                    continue; // from before the partition was taken away: delivered again to whoever has it now
                }
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
            retried.clear();
            gone.clear();
        } catch (FencedException e) {
            // The framework polls before it offers the batch again, and learns then which partitions are gone. Those
            // that are not were claimed by somebody who had no right to them any more: they are claimed anew.
            LOG.warn("{}", e.getMessage());
            batches.forEach((file, batch) ->
                    batch.forEach(r -> file.release(Coordinates.of(r).topicPartition())));
            throw retry(records, e);
        } catch (VaultBusyException
                | VaultIoException
                | VaultInterruptedException
                | TopicTarget.TableChangedException e) {
            LOG.warn("will be tried again: {}", e.getMessage());
            throw retry(records, e);
        } catch (VaultException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    private RetriableException retry(Collection<SinkRecord> records, RuntimeException e) {
        retried.clear();
        retried.addAll(records);
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
        try {
            for (VaultFile file : files.values()) {
                file.committed().forEach((partition, next) -> offsets.put(partition, new OffsetAndMetadata(next)));
            }
        } catch (VaultBusyException | VaultIoException e) {
            // An exception would make the framework seek back to what it committed last; an empty answer
            // commits nothing this time.
            LOG.warn("offsets cannot be read just now: {}", e.getMessage());
            return Map.of();
        }
        offsets.keySet().retainAll(owned);
        return offsets;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            owned.remove(partition);
            rewound.remove(partition);
            if (!retried.isEmpty()) {
                gone.add(partition);
            }
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
