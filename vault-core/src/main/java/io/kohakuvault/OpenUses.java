package io.kohakuvault;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.state.NewestState;
import java.util.ArrayList;
import java.util.List;

/** What is open on a vault and keeps it from being closed. Thread-safe. */
final class OpenUses {
    private final SqliteFile file;
    private final NewestState newest;
    private final VaultOptions options;

    @GuardedBy("this")
    private final List<Snapshot> snapshots = new ArrayList<>();

    /** One at a time is open, an ended one leaves a little later. */
    @GuardedBy("this")
    private final List<VaultBatch> batches = new ArrayList<>();

    @GuardedBy("this")
    private boolean closed;

    OpenUses(SqliteFile file, NewestState newest, VaultOptions options) {
        this.file = file;
        this.newest = newest;
        this.options = options;
    }

    VaultBatch batch(BatchOptions how) {
        // The write lock is never waited for with the monitor held: the thread that holds it may take a snapshot.
        VaultBatch opened = new VaultBatch(file, how, this::ended);
        synchronized (this) {
            batches.add(opened);
        }
        return opened;
    }

    Snapshot snapshot() {
        file.commitBeforeSnapshot();
        // It may have to wait, and then not with the monitor held.
        Snapshot snapshot = new Snapshot(file, newest, options, this::ended);
        if (!add(snapshot)) {
            snapshot.close();
            throw new IllegalStateException(file.path() + ": this vault is closed");
        }
        return snapshot;
    }

    private synchronized boolean add(Snapshot snapshot) {
        return !closed && snapshots.add(snapshot);
    }

    private synchronized void ended(VaultBatch batch) {
        batches.remove(batch);
    }

    private synchronized void ended(Snapshot snapshot) {
        snapshots.remove(snapshot);
    }

    synchronized List<String> snapshots() {
        return snapshots.stream().map(Snapshot::toString).toList();
    }

    synchronized void checkNone() {
        List<Object> users = new ArrayList<>(snapshots);
        users.addAll(file.leases());
        users.addAll(batches);
        if (!users.isEmpty()) {
            throw new IllegalStateException(file.path() + ": still in use by " + users + "; close these first");
        }
    }

    /** Whether the vault is to be closed now: the first time, and when nothing is open. */
    synchronized boolean end() {
        if (closed) {
            return false;
        }
        checkNone();
        if (!file.isReadOnly() && file.writer().isMine()) {
            throw new IllegalStateException(file.path() + ": close() inside a transaction; leave it first");
        }
        closed = true;
        return true;
    }

    /** Ends what can be ended, of a file that will not be. */
    void endAll() {
        List<VaultBatch> open;
        List<Snapshot> copies;
        synchronized (this) {
            open = List.copyOf(batches);
            copies = List.copyOf(snapshots);
        }
        copies.forEach(Snapshot::close);
        file.endLeases();
        for (VaultBatch batch : open) {
            try {
                batch.close();
            } catch (VaultException e) {
                // What it says to be lost is lost with the file.
            }
        }
    }
}
