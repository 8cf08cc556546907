package io.kohakuvault.connect;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultMovedException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.FencedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
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

    /** A task that is fenced so often without writing anything shares its partitions with another connector. */
    private static final int MOST_FENCED = 5;

    private final Set<TopicPartition> owned = new HashSet<>();

    /**
     * Partitions whose consumer was sent elsewhere with a batch in hand: their records in it are delivered again,
     * however often it is retried.
     */
    private final Set<TopicPartition> rewound = new HashSet<>();

    /** The records of a batch that is to be retried, by identity: the framework offers the same objects again. */
    private final Set<SinkRecord> retried = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * Those of them whose partition was taken away since: the framework may leave them in the batch when a
     * transformation renamed the topic. They are delivered again to whoever has the partition now.
     */
    private final Set<SinkRecord> stale = Collections.newSetFromMap(new IdentityHashMap<>());

    private final VaultOptions options;
    private final Upkeep upkeep;

    private @Nullable Running running;
    private int fenced;
    private long commitsWhenFenced;

    /** A put has ended the task: what the framework holds of positions is not believed any more. */
    private boolean failed;

    /** What a task has from its start on. */
    private record Running(SinkConfig config, TaskFiles files, Retries retries, SinkMetrics metrics) {}

    /** Made by the worker. */
    public VaultSinkTask() {
        this(newFiles(), Upkeep.normal());
    }

    /** How files are opened, and made. */
    static VaultOptions newFiles() {
        return VaultOptions.defaults().withGuardNewFiles(true);
    }

    VaultSinkTask(VaultOptions options) {
        this(options, Upkeep.normal());
    }

    VaultSinkTask(VaultOptions options, Upkeep upkeep) {
        this.options = options;
        this.upkeep = upkeep;
    }

    @Override
    public String version() {
        return Version.get();
    }

    @Override
    public void start(Map<String, String> props) {
        SinkConfig config = new SinkConfig(props);
        ErrantRecordReporter reporter = null;
        try {
            reporter = context.errantRecordReporter();
        } catch (NoSuchMethodError | NoClassDefFoundError e) {
            LOG.debug("a worker older than 2.6 has no reporter", e);
        }
        SinkMetrics metrics =
                new SinkMetrics(config.connector(), props.getOrDefault(SinkSettings.TASK, "0")).register();
        WorkerMetrics.add(context, metrics);
        TaskFiles files =
                new TaskFiles(config, options, new DeadLetters(reporter, config.toleratesErrors()), metrics, upkeep);
        running = new Running(config, files, config.retries(), metrics);
    }

    private Running running() {
        Running r = running;
        if (r == null) {
            throw new IllegalStateException("the task was not started");
        }
        return r;
    }

    private TaskFiles files() {
        return running().files();
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        owned.addAll(partitions);
        claimAll(partitions, !retried.isEmpty());
    }

    /**
     * Claims what can be claimed now.
     *
     * @param withBatch whether the framework holds a batch's positions, and not yet those that it is sent to
     */
    private void claimAll(Collection<TopicPartition> partitions, boolean withBatch) {
        Set<String> unreachable = new HashSet<>();
        for (TopicPartition partition : partitions) {
            String path = files().path(partition);
            if (!unreachable.contains(path)) { // one wait for the lock is enough
                try {
                    boolean unused = claim(partition, withBatch);
                } catch (VaultBusyException
                        | VaultIoException
                        | ReadAgainException
                        | TableTarget.TableChangedException e) {
                    // Whoever had it holds the write lock, perhaps stopped; or the disk is full, or not mounted: it is
                    // claimed when its records come, as often as it takes.
                    unreachable.add(path);
                    LOG.warn("{}: cannot be claimed yet: {}", partition, e.getMessage());
                } catch (VaultException e) {
                    throw new ConnectException(e.getMessage(), e);
                }
            }
        }
    }

    /** Whether the consumer is sent elsewhere. */
    private boolean claim(TopicPartition partition, boolean withBatch) {
        OptionalLong start = files().claim(partition);
        PartitionProgress progress = files().progress(partition);
        if (progress != null && withBatch) {
            progress.sought();
        }
        start.ifPresent(offset -> context.offset(partition, offset));
        return start.isPresent();
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        failed = true; // unless it ends well, or is to be tried again
        try {
            Set<TopicPartition> lost = files().lost();
            if (!lost.isEmpty()) {
                rewound.addAll(lost);
                claimAll(lost, true);
            }
            if (records.isEmpty()) {
                lookAtPausing();
            }
            byPartition(records).forEach(this::accept);
            long now = System.nanoTime();
            files().advance(now);
            rewound.clear(); // the framework seeks before it polls again
            retried.clear();
            stale.clear();
            running().retries().success();
            wakeForTheRest(now);
            keepUp(false);
            running().metrics().behind(files().behind());
            failed = false;
        } catch (FencedException e) {
            refuse(records, e);
        } catch (VaultMovedException e) {
            throw new ConnectException(
                    e.getMessage()
                            + ". What was acknowledged to Kafka is in the file that was moved; put it back and restart the task",
                    e);
        } catch (VaultBusyException
                | VaultIoException
                | VaultInterruptedException
                | ReadAgainException
                | TableTarget.TableChangedException e) {
            LOG.warn("will be tried again: {}", e.getMessage());
            throw retry(records, e);
        } catch (VaultException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    /**
     * The framework polls before it offers the batch again, and learns then which partitions are gone. Those that are
     * not were claimed by somebody who had no right to them any more: they are claimed anew.
     */
    private void refuse(Collection<SinkRecord> records, FencedException e) {
        LOG.warn("{}", e.getMessage());
        running().metrics().wasFenced();
        long commits = running().metrics().getCommits();
        fenced = commits == commitsWhenFenced ? fenced + 1 : 1;
        commitsWhenFenced = commits;
        if (fenced >= MOST_FENCED) {
            String holder =
                    files().lost().stream().findFirst().map(files()::holder).orElse("somebody unknown");
            throw new ConnectException(
                    e.getMessage() + ". That happened " + fenced
                            + " times without a record written between: another connector named '"
                            + running().config().connector() + "' writes to the file, last " + holder
                            + "; give one of them another name and another " + SinkSettings.DATABASE_PATH,
                    e);
        }
        throw retry(records, e);
    }

    /** Without it, a poll waits for records until the next commit of offsets. */
    private void wakeForTheRest(long now) {
        long least = 0;
        for (Pipeline pipeline : files().all()) {
            long nanos = pipeline.nanosUntilDue(now);
            least = nanos > 0 && (least == 0 || nanos < least) ? nanos : least;
        }
        if (least > 0) {
            context.timeout(Math.max(1, least / 1_000_000));
        }
    }

    /** A batch comes partition by partition, in order within each. */
    private static Map<TopicPartition, List<SinkRecord>> byPartition(Collection<SinkRecord> records) {
        Map<TopicPartition, List<SinkRecord>> byPartition = new LinkedHashMap<>();
        TopicPartition last = null;
        List<SinkRecord> list = List.of();
        for (SinkRecord record : records) {
            if (last == null
                    || Coordinates.partition(record) != last.partition()
                    || !Coordinates.topic(record).equals(last.topic())) {
                last = Coordinates.of(record).topicPartition();
                list = byPartition.computeIfAbsent(last, p -> new ArrayList<>());
            }
            list.add(record);
        }
        return byPartition;
    }

    /** Takes of one partition's records what is to be written. */
    private void accept(TopicPartition partition, List<SinkRecord> offered) {
        List<SinkRecord> records = offered;
        if (!stale.isEmpty()) {
            records = offered.stream().filter(r -> !stale.contains(r)).toList();
            if (records.isEmpty()) {
                return;
            }
        }
        if (!owned.contains(partition)) {
            throw new ConnectException(
                    "a record of " + partition + ", which this task was not given" + Coordinates.hint());
        }
        PartitionProgress progress = files().progress(partition);
        if (progress == null) {
            if (claim(partition, true)) {
                rewound.add(partition);
            }
            progress = files().progress(partition);
        }
        if (progress == null || rewound.contains(partition)) {
            return; // delivered again, from the offset that the file names
        }
        try {
            if (progress.hasPaused(System.nanoTime())) {
                files().checkTopicId(progress);
            }
            PartitionProgress.Admission admission = progress.admit(records);
            if (admission.seek().isPresent()) {
                rewind(partition, admission.seek());
            } else if (admission.delivery().isPresent()) {
                Delivery delivery = admission.delivery().get();
                files().add(partition, delivery);
                progress.accept(delivery, System.nanoTime()).ifPresent(offset -> context.offset(partition, offset));
            }
        } catch (TopicChangedException e) {
            rewind(
                    partition,
                    OptionalLong.of(files().beginAnew(partition, e).start().orElse(0)));
        }
    }

    private void rewind(TopicPartition partition, OptionalLong offset) {
        context.offset(partition, offset.getAsLong());
        rewound.add(partition);
    }

    /** Without records there is time to see whether a topic that pauses is still the same. */
    private void lookAtPausing() {
        long now = System.nanoTime();
        for (Pipeline pipeline : files().all()) {
            for (PartitionProgress progress : pipeline.file().partitions()) {
                progress.look(now).ifPresent(offset -> context.offset(progress.partition(), offset));
            }
        }
    }

    private RetriableException retry(Collection<SinkRecord> records, RuntimeException e) {
        retried.clear();
        retried.addAll(records);
        running().metrics().retried();
        running().metrics().behind(files().behind());
        context.timeout(running().retries().next(e));
        failed = false;
        return Retries.again(e);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
        boolean sound = retried.isEmpty() && !failed;
        Map<TopicPartition, OffsetAndMetadata> offsets =
                new Acknowledgement(currentOffsets, rewound, sound).answer(files().all());
        offsets.keySet().retainAll(owned);
        if (sound) {
            keepUp(true);
        }
        running().metrics().behind(files().behind());
        return offsets;
    }

    /** What fails here is met again by what comes next, or done later. */
    private void keepUp(boolean settled) {
        try {
            claimAll(files().keepUp(settled), !settled); // at once: the framework seeks before it polls again
        } catch (RuntimeException e) {
            LOG.warn("files are looked after later: {}", e.getMessage());
        }
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            owned.remove(partition);
            rewound.remove(partition);
        }
        for (SinkRecord record : retried) {
            if (partitions.contains(Coordinates.of(record).topicPartition())) {
                stale.add(record);
            }
        }
        files().release(partitions);
    }

    @Override
    public void stop() {
        owned.clear();
        Running r = running;
        if (r != null) {
            r.files().close();
            r.metrics().close();
        }
    }
}
