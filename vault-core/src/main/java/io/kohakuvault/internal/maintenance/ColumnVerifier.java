package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockChecks;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.edit.BlockWriter;
import io.kohakuvault.internal.block.guard.Derived;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds one column against everything that KohakuVault demands of it, and against what is derived from it. */
public final class ColumnVerifier {
    private final Session session;
    private final Listener listener;
    private final boolean extensions;

    /** Hears what is found. */
    public interface Listener {
        /** Something is wrong. */
        void error(String where, String what, String remedy);

        /** Something is odd. */
        void warning(String where, String what, String remedy);

        /** A block has been looked at. */
        void block();

        /** A checksum has been compared. */
        void checksum();
    }

    public ColumnVerifier(Session session, Listener listener) {
        this.session = session;
        this.listener = listener;
        this.extensions = BlockTables.hasExtensions(session);
    }

    private static final String RESTORE = "restore the file from a backup";

    /** Looks at a column with all its blocks. */
    public void verify(ColumnRecord column) {
        String tag = column.describe();
        try {
            DType dtype = DType.parse(column.dtype());
            int expected = dtype.elementSizeBytes();
            if (dtype instanceof DType.StringType text && !text.encoding().isSupported()) {
                listener.warning(
                        tag,
                        "cannot be read as text: its encoding '"
                                + text.encoding().token() + "' is not known here",
                        "read its bytes");
            }
            if (expected != column.elemSize()) {
                listener.error(tag, "has elem_size " + column.elemSize() + ", its dtype takes " + expected, RESTORE);
            }
        } catch (IllegalArgumentException e) {
            listener.warning(tag, "cannot be read: " + e.getMessage(), "read it with a library that knows its dtype");
        }
        long row = 0;
        List<BlockEntry> entries = BlockTables.allEntries(session, column.colId());
        for (int i = 0; i < entries.size(); i++) {
            BlockEntry entry = entries.get(i);
            listener.block();
            String where = tag + " block_no " + entry.blockNo() + " (block_id " + entry.blockId() + ")";
            if (entry.firstRow() != row) {
                listener.error(where, "begins at row " + entry.firstRow() + " and not " + row, RESTORE);
            }
            if (column.isFixed() && entry.blockNo() != i) {
                listener.error(where, "has this number and not " + i, RESTORE);
            }
            if (entry.rowCount() == 0 && i < entries.size() - 1) {
                listener.error(where, "is empty, but not the last", RESTORE);
            }
            block(column, entry, where);
            row = column.isFixed() ? (i + 1L) * column.rowsPerBlock() : row + Math.max(0, entry.rowCount());
        }
        long total = entries.stream().mapToLong(BlockEntry::rowCount).sum();
        if (total != column.length()) {
            listener.error(tag, "has length " + column.length() + ", but its blocks hold " + total + " rows", RESTORE);
        }
    }

    private void block(ColumnRecord column, BlockEntry entry, String where) {
        try {
            BlockChecks.entry(session.file(), column, entry);
        } catch (VaultInterruptedException e) {
            throw e;
        } catch (VaultException e) {
            listener.error(where, String.valueOf(e.getMessage()), RESTORE);
            return;
        }
        byte[] payload;
        byte[] offsets;
        try (Rows rows = session.query(
                "SELECT CAST(payload AS BLOB), CAST(offsets AS BLOB) FROM kvault_col_data WHERE block_id = ?",
                entry.blockId())) {
            if (!rows.next()) {
                listener.error(where, "has no row in kvault_col_data", RESTORE);
                return;
            }
            payload = rows.getBytes(0);
            offsets = rows.getBytes(1);
        }
        List<String> faults = new ArrayList<>();
        if (payload == null) {
            faults.add("has no payload");
        } else {
            shape(column, entry, payload, offsets, faults);
        }
        faults.forEach(fault -> listener.error(where, fault, RESTORE));
        if (faults.isEmpty() && payload != null && extensions) {
            derived(column, entry, where, payload, offsets);
        }
    }

    private static void shape(
            ColumnRecord column, BlockEntry entry, byte[] payload, byte @Nullable [] offsets, List<String> faults) {
        if (column.isFixed()) {
            long full = column.rowsPerBlock() * column.elemSize();
            if (entry.usedBytes() != entry.rowCount() * (long) column.elemSize()) {
                faults.add("has used_bytes " + entry.usedBytes() + " for " + entry.rowCount() + " rows");
            }
            if (entry.rowCapacity() < column.rowsPerBlock() || entry.capacityBytes() < full) {
                faults.add("has room for " + entry.rowCapacity() + " rows, KohakuVault would append past it");
            }
            if (payload.length < full) {
                faults.add("has a payload of " + payload.length + " bytes, shorter than " + full);
            }
            return;
        }
        if (payload.length < entry.capacityBytes()) {
            faults.add("has a payload of " + payload.length + " bytes, shorter than its capacity "
                    + entry.capacityBytes());
        }
        if (offsets == null || offsets.length < 8L * (entry.rowCapacity() + 1L)) {
            faults.add("has " + (offsets == null ? "no offsets" : offsets.length + " bytes of offsets") + " for "
                    + entry.rowCapacity() + " rows");
        } else if (!BlockChecks.offsetsHold(entry, BlockReader.wrap(offsets))) {
            faults.add("has offsets that do not ascend from 0 to used_bytes " + entry.usedBytes());
        }
    }

    /** What was derived from the block: its nulls, and a checksum that describes as many rows as it has. */
    private void derived(
            ColumnRecord column, BlockEntry entry, String where, byte[] payload, byte @Nullable [] offsets) {
        try (Rows rows = session.query(
                "SELECT row_count, validity, null_count, crc32c, crc32c IS NULL, min_value, max_value FROM vault_block_ext WHERE block_id = ?",
                entry.blockId())) {
            if (!rows.next()) {
                return;
            }
            long described = rows.getLong(0);
            byte[] validity = rows.getBytes(1);
            if (described < 0 || described > entry.rowCapacity()) {
                listener.error(where, "has statistics of " + described + " rows", "repair rebuilds them");
            }
            if (validity != null && validity.length < (described + 7) / 8) {
                listener.error(
                        where, "has a bitmap of " + validity.length + " bytes for " + described + " rows", RESTORE);
            }
            boolean whole = validity == null || validity.length >= (described + 7) / 8;
            if (described >= 0 && described <= entry.rowCapacity() && whole) {
                long nulls = validity == null ? 0 : described - present(validity, (int) described);
                if (nulls != rows.getLong(2)) {
                    listener.error(
                            where,
                            "has " + nulls + " nulls by its bitmap and " + rows.getLong(2) + " by its count",
                            RESTORE);
                }
            }
            if (rows.getLong(4) == 0 && described == entry.rowCount()) {
                bounds(
                        column,
                        entry,
                        where,
                        payload,
                        offsets,
                        whole ? validity : null,
                        rows.getBytes(5),
                        rows.getBytes(6));
                listener.checksum();
                int used = column.isFixed() ? entry.rowCount() * column.elemSize() : entry.usedBytes();
                ByteBuffer bytes = ByteBuffer.wrap(payload, 0, used);
                ByteBuffer ends = column.isFixed() || offsets == null
                        ? null
                        : ByteBuffer.wrap(offsets, 0, 8 * (entry.rowCount() + 1));
                int found = Derived.checksum(bytes, ends);
                if (found != (int) rows.getLong(3)) {
                    listener.error(
                            where,
                            "has the checksum " + Integer.toHexString(found) + ", it was "
                                    + Integer.toHexString((int) rows.getLong(3)) + " when it was written",
                            RESTORE);
                }
            }
        }
    }

    private static long present(byte[] validity, int rows) {
        long present = 0;
        for (int i = 0; i < rows; i++) {
            present += validity[i >> 3] >> (i & 7) & 1;
        }
        return present;
    }

    /** Bounds that are too narrow have range scans pass over the block. */
    private void bounds(
            ColumnRecord column,
            BlockEntry entry,
            String where,
            byte[] payload,
            byte @Nullable [] offsets,
            byte @Nullable [] validity,
            byte @Nullable [] min,
            byte @Nullable [] max) {
        if (min == null || max == null) {
            return; // such a block is always read
        }
        byte[][] found = Derived.bounds(
                column,
                new BlockData(
                        entry,
                        ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN),
                        BlockReader.wrap(offsets),
                        null,
                        Origin.COPIED),
                validity);
        if (found == null || !Arrays.equals(found[0], min) || !Arrays.equals(found[1], max)) {
            listener.error(where, "has bounds of other values than it holds", RESTORE);
        }
    }

    /** Derives again what is missing for full blocks of a guarded file; answers for how many. */
    public static int deriveMissing(Session session, ColumnRecord column) {
        int derived = 0;
        List<BlockEntry> entries = BlockTables.allEntries(session, column.colId());
        BlockReader reader = BlockReader.of(session);
        for (int i = 0; i < entries.size(); i++) {
            BlockEntry entry = entries.get(i);
            boolean full = column.isFixed() ? entry.rowCount() == column.rowsPerBlock() : i < entries.size() - 1;
            if (full
                    && entry.rowCount() > 0
                    && session.queryLong(
                                    "SELECT 1 FROM vault_block_ext WHERE block_id = ? AND crc32c IS NOT NULL AND row_count = ?",
                                    entry.blockId(),
                                    entry.rowCount())
                            == null) {
                BlockChecks.entry(session.file(), column, entry);
                BlockData data = reader.load(column, entry);
                byte[] present = reader.validity(entry);
                if (present != null) {
                    BlockWriter.writeValidity(session, entry.blockId(), entry.rowCount(), present);
                }
                Derived.write(
                        session,
                        column,
                        new BlockData(
                                entry,
                                data.payload().order(ByteOrder.LITTLE_ENDIAN),
                                data.offsets(),
                                null,
                                Origin.COPIED),
                        present);
                derived++;
            }
        }
        return derived;
    }
}
