package io.kohakuvault.internal.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares a table's chunks among threads, of which the calling one is the first. The others have ended when the call
 * returns: what they read belongs to the caller's state of the file.
 */
final class SharedScan {
    /** Chunks are handed out in groups of so many; a thread that would find none is not asked. */
    private static final int GROUP = 16;

    private static final ThreadPoolExecutor SEARCHERS =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "vault-search");
                thread.setDaemon(true);
                return thread;
            });

    private final int chunks;
    private final int threads;
    private final Supplier<? extends RuntimeException> onInterrupt;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    SharedScan(int chunks, int threads, Supplier<? extends RuntimeException> onInterrupt) {
        this.chunks = chunks;
        this.threads = Math.max(1, Math.min(threads, chunks / GROUP));
        this.onInterrupt = onInterrupt;
    }

    /**
     * Runs the scans.
     *
     * @param make makes what a thread compares with
     * @return one for each thread
     */
    List<ChunkScan> run(Supplier<ChunkScan> make) {
        List<ChunkScan> scans = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            scans.add(make.get());
        }
        CountDownLatch running = new CountDownLatch(threads - 1);
        for (ChunkScan scan : scans.subList(1, threads)) {
            try {
                SEARCHERS.execute(() -> {
                    try {
                        compare(scan, false);
                    } finally {
                        running.countDown();
                    }
                });
            } catch (OutOfMemoryError e) { // no thread to be had: those that run do its part
                running.countDown();
            }
        }
        compare(scans.get(0), true);
        await(running);
        Throwable failed = failure.get();
        if (failed instanceof RuntimeException e) {
            throw e;
        } else if (failed instanceof Error e) {
            throw e;
        }
        return scans;
    }

    /** Compares groups of chunks until there are no more, or a thread has failed. */
    private void compare(ChunkScan scan, boolean isCaller) {
        try {
            for (int from = next.getAndAdd(GROUP);
                    from < chunks && failure.get() == null;
                    from = next.getAndAdd(GROUP)) {
                for (int chunk = from; chunk < Math.min(from + GROUP, chunks); chunk++) {
                    if (isCaller && Thread.currentThread().isInterrupted()) {
                        throw onInterrupt.get();
                    }
                    scan.compare(chunk);
                }
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void await(CountDownLatch running) {
        boolean interrupted = false;
        while (true) {
            try {
                running.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                failure.compareAndSet(null, onInterrupt.get());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
