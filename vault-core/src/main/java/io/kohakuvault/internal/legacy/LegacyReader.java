package io.kohakuvault.internal.legacy;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads elements of one column of the older layout in one transaction. What the file says is believed only within the bytes that are
 * there: a fault of KohakuVault 0.8 can have overwritten entries of the index. Keeps the chunk that it read last.
 */
public final class LegacyReader {
    /** Elements are handed out in runs of at most this many. */
    private static final int RUN_ROWS = 4096;

    private static final int RUN_BYTES = 4 << 20;

    private final Session session;
    private final LegacyColumn column;
    private final byte typeByte;

    private long chunkOf = -1;
    private long chunkNumber = -1;
    private byte[] chunk = {};

    public LegacyReader(Session session, LegacyColumn column) {
        this.session = session;
        this.column = column;
        this.typeByte = column.hasTypeByte() && column.type() instanceof DType.VectorType vector
                ? (byte) vector.element().vectorCode()
                : 0;
    }

    /**
     * Elements that follow each other, as a block of the newer layout holds them.
     *
     * @param payload their bytes one after the other
     * @param ends where each ends in the payload; null for a fixed size
     */
    @SuppressWarnings("ArrayRecordComponent") // a holder on its way to the caller, never compared
    public record Run(long firstRow, int rows, byte[] payload, int @Nullable [] ends) {}

    /** As many elements of [from, to) as make a run, at least one. The range must lie within the column. */
    public Run run(long from, long to) {
        return column.isFixed() ? fixed(from, to) : variable(from, to);
    }

    private Run fixed(long from, long to) {
        int stored = column.data().elemSize();
        int skip = column.hasTypeByte() ? 1 : 0;
        int size = stored - skip;
        int rows = (int) Math.min(to - from, Math.max(1, Math.min(RUN_ROWS, RUN_BYTES / stored)));
        byte[] payload = new byte[rows * size];
        for (int i = 0; i < rows; i++) {
            int at = locate(column.data(), from + i);
            if (skip == 1 && chunk[at] != typeByte) {
                throw damage(from + i, "has the type byte " + (chunk[at] & 0xFF) + " and not " + typeByte);
            }
            System.arraycopy(chunk, at + skip, payload, i * size, size);
        }
        return new Run(from, rows, payload, null);
    }

    private Run variable(long from, long to) {
        int rows = (int) Math.min(RUN_ROWS, to - from);
        // The index is read first: going to and fro would read both chunks for each element.
        int[] triples = new int[3 * rows];
        for (int i = 0; i < rows; i++) {
            int at = locate(column.index(), from + i);
            ByteBuffer triple = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
            for (int k = 0; k < 3; k++) {
                triples[3 * i + k] = triple.getInt(at + 4 * k);
            }
        }
        byte[] payload = new byte[Math.min(RUN_BYTES, 64 * rows)];
        int[] ends = new int[rows];
        int used = 0;
        for (int i = 0; i < rows; i++) {
            int begin = triples[3 * i + 1];
            int end = triples[3 * i + 2];
            load(column.data().colId(), triples[3 * i], from + i);
            if (begin < 0 || begin > end || end > chunk.length) {
                throw damage(
                        from + i,
                        "is said to be bytes [" + begin + ", " + end + ") of chunk " + triples[3 * i] + ", which has "
                                + chunk.length);
            }
            int size = end - begin;
            if (used + (long) size > RUN_BYTES && i > 0) {
                return new Run(from, i, Arrays.copyOf(payload, used), Arrays.copyOf(ends, i));
            }
            if (used + size > payload.length) {
                payload = Arrays.copyOf(payload, Math.max(used + size, 2 * payload.length));
            }
            System.arraycopy(chunk, begin, payload, used, size);
            used += size;
            ends[i] = used;
        }
        return new Run(from, rows, Arrays.copyOf(payload, used), ends);
    }

    /** Loads the chunk with an element of a fixed size and answers where it stands in it. */
    private int locate(LegacyColumn.Chunks chunks, long row) {
        long at = row * chunks.elemSize();
        load(chunks.colId(), at / chunks.chunkBytes(), row);
        int offset = (int) (at % chunks.chunkBytes());
        if (offset + chunks.elemSize() > chunk.length) {
            throw damage(
                    row,
                    "would be bytes [" + offset + ", " + (offset + chunks.elemSize()) + ") of chunk " + chunkNumber
                            + ", which has " + chunk.length);
        }
        return offset;
    }

    private void load(long colId, long number, long row) {
        if (colId == chunkOf && number == chunkNumber) {
            return;
        }
        // A chunk may be stored as TEXT, where SQLite's length stops at the first zero.
        try (Rows rows = session.query(
                "SELECT CAST(data AS BLOB) FROM col_chunks WHERE col_id = ? AND chunk_idx = ?", colId, number)) {
            byte[] data = rows.next() ? rows.getBytes(0) : null;
            if (data == null) {
                throw damage(row, "is said to be in chunk " + number + ", which is not there");
            }
            chunk = data;
            chunkOf = colId;
            chunkNumber = number;
        }
    }

    private VaultCorruptException damage(long row, String what) {
        return new VaultCorruptException(
                session.file() + ": col_chunks: element " + row + " of " + column.describe() + " " + what
                        + "; restore it from a backup",
                null);
    }
}
