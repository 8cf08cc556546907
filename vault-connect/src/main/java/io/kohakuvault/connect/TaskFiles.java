package io.kohakuvault.connect;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.FencedException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that a task writes, and its claims on partitions in them. Used by the task's thread alone. */
final class TaskFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskFiles.class);

    private final SinkConfig config;
    private final VaultOptions options;
    private final DeadLetters deadLetters;
    private final SinkMetrics metrics;
    private final Optional<TopicIds> topicIds;
    private final Rotation rotation;
    private final Map<String, Pipeline> pipelines = new HashMap<>();

    /** The files whose turn it was when partitions were claimed. */
    private final Map<TopicPartition, String> turns = new HashMap<>();

    private final Upkeep upkeep;
    private long lastLook = System.nanoTime();

    /** Nothing is known of where to read a partition on: from where the consumer stands. */
    private static final long NOWHERE = -1;

    /** Partitions that this task lost what it had accepted of, from an offset on: they are claimed and read again. */
    private final Map<TopicPartition, Long> lost = new HashMap<>();

    private final ExecutorService writer;

    TaskFiles(SinkConfig config, VaultOptions options, DeadLetters deadLetters, SinkMetrics metrics, Upkeep upkeep) {
        this.config = config;
        this.options = options;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.topicIds = config.kafka().map(TopicIds::new);
        this.rotation = new Rotation(config, options, upkeep.clock());
        this.upkeep = upkeep;
        this.writer = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "vault-sink-writer-" + config.connector());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The file that a partition is in, or the family of files where none is chosen yet. */
    String path(TopicPartition partition) {
        String turn = turns.get(partition);
        return turn != null ? turn : config.files().family(partition.topic(), partition.partition());
    }

    /** The file of a partition, opened if need be. */
    Pipeline pipeline(TopicPartition partition) {
        if (config.files().rotates()) {
            turns.computeIfAbsent(partition, p -> rotation.turn(p).toString());
        }
        String path = path(partition);
        Pipeline pipeline = pipelines.get(path);
        if (pipeline == null) {
            VaultFile file = new VaultFile(config, Path.of(path), options);
            pipeline = new Pipeline(file, deadLetters, config.commits(System.nanoTime()), writer, metrics);
            pipelines.put(path, pipeline);
        }
        return pipeline;
    }

    Collection<Pipeline> all() {
        return pipelines.values();
    }

    @Nullable
    PartitionProgress progress(TopicPartition partition) {
        Pipeline pipeline = pipelines.get(path(partition));
        return pipeline == null ? null : pipeline.file().progress(partition);
    }

    /**
     * Takes a partition over.
     *
     * @return where to send the consumer
     */
    OptionalLong claim(TopicPartition partition) {
        if (config.files().rotates()) {
            closeIdle(); // the one before, perhaps
            turns.put(partition, rotation.turn(partition).toString());
        }
        VaultFile file = pipeline(partition).file();
        PartitionProgress progress;
        try {
            progress = file.claim(partition, topicId(partition.topic()), System.nanoTime());
        } catch (TopicChangedException e) {
            progress = beginAnew(partition, e);
        }
        Long from = lost.remove(partition);
        LOG.info(
                "{}: claimed, goes on from {}",
                partition,
                progress.committed() >= 0 ? progress.committed() : "where the consumer stands");
        return progress.start().isPresent() || from == null || from == NOWHERE
                ? progress.start()
                : OptionalLong.of(from);
    }

    private Optional<String> topicId(String topic) {
        if (topicIds.isEmpty()) {
            return Optional.empty();
        }
        TopicIds.Answer answer = topicIds.get().ask(topic);
        if (!answer.isThere()) {
            LOG.warn("topic {} is not there any more; its partitions wait until it is", topic);
        }
        return answer.id();
    }

    /** The operator's choice: a topic that was made anew stops the task, or is taken in from its beginning. */
    PartitionProgress beginAnew(TopicPartition partition, TopicChangedException e) {
        if (config.policy().topicChange() == DeliveryPolicy.OnTopicChange.FAIL) {
            throw e;
        }
        LOG.warn("{}; it is taken in from its beginning", e.getMessage());
        Pipeline pipeline = pipeline(partition);
        guarded(pipeline, pipeline::flush);
        return pipeline.file().beginAnew(partition, topicId(partition.topic()), e.written(), System.nanoTime());
    }

    /** Kafka is asked whether the topic is still the same. */
    void checkTopicId(PartitionProgress progress) {
        progress.checkId(progress.topicId(), topicId(progress.partition().topic()));
    }

    /** Who has claimed a partition last, as its file says. */
    String holder(TopicPartition partition) {
        try {
            return pipeline(partition).file().holder(partition);
        } catch (VaultException e) {
            LOG.debug("who holds {} cannot be read", partition, e);
            return "somebody unknown";
        }
    }

    /** How many offsets the files are behind what was accepted, of all partitions together. */
    long behind() {
        return pipelines.values().stream()
                .flatMap(pipeline -> pipeline.file().partitions().stream())
                .mapToLong(PartitionProgress::behind)
                .sum();
    }

    /** Maps a delivery, to be written when it is due. */
    void add(TopicPartition partition, Delivery delivery) {
        Pipeline pipeline = pipeline(partition);
        guarded(pipeline, () -> pipeline.add(delivery));
    }

    /**
     * Writes what is due.
     *
     * @throws FencedException when somebody else has claimed a partition
     * @throws ReadAgainException when a batch must be read again
     */
    void advance(long now) {
        for (Pipeline pipeline : pipelines.values()) {
            guarded(pipeline, () -> pipeline.advance(now));
        }
    }

    /**
     * Looks whether a file's turn has ended, and whether rows or files are too old: now and then, and whenever offsets
     * are committed, which is seldom, and with a dead letter queue the only time at which a turn ends.
     *
     * @param settled whether the framework's positions are those of the files too, so that nothing is converted twice
     *     when a partition is claimed again
     * @return partitions whose file's turn has ended: they are to be claimed anew
     */
    Set<TopicPartition> keepUp(boolean settled) {
        Set<TopicPartition> ended = new HashSet<>();
        long now = System.nanoTime();
        if (!settled && now - lastLook < upkeep.everyNanos()) {
            return ended;
        }
        lastLook = now;
        deadLetters.tellCount(now, false);
        if (config.files().rotates() && (settled || !config.policy().deadLetters())) {
            rotate(ended);
        }
        if (config.files().rotates() && lost.isEmpty()) {
            rotation.deleteOld(turns.keySet());
        }
        pipelines
                .values()
                .forEach(
                        pipeline -> pipeline.file().removeOldRows(upkeep.clock().millis()));
        return ended;
    }

    /**
     * Lets go of files whose turn has ended, when all that was accepted for them is in them: their partitions are
     * claimed in the next ones, and read on from where they are.
     */
    private void rotate(Set<TopicPartition> all) {
        for (Pipeline pipeline : List.copyOf(pipelines.values())) {
            Collection<PartitionProgress> partitions = pipeline.file().partitions();
            if (!rotation.isDue(pipeline.file())) {
                continue;
            }
            guarded(pipeline, pipeline::flush);
            if (partitions.stream().allMatch(PartitionProgress::mayBeClaimedAnew)) {
                Map<TopicPartition, Long> ended = new HashMap<>();
                partitions.forEach(p -> ended.put(p.partition(), p.committed()));
                release(ended.keySet());
                ended.forEach((partition, next) -> lost.put(partition, next < 0 ? NOWHERE : next));
                all.addAll(ended.keySet());
            }
        }
    }

    /** When what was accepted can be written no more, it is let go with its partitions, and read again. */
    private void guarded(Pipeline pipeline, Runnable work) {
        try {
            work.run();
        } catch (FencedException | ReadAgainException e) {
            lose(pipeline, pipeline.drop());
            throw e;
        }
    }

    private void lose(Pipeline pipeline, Map<PartitionProgress, Long> dropped) {
        dropped.forEach((progress, from) -> {
            pipeline.file().release(progress.partition());
            lost.put(progress.partition(), from);
        });
    }

    Set<TopicPartition> lost() {
        return lost.isEmpty() ? Set.of() : Set.copyOf(lost.keySet());
    }

    /** Lets partitions go, and closes files that have no others: they may be another task's next. */
    void release(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Pipeline pipeline = pipelines.get(path(partition));
            if (pipeline != null) {
                lose(pipeline, pipeline.settle());
                pipeline.file().release(partition);
            }
            lost.remove(partition);
            turns.remove(partition);
            deadLetters.forget(partition, Long.MAX_VALUE);
        }
        closeIdle();
    }

    private void closeIdle() {
        pipelines.values().removeIf(pipeline -> {
            boolean idle = pipeline.file().isIdle();
            if (idle) {
                pipeline.file().close();
            }
            return idle;
        });
    }

    @Override
    public void close() {
        for (Pipeline pipeline : pipelines.values()) {
            Map<PartitionProgress, Long> unused = pipeline.settle();
            pipeline.file().close();
        }
        pipelines.clear();
        deadLetters.tellCount(System.nanoTime(), true);
        writer.shutdown();
        topicIds.ifPresent(TopicIds::close);
    }
}
