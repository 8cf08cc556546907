package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockAccess;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Tails;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One column, whatever its type: ranges, appends, replacing. Bound to the column's id, which is never used again. */
final class ColumnEngine {
    private final BlockAccess access;
    private final @Nullable SqliteFile file;
    private final @Nullable Tails tails;
    private final long colId;
    private final String name;
    private final DType dtype;

    /** @param file null in a snapshot, which cannot be written */
    ColumnEngine(
            BlockAccess access, @Nullable SqliteFile file, @Nullable Tails tails, ColumnRecord column, DType dtype) {
        this.access = access;
        this.file = file;
        this.tails = tails;
        this.colId = column.colId();
        this.name = column.name();
        this.dtype = dtype;
    }

    String name() {
        return name;
    }

    DType dtype() {
        return dtype;
    }

    long length() {
        return access.read(session -> record(session).length());
    }

    private ColumnRecord record(Session session) {
        return BlockTables.columnById(session, colId)
                .orElseThrow(() -> new NoSuchElementException(session.file() + ": column '" + name + "' was deleted"));
    }

    /** Visits [from, to) after checking it against the column's length in the same transaction. */
    void visit(long from, long to, BlockReader.Visitor visitor) {
        access.blocks((session, reader) -> {
            ColumnRecord column = record(session);
            if (from < 0 || from > to || to > column.length()) {
                throw new IndexOutOfBoundsException(
                        this + " has " + column.length() + " elements, but [" + from + ", " + to + ") was asked for");
            }
            reader.visit(column, from, to, visitor);
            return null;
        });
    }

    /** Checks the size of a range before an array for it is made. */
    static int count(long from, long to) {
        if (from < 0 || from > to) {
            throw new IndexOutOfBoundsException("[" + from + ", " + to + ") is no range");
        }
        if (to - from > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "[" + from + ", " + to + ") is more than fits an array; read it in parts");
        }
        return (int) (to - from);
    }

    /** Says to which column a value could not be written. */
    IllegalArgumentException misfit(IllegalArgumentException e) {
        return new IllegalArgumentException(this + ": " + e.getMessage(), e);
    }

    Elements elements(int expectedRows) {
        return new Elements(dtype.elementSizeBytes(), expectedRows);
    }

    void append(Elements elements) {
        if (elements.rows() == 0) {
            return;
        }
        SqliteFile f = writable();
        f.run(() -> {
            tails().append(f.writer().session(), colId, false, elements);
        });
    }

    /** Replaces one element of a fixed size: only the page with the changed bytes becomes dirty. */
    void set(long index, Elements element) {
        SqliteFile f = writable();
        f.run(() -> {
            Session session = f.writer().session();
            tails().settle(session, colId);
            ColumnRecord column = record(session);
            Objects.checkIndex(index, column.length());
            new BlockReader(session, null).visit(column, index, index + 1, (block, from, to) -> {
                int size = column.elemSize();
                // The payload is longer than its used bytes; it is written back as long as it was.
                session.update(
                        "UPDATE kvault_col_data SET payload = ? WHERE block_id = ?",
                        replaced(session, block.entry().blockId(), from * size, element, size),
                        block.entry().blockId());
            });
        });
    }

    private static byte[] replaced(Session session, long blockId, int at, Elements element, int size) {
        try (var rows = session.query("SELECT payload FROM kvault_col_data WHERE block_id = ?", blockId)) {
            byte[] payload = rows.next() ? rows.getBytes(0) : null;
            if (payload == null) {
                throw new NoSuchElementException("block " + blockId);
            }
            element.copyTo(payload, at, size);
            return payload;
        }
    }

    void clear() {
        SqliteFile f = writable();
        f.run(() -> {
            Session session = f.writer().session();
            tails().settle(session, colId);
            session.update("DELETE FROM kvault_col_blocks WHERE col_id = ?", colId);
            session.update("UPDATE kvault_col_columns SET length = 0 WHERE col_id = ?", colId);
        });
    }

    private SqliteFile writable() {
        SqliteFile f = file;
        if (f == null) {
            throw new UnsupportedOperationException("column '" + name + "' is read-only in a snapshot");
        }
        f.writer(); // says so when the vault was opened read-only
        return f;
    }

    private Tails tails() {
        return Objects.requireNonNull(tails);
    }

    @Override
    public String toString() {
        return "column '" + name + "' (" + dtype.token() + ")";
    }
}
