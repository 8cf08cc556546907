package io.kohakuvault.connect;

import io.kohakuvault.offset.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one partition has come, and whether its topic is still the one that the file was filled from.
 *
 * <p>Between two seeks the offsets of a partition only rise. So a record that stands where others were delivered
 * already comes after a seek of the sink, or because the consumer was sent elsewhere: the topic became shorter, or
 * somebody turned the offsets back. Which one it is tells the last record that was delivered, the mark: it is read
 * again and compared. A mark that is gone proves nothing, since retention and compaction remove records.
 *
 * <p>Not thread-safe.
 */
final class PartitionProgress {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionProgress.class);

    private enum Phase {
        /** The file knows nothing of the partition, and no record has come yet. */
        UNKNOWN,
        /** The file knows nothing, the consumer began behind the beginning and was sent there. */
        PROBING,
        /** There is nothing before where it began: it was sent back to where that was. */
        RETURNING,
        /** The mark is read again. */
        CHECKING,
        FLOWING
    }

    private final Claim claim;
    private final String file;
    private final DeliveryPolicy policy;

    private Phase phase;
    private long committed;
    private long accepted;

    /** Where the file begins to hold the partition, while it holds nothing of it. */
    private long begun;

    private long lastOffered;
    private long probedFrom;
    private @Nullable RecordMark mark;

    /** What is compared while checking: the mark, or one from before a pause. */
    private @Nullable RecordMark against;

    private Optional<DeliveryNote.Range> written;
    private final Optional<String> topicId;
    private final boolean fromConsumer;
    private final PauseLooks looks;
    private boolean sought;

    PartitionProgress(
            Claim claim, DeliveryNote note, Optional<String> topicId, String file, DeliveryPolicy policy, long now) {
        this.claim = claim;
        this.file = file;
        this.policy = policy;
        this.topicId = topicId;
        this.committed = claim.nextOffset();
        this.accepted = committed;
        this.mark = note.mark().filter(m -> m.offset() < committed).orElse(null);
        this.written = note.written();
        this.fromConsumer = note.fromConsumer();
        this.looks = new PauseLooks(policy, now);
        RecordMark m = mark;
        boolean sameId = topicId.isPresent() && topicId.equals(note.topicId()) && policy.topicIds();
        phase = committed < 0 ? Phase.UNKNOWN : Phase.FLOWING;
        lastOffered = committed < 0 ? -1 : committed - 1;
        if (m != null && !sameId && policy.mayReadAgain(m.offset() + 1 < committed)) {
            long unused = checkAt(m);
        }
    }

    /** A partition that begins anew after its topic has changed. */
    void beginAnew(Optional<DeliveryNote.Range> writtenAlready) {
        phase = Phase.FLOWING;
        lastOffered = -1;
        sought = true;
        written = writtenAlready;
    }

    Claim claim() {
        return claim;
    }

    Optional<String> topicId() {
        return topicId;
    }

    TopicPartition partition() {
        return new TopicPartition(claim.topic(), claim.partition());
    }

    /** The next record is to be this one, or one behind it. Answers where to send the consumer. */
    private long checkAt(RecordMark record) {
        phase = Phase.CHECKING;
        against = record;
        lastOffered = record.offset() - 1;
        return record.offset();
    }

    /** Where the consumer is to be sent when the partition was claimed. */
    OptionalLong start() {
        return phase == Phase.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(lastOffered + 1);
    }

    /** The offset that the file goes on from; -1 when nothing was delivered. */
    long committed() {
        return committed;
    }

    /**
     * Whether the framework's position says something: it is where the partition's records have led it, and all of them
     * are in the file.
     */
    boolean mayFollow() {
        return phase == Phase.FLOWING && !sought && accepted == committed;
    }

    /** Whether the file knows nothing of it, nothing has come, and what was before is not looked at again. */
    boolean isUntouched() {
        return phase == Phase.UNKNOWN && !sought && !policy.asksForTheBeginning();
    }

    /** How many offsets the file is behind what was accepted. */
    long behind() {
        return accepted < 0 ? 0 : accepted - (committed < 0 ? begun : committed);
    }

    /** Whether the file has got records of it since it was claimed. */
    boolean hasWritten() {
        return committed > claim.nextOffset();
    }

    /**
     * Whether it may be claimed anew: nothing that was accepted is missing in the file, and it is not found out whether
     * the topic has records before where the consumer began. What else is to be compared is compared again.
     */
    boolean mayBeClaimedAnew() {
        return accepted == committed && phase != Phase.PROBING && phase != Phase.RETURNING;
    }

    /** The consumer is being sent elsewhere while the framework still holds the position of a batch from before. */
    void sought() {
        sought = true;
    }

    /** Whether the next records come after a pause in which the topic may have been made anew. */
    boolean hasPaused(long now) {
        return accepted >= 0 && looks.hasPaused(now);
    }

    /** What {@link #admit} answers: a delivery, or where to send the consumer; neither when all is there already. */
    record Admission(Optional<Delivery> delivery, OptionalLong seek) {
        static final Admission NOTHING = new Admission(Optional.empty(), OptionalLong.empty());

        static Admission seek(long offset) {
            return new Admission(Optional.empty(), OptionalLong.of(offset));
        }
    }

    /**
     * Tells what of the records is to be written.
     *
     * @throws TopicChangedException when the topic proves to be another one
     */
    Admission admit(List<SinkRecord> records) {
        long first = Coordinates.of(records.get(0)).offset();
        switch (phase) {
            case UNKNOWN -> {
                if (first > 0 && !fromConsumer && policy.asksForTheBeginning()) {
                    phase = Phase.PROBING;
                    probedFrom = first;
                    lastOffered = -1;
                    return Admission.seek(0);
                }
                if (first > 0) {
                    LOG.warn("{}: {} knows nothing of it; it begins at offset {}", partition(), file, first);
                }
                flow();
            }
            case PROBING -> {
                if (first > probedFrom) {
                    phase = Phase.RETURNING;
                    lastOffered = probedFrom - 1;
                    return Admission.seek(probedFrom);
                }
                if (first < probedFrom) {
                    beginBefore(first);
                }
                flow();
            }
            case RETURNING -> flow();
            case CHECKING -> check(records, first);
            case FLOWING -> {
                if (first <= lastOffered) {
                    OptionalLong seek = suspect(records, first);
                    if (seek.isPresent()) {
                        return Admission.seek(seek.getAsLong());
                    }
                }
            }
        }
        return deliver(records);
    }

    private void flow() {
        phase = Phase.FLOWING;
        against = null;
    }

    private void beginBefore(long first) {
        String seen = "partition " + partition() + ": the consumer stands at offset " + probedFrom + ", but " + file
                + " holds nothing of it, and the topic has records from offset " + first;
        if (policy.missingOffsets() == DeliveryPolicy.OnMissingOffsets.FAIL) {
            phase = Phase.UNKNOWN;
            throw new ConnectException(
                    seen + ". Was the file deleted, renamed or replaced, or is " + SinkSettings.DATABASE_PATH
                            + " another one? Put it back, or set " + SinkSettings.ON_MISSING_OFFSETS
                            + " to restart (take the topic in from its beginning) or continue (go on from where the consumer stands)");
        }
        LOG.warn("{}; it is taken in from there", seen);
    }

    private void check(List<SinkRecord> records, long first) {
        RecordMark m = against;
        if (m != null) {
            if (first < m.offset()) {
                throw changed("the consumer was sent to offset " + m.offset() + " and got offset " + first, m);
            } else if (first == m.offset()) {
                compare(m, records.get(0));
            } else {
                LOG.info(
                        "{}: the last record that was delivered, at offset {}, is gone; the topic goes on with offset {}",
                        partition(),
                        m.offset(),
                        first);
            }
        }
        looks.proven();
        flow();
    }

    private void compare(RecordMark before, SinkRecord now) {
        RecordMark seen = RecordMark.of(now, content(now), before.offset(), policy.settings());
        Optional<String> difference = before.differenceTo(seen, !policy.transforms());
        if (difference.isPresent()) {
            throw changed(difference.get(), before);
        }
    }

    private static ContentChecksum content(SinkRecord record) {
        return ContentChecksum.of(record.key(), record.value());
    }

    private TopicChangedException changed(String what, RecordMark last) {
        Optional<DeliveryNote.Range> since = last.offset() + 1 < accepted && !last.equals(mark)
                ? Optional.of(new DeliveryNote.Range(last.offset() + 1, accepted))
                : Optional.empty();
        return topicChanged(what, since);
    }

    /**
     * Compares Kafka's id of the topic, as far as it is known.
     *
     * @throws TopicChangedException when it is another one
     */
    void checkId(Optional<String> before, Optional<String> now) {
        if (before.isPresent() && now.isPresent() && !before.equals(now)) {
            throw topicChanged(
                    "Kafka's id of the topic was " + before.get() + " and is " + now.get(), Optional.empty());
        }
    }

    /** What an operator reads of a topic that is another one. */
    private TopicChangedException topicChanged(String what, Optional<DeliveryNote.Range> since) {
        return new TopicChangedException(
                "partition " + partition() + " is not what " + file + " was filled from: " + what
                        + ". The topic was made anew, cut back or restored"
                        + since.map(r -> "; records from offset " + r.from() + " to " + (r.to() - 1)
                                        + " have been written since, of the old topic or the new")
                                .orElse("")
                        + ". Set " + SinkSettings.ON_TOPIC_CHANGE
                        + " to restart to take it in from its beginning behind what the file holds, or stop the connector and change its offsets"
                        + " (PATCH or DELETE /connectors/" + claim.source() + "/offsets; the file goes on from offset "
                        + accepted + ")",
                since);
    }

    /** Records come again although nobody has asked for them. Tells where to look for the proof, unless it is here. */
    private OptionalLong suspect(List<SinkRecord> records, long first) {
        if (first >= accepted) {
            return OptionalLong.empty();
        }
        RecordMark m = mark;
        if (m != null) {
            for (SinkRecord record : records) {
                if (Coordinates.of(record).offset() == m.offset()) {
                    compare(m, record);
                    return OptionalLong.empty(); // delivered again
                }
            }
        }
        if (m == null || !policy.mayReadAgain(m.offset() + 1 < accepted)) {
            throw topicChanged("it goes on from offset " + accepted + ", but got offset " + first, Optional.empty());
        }
        return OptionalLong.of(checkAt(m));
    }

    private Admission deliver(List<SinkRecord> records) {
        sought = false;
        SinkRecord last = records.get(records.size() - 1);
        long lastOffset = Coordinates.of(last).offset();
        if (lastOffset < accepted) {
            lastOffered = lastOffset;
            return Admission.NOTHING;
        }
        List<SinkRecord> wanted = records;
        if (Coordinates.of(records.get(0)).offset() < accepted || written.isPresent()) {
            wanted = new ArrayList<>(records.size());
            for (SinkRecord record : records) {
                long offset = Coordinates.of(record).offset();
                if (offset >= accepted && !written.filter(r -> r.holds(offset)).isPresent()) {
                    wanted.add(record);
                }
            }
        }
        ContentChecksum content = content(last);
        long size = content.sizeBytes();
        if (wanted.size() > 1) { // the last one may be a tombstone
            size = Math.max(size, content(wanted.get(0)).sizeBytes());
        }
        return new Admission(
                Optional.of(new Delivery(
                        this,
                        wanted,
                        Math.max(accepted, Coordinates.of(records.get(0)).offset()),
                        lastOffset + 1,
                        RecordMark.of(last, content, lastOffset, policy.settings()),
                        wanted.size() * size)),
                OptionalLong.empty());
    }

    /**
     * A delivery is on its way to the file, or in it.
     *
     * @return where to send the consumer to read the mark from before a pause again
     */
    OptionalLong accept(Delivery delivery, long now) {
        begun = accepted < 0 ? delivery.first() : begun;
        looks.accepted(mark, delivery.next(), now);
        accepted = delivery.next();
        lastOffered = delivery.next() - 1;
        mark = delivery.mark();
        return look(now);
    }

    /** Where to send the consumer when it is time to look whether the topic is the same. */
    OptionalLong look(long now) {
        return phase == Phase.FLOWING
                ? looks.next(now).stream().mapToLong(this::checkAt).findFirst()
                : OptionalLong.empty();
    }

    /** The file holds everything below this offset. */
    void commit(long next) {
        committed = next;
        written = written.filter(r -> r.to() > next);
    }

    /** The framework has moved past records that it did not deliver. */
    void moved(long next) {
        commit(next);
        accepted = next;
        lastOffered = Math.max(lastOffered, next - 1);
    }

    /** What to note beside the offset. */
    DeliveryNote note(@Nullable RecordMark last, long next) {
        return new DeliveryNote(
                Optional.ofNullable(last == null ? mark : last),
                topicId,
                written.filter(r -> r.to() > next),
                Holder.NAME,
                fromConsumer && next < 0);
    }
}
