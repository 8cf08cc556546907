package io.kohakuvault.connect;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was accepted for one file on its way there. Records are mapped by the caller, while what the converter has made
 * is still in the processor's caches; small batches are written by it too, large ones by another thread, while the
 * worker fetches and converts the next ones. At most two are under way, and what comes meanwhile is gathered. What
 * fails stays here, in its order, and is tried again by the caller. Used by the task's thread alone.
 */
final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private static final int MOST_UNDER_WAY = 2;

    /** So much more than a commit's worth is gathered before the caller waits. */
    private static final int ROOM = 2;

    /**
     * After a batch that could not be written for what is in it, so many are written by the caller, who keeps the
     * records.
     */
    private static final int WARY = 50;

    private static final long LOOK_NANOS = 20_000_000;

    private final VaultFile file;
    private final DeadLetters deadLetters;
    private final CommitPolicy policy;
    private final Executor writer;
    private final SinkMetrics metrics;

    private Batch gathered = new Batch();
    private final Deque<UnderWay> underWay = new ArrayDeque<>();

    /** The batch that was handed over last; nothing is written behind one that was not. */
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    private int wary;

    /** A batch that was handed over; without a future it is for the caller. Tried: it may be in the file. */
    private record UnderWay(Batch batch, @Nullable CompletableFuture<Void> written, boolean tried) {}

    /**
     * @param writer one thread, which writes batches in their order
     */
    Pipeline(VaultFile file, DeadLetters deadLetters, CommitPolicy policy, Executor writer, SinkMetrics metrics) {
        this.file = file;
        this.deadLetters = deadLetters;
        this.policy = policy;
        this.writer = writer;
        this.metrics = metrics;
    }

    VaultFile file() {
        return file;
    }

    /** Whether all that was accepted is in the file. */
    boolean isEmpty() {
        return underWay.isEmpty() && gathered.isEmpty();
    }

    /** Maps a delivery. Before new fields get columns, all that was mapped without them is written. */
    void add(Delivery delivery) {
        checkWhole();
        if (file.needColumns(delivery.records())) {
            flush();
            file.addColumns(delivery.records());
        }
        gathered.add(file, delivery, wary > 0);
        metrics.accepted(delivery.records().size());
    }

    /** Writes what is due, or hands it over; waits when more is gathered than is to be held. */
    void advance(long now) {
        while (!underWay.isEmpty() && isDone(underWay.getFirst())) {
            finishFirst();
        }
        checkWhole();
        if (!policy.isDue(gathered, now)) {
            return;
        }
        if (underWay.size() == MOST_UNDER_WAY) {
            if (!policy.isFull(gathered, ROOM)) {
                return;
            }
            finishFirst();
        }
        Batch batch = gathered;
        boolean beside = batch.size() >= Batch.LARGE && wary == 0;
        if (beside) { // while it is still kept: this may end the task
            deadLetters.settle(batch.writes().rejected());
        }
        gathered = new Batch();
        policy.committed();
        if (beside) {
            underWay.addLast(new UnderWay(batch, handOver(batch), false));
        } else {
            wary = Math.max(0, wary - 1);
            underWay.addLast(new UnderWay(batch, null, false));
            finishAll();
        }
    }

    private static boolean isDone(UnderWay first) {
        return first.written == null || first.written.isDone();
    }

    /** Nothing is written behind a batch that was not. */
    private CompletableFuture<Void> handOver(Batch batch) {
        CompletableFuture<Void> written = last.thenRunAsync(
                () -> {
                    long begun = System.nanoTime();
                    file.write(batch);
                    metrics.committed(batch, System.nanoTime() - begun);
                },
                writer);
        last = written;
        return written;
    }

    /** How long until what is gathered or under way wants to be looked at; 0 when nothing is. */
    long nanosUntilDue(long now) {
        if (isEmpty()) {
            return 0;
        }
        return underWay.isEmpty() ? policy.nanosUntilDue(now) : LOOK_NANOS;
    }

    /** Writes all that was accepted. */
    void flush() {
        finishAll();
        checkWhole();
        if (!gathered.isEmpty()) {
            underWay.addLast(new UnderWay(gathered, null, false));
            gathered = new Batch();
            finishAll();
        }
    }

    /** A delivery of which only a part was mapped, because that ended the task, is read again. */
    private void checkWhole() {
        if (gathered.isBroken()) {
            throw new ReadAgainException("a delivery was mapped in part");
        }
    }

    private void finishAll() {
        while (!underWay.isEmpty()) {
            finishFirst();
        }
    }

    /** Waits for the first batch. What could not be written is tried again here, and stays the first when it fails. */
    private void finishFirst() {
        UnderWay first = underWay.getFirst();
        boolean written = first.written != null && await(first.written);
        if (!written) {
            takeBack();
            // Whether a commit that failed has happened all the same, only the file knows.
            if (!underWay.getFirst().tried || !file.holds(first.batch)) {
                underWay.removeFirst();
                underWay.addFirst(new UnderWay(first.batch, null, true));
                write(first.batch);
            }
        }
        underWay.removeFirst();
        first.batch.committed();
        for (PartitionProgress progress : first.batch.partitions()) {
            deadLetters.forget(progress.partition(), progress.committed());
        }
    }

    private void write(Batch batch) {
        deadLetters.settle(batch.writes().rejected());
        long begun = System.nanoTime();
        try {
            file.write(batch);
        } catch (ConnectException | VaultException e) {
            throw e;
        } catch (TableTarget.TableChangedException
                | IllegalArgumentException
                | UnsupportedOperationException
                | ArithmeticException e) {
            wary = WARY;
            file.writeAnew(batch, e, deadLetters);
        }
        metrics.committed(batch, System.nanoTime() - begun);
    }

    /** Batches behind one that was not written are not written either: the caller does it when their turn comes. */
    private void takeBack() {
        List<UnderWay> all = new ArrayList<>(underWay);
        underWay.clear();
        for (UnderWay each : all) {
            if (each.written != null) {
                try {
                    each.written.get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ExecutionException e) {
                    LOG.debug("to be tried again", e);
                }
            }
            underWay.addLast(new UnderWay(each.batch, null, each.tried || each.written != null));
        }
        last = CompletableFuture.completedFuture(null);
    }

    /** Whether it was written; what has failed is made good by the caller, who then meets the failure itself. */
    private static boolean await(CompletableFuture<Void> written) {
        try {
            written.get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VaultInterruptedException("interrupted while a batch was written", e);
        } catch (ExecutionException e) {
            LOG.debug("to be tried again", e);
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            return false;
        }
    }

    /**
     * Writes what can be written, because the task lets partitions go.
     *
     * @return what could not, as {@link #drop} does
     */
    Map<PartitionProgress, Long> settle() {
        try {
            flush();
            return Map.of();
        } catch (RuntimeException e) {
            LOG.warn("what was accepted is left to the partitions' next owner: {}", e.getMessage());
            return drop();
        }
    }

    /**
     * Forgets what was accepted and is not in the file.
     *
     * @return the partitions whose records they were, and from which offset on they must be read again
     */
    Map<PartitionProgress, Long> drop() {
        Map<PartitionProgress, Long> dropped = new HashMap<>();
        takeBack();
        underWay.addLast(new UnderWay(gathered, null, false));
        for (UnderWay each : underWay) {
            metrics.dropped(each.batch.size());
            each.batch.firsts().forEach(dropped::putIfAbsent);
        }
        underWay.clear();
        gathered = new Batch();
        return dropped;
    }
}
