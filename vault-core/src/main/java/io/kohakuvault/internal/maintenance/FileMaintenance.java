package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.block.edit.Relayout;
import io.kohakuvault.internal.block.guard.Guard;
import io.kohakuvault.internal.sqlite.PartFile;
import io.kohakuvault.internal.sqlite.ReadLease;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Maintenance;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.maintenance.VaultStats;
import io.kohakuvault.maintenance.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Maintenance of a live vault. */
public final class FileMaintenance implements Maintenance {
    private final SqliteFile file;
    private final Supplier<List<String>> snapshots;
    private final IntSupplier migrateLegacy;

    /** @param snapshots describes the snapshots that are open */
    public FileMaintenance(SqliteFile file, Supplier<List<String>> snapshots, IntSupplier migrateLegacy) {
        this.migrateLegacy = migrateLegacy;
        this.file = file;
        this.snapshots = snapshots;
    }

    @Override
    @Deprecated(forRemoval = true)
    @SuppressWarnings("removal")
    public List<Content> contents() {
        return file.read(Catalog::contents);
    }

    @Override
    public VaultStats stats() {
        long[] wal = new long[2];
        if (!file.isReadOnly()) {
            // A passive checkpoint copies what it can and never waits: what is left is held back by a reader.
            file.writer().outside(session -> {
                try (Rows rows = session.query("PRAGMA wal_checkpoint(PASSIVE)")) {
                    if (rows.next()) {
                        wal[0] = Math.max(0, rows.getLong(1));
                        wal[1] = Math.max(0, rows.getLong(2));
                    }
                }
                return null;
            });
        }
        List<String> readers = new java.util.ArrayList<>(snapshots.get());
        readers.addAll(file.leases());
        return file.read(session -> new FileStats(
                size(file.realPath()),
                size(Path.of(file.realPath() + "-wal")),
                (int) pragma(session, "page_size"),
                pragma(session, "page_count"),
                pragma(session, "freelist_count"),
                wal[0],
                wal[1],
                Guard.isInstalled(session),
                readers));
    }

    private static long size(Path path) {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            return 0; // it went away between the two
        }
    }

    private static long pragma(Session session, String name) {
        Long value = session.queryLong("PRAGMA " + name);
        return value == null ? 0 : value;
    }

    @Override
    public VerifyReport verify(Progress progress) {
        try (ReadLease lease = file.lease("a verification")) {
            return lease.read(session -> Verifier.verify(session, progress));
        }
    }

    @Override
    public void guardColumns(boolean guarded) {
        file.<Boolean, RuntimeException>writeAlone(transaction -> {
            Session session = transaction.session();
            transaction.buffer(OpenBlocks.class).discardAfterFlush(session); // as the file is guarded now, or is not
            if (guarded) {
                BlockTables.createTableTables(session);
                if (!Guard.isInstalled(session)) {
                    Guard.remove(session); // what was derived before may have gone stale unseen
                }
                Guard.install(session);
            } else {
                Guard.remove(session);
            }
            transaction.schemaChanged();
            return guarded;
        });
    }

    @Override
    public List<String> repair() {
        return file.writeAlone(transaction -> {
            Session session = transaction.session();
            transaction.buffer(OpenBlocks.class).discardAfterFlush(session);
            List<String> done = Repairer.repair(session);
            transaction.schemaChanged();
            return done;
        });
    }

    @Override
    public void backup(Path target, Progress progress) {
        try (PartFile part = new PartFile(target);
                Pulse pulse = new Pulse(
                        file.path() + ": the backup", progress, () -> size(part.path()), () -> size(file.realPath()))) {
            file.commitBeforeSnapshot();
            copy(part, pulse);
            pulse.milestone();
            part.finish();
            pulse.finished();
        }
    }

    private void copy(PartFile part, Pulse pulse) {
        try {
            file.whole().copyInto(part.path(), pulse::goesOn);
        } catch (CancellationException e) {
            pulse.check(); // what the progress has thrown, if it has
            throw e;
        }
    }

    @Override
    public void compact(int pageSizeBytes, Progress progress) {
        if (pageSizeBytes != 0
                && (Integer.bitCount(pageSizeBytes) != 1 || pageSizeBytes < 4096 || pageSizeBytes > 65536)) {
            throw new IllegalArgumentException(
                    "a page size is a power of two from 4096 to 65536, but was " + pageSizeBytes);
        }
        file.writer(); // says so when the vault was opened read-only
        int now = (int) (long) file.read(session -> pragma(session, "page_size"));
        int wanted = pageSizeBytes == 0 ? now : pageSizeBytes;
        if (wanted != now) {
            file.whole().takeAlone(); // before anything is laid out for the new size
        }
        OpenBlocks open = file.writer().buffer(OpenBlocks.class);
        List<ColumnRecord> columns = file.read(BlockTables::columns);
        AtomicLong done = new AtomicLong();
        long total = columns.size() + 1L;
        boolean compacted = false;
        open.pageSize(wanted); // blocks are cut for the pages that they come to stand on
        try (Pulse pulse = new Pulse(file.path() + ": compacting", progress, done::get, () -> total)) {
            for (ColumnRecord column : columns) {
                pulse.milestone();
                file.<Boolean, RuntimeException>writeAlone(
                        transaction -> relayout(transaction, column.colId(), wanted));
                done.incrementAndGet();
            }
            pulse.milestone();
            try {
                file.whole().vacuum(wanted == now ? 0 : wanted, pulse::goesOn);
            } catch (CancellationException e) {
                pulse.check();
                throw e;
            }
            compacted = true;
            done.set(total);
            pulse.finished();
        } finally {
            if (!compacted) {
                open.pageSize(pageSizeNow(now));
            }
        }
    }

    /** What the page size is after a failure, which may have come before or after it was changed. */
    private int pageSizeNow(int before) {
        try {
            return (int) (long) file.read(session -> pragma(session, "page_size"));
        } catch (RuntimeException e) {
            return before;
        }
    }

    private static boolean relayout(Transaction transaction, long colId, int pageSize) {
        Session session = transaction.session();
        transaction.schemaChanged();
        return BlockTables.columnById(session, colId)
                .map(c -> Relayout.run(session, transaction.buffer(OpenBlocks.class), c, pageSize))
                .orElse(false);
    }

    @Override
    public boolean checkpoint() {
        return file.whole().checkpoint();
    }

    @Override
    public int migrateLegacyColumns() {
        return migrateLegacy.getAsInt();
    }

    @Override
    public void optimize() {
        file.<Boolean, RuntimeException>writeAlone(transaction -> {
            Session session = transaction.session();
            for (String table : Catalog.documents(session)) {
                String quoted = SqlNames.quote(table);
                session.update("INSERT INTO " + quoted + " (" + quoted + ") VALUES ('optimize')");
            }
            return true;
        });
        file.writer().outside(session -> {
            session.execute("PRAGMA optimize");
            return null;
        });
    }
}
