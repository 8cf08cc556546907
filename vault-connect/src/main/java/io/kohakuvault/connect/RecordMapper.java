package io.kohakuvault.connect;

import io.kohakuvault.VaultException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps the records of a delivery, some that are alike at a time: column by column that takes half as long as record by
 * record, and what a converter has made of few records is still in the processor's caches for all of their columns.
 * Where one of them does not fit, each is mapped by itself. Not thread-safe.
 */
final class RecordMapper {
    private static final Logger LOG = LoggerFactory.getLogger(RecordMapper.class);

    private static final int MOST_AT_ONCE = 64;

    private final Function<String, TopicTarget> targets;
    private final Writes writes;

    /** By topic: in a delivery there are few, and many records of each. */
    private final Map<String, TopicTarget.Into> known = new HashMap<>();

    private @Nullable String topic;
    private @Nullable TopicTarget target;
    private TopicTarget.@Nullable Into into;

    /**
     * @param targets where a topic's records go
     * @param writes what they become is gathered there
     */
    RecordMapper(Function<String, TopicTarget> targets, Writes writes) {
        this.targets = targets;
        this.writes = writes;
    }

    private TopicTarget.Into at(SinkRecord record) {
        TopicTarget.Into i = into;
        if (i == null || !record.topic().equals(topic)) {
            topic = record.topic();
            TopicTarget t = targets.apply(topic);
            target = t;
            i = known.computeIfAbsent(topic, name -> t.into(writes));
            into = i;
        }
        return i;
    }

    /**
     * Looks for what records need before any of them is mapped: their tables, and schemas that fit them.
     *
     * @throws ConnectException when the task is to end
     */
    void prepare(List<SinkRecord> records) {
        for (SinkRecord record : records) {
            at(record).prepare(record);
        }
    }

    /** Maps records that were {@link #prepare prepared for}; those that do not fit are rejected. */
    void map(List<SinkRecord> records) {
        for (int from = 0; from < records.size(); ) {
            int end = endOfAlike(records, from);
            if (end - from == 1) {
                mapOrReject(records.get(from));
            } else {
                mapAll(Arrays.asList(records.subList(from, end).toArray(SinkRecord[]::new)));
            }
            from = end;
        }
    }

    /** Behind the last record that can be mapped together with the first. */
    private static int endOfAlike(List<SinkRecord> records, int from) {
        SinkRecord first = records.get(from);
        Object value = first.value();
        int most = value instanceof Struct || value instanceof Map
                ? Math.min(records.size(), from + MOST_AT_ONCE)
                : from + 1;
        int end = from + 1;
        while (end < most && isAlike(first.topic(), value, records.get(end))) {
            end++;
        }
        return end;
    }

    @SuppressWarnings("ReferenceEquality") // converters keep their schemas; to compare two costs what mapping does
    private static boolean isAlike(String topic, Object value, SinkRecord other) {
        boolean ofOneKind = value instanceof Struct struct
                ? other.value() instanceof Struct also && also.schema() == struct.schema()
                : other.value() instanceof Map;
        return ofOneKind && other.topic().equals(topic);
    }

    private void mapAll(List<SinkRecord> records) {
        try {
            add(records);
        } catch (ConnectException | VaultException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.debug("one of {} records does not fit", records.size(), e);
            records.forEach(this::mapOrReject);
        }
    }

    private void mapOrReject(SinkRecord record) {
        try {
            mapOne(record);
        } catch (ConnectException | VaultException e) {
            throw e;
        } catch (UnfitException e) {
            writes.reject(VaultFile.Rejected.of(record, Coordinates.of(record), e.getMessage()));
        } catch (RuntimeException e) { // of a converter's own classes, perhaps
            Coordinates at = Coordinates.of(record);
            LOG.debug("{}", at, e);
            writes.reject(VaultFile.Rejected.of(record, at, e.getClass().getName() + " while it was mapped"));
        }
    }

    /**
     * Maps a record, wholly or not at all.
     *
     * @throws UnfitException when it does not fit
     */
    void mapOne(SinkRecord record) {
        add(List.of(record));
    }

    private void add(List<SinkRecord> records) {
        TopicTarget.Into i = at(records.get(0));
        Objects.requireNonNull(target).add(i, records);
    }
}
