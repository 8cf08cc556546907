package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.Claim;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One vault that a task writes, and the partitions whose records go there. A batch is one transaction: the records'
 * data and, for each partition in it, the offset to go on from, under the epoch of this task's claim. Belongs to the
 * task's thread, but for {@link #write}, which another one may do meanwhile.
 */
final class VaultFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VaultFile.class);

    /** A table that somebody changes faster than a batch is mapped is waited for like a lock. */
    private static final int MOST_MAPPINGS = 20;

    private final SinkConfig config;
    private final Vault vault;
    private final Map<TopicPartition, PartitionProgress> partitions = new HashMap<>();
    private final Stores stores;
    private final Map<String, TopicTarget> targets = new HashMap<>();
    private final TopicNames names = new TopicNames();
    private final Retentions retentions;

    VaultFile(SinkConfig config, Path path, VaultOptions options) {
        this.config = config;
        this.vault = Vault.open(path, options);
        this.stores = new Stores(vault, config::columnsOf);
        this.retentions = new Retentions(vault);
    }

    Path path() {
        return vault.path();
    }

    /** A record that cannot be written, and why. */
    record Rejected(SinkRecord record, Coordinates at, DataException reason) {
        static Rejected of(SinkRecord record, Coordinates at, @Nullable String why) {
            return new Rejected(record, at, new DataException(at + " cannot be written: " + why));
        }
    }

    @Nullable
    PartitionProgress progress(TopicPartition partition) {
        return partitions.get(partition);
    }

    /**
     * Takes a partition over: whoever had it before commits nothing more.
     *
     * @param topicId Kafka's id of the topic, where it is known
     * @throws TopicChangedException when the file was filled from a topic of another id
     */
    PartitionProgress claim(TopicPartition partition, Optional<String> topicId, long now) {
        Path path = vault.path();
        PartitionProgress progress = vault.compute(() -> {
            checkOthers(partition);
            Claim claim = vault.offsets().claim(config.connector(), partition.topic(), partition.partition());
            DeliveryNote note = DeliveryNote.parse(claim.note());
            PartitionProgress p = new PartitionProgress(
                    claim, note, topicId.or(note::topicId), path.toString(), config.policy(), now);
            p.checkId(note.topicId(), topicId);
            vault.offsets()
                    .advance(
                            claim,
                            claim.nextOffset(),
                            p.note(note.mark().orElse(null), claim.nextOffset()).text());
            return p;
        });
        partitions.put(partition, progress);
        return progress;
    }

    private void checkOthers(TopicPartition partition) {
        if (!config.ignoresOtherConnectors()) {
            OtherConnectors.check(vault, config.connector(), partition);
        }
    }

    /** Forgets how far a partition has come, because its topic was made anew, and claims it again. */
    PartitionProgress beginAnew(
            TopicPartition partition, Optional<String> topicId, Optional<DeliveryNote.Range> written, long now) {
        PartitionProgress progress = vault.compute(() -> {
            vault.offsets().set(config.connector(), partition.topic(), partition.partition(), -1);
            Claim claim = vault.offsets().claim(config.connector(), partition.topic(), partition.partition());
            PartitionProgress p = new PartitionProgress(
                    claim,
                    new DeliveryNote(Optional.empty(), topicId, written, Holder.NAME, false),
                    topicId,
                    vault.path().toString(),
                    config.policy(),
                    now);
            p.beginAnew(written);
            vault.offsets().advance(claim, -1, p.note(null, -1).text());
            return p;
        });
        partitions.put(partition, progress);
        return progress;
    }

    /** Lets a partition go. */
    void release(TopicPartition partition) {
        partitions.remove(partition);
    }

    boolean isIdle() {
        return partitions.isEmpty();
    }

    Collection<PartitionProgress> partitions() {
        return partitions.values();
    }

    /** Who has claimed a partition last, as the file says. */
    String holder(TopicPartition partition) {
        Claim claim = stored(vault, config).get(partition);
        return claim == null ? "nobody" : DeliveryNote.parse(claim.note()).holder();
    }

    /** What a file holds of the connector's partitions, by whomever they were claimed. */
    static Map<TopicPartition, Claim> stored(Vault vault, SinkConfig config) {
        Map<TopicPartition, Claim> stored = new HashMap<>();
        for (Claim claim : vault.offsets().claims(config.connector())) {
            stored.put(new TopicPartition(claim.topic(), claim.partition()), claim);
        }
        return stored;
    }

    /**
     * Whether records have fields that have no column yet: what was mapped before must be written before they get one.
     */
    boolean needColumns(List<SinkRecord> records) {
        if (!config.evolves()) {
            return false;
        }
        for (SinkRecord record : records) {
            if (target(record.topic()).needsColumns(record)) {
                return true;
            }
        }
        return false;
    }

    /** Gives fields that are new their columns; nothing that was mapped is unwritten. */
    void addColumns(List<SinkRecord> records) {
        for (SinkRecord record : records) {
            target(record.topic()).addColumns(record);
        }
    }

    /**
     * Looks for what records need before any of them is mapped: their tables, and schemas that fit them.
     *
     * @throws ConnectException when the task is to end
     */
    void prepare(Writes to, List<SinkRecord> records) {
        new RecordMapper(this::target, to).prepare(records);
    }

    /** Maps records that were {@link #prepare prepared for}. */
    void map(Writes to, List<SinkRecord> records) {
        new RecordMapper(this::target, to).map(records);
    }

    /**
     * Writes a batch without its rejected records, all or nothing.
     *
     * @throws ConnectException when another connector has delivered a partition meanwhile that begins with it
     * @throws TableTarget.TableChangedException when it is to be mapped anew
     */
    void write(Batch batch) {
        vault.transact(() -> {
            for (Batch.Advance advance : batch.advances()) {
                if (advance.begins()) { // connectors that began together did not see each other then
                    checkOthers(new TopicPartition(
                            advance.claim().topic(), advance.claim().partition()));
                }
            }
            batch.writes().write();
            batch.advances().forEach(a -> vault.offsets().advance(a.claim(), a.next(), a.note()));
        });
        batch.writes().reuse();
    }

    /** Whether the file has a batch already: its commit was answered with a failure, and has happened. */
    boolean holds(Batch batch) {
        Map<TopicPartition, Claim> stored = stored(vault, config);
        for (Batch.Advance advance : batch.advances()) {
            Claim claim = stored.get(
                    new TopicPartition(advance.claim().topic(), advance.claim().partition()));
            if (claim == null || claim.epoch() != advance.claim().epoch() || claim.nextOffset() < advance.next()) {
                return false;
            }
        }
        return !batch.isEmpty();
    }

    /**
     * Writes a batch whose table may be another one by now, or which the file refuses for one of its records: its
     * records are mapped anew, and those that the file refuses are rejected.
     *
     * @throws ReadAgainException when the records are not kept
     * @throws TableTarget.TableChangedException when the table changes faster than they are mapped
     * @throws ConnectException when not the records are to blame, but what the settings want of the file
     */
    void writeAnew(Batch batch, RuntimeException refusal, DeadLetters deadLetters) {
        List<SinkRecord> records = batch.records().orElseThrow(() -> new ReadAgainException(refusal));
        Set<SinkRecord> unwritable = Set.of();
        RuntimeException reason = refusal;
        for (int times = 1; times < MOST_MAPPINGS; times++) {
            if (!(reason instanceof TableTarget.TableChangedException)) {
                if (!unwritable.isEmpty()) {
                    throw reason; // not for one record's sake
                }
                unwritable = findUnwritable(records);
                if (unwritable.isEmpty()) {
                    throw new ConnectException(
                            "the file refuses records together that it takes one by one: " + reason.getMessage(),
                            reason);
                }
                unwritable.stream().map(SinkRecord::topic).distinct().forEach(this::checkStores);
            }
            addColumns(records);
            Writes anew = new Writes();
            for (SinkRecord record : records) {
                if (unwritable.contains(record)) {
                    anew.reject(Rejected.of(
                            record,
                            Coordinates.of(record),
                            "the file does not take it: it is too large, or of another shape"));
                } else {
                    prepare(anew, List.of(record));
                    map(anew, List.of(record));
                }
            }
            deadLetters.settle(anew.rejected());
            batch.writes(anew);
            try {
                write(batch);
                return;
            } catch (TableTarget.TableChangedException e) {
                reason = e;
            } catch (ConnectException | VaultException e) {
                throw e;
            } catch (IllegalArgumentException | UnsupportedOperationException | ArithmeticException e) {
                reason = e;
            }
        }
        throw reason;
    }

    /**
     * Whether the stores of a topic take anything at all: others may have their names, or they are of another shape.
     *
     * @throws ConnectException when they do not: no record is to blame
     */
    private void checkStores(String topic) {
        try {
            vault.transact(() -> {
                target(topic).tryStores();
                throw new Undo();
            });
        } catch (Undo e) {
            LOG.debug("the stores of topic {} can be written", topic);
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw unfit(topic, e);
        }
    }

    private static ConnectException unfit(String topic, RuntimeException e) {
        return new ConnectException("the settings for topic " + topic + " do not fit the file: " + e.getMessage(), e);
    }

    /** The file has refused a batch for what is in it: each record alone tells for which. */
    private Set<SinkRecord> findUnwritable(List<SinkRecord> records) {
        Set<SinkRecord> found = new HashSet<>();
        for (SinkRecord record : records) {
            Writes one = new Writes();
            try {
                new RecordMapper(this::target, one).mapOne(record);
            } catch (ConnectException | VaultException e) {
                throw e;
            } catch (RuntimeException e) {
                continue; // does not come so far
            }
            try {
                vault.transact(() -> {
                    one.write();
                    throw new Undo();
                });
            } catch (Undo e) {
                one.reuse(); // it can be written
            } catch (IllegalArgumentException | UnsupportedOperationException | ArithmeticException e) {
                LOG.debug("{}", Coordinates.of(record), e);
                found.add(record);
            }
        }
        return found;
    }

    /** Takes back a transaction that was only a try. */
    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undo() {
            super(null, null, false, false);
        }
    }

    /** Follows the framework, which has moved past records that it does not deliver. */
    void move(Map<PartitionProgress, Long> positions) {
        vault.transact(() -> positions.forEach((p, next) ->
                vault.offsets().advance(p.claim(), next, p.note(null, next).text())));
        positions.forEach(PartitionProgress::moved);
    }

    /** Removes rows that are too old, also those of topics of which nothing comes. */
    void removeOldRows(long nowMillis) {
        if (!config.renamesTopics()) { // else a record says which table is meant
            partitions
                    .keySet()
                    .forEach(partition -> retentions.add(partition.topic(), config.topic(partition.topic())));
        }
        retentions.look(nowMillis);
    }

    private TopicTarget target(String topic) {
        return targets.computeIfAbsent(topic, t -> {
            names.add(t, config.topic(t)).ifPresent(clash -> {
                throw new ConnectException(clash.key() + ": " + clash.message());
            });
            retentions.add(t, config.topic(t));
            try {
                return new TopicTarget(stores, t, config.topic(t));
            } catch (IllegalArgumentException e) {
                // The settings contradict the file: no record can be written, so none is to blame.
                throw unfit(t, e);
            }
        });
    }

    /** What the file holds of the partitions that are still this task's. */
    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        stored(vault, config).forEach((partition, stored) -> {
            PartitionProgress own = partitions.get(partition);
            if (own != null && own.claim().epoch() == stored.epoch() && stored.nextOffset() >= 0) {
                committed.put(partition, stored.nextOffset());
            }
        });
        return committed;
    }

    @Override
    public void close() {
        vault.close();
    }
}
