package io.kohakuvault;

import io.kohakuvault.column.ColumnCatalog;
import io.kohakuvault.internal.column.ColumnDirectory;
import io.kohakuvault.internal.kv.KvTable;
import io.kohakuvault.internal.offset.Offsets;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.state.FileState;
import io.kohakuvault.internal.state.NewestState;
import io.kohakuvault.internal.table.SnapshotFilter;
import io.kohakuvault.internal.table.TableDirectory;
import io.kohakuvault.internal.text.TextTable;
import io.kohakuvault.internal.vector.VectorTables;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.maintenance.ContentCatalog;
import io.kohakuvault.offset.OffsetReader;
import io.kohakuvault.spi.BlockSource;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.RowFilter;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.TableCatalog;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One consistent view over a whole vault: all that was committed when it was made, nothing later. Column blocks are
 * read from the mapped file wherever that is sound. Thread-safe. Handles from it throw {@link IllegalStateException}
 * once it is closed, and {@link NoSuchElementException} is thrown for what is not in the file.
 *
 * <pre>{@code
 * try (Snapshot snapshot = vault.snapshot()) {
 *     long rows = snapshot.tables().get("flights").length();
 *     double[] delays = snapshot.columns().doubles("flights.minutes").slice(0, rows); // of the same state
 * }
 * }</pre>
 */
public final class Snapshot implements AutoCloseable {
    private final FileState state;
    private final Access<FileState> access;
    private final VaultOptions options;
    private final Instant since = Instant.now();
    private final String openedAt;

    Snapshot(SqliteFile file, NewestState newest, VaultOptions options, Consumer<Snapshot> onEnd) {
        this.options = options;
        this.openedAt = StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(Vault.class.getName())
                                && !frame.getClassName().equals(OpenUses.class.getName())
                                && !frame.getClassName().equals(Snapshot.class.getName()))
                        .findFirst()
                        .map(StackWalker.StackFrame::toString)
                        .orElse("an unknown place"));
        this.state = newest.lasting(() -> onEnd.accept(this));
        this.access = Access.frozen(state, file.path(), file.path() + ": a snapshot is read-only");
    }

    /**
     * A key-value table.
     *
     * @param name its name
     * @return its reader
     */
    public KvReader kv(String name) {
        require(name);
        return new KvTable(access, name, options);
    }

    /**
     * The columns.
     *
     * @return their directory
     */
    public ColumnCatalog columns() {
        return new ColumnDirectory(access);
    }

    /**
     * The tables.
     *
     * @return their directory
     */
    public TableCatalog tables() {
        return new TableDirectory(access);
    }

    /**
     * A table of documents, with the columns and the tokenizer that the file has.
     *
     * @param name its name
     * @return its reader
     * @throws IllegalArgumentException when something else has the name
     */
    public TextReader text(String name) {
        return new TextTable(access, name, null, options.numberGuess()).checked();
    }

    /**
     * A table of documents.
     *
     * @param name its name
     * @param options its columns and tokenizer
     * @return its reader
     * @throws IllegalArgumentException when it has others, or something else has the name
     */
    public TextReader text(String name, TextOptions options) {
        Objects.requireNonNull(options, "options");
        return new TextTable(access, name, options, this.options.numberGuess()).checked();
    }

    /**
     * A table of vectors.
     *
     * @param name its name, in any case
     * @return its reader
     * @throws IllegalArgumentException when the name is that of something else
     * @throws VaultFormatException when it is a table of sqlite-vec's that this library does not read; the message
     *     says why
     */
    public VectorReader vectors(String name) {
        return VectorTables.of(access, name, options.numberGuess());
    }

    /**
     * The file.
     *
     * @return its absolute path
     */
    public Path path() {
        return Path.of(access.path());
    }

    /**
     * What the file held, of all kinds.
     *
     * @return its contents
     */
    public ContentCatalog contents() {
        return new StoredContents(access, (kind, name) -> false);
    }

    private void require(String table) {
        Objects.requireNonNull(table, "name");
        boolean exists = state.read(session -> session.hasTable(table));
        if (!exists) {
            throw missing(table);
        }
    }

    private NoSuchElementException missing(String table) {
        return new NoSuchElementException(state.read(session -> session.file()) + ": there is no table " + table);
    }

    /**
     * How far sources have been delivered.
     *
     * @return their reader
     */
    public OffsetReader offsets() {
        return new Offsets(access);
    }

    /**
     * The columns as blocks, for modules that hand them on without decoding values.
     *
     * @return their source
     */
    public BlockSource blocks() {
        return new BlockSource() {
            @Override
            public ColumnBlocks column(String name) {
                return TableDirectory.column(state, name);
            }

            @Override
            public List<ColumnBlocks> table(String name) {
                return TableDirectory.blocks(state, name);
            }

            @Override
            public RowFilter filter(List<ColumnBlocks> columns, Filter filter) {
                return SnapshotFilter.of(state, columns, filter);
            }

            @Override
            public Runnable hold() {
                return state.hold()::close;
            }
        };
    }

    /**
     * Buffers outside that still point into the mapped file and keep its read transaction open, also after {@link
     * #close}.
     *
     * @return how many
     */
    public long liveBuffers() {
        return state.liveHolds();
    }

    /**
     * Whether nothing was committed since, by anybody: for those who wait for others' commits, since asking reads no
     * data. Answers after {@link #close} too, as long as the vault is open.
     *
     * @return true when this is the newest state; false when it is not, and where that cannot be told: while somebody
     *     commits, after the log was copied back, of a file that is read without locks
     * @throws VaultMovedException when the path has come to name another file, or none
     */
    public boolean isNewest() {
        return state.isNewest();
    }

    /**
     * Ends the view; its read transaction ends with the last buffer that points into it. Does nothing the second time.
     */
    @Override
    public void close() {
        state.close();
    }

    @Override
    public String toString() {
        long buffers = liveBuffers();
        return state.isClosed()
                ? buffers + " buffers or readers of the closed snapshot of " + since + " opened at " + openedAt
                : "snapshot of " + since + " opened at " + openedAt
                        + (buffers > 0 ? " with " + buffers + " live buffers or readers" : "");
    }
}
