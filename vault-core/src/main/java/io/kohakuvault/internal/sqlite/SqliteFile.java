package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultCall;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.VaultTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/** A database file: one write connection and read connections that are kept for reuse. Thread-safe. */
public final class SqliteFile implements ReadAccess, AutoCloseable {
    /** Read connections kept open between uses; more are opened when more are needed at once. */
    private static final int IDLE_READERS = 4;

    private static final int FORMAT_VERSION = 1;

    private final String path;
    private final VaultOptions options;
    private final @Nullable Writer writer;
    private final ArrayDeque<Session> idle = new ArrayDeque<>();
    private final Set<ReadLease> leases = new LinkedHashSet<>();
    private boolean closed;
    private int lent;

    private SqliteFile(String path, VaultOptions options, @Nullable Writer writer) {
        this.path = path;
        this.options = options;
        this.writer = writer;
    }

    /** Opens a file, and creates it when it is missing and may be written. */
    public static SqliteFile open(Path file, VaultOptions options, boolean readOnly) {
        String path = file.toAbsolutePath().toString();
        if (path.indexOf('?') >= 0) {
            throw new IllegalArgumentException("the path of a vault must not hold '?', but was " + path);
        }
        if (Files.isDirectory(file)) {
            throw new VaultIoException(path + ": this is a folder; give the path of a file", null);
        }
        if (readOnly) {
            if (!Files.exists(file)) {
                throw new VaultIoException(path + ": no such file; it is opened read-only and so not created", null);
            }
            SqliteFile result = new SqliteFile(path, options, null);
            Session session = result.acquire();
            try {
                checkFormat(session);
            } catch (RuntimeException e) {
                result.discard(session);
                throw e;
            }
            result.release(session);
            return result;
        }
        Session session = connect(path, options, false);
        try {
            // Only a statement of its own, before the first table and before WAL, sets the page size of a new file.
            session.execute("PRAGMA page_size = " + options.pageSizeBytes());
            checkFormat(session); // before anything changes the file
            useWal(session);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        return new SqliteFile(path, options, new Writer(session));
    }

    private static void useWal(Session session) {
        try (Rows rows = session.query("PRAGMA journal_mode = WAL")) {
            String mode = rows.next() ? rows.getString(0) : null;
            if (!"wal".equals(mode)) {
                throw new VaultIoException(
                        session.file() + ": the file system does not take SQLite's write-ahead log (journal mode "
                                + mode + "); use a local disk",
                        null);
            }
        }
    }

    private static void checkFormat(Session session) {
        Long tables = session.queryLong(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('vault_format', 'kvault_col_format')");
        if (tables != null && tables > 0) {
            checkVersion(session, "vault_format");
            checkVersion(session, "kvault_col_format");
        }
    }

    private static void checkVersion(Session session, String table) {
        if (!session.hasTable(table)) {
            return;
        }
        Long version = session.queryLong("SELECT version FROM " + table);
        if (version == null || version != FORMAT_VERSION) {
            throw new VaultFormatException(
                    session.file() + ": " + table + " says version " + version + ", this library knows version "
                            + FORMAT_VERSION + "; open the file with a newer release",
                    null);
        }
    }

    private Session connect(boolean readOnly) {
        return connect(path, options, readOnly);
    }

    private static Session connect(String path, VaultOptions options, boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        if (readOnly) {
            config.setReadOnly(true);
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        Properties properties = config.toProperties();
        properties.setProperty("busy_timeout", Integer.toString(options.busyTimeoutMillis()));
        properties.setProperty("foreign_keys", "true");
        properties.setProperty("synchronous", options.synchronous().name());
        properties.setProperty("mmap_size", Long.toString(options.mmapSizeBytes()));
        properties.setProperty("cache_size", Integer.toString(-options.cacheSizeKib()));
        // A large transaction leaves a large -wal behind; it shrinks to this when it is used again.
        properties.setProperty("journal_size_limit", Integer.toString(64 << 20));
        // The driver's default asks for the generated key after each insert, which makes inserts up to
        // five times slower.
        properties.setProperty("jdbc.get_generated_keys", "false");
        try {
            JDBC4Connection connection = new JDBC4Connection("jdbc:sqlite:" + path, path, properties);
            if (!readOnly) {
                Function.create(connection, Session.GUARD_FUNCTION, new Function() {
                    @Override
                    protected void xFunc() throws SQLException {
                        result(1);
                    }
                });
            }
            return new Session(path, connection);
        } catch (SQLException e) {
            throw SqlErrors.map(e, path, "open");
        }
    }

    public String path() {
        return path;
    }

    public boolean isReadOnly() {
        return writer == null;
    }

    /** The writer, or an exception that says that the file is open for reading only. */
    public Writer writer() {
        if (writer == null) {
            throw new UnsupportedOperationException(path + ": opened read-only");
        }
        return writer;
    }

    /** Runs the work in a write transaction, joining the one that the calling thread is in. */
    public <T, X extends Exception> T write(VaultCall<T, X> work) throws X {
        return writer().run(work);
    }

    /** {@link #write} for a transaction of the caller's own: a batch commits what it has gathered first. */
    public <T, X extends Exception> T writeAlone(VaultCall<T, X> work) throws X {
        return writer().runAlone(work);
    }

    /** {@link #write} without an answer. */
    public <X extends Exception> void run(VaultTask<X> task) throws X {
        this.<Boolean, X>write(() -> {
            task.run();
            return Boolean.TRUE;
        });
    }

    /** The newest state; inside a transaction of the calling thread, what that has written so far. */
    @Override
    public <T> T read(java.util.function.Function<Session, T> work) {
        Writer own = writer;
        if (own != null) {
            if (own.isMine()) {
                return work.apply(own.flushed());
            }
            Optional<Supplier<T>> gathered = own.group().read(work);
            if (gathered.isPresent()) {
                return gathered.get().get();
            }
        }
        Session session = acquire();
        boolean finished = false;
        try {
            session.update("BEGIN");
            T result = work.apply(session);
            session.update("COMMIT");
            finished = true;
            return result;
        } catch (Throwable t) {
            abandon(session, t);
            throw t;
        } finally {
            if (finished) {
                release(session);
            }
        }
    }

    private void abandon(Session session, Throwable reason) {
        try {
            session.update("ROLLBACK");
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
            discard(session);
            return;
        }
        release(session);
    }

    /** Copies the write-ahead log back and empties it; false when a reader or another writer kept a part of it. */
    public boolean checkpoint() {
        return writer().outside(session -> {
            try (Rows rows = session.query("PRAGMA wal_checkpoint(TRUNCATE)")) {
                return rows.next() && rows.getLong(0) == 0;
            }
        });
    }

    /** A read connection of one's own; give it back with {@link #release} or {@link #discard}. */
    public Session acquire() {
        synchronized (idle) {
            if (closed) {
                throw new IllegalStateException(path + ": this vault is closed");
            }
            lent++;
            Session session = idle.pollFirst();
            if (session != null) {
                return session;
            }
        }
        try {
            return connect(true);
        } catch (RuntimeException | Error e) {
            returned();
            throw e;
        }
    }

    /**
     * A read transaction that outlives a call.
     *
     * @param what names it where somebody closes the file meanwhile
     * @throws IllegalStateException inside a transaction of the calling thread, whose writes it would not see
     */
    public ReadLease lease(String what) {
        Writer own = writer;
        if (own != null && own.isMine()) {
            throw new IllegalStateException(
                    path + ": " + what + " reads what is committed; open it outside of the transaction");
        }
        commitBeforeSnapshot();
        Session session = acquire();
        try {
            session.update("BEGIN");
            session.queryLong("SELECT count(*) FROM sqlite_master"); // BEGIN alone pins nothing
            ReadLease lease = new ReadLease(this, session, what);
            synchronized (idle) {
                leases.add(lease);
            }
            return lease;
        } catch (RuntimeException e) {
            discard(session);
            throw e;
        }
    }

    /** What a batch has gathered is committed, so that whoever reads what is committed sees it. */
    public void commitBeforeSnapshot() {
        if (writer != null) {
            writer.group().commitBeforeSnapshot();
        }
    }

    void ended(ReadLease lease, Session session) {
        synchronized (idle) {
            leases.remove(lease);
        }
        try {
            session.update("COMMIT");
        } catch (RuntimeException e) {
            discard(session);
            throw e;
        }
        release(session);
    }

    /** Read transactions that are open beyond a call. */
    public List<String> leases() {
        synchronized (idle) {
            return leases.stream().map(ReadLease::toString).toList();
        }
    }

    /** Takes back a read connection that is in no transaction. */
    public void release(Session session) {
        synchronized (idle) {
            if (!closed && idle.size() < IDLE_READERS) {
                idle.addFirst(session);
                returned();
                return;
            }
        }
        discard(session);
    }

    /** Closes a read connection that cannot be used again. */
    public void discard(Session session) {
        try {
            session.close();
        } catch (VaultException e) {
            // It has only read: nothing can be lost, and its descriptors are gone either way.
        }
        returned();
    }

    private void returned() {
        synchronized (idle) {
            lent--;
            idle.notifyAll();
        }
    }

    /**
     * Closes all connections, after the reads that are under way have ended: whoever closes descriptors of the file next must not drop
     * the locks of one that is still open.
     */
    @Override
    public void close() {
        if (writer != null && writer.isMine()) {
            throw new IllegalStateException(path + ": close() inside a transaction; leave it first");
        }
        boolean interrupted = false;
        synchronized (idle) {
            closed = true;
            while (lent > 0) {
                try {
                    idle.wait();
                } catch (InterruptedException e) {
                    interrupted = true; // reads end soon; closing goes on and the interrupt is handed on
                }
            }
        }
        try {
            idle.forEach(Session::close);
            idle.clear();
        } finally {
            if (writer != null) {
                writer.close();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
