package io.kohakuvault.internal.legacy;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.value.VectorCodes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads elements of one column of the older layout from one state of the file. What the file says is believed only
 * within the bytes that are there: a fault of KohakuVault 0.8 can have overwritten entries of the index. Keeps chunks
 * that it has read, because SQLite reads a chunk only as a whole. Not thread-safe.
 */
public final class LegacyReader {
    /** Elements are handed out in runs of at most this many. */
    private static final int RUN_ROWS = 4096;

    private static final int RUN_BYTES = 4 << 20;

    /** Chunks have up to 16 MiB; the ones that were wanted last are kept. */
    private static final long KEPT_BYTES = 64 << 20;

    private final Session session;
    private final LegacyColumn column;
    private final byte typeByte;

    private final LinkedHashMap<Chunk, byte[]> chunks = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    private record Chunk(long colId, long number) {}

    public LegacyReader(Session session, LegacyColumn column) {
        this.session = session;
        this.column = column;
        this.typeByte = column.hasTypeByte() && column.type() instanceof DType.VectorType vector
                ? (byte) VectorCodes.of(vector.element())
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
        place(column.data(), chunk(column.data(), from), from); // the element is there: room is made only for what is
        byte[] payload = new byte[rows * size];
        for (int i = 0; i < rows; i++) {
            byte[] bytes = chunk(column.data(), from + i);
            int at = place(column.data(), bytes, from + i);
            if (skip == 1 && bytes[at] != typeByte) {
                throw damage(from + i, "has the type byte " + (bytes[at] & 0xFF) + " and not " + typeByte);
            }
            System.arraycopy(bytes, at + skip, payload, i * size, size);
        }
        return new Run(from, rows, payload, null);
    }

    private Run variable(long from, long to) {
        int most = (int) Math.min(RUN_ROWS, to - from);
        int[] numbers = new int[most];
        int[] begins = new int[most];
        int[] ends = new int[most];
        int rows = 0;
        int used = 0;
        for (; rows < most; rows++) {
            byte[] index = chunk(column.index(), from + rows);
            ByteBuffer entry = ByteBuffer.wrap(index).order(ByteOrder.LITTLE_ENDIAN);
            int at = place(column.index(), index, from + rows);
            int size = entry.getInt(at + 8) - entry.getInt(at + 4);
            if (size < 0 || entry.getInt(at + 4) < 0) {
                throw outside(from + rows, entry.getInt(at), entry.getInt(at + 4), entry.getInt(at + 8));
            }
            if (rows > 0 && used + (long) size > RUN_BYTES) {
                break;
            }
            numbers[rows] = entry.getInt(at);
            begins[rows] = entry.getInt(at + 4);
            used += size;
            ends[rows] = used;
        }
        return new Run(from, rows, gather(from, rows, numbers, begins, ends), Arrays.copyOf(ends, rows));
    }

    /**
     * The bytes of elements of a variable size, chunk by chunk: elements that were changed stand in other chunks than
     * their neighbours.
     */
    private byte[] gather(long from, int rows, int[] numbers, int[] begins, int[] ends) {
        byte[] payload = {};
        for (int place : byChunk(numbers, rows)) {
            byte[] bytes = load(column.data().colId(), numbers[place], from + place);
            int start = place == 0 ? 0 : ends[place - 1];
            int size = ends[place] - start;
            if (begins[place] + (long) size > bytes.length) {
                throw outside(from + place, numbers[place], begins[place], begins[place] + (long) size);
            }
            if (payload.length == 0) {
                payload = new byte[ends[rows - 1]]; // more than a run's bytes only for one element, which is there
            }
            System.arraycopy(bytes, begins[place], payload, start, size);
        }
        return payload;
    }

    /** The places of elements in the order of the chunks that they stand in. */
    private static int[] byChunk(int[] numbers, int rows) {
        long[] order = new long[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = (long) numbers[i] << 32 | i;
        }
        Arrays.sort(order);
        return Arrays.stream(order).mapToInt(place -> (int) place).toArray();
    }

    private VaultCorruptException outside(long row, int number, long begin, long end) {
        byte[] chunk = chunks.get(new Chunk(column.data().colId(), number));
        return damage(
                row,
                "is said to be bytes [" + begin + ", " + end + ") of chunk " + number
                        + (chunk == null ? "" : ", which has " + chunk.length));
    }

    /** The chunk with an element of a fixed size. */
    private byte[] chunk(LegacyColumn.Chunks of, long row) {
        return load(of.colId(), row * of.elemSize() / of.chunkBytes(), row);
    }

    /** Where an element of a fixed size stands in its chunk. */
    private int place(LegacyColumn.Chunks of, byte[] chunk, long row) {
        int offset = (int) (row * of.elemSize() % of.chunkBytes());
        long end = offset + (long) of.elemSize();
        if (end > chunk.length) {
            throw damage(
                    row,
                    "would be bytes [" + offset + ", " + end + ") of chunk " + row * of.elemSize() / of.chunkBytes()
                            + ", which has " + chunk.length);
        }
        return offset;
    }

    private byte[] load(long colId, long number, long row) {
        Chunk wanted = new Chunk(colId, number);
        byte[] known = chunks.get(wanted);
        if (known != null) {
            return known;
        }
        // A chunk may be stored as TEXT, where SQLite's length stops at the first zero.
        try (Rows rows = session.query(
                "SELECT CAST(data AS BLOB) FROM col_chunks WHERE col_id = ? AND chunk_idx = ?", colId, number)) {
            byte[] bytes = rows.next() ? rows.getBytes(0) : null;
            if (bytes == null) {
                throw damage(row, "is said to be in chunk " + number + ", which is not there");
            }
            keptBytes += bytes.length;
            for (Iterator<byte[]> oldest = chunks.values().iterator(); keptBytes > KEPT_BYTES && oldest.hasNext(); ) {
                keptBytes -= oldest.next().length;
                oldest.remove();
            }
            chunks.put(wanted, bytes);
            return bytes;
        }
    }

    private VaultCorruptException damage(long row, String what) {
        return new VaultCorruptException(
                session.file() + ": col_chunks: element " + row + " of " + column.describe() + " " + what
                        + "; restore it from a backup",
                null);
    }
}
