package io.kohakuvault.spark;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A load that is fed by another thread, batch by batch: while one is written, the next is filled. The file is there
 * when {@link #finish} returns; closed before that, nothing of it is. The methods belong to one thread.
 */
final class LoadThread implements AutoCloseable {
    private static final int BATCHES = 2;

    private final BlockingQueue<RowBatch> empty = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> full = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Path path;
    private volatile @Nullable Throwable failure;

    /**
     * What the load is told.
     *
     * @param batch rows to append, null for none
     * @param isLast whether the file is done
     * @param isGivenUp whether there shall be no file
     */
    private record Message(@Nullable RowBatch batch, boolean isLast, boolean isGivenUp) {}

    /** Ends a load that was given up. */
    private static final class GivenUp extends Exception {
        private static final long serialVersionUID = 1;
    }

    LoadThread(Path path, VaultOptions options, String table, Schema schema) {
        this.path = path;
        this.thread = new Thread(() -> run(options, table, schema), "kohakuvault-load " + path.getFileName());
        thread.setDaemon(true);
        thread.start();
    }

    private void run(VaultOptions options, String name, Schema schema) {
        try {
            BulkLoad.create(path, options, vault -> {
                Table table = vault.tables().create(name, schema);
                for (int i = 0; i < BATCHES; i++) {
                    empty.add(table.newBatch());
                }
                while (true) {
                    Message message = full.take();
                    if (message.isGivenUp) {
                        throw new GivenUp();
                    }
                    RowBatch batch = message.batch;
                    if (batch != null && batch.rowCount() > 0) {
                        table.append(batch);
                        batch.clear();
                        empty.add(batch);
                    }
                    if (message.isLast) {
                        return;
                    }
                }
            });
        } catch (GivenUp | InterruptedException e) {
            return; // by whoever feeds it
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** A batch to fill. */
    RowBatch next() {
        try {
            while (true) {
                RowBatch batch = empty.poll(100, TimeUnit.MILLISECONDS);
                if (batch != null) {
                    return batch;
                }
                check();
                if (!thread.isAlive()) {
                    check();
                    throw new IllegalStateException(path + ": the load has ended");
                }
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Takes a batch that was filled. */
    void append(RowBatch batch) {
        check();
        full.add(new Message(batch, false, false));
    }

    /** Ends the file with a last batch. */
    void finish(@Nullable RowBatch last) {
        full.add(new Message(last, true, false));
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        check();
    }

    private VaultInterruptedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new VaultInterruptedException(path + ": interrupted while it was written", e);
    }

    private void check() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw thrown instanceof RuntimeException e ? e : new IllegalStateException(path + ": " + thrown, thrown);
        }
    }

    /** Gives up what is not finished, and waits for its end. */
    @Override
    public void close() {
        full.add(new Message(null, true, true));
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the files must be gone before the task is
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
