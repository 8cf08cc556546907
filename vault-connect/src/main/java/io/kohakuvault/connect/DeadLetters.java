package io.kohakuvault.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of records that cannot be written: each is reported once, however often its batch is tried again. Not
 * thread-safe.
 */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** So many are told of one by one in a minute; of the others, how many they were. */
    private static final int TOLD_A_MINUTE = 5;

    private final @Nullable ErrantRecordReporter reporter;
    private final boolean tolerant;

    /** Reported, and not yet committed. */
    private final Map<TopicPartition, Set<Long>> reported = new HashMap<>();

    private long count;
    private long minute = System.nanoTime();
    private int told;
    private long untold;

    /**
     * @param reporter the framework's, null where it has none
     * @param tolerant whether records may be left out without one
     */
    DeadLetters(@Nullable ErrantRecordReporter reporter, boolean tolerant) {
        this.reporter = reporter;
        this.tolerant = tolerant;
    }

    /**
     * Returns when rejected records are safe in the dead letter queue, or may be left out: before the batch without
     * them is committed.
     */
    void settle(List<VaultFile.Rejected> rejected) {
        List<VaultFile.Rejected> news = new ArrayList<>();
        Set<Coordinates> seen = new HashSet<>();
        for (VaultFile.Rejected x : rejected) {
            Set<Long> before = reported.getOrDefault(x.at().topicPartition(), Set.of());
            if (seen.add(x.at()) && !before.contains(x.at().offset())) {
                news.add(x);
            }
        }
        if (news.isEmpty()) {
            return;
        }
        if (reporter == null && !tolerant) {
            throw news.get(0).reason();
        }
        List<Future<Void>> reports = new ArrayList<>();
        for (VaultFile.Rejected x : news) {
            tell(x);
            if (reporter != null) {
                reports.add(reporter.report(x.record(), x.reason()));
            }
        }
        for (Future<Void> report : reports) {
            await(report);
        }
        count += news.size();
        news.forEach(x -> reported.computeIfAbsent(x.at().topicPartition(), p -> new TreeSet<>())
                .add(x.at().offset()));
    }

    private static void await(@Nullable Future<Void> report) {
        if (report == null) {
            return;
        }
        try {
            report.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while a rejected record was reported", e);
        } catch (ExecutionException e) {
            throw new ConnectException("a rejected record could not be reported: " + e.getCause(), e);
        }
    }

    private void tell(VaultFile.Rejected x) {
        tellCount(System.nanoTime(), false);
        if (told < TOLD_A_MINUTE) {
            told++;
            LOG.warn(
                    "{}: {}",
                    reporter == null ? "skipped" : "rejected",
                    x.reason().getMessage());
        } else {
            untold++;
        }
    }

    /**
     * Tells how many there were that were not told of one by one, once a minute is over.
     *
     * @param ends whether nothing comes any more
     */
    void tellCount(long now, boolean ends) {
        count(now, ends).ifPresent(LOG::warn);
    }

    /** What {@link #tellCount} tells. */
    Optional<String> count(long now, boolean ends) {
        if (!ends && now - minute <= MINUTE_NANOS) {
            return Optional.empty();
        }
        long more = untold;
        minute = now;
        told = 0;
        untold = 0;
        return more == 0
                ? Optional.empty()
                : Optional.of(more + " more records were " + (reporter == null ? "skipped" : "rejected")
                        + " in the last minute, " + count + " since the task was started");
    }

    /** The records below an offset are behind us. */
    void forget(TopicPartition partition, long next) {
        Set<Long> offsets = reported.get(partition);
        if (offsets != null) {
            offsets.removeIf(offset -> offset < next);
            if (offsets.isEmpty()) {
                reported.remove(partition);
            }
        }
    }
}
