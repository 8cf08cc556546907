package io.kohakuvault.internal.column;

import io.kohakuvault.VaultException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.RowBudget;
import io.kohakuvault.internal.block.edit.BlockEditor;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.block.guard.ZoneMap;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.state.StateAccess;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** One column, whatever its type: ranges, appends, replacing. Bound to the column's id, which is never used again. */
class ColumnEngine {
    private static final int LARGE_RANGE = 1 << 16;

    /** Bytes of a part of a large append. */
    static final int PART_BYTES = 1 << 18;

    private final Access<? extends StateAccess> access;
    private final String takenAs;
    private final long colId;
    private final DType dtype;
    private final String token;

    /** As it was when the column was last looked at: another handle, or another process, may rename it. */
    private volatile String name;

    private volatile boolean dead;

    /** The writer's epoch at which the column was last looked at. Guarded by the write lock. */
    private long checkedEpoch = -1;

    /** @param token the dtype as the file spells it */
    ColumnEngine(Access<? extends StateAccess> access, long colId, String name, String token, DType dtype) {
        this.access = access;
        this.colId = colId;
        this.takenAs = name;
        this.name = name;
        this.token = token;
        this.dtype = dtype;
    }

    /** Takes one element that was asked for. */
    @FunctionalInterface
    interface Taker {
        /**
         * Takes element {@code i} of a block.
         *
         * @param place which of the elements asked for it is
         */
        void accept(BlockData block, int i, int place);
    }

    /** The name that the column has now. */
    String name() {
        return BlockReader.read(access.reads(), reader -> record(reader).name());
    }

    final DType dtype() {
        return dtype;
    }

    /** The dtype as the file spells it. */
    final String token() {
        return token;
    }

    long length() {
        return BlockReader.read(access.reads(), reader -> record(reader).length());
    }

    private ColumnRecord record(BlockReader reader) {
        checkNotDead();
        return checked(reader.column(colId));
    }

    /**
     * The column, when it is the one that this handle was made for. Ids are given again after a rollback, and a file
     * that was tampered with may give any: a handle never reads the bytes of one dtype as those of another.
     */
    private ColumnRecord checked(Optional<ColumnRecord> found) {
        checkNotDead();
        ColumnRecord column = found.orElseThrow(this::deleted);
        if (!column.dtype().equals(token) || column.elemSize() != dtype.elementSizeBytes()) {
            throw new NoSuchElementException(
                    this + " was deleted, and its id was given to " + column.describe() + "; open that by its name");
        }
        if (!column.name().equals(name)) {
            name = column.name();
        }
        return column;
    }

    private void checkNotDead() {
        if (dead) { // its id may have been given again, and the tables may not even be there
            throw new NoSuchElementException(this + " was made by a transaction that was rolled back; open it again");
        }
    }

    /** After a rollback: whether what the handle was made for is still there. */
    final void recheck(Session session) {
        try {
            Optional<ColumnRecord> found = BlockTables.columnById(session, colId);
            // Under the name that it was taken by, or has now: the transaction may have renamed it.
            dead |= found.filter(column -> column.dtype().equals(token)
                            && (column.name().equals(takenAs) || column.name().equals(name)))
                    .isEmpty();
        } catch (VaultException e) { // the tables themselves may have gone with the transaction
            dead = true;
        }
    }

    /** The column of this handle, looked at again when the file may have changed since. */
    private void checkCurrent(Transaction transaction) {
        checkNotDead();
        long epoch = transaction.epoch();
        if (epoch != checkedEpoch) {
            checked(BlockTables.columnById(transaction.session(), colId));
            checkedEpoch = epoch;
        }
    }

    private NoSuchElementException deleted() {
        return new NoSuchElementException(this + " was deleted");
    }

    /** Visits [from, to) after checking it against the column's length in the same transaction. */
    void visit(long from, long to, BlockReader.Visitor visitor) {
        BlockReader.read(access.reads(), reader -> {
            ColumnRecord column = record(reader);
            checkRange(from, to, column.length());
            reader.visit(column, from, to, visitor);
            return null;
        });
    }

    /** Where a batch of rows from {@code from} on ends, at {@code to} at the latest, that has about so many bytes. */
    long endWithin(long from, long to, long bytes) {
        return BlockReader.read(access.reads(), reader -> {
            RowBudget budget = new RowBudget(reader, from, to);
            budget.add(record(reader), 0);
            return budget.end(bytes);
        });
    }

    /** {@link #visit} of those rows of a range that are there, less the blocks whose statistics rule them out. */
    void visitWhere(long from, long to, ZoneMap.Test test, BlockReader.Visitor visitor) {
        BlockReader.read(access.reads(), reader -> {
            ColumnRecord column = record(reader);
            ZoneMap.visit(reader, column, from, Math.min(to, column.length()), true, test, visitor);
            return null;
        });
    }

    /**
     * Hands out the elements at the places given, in any order, all of one state of the column; a block is read once.
     */
    void take(long[] indexes, Taker taker) {
        BlockReader.read(access.reads(), reader -> {
            ColumnRecord column = record(reader);
            for (long index : indexes) {
                checkRange(index, index + 1, column.length());
            }
            int[] order = SortedPlaces.ascending(indexes);
            BlockData[] block = new BlockData[1];
            for (int place : order) {
                long index = indexes[place];
                BlockData current = block[0];
                if (current == null || !current.holds(index)) {
                    reader.visit(column, index, index + 1, (b, from, to) -> block[0] = b);
                    current = Objects.requireNonNull(block[0]);
                }
                taker.accept(current, (int) (index - current.firstRow()), place);
            }
            return null;
        });
    }

    final void checkRange(long from, long to, long length) {
        if (from < 0 || from > to || to > length) {
            throw outside(from, to, length);
        }
    }

    private IndexOutOfBoundsException outside(long from, long to, long length) {
        return new IndexOutOfBoundsException(this + " has " + length + " elements, but "
                + (to == from + 1 ? from : "[" + from + ", " + to + ")") + " was asked for");
    }

    /** {@link #count}; of a large range it is asked first whether the column has it, before an array for it is made. */
    final int room(long from, long to) {
        int count = count(from, to);
        if (count > LARGE_RANGE) {
            checkRange(from, to, length());
        }
        return count;
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
    final IllegalArgumentException misfit(IllegalArgumentException e) {
        return new IllegalArgumentException(this + ": " + e.getMessage(), e);
    }

    final Elements elements(int expectedRows) {
        return new Elements(dtype.elementSizeBytes(), expectedRows);
    }

    final void append(Elements elements) {
        checkWritable();
        if (elements.rows() > 0) {
            access.run(transaction -> {
                checkCurrent(transaction);
                transaction.buffer(OpenBlocks.class).append(transaction.session(), colId, false, elements);
            });
        }
    }

    /** Encodes values that all fit the column. */
    interface PartEncoder {
        void add(Elements to, int from, int count);
    }

    /**
     * Appends values none of which can be refused, part by part, so that what is encoded is still in the processor's
     * cache.
     */
    final void appendParts(int rows, PartEncoder encoder) {
        checkWritable();
        if (rows == 0) {
            return;
        }
        access.run(transaction -> {
            checkCurrent(transaction);
            OpenBlocks tails = transaction.buffer(OpenBlocks.class);
            int partRows = Math.min(rows, Math.max(1, PART_BYTES / dtype.elementSizeBytes()));
            Elements part = elements(partRows);
            for (long from = 0; from < rows; from += partRows) {
                part.clear();
                encoder.add(part, (int) from, (int) Math.min(partRows, rows - from));
                tails.append(transaction.session(), colId, false, part);
            }
        });
    }

    /** Appends parts that are encoded already. */
    final void append(List<Elements> parts) {
        checkWritable();
        if (parts.get(0).rows() > 0) {
            access.run(transaction -> {
                checkCurrent(transaction);
                OpenBlocks tails = transaction.buffer(OpenBlocks.class);
                for (Elements part : parts) {
                    tails.append(transaction.session(), colId, false, part);
                }
            });
        }
    }

    /** Replaces the rows [from, to), which may be none, by the elements given, which may be none too. */
    final void splice(long from, long to, Elements with) {
        checkWritable();
        access.run(transaction -> {
            checkCurrent(transaction);
            Session session = transaction.session();
            OpenBlocks tails = transaction.buffer(OpenBlocks.class);
            long length = tails.length(session, colId, false);
            if (from < 0 || from > to || to > length) {
                throw outside(from, to, length);
            }
            if (from == length) {
                tails.append(session, colId, false, with);
            } else if (from < to || with.rows() > 0) {
                tails.settle(session, colId);
                ColumnRecord column = BlockTables.columnById(session, colId).orElseThrow(this::deleted);
                BlockEditor.splice(session, column, false, from, to, with);
            }
        });
    }

    final void truncate(long length) {
        if (length < 0) {
            throw new IndexOutOfBoundsException(this + " cannot have " + length + " elements");
        }
        atomically(() -> {
            long now = length();
            if (length < now) {
                splice(length, now, elements(0));
            }
            return null;
        });
    }

    /** Several calls as one. */
    final <T> T atomically(Supplier<T> calls) {
        checkWritable();
        return access.write(transaction -> calls.get());
    }

    final void clear() {
        checkWritable();
        access.run(transaction -> {
            checkNotDead();
            Session session = transaction.session();
            checked(BlockTables.columnById(session, colId));
            transaction.buffer(OpenBlocks.class).settle(session, colId);
            session.update("DELETE FROM kvault_col_blocks WHERE col_id = ?", colId);
            session.update("UPDATE kvault_col_columns SET length = 0 WHERE col_id = ?", colId);
        });
    }

    /** Throws where the column cannot be written, before anything is looked at. */
    void checkWritable() {
        access.checkWritable();
    }

    @Override
    public String toString() {
        return "column '" + name + "' (" + token + ")";
    }
}
