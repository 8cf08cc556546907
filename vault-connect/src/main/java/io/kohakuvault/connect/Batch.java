package io.kohakuvault.connect;

import io.kohakuvault.offset.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that become one transaction, as what they become in the file. A large one does not keep its records: that
 * costs more in garbage collection than mapping them, and Kafka has them. Not thread-safe; handed over whole.
 */
final class Batch {
    /** So many records are not kept. */
    static final int LARGE = 500;

    private Writes writes = new Writes();
    private @Nullable List<SinkRecord> records = new ArrayList<>();
    private int size;
    private boolean broken;
    private final Map<PartitionProgress, Advance> advances = new LinkedHashMap<>();
    private long bytes;

    /**
     * How far a partition is when the batch is written.
     *
     * @param claim the right to say so
     * @param first the offset of the first record
     * @param next the offset to go on from
     * @param note what the file notes beside it
     * @param begins whether the file held nothing of it when the first record was accepted
     */
    record Advance(Claim claim, long first, long next, String note, boolean begins) {}

    /**
     * Maps a delivery.
     *
     * @param keep whether to keep the records however many they are
     */
    void add(VaultFile file, Delivery delivery, boolean keep) {
        file.prepare(writes, delivery.records());
        broken = true; // until all of the delivery is mapped
        file.map(writes, delivery.records());
        broken = false;
        size += delivery.records().size();
        List<SinkRecord> kept = records;
        if (kept != null && (keep || size < LARGE)) {
            kept.addAll(delivery.records());
        } else {
            records = null;
        }
        bytes += delivery.sizeBytes();
        PartitionProgress progress = delivery.progress();
        Advance before = advances.get(progress);
        advances.put(
                progress,
                new Advance(
                        progress.claim(),
                        before == null ? delivery.first() : before.first,
                        delivery.next(),
                        progress.note(delivery.mark(), delivery.next()).text(),
                        before == null ? progress.committed() < 0 : before.begins));
    }

    /** Whether it has a part of a delivery, without the offset behind it: it must not be written. */
    boolean isBroken() {
        return broken;
    }

    /** The records, where they are kept. */
    Optional<List<SinkRecord>> records() {
        return Optional.ofNullable(records);
    }

    Writes writes() {
        return writes;
    }

    /** The records were mapped anew. */
    void writes(Writes anew) {
        writes = anew;
    }

    Collection<PartitionProgress> partitions() {
        return advances.keySet();
    }

    /** The partitions, each with its first record's offset. */
    Map<PartitionProgress, Long> firsts() {
        Map<PartitionProgress, Long> firsts = new LinkedHashMap<>();
        advances.forEach((progress, advance) -> firsts.put(progress, advance.first));
        return firsts;
    }

    Collection<Advance> advances() {
        return advances.values();
    }

    int size() {
        return size;
    }

    /** About how many bytes the records hold. */
    long sizeBytes() {
        return bytes;
    }

    boolean isEmpty() {
        return advances.isEmpty();
    }

    /** The file holds it. */
    void committed() {
        advances.forEach((progress, advance) -> progress.commit(advance.next()));
    }
}
