package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.Claim;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * One vault that a task writes, and the partitions whose records go there. A batch is one transaction: the records'
 * data and, for each partition in it, the offset to go on from, under the epoch of this task's claim. Not thread-safe.
 */
final class VaultFile implements AutoCloseable {
    private final SinkConfig config;
    private final Vault vault;
    private final Map<TopicPartition, Claim> claims = new HashMap<>();
    private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
    private final Map<String, TopicTarget> targets = new HashMap<>();

    VaultFile(SinkConfig config, Path path, VaultOptions options) {
        this.config = config;
        this.vault = Vault.open(path, options);
    }

    /** A record that cannot be written, and why. */
    record Rejected(SinkRecord record, DataException reason) {}

    /** What is done with rejected records before the rest is committed. */
    interface Rejections {
        /** Returns when they are safe elsewhere or may be dropped; throws when neither holds. */
        void settle(List<Rejected> rejected);
    }

    boolean hasClaim(TopicPartition partition) {
        return claims.containsKey(partition);
    }

    /**
     * Takes a partition over: whoever had it before commits nothing more.
     *
     * @return the offset to go on from, when the file knows one
     */
    OptionalLong claim(TopicPartition partition) {
        Claim claim = vault.offsets().claim(config.connector(), partition.topic(), partition.partition());
        claims.put(partition, claim);
        nextOffsets.put(partition, claim.nextOffset());
        return claim.nextOffset() >= 0 ? OptionalLong.of(claim.nextOffset()) : OptionalLong.empty();
    }

    /** Lets a partition go. */
    void release(TopicPartition partition) {
        claims.remove(partition);
        nextOffsets.remove(partition);
    }

    boolean isIdle() {
        return claims.isEmpty();
    }

    /** Writes a batch, all or nothing, leaving out what the file has already. */
    void write(List<SinkRecord> records, Rejections rejections) {
        Map<TopicPartition, Long> advanced = new HashMap<>();
        try {
            List<Rejected> rejected = new ArrayList<>();
            for (SinkRecord record : records) {
                Coordinates at = Coordinates.of(record);
                TopicPartition partition = at.topicPartition();
                checkNotReset(at);
                long next = advanced.getOrDefault(partition, nextOffsets.getOrDefault(partition, -1L));
                if (at.offset() < next) {
                    continue; // delivered again: the file has it
                }
                try {
                    target(record.topic()).add(record, at);
                } catch (DataException e) {
                    rejected.add(
                            new Rejected(record, new DataException(at + " cannot be written: " + e.getMessage(), e)));
                }
                advanced.put(partition, at.offset() + 1);
            }
            if (advanced.isEmpty()) {
                return;
            }
            if (!rejected.isEmpty()) {
                rejections.settle(rejected);
            }
            vault.transact(() -> {
                targets.values().forEach(TopicTarget::write);
                advanced.forEach((partition, next) -> vault.offsets().advance(claimOf(partition), next));
            });
            nextOffsets.putAll(advanced);
        } finally {
            targets.values().forEach(TopicTarget::clear);
        }
    }

    /**
     * The consumer was sent to the offset that the file named when the partition was claimed: what stands below it
     * belongs to another topic of that name, or somebody has turned the offsets back. Leaving it out as delivered would
     * lose it.
     */
    private void checkNotReset(Coordinates at) {
        Claim claim = claims.get(at.topicPartition());
        if (claim != null && at.offset() < claim.nextOffset()) {
            throw new ConnectException(
                    "record " + at + " stands below offset " + claim.nextOffset() + ", from which " + vault.path()
                            + " goes on: the topic was made anew or its offsets were reset. To take it in from its beginning, give the connector"
                            + " another name or another " + SinkConfig.DATABASE_PATH);
        }
    }

    private Claim claimOf(TopicPartition partition) {
        @Nullable Claim claim = claims.get(partition);
        if (claim == null) {
            throw new IllegalStateException("records of " + partition + ", which this task does not own");
        }
        return claim;
    }

    private TopicTarget target(String topic) {
        return targets.computeIfAbsent(topic, t -> {
            try {
                return new TopicTarget(vault, config.topic(t));
            } catch (IllegalArgumentException e) {
                // The settings contradict the file: no record can be written, so none is to blame.
                throw new ConnectException(
                        "the settings for topic " + t + " do not fit the file: " + e.getMessage(), e);
            }
        });
    }

    /** What the file holds of the partitions that are still this task's. */
    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (Claim stored : vault.offsets().claims(config.connector())) {
            TopicPartition partition = new TopicPartition(stored.topic(), stored.partition());
            Claim own = claims.get(partition);
            if (own != null && own.epoch() == stored.epoch() && stored.nextOffset() >= 0) {
                committed.put(partition, stored.nextOffset());
            }
        }
        return committed;
    }

    @Override
    public void close() {
        vault.close();
    }
}
