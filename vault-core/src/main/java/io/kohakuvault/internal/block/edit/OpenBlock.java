package io.kohakuvault.internal.block.edit;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.block.BlockChecks;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.guard.Derived;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The end of a column in memory: its length and its last block, which appends fill. Changes are gathered here and
 * written by {@link #flush}; a block that fills up is written at once. Used with the write lock held.
 */
final class OpenBlock {
    private final ColumnRecord column;
    private final boolean nullable;
    private final int pageSize;

    private long length;
    private boolean lengthChanged;

    private @Nullable BlockEntry stored;
    private boolean open;
    private long blockNo = -1;
    private long firstRow;
    private int rowCount;
    private int usedBytes;
    private int capacityBytes;
    private int rowCapacity;
    private byte[] payload = {};
    private byte[] offsets = {};
    private ByteBuffer offsetsView = ByteBuffer.wrap(offsets);
    private boolean changed;
    private final boolean guarded;
    private boolean derivedIsMissing;

    private byte[] validity = {};
    private int nulls;
    private boolean validityChanged;

    private OpenBlock(ColumnRecord column, boolean nullable, int pageSize, boolean guarded) {
        this.guarded = guarded;
        this.column = column;
        this.nullable = nullable;
        this.pageSize = pageSize;
        this.length = column.length();
    }

    /** @param guarded whether full blocks get statistics and a checksum */
    static OpenBlock load(Session session, long colId, boolean nullable, int pageSize, boolean guarded) {
        ColumnRecord column = BlockTables.columnById(session, colId)
                .orElseThrow(() -> new NoSuchElementException(
                        session.file() + ": the column behind this handle (col_id " + colId + ") was deleted"));
        OpenBlock tail = new OpenBlock(column, nullable, pageSize, guarded);
        BlockEntry last = BlockTables.lastEntry(session, colId).orElse(null);
        if (last == null) {
            if (column.length() > 0) {
                BlockChecks.continuity(session.file(), column, null, null, 0);
            }
            return tail;
        }
        tail.open(session, last);
        return tail;
    }

    private void open(Session session, BlockEntry last) {
        BlockChecks.entry(session.file(), column, last);
        if (last.firstRow() + last.rowCount() != column.length()) {
            throw new VaultCorruptException(
                    session.file() + ": " + column.describe() + " has length " + column.length()
                            + ", but its last block ends at row " + (last.firstRow() + last.rowCount())
                            + "; nothing is appended to it, restore it from a backup",
                    null);
        }
        stored = last;
        blockNo = last.blockNo();
        firstRow = last.firstRow();
        rowCount = last.rowCount();
        usedBytes = column.isFixed() ? rowCount * column.elemSize() : last.usedBytes();
        rowCapacity = column.isFixed() ? (int) column.rowsPerBlock() : last.rowCapacity();
        capacityBytes = column.isFixed() ? rowCapacity * column.elemSize() : last.capacityBytes();
        if (rowCount >= rowCapacity && !isWorthDividing()) {
            return; // full: the next element opens another block, this one need not be read
        }
        byte[] storedPayload = null;
        byte[] storedOffsets = null;
        try (Rows rows =
                session.query("SELECT payload, offsets FROM kvault_col_data WHERE block_id = ?", last.blockId())) {
            if (rows.next()) {
                storedPayload = rows.getBytes(0);
                storedOffsets = rows.getBytes(1);
            }
        }
        if (storedPayload == null) {
            throw BlockChecks.damage(session.file(), column, last, "has no row in kvault_col_data");
        }
        BlockChecks.payload(session.file(), column, last, storedPayload.length);
        if (column.isFixed()) {
            payload =
                    storedPayload.length >= capacityBytes ? storedPayload : Arrays.copyOf(storedPayload, capacityBytes);
        } else {
            BlockChecks.offsets(session.file(), column, last, BlockReader.wrap(storedOffsets));
            byte[] o = storedOffsets == null ? new byte[0] : storedOffsets;
            // What the directory promises beyond the stored bytes is not there: the block is filled as
            // far as it is real.
            capacityBytes = Math.min(capacityBytes, storedPayload.length);
            rowCapacity = Math.min(rowCapacity, o.length / 8 - 1);
            payload = storedPayload;
            setOffsets(o);
        }
        if (nullable) {
            loadValidity(session, last);
        }
        open = true;
        derivedIsMissing = guarded;
    }

    private void loadValidity(Session session, BlockEntry last) {
        byte[] bits = BlockReader.of(session).validity(last);
        validity = bits == null ? new byte[0] : bits;
        nulls = 0;
        for (int i = 0; bits != null && i < rowCount; i++) {
            nulls += 1 - (bits[i >> 3] >> (i & 7) & 1);
        }
        if (nulls == 0) {
            validity = new byte[0]; // as of a new block: a bitmap in memory exists from the first null on
        }
    }

    private void setOffsets(byte[] bytes) {
        offsets = bytes;
        offsetsView = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    long length() {
        return length;
    }

    /** Whether a row is in a block before this one. */
    boolean isBehind(long row) {
        return row < firstRow;
    }

    ColumnRecord column() {
        return column;
    }

    /** Memory that this tail holds. */
    int heldBytes() {
        return payload.length + offsets.length + validity.length + 200;
    }

    void append(Session session, Elements elements) {
        if (elements.nulls() > 0 && !nullable) {
            throw new IllegalArgumentException(column.describe() + " is not nullable, but a null was given");
        }
        int row = 0;
        while (row < elements.rows()) {
            int fit = open ? fit(elements, row) : 0;
            if (fit == 0) {
                if (open && rowCount == 0 && stored != null) {
                    enlarge(stored, elements, row);
                } else if (!dividedAnew(elements, row)) {
                    seal(session);
                    start(elements, row);
                }
                fit = Math.max(1, fit(elements, row));
            }
            take(elements, row, fit);
            row += fit;
        }
    }

    /** Nothing more goes into the open block. */
    private void seal(Session session) {
        flush(session, validityChanged || derivedIsMissing);
        if (open && derivedIsMissing && rowCount > 0) {
            derive(session);
        }
    }

    private void derive(Session session) {
        BlockEntry entry = stored;
        if (entry == null) {
            return;
        }
        byte[] present = nulls > 0 ? Arrays.copyOf(validity, (rowCount + 7) / 8) : null;
        if (present != null) {
            BlockWriter.writeValidity(session, entry.blockId(), rowCount, present);
        }
        ByteBuffer bytes = ByteBuffer.wrap(payload, 0, usedBytes).slice().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer used = column.isFixed()
                ? null
                : ByteBuffer.wrap(offsets, 0, 8 * (rowCount + 1)).slice().order(ByteOrder.LITTLE_ENDIAN);
        Derived.write(session, column, new BlockData(entry, bytes, used, null, Origin.COPIED), present);
        derivedIsMissing = false;
    }

    /** How many elements from {@code row} on fit the open block. */
    private int fit(Elements elements, int row) {
        int most = Math.min(elements.rows() - row, rowCapacity - rowCount);
        if (column.isFixed()) {
            return most;
        }
        int base = elements.start(row);
        int room = capacityBytes - usedBytes;
        int low = 0;
        int high = most;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (elements.start(row + middle) - base <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /**
     * An empty block that KohakuVault left at the end takes the size that is needed: no block but the last may be
     * empty.
     */
    private void enlarge(BlockEntry empty, Elements elements, int row) {
        divide(BlockDivision.first(column, pageSize, elements, row));
        payload = new byte[capacityBytes];
        stored = new BlockEntry(empty.blockId(), blockNo, firstRow, 0, 0, capacityBytes, rowCapacity);
    }

    private void start(Elements elements, int row) {
        blockNo++;
        firstRow = length;
        rowCount = 0;
        usedBytes = 0;
        stored = null;
        open = true;
        validity = new byte[0];
        nulls = 0;
        if (column.isFixed()) {
            rowCapacity = (int) column.rowsPerBlock();
            capacityBytes = rowCapacity * column.elemSize();
        } else {
            divide(BlockDivision.first(column, pageSize, elements, row));
        }
        if (payload.length != capacityBytes) {
            payload = new byte[capacityBytes];
        } else if (!column.isFixed() || elements.rows() - row < rowCapacity) {
            Arrays.fill(payload, (byte) 0); // else it is about to be filled
        }
    }

    private void divide(BlockDivision division) {
        rowCapacity = division.rowCapacity();
        capacityBytes = division.capacityBytes();
        setOffsets(Arrays.copyOf(Arrays.copyOf(offsets, 8 * (rowCount + 1)), 8 * (rowCapacity + 1)));
    }

    /**
     * Divides the open block anew, where that makes room.
     *
     * @return false when the next element does not fit its page, or too little is left to be worth the copy
     */
    private boolean dividedAnew(Elements elements, int row) {
        if (!open || !isWorthDividing()) {
            return false;
        }
        BlockDivision division = BlockDivision.of(column, pageSize, rowCount, usedBytes, elements, row);
        if (division.capacityBytes() - usedBytes < elements.start(row + 1) - elements.start(row)) {
            return false;
        }
        divide(division);
        payload = Arrays.copyOf(Arrays.copyOf(payload, usedBytes), capacityBytes);
        BlockEntry old = stored;
        if (old != null) { // what it promises is from now on what is there
            stored = new BlockEntry(
                    old.blockId(), blockNo, firstRow, old.rowCount(), old.usedBytes(), capacityBytes, rowCapacity);
        }
        return true;
    }

    private boolean isWorthDividing() {
        return BlockDivision.isWorthwhile(column, pageSize, rowCount, usedBytes);
    }

    private void take(Elements elements, int row, int count) {
        int from = elements.start(row);
        int bytes = elements.start(row + count) - from;
        System.arraycopy(elements.bytes(), from, payload, usedBytes, bytes);
        if (!column.isFixed()) {
            for (int i = 1; i <= count; i++) {
                offsetsView.putLong(8 * (rowCount + i), (long) usedBytes + elements.start(row + i) - from);
            }
        }
        if (nullable && (elements.nulls() > 0 || validity.length > 0)) {
            takeValidity(elements, row, count);
        }
        usedBytes += bytes;
        rowCount += count;
        length += count;
        changed = true;
        derivedIsMissing = guarded;
        lengthChanged = true;
    }

    private void takeValidity(Elements elements, int row, int count) {
        int bytes = (rowCount + count + 7) / 8;
        if (validity.length < bytes) {
            int described = nulls > 0 ? Math.min(rowCount, 8 * validity.length) : 0;
            byte[] longer = Arrays.copyOf(validity, (rowCapacity + 7) / 8);
            for (int i = described; i < rowCount; i++) {
                longer[i >> 3] |= (byte) (1 << (i & 7));
            }
            validity = longer;
        }
        int before = nulls;
        for (int i = 0; i < count; i++) {
            int at = rowCount + i;
            if (elements.isPresent(row + i)) {
                validity[at >> 3] |= (byte) (1 << (at & 7));
            } else {
                validity[at >> 3] &= (byte) ~(1 << (at & 7));
                nulls++;
            }
        }
        // Rows past the described ones count as present: a bitmap is rewritten only when a null has come.
        validityChanged |= nulls > before;
    }

    /** Writes what has changed. */
    void flush(Session session) {
        flush(session, true);
    }

    /** @param idIsWanted whether the block is written to again */
    private void flush(Session session, boolean idIsWanted) {
        if (changed) {
            long blockId = writeBlock(session, idIsWanted);
            if (validityChanged) {
                BlockWriter.writeValidity(session, blockId, rowCount, Arrays.copyOf(validity, (rowCount + 7) / 8));
                validityChanged = false;
            }
            changed = false;
            if (derivedIsMissing && rowCount == rowCapacity && !isWorthDividing()) {
                derive(session);
            }
        }
        if (lengthChanged) {
            session.update("UPDATE kvault_col_columns SET length = ? WHERE col_id = ?", length, column.colId());
            lengthChanged = false;
        }
    }

    private long writeBlock(Session session, boolean idIsWanted) {
        BlockEntry old = stored;
        byte[] o = column.isFixed() ? null : offsets;
        BlockEntry entry = new BlockEntry(
                old == null ? 0 : old.blockId(),
                blockNo,
                firstRow,
                rowCount,
                usedBytes,
                old == null ? capacityBytes : Math.max(capacityBytes, old.capacityBytes()),
                old == null ? rowCapacity : Math.max(rowCapacity, old.rowCapacity()));
        if (old == null) {
            BlockWriter.insertOnly(session, column.colId(), entry, payload, o);
            if (idIsWanted) {
                entry = entry.withId(session.lastInsertRowid());
            }
        } else {
            BlockWriter.updateInPlace(session, entry, payload, o);
        }
        stored = entry;
        return entry.blockId();
    }
}
