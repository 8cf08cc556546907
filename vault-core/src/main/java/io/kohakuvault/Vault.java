package io.kohakuvault;

import io.kohakuvault.column.ColumnVault;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.maintenance.FileMaintenance;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.OpenMode;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.state.NewestState;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.maintenance.Contents;
import io.kohakuvault.maintenance.Maintenance;
import io.kohakuvault.offset.OffsetLedger;
import io.kohakuvault.table.Tables;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * One file that holds key-values, columns, tables, documents and vectors. Thread-safe; open it once and share it. All
 * handles that it gives out share its one write connection, so that a transaction spans all of them; reads never wait
 * for the writer.
 *
 * <p>Several vaults on one file are allowed, in this process and in others: SQLite's locks order their writes. The file
 * is KohakuVault 1.x's: Python opens it too.
 *
 * <p>A mutating call outside {@link #transact} is its own transaction: visible to others, and safe from a crash of the
 * process, when it returns.
 *
 * <p>When its path has come to name another file, or none, calls throw a {@link VaultIoException} that says so, and
 * nothing more is written. An interrupt of the calling thread ends the statement that it is in with a {@link
 * VaultInterruptedException}. Code of the caller's runs once a call, under no lock but the writer's.
 *
 * <pre>{@code
 * try (Vault vault = Vault.open(path, VaultOptions.defaults().withBusyTimeout(Duration.ofSeconds(30)))) {
 *     long rows = vault.compute(() -> {
 *         vault.columns().ensure("ids", DType.I64).append(1);
 *         return vault.columns().longs("ids").length(); // what this transaction sees
 *     });
 * }
 * }</pre>
 */
public final class Vault implements AutoCloseable {
    private final SqliteFile file;
    private final PageFile pages;
    private final Access.Live<NewestState> access;
    private final Handles handles;
    private final OpenUses uses;

    private Vault(SqliteFile file, PageFile pages, VaultOptions options) {
        this.file = file;
        this.pages = pages;
        NewestState newest = new NewestState(file, pages);
        this.uses = new OpenUses(file, newest, options);
        this.access = Access.live(file, newest);
        if (!file.isReadOnly()) {
            Long pageSize = file.read(session -> session.queryLong("PRAGMA page_size"));
            file.writer().register(new OpenBlocks(pageSize == null ? 4096 : pageSize.intValue()));
            if (pages.walIndex() != null) {
                file.checkpointBeside(pages::committedFrames);
            }
        }
        this.handles = new Handles(access, options);
        if (options.guardNewFiles() && !file.isReadOnly() && file.read(Session::isEmpty)) {
            maintenance().guardColumns(true);
        }
    }

    /**
     * Opens a file with the default options, and creates it when it is missing.
     *
     * @param path the file; its folder must exist, on a local file system
     * @return the vault, to be closed
     * @throws VaultFormatException when the file is not a SQLite database, or a vault newer than this library
     * @throws VaultIoException when it cannot be opened
     */
    public static Vault open(Path path) {
        return open(path, VaultOptions.defaults());
    }

    /**
     * Opens a file, and creates it when it is missing.
     *
     * @param path the file; its folder must exist, on a local file system
     * @param options how
     * @return the vault, to be closed
     * @throws VaultFormatException when the file is not a SQLite database, or a vault newer than this library
     * @throws VaultIoException when it cannot be opened
     */
    public static Vault open(Path path, VaultOptions options) {
        return open(path, options, OpenMode.WRITE);
    }

    /**
     * Opens a file that exists, for reading: mutating calls throw {@link UnsupportedOperationException}.
     *
     * @param path the file
     * @return the vault, to be closed
     * @throws VaultFormatException when the file is not a SQLite database, or a vault newer than this library
     * @throws VaultIoException when it is missing or cannot be opened
     */
    public static Vault openReadOnly(Path path) {
        return openReadOnly(path, VaultOptions.defaults());
    }

    /**
     * {@link #openReadOnly(Path)} with options.
     *
     * @param path the file
     * @param options how
     * @return the vault, to be closed
     * @throws VaultFormatException when the file is not a SQLite database, or a vault newer than this library
     * @throws VaultIoException when it is missing or cannot be opened
     */
    public static Vault openReadOnly(Path path, VaultOptions options) {
        return open(path, options, OpenMode.READ);
    }

    /** A file that is not there yet; {@link #endLoad} before it is closed. */
    static Vault openForLoad(Path path, VaultOptions options) {
        return open(path, options, OpenMode.LOAD);
    }

    void endLoad() {
        uses.checkNone();
        file.whole().endLoad();
    }

    /** Ends what is open of a load that has failed, so that it can be closed. */
    void abandonLoad() {
        uses.endAll();
    }

    private static Vault open(Path path, VaultOptions options, OpenMode mode) {
        // Before SQLite opens it: whoever closes the last vault on the file meanwhile closes descriptors, which drops
        // locks.
        PageFile pages = Files.isRegularFile(path) ? PageFile.acquire(path) : null;
        SqliteFile file = null;
        try {
            file = SqliteFile.open(path, options, mode);
            if (pages != null && !pages.isStill(path)) { // a layered file system has copied it for writing
                pages.release();
                pages = null;
            }
            if (pages == null) {
                pages = PageFile.acquire(path);
            }
            return new Vault(file, pages, options);
        } catch (RuntimeException e) {
            if (file != null) {
                file.close();
            }
            if (pages != null) {
                pages.release();
            }
            throw e;
        }
    }

    /**
     * The file.
     *
     * @return its absolute path
     */
    public Path path() {
        return Path.of(file.path());
    }

    /**
     * A key-value table.
     *
     * @param name letters, digits and underscores; KohakuVault's default is {@code kv}
     * @return its handle; the first write creates the table
     * @throws NoSuchElementException when the vault was opened read-only and there is no such table
     */
    public KVault kv(String name) {
        return handles.keyValues(name);
    }

    /**
     * The columns.
     *
     * @return their directory
     */
    public ColumnVault columns() {
        return handles.columns();
    }

    /**
     * The tables.
     *
     * @return their directory
     */
    public Tables tables() {
        return handles.tables();
    }

    /**
     * A table of documents, with the columns and the tokenizer that the file has. One that is not there yet is made by
     * the first write, with the defaults: one column, {@code content}, cut into words by unicode61.
     *
     * @param name letters, digits and underscores; KohakuVault's default is {@code text_vault}
     * @return its handle, which reads nothing yet; when the name is taken by something else, the calls on it throw an
     *     IllegalArgumentException
     * @throws NoSuchElementException when this vault is read-only and there is no such table
     */
    public TextVault text(String name) {
        return handles.documents(name, null);
    }

    /**
     * A table of documents.
     *
     * @param name letters, digits and underscores
     * @param options columns and tokenizer to make it with
     * @return its handle, which reads nothing yet; when the table exists with other columns or another tokenizer,
     *     or something else has the name, the calls on it throw an IllegalArgumentException
     * @throws IllegalArgumentException when a column cannot have its name
     * @throws NoSuchElementException when this vault is read-only and there is no such table
     */
    public TextVault text(String name, TextOptions options) {
        return handles.documents(name, Objects.requireNonNull(options, "options"));
    }

    /**
     * A table of vectors that exists, with the dimensions and the metric that it was made with.
     *
     * @param name its name, in any case; KohakuVault's default is {@code vec_kvault}
     * @return its handle
     * @throws NoSuchElementException when there is none
     * @throws IllegalArgumentException when the name is that of something else
     * @throws VaultFormatException when it is a table of sqlite-vec's that this library does not read; the message
     *     says why
     */
    public VectorKVault vectors(String name) {
        return handles.vectors().get(name);
    }

    /**
     * A table of vectors, which is made when it is missing.
     *
     * @param name letters, digits and underscores; KohakuVault's default is {@code vec_kvault}. The case does not
     *     matter once it exists
     * @param options dimensions and metric
     * @return its handle; the first insert creates the table
     * @throws IllegalArgumentException when the table exists with other options, or the name is that of something else
     * @throws NoSuchElementException when it is missing and the vault is read-only
     * @throws VaultFormatException when it is a table of sqlite-vec's that this library does not read; the message
     *     says why
     */
    public VectorKVault vectors(String name, VectorOptions options) {
        return handles.vectors().get(name, options);
    }

    /**
     * How far sources have been delivered.
     *
     * @return the ledger
     */
    public OffsetLedger offsets() {
        return handles.offsets();
    }

    /**
     * Makes several calls one: all are in the file when this returns, none when it throws. The calling thread owns the
     * writer meanwhile; every handle it uses takes part, nested calls join. When a call inside has thrown while it was
     * writing and the task goes on all the same, the commit is refused; a call that refuses its arguments has written
     * nothing and does not count.
     *
     * @param task the calls
     * @param <X> what the task may throw
     * @throws X what the task throws
     * @throws VaultBusyException when another process holds the write lock for longer than the busy timeout
     */
    public <X extends Exception> void transact(VaultTask<X> task) throws X {
        this.<Boolean, X>compute(() -> {
            task.run();
            return Boolean.TRUE;
        });
    }

    /**
     * {@link #transact} with an answer.
     *
     * @param call the calls
     * @param <T> what it answers
     * @param <X> what it may throw
     * @return the answer
     * @throws X what the call throws
     * @throws VaultBusyException when another process holds the write lock for longer than the busy timeout
     */
    public <T, X extends Exception> T compute(VaultCall<T, X> call) throws X {
        return file.writeAlone(transaction -> call.call());
    }

    /**
     * Group commit for bulk loads: until it is closed, mutating calls through this vault are gathered and committed
     * together.
     *
     * @param options when it commits by itself
     * @return the batch, to be closed
     * @throws IllegalStateException when one is open already, or inside a transaction of this thread
     */
    public VaultBatch batch(BatchOptions options) {
        return uses.batch(options);
    }

    /**
     * One consistent view over everything that is committed now; what a transaction of the calling thread has written
     * is not in it. While it is open, or a buffer that points into it lives, the write-ahead log cannot be folded back
     * into the file past it: close it soon in a file that is written to.
     *
     * @return the snapshot, to be closed
     */
    public Snapshot snapshot() {
        return uses.snapshot();
    }

    /**
     * What the file holds, of all kinds, and deleting it.
     *
     * @return its contents
     */
    public Contents contents() {
        return new StoredContents(access, handles::delete);
    }

    /**
     * See {@link Maintenance#checkpoint}.
     *
     * @return whether all of the log was copied
     * @deprecated stands on {@link #maintenance()}; goes with 1.0
     */
    @Deprecated(forRemoval = true)
    @SuppressWarnings("InlineMeSuggester") // it goes soon
    public boolean checkpoint() {
        return maintenance().checkpoint();
    }

    /**
     * See {@link Maintenance#migrateLegacyColumns}.
     *
     * @return how many columns were taken over
     * @deprecated stands on {@link #maintenance()}; goes with 1.0
     */
    @Deprecated(forRemoval = true)
    @SuppressWarnings("InlineMeSuggester") // it goes soon
    public int migrateLegacyColumns() {
        return maintenance().migrateLegacyColumns();
    }

    /**
     * Looking after the file: what it holds, verifying, repairing, copying, compacting.
     *
     * @return its maintenance
     */
    public Maintenance maintenance() {
        return new FileMaintenance(file, uses::snapshots, handles.columns()::migrateLegacy);
    }

    @Override
    public String toString() {
        return "vault " + file.path() + (file.isReadOnly() ? " (read-only)" : "");
    }

    /**
     * Closes the connections, after the calls of other threads that are under way have ended. Does nothing the second
     * time.
     *
     * @throws IllegalStateException inside a transaction of this thread, or when a snapshot, a batch or a stream of
     *     a value in segments is open, or a buffer that points into one still lives; nothing is closed then
     */
    @Override
    public void close() {
        if (!uses.end()) {
            return;
        }
        try {
            file.close();
        } finally {
            pages.release();
        }
    }
}
