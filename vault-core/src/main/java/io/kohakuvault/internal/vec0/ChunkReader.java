package io.kohakuvault.internal.vec0;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks of a vec0 table, one after the other. How large the parts of a chunk are follows from the declaration
 * alone; SQLite compares their sizes and hands out none that differs, so that a damaged file cannot make this allocate
 * more. Must be closed.
 */
public final class ChunkReader implements AutoCloseable {
    /** What is wrong with a chunk whose parts have other sizes than its table's declaration gives them. */
    public static final String SIZES = "and what belongs to it differ in size";

    private final String file;
    private final Vec0Table table;
    private final Rows rows;
    private final int vectorColumns;
    private final int metadataColumns;

    private long id;
    private @Nullable String damage;
    private byte[] validity = {};
    private byte[] rowids = {};
    private final List<byte[]> parts = new ArrayList<>();

    /** Which chunks are read. */
    private static final String ALL = " ORDER BY c.chunk_id";

    private static final String NEWEST = " ORDER BY c.chunk_id DESC LIMIT 1";
    private static final String ONE = " WHERE c.chunk_id = ?";

    private ChunkReader(
            Session session, Vec0Table table, List<Integer> vectors, List<Integer> metadata, String which, long chunk) {
        StringBuilder select = new StringBuilder("SELECT c.chunk_id, c.size");
        StringBuilder from = new StringBuilder(" FROM ").append(table.chunks()).append(" c");
        List<Object> sizes = new ArrayList<>();
        part(select, sizes, "c.validity", table.slots() / 8L);
        part(select, sizes, "c.rowids", 8L * table.slots());
        for (int number : vectors) {
            String alias = "v" + number;
            part(
                    select,
                    sizes,
                    alias + ".vectors",
                    (long) table.slots() * table.vectors().get(number).vectorBytes());
            join(from, table.vectorChunks(number), alias);
        }
        for (int number : metadata) {
            String alias = "m" + number;
            part(
                    select,
                    sizes,
                    alias + ".data",
                    table.metadata().get(number).type().bytes(table.slots()));
            join(from, table.metadataChunks(number), alias);
        }
        if (which.equals(ONE)) {
            sizes.add(chunk);
        }
        this.file = session.file();
        this.table = table;
        this.vectorColumns = vectors.size();
        this.metadataColumns = metadata.size();
        this.rows = session.query(select.append(from).append(which).toString(), sizes.toArray());
    }

    private static void part(StringBuilder select, List<Object> sizes, String column, long bytes) {
        select.append(", CASE WHEN length(")
                .append(column)
                .append(") = ? THEN ")
                .append(column)
                .append(" END");
        sizes.add(bytes);
    }

    /** By SQLite's own rowid, as vec0 opens the BLOB: the column named rowid is another one. */
    private static void join(StringBuilder from, String shadow, String alias) {
        from.append(" LEFT JOIN ")
                .append(shadow)
                .append(' ')
                .append(alias)
                .append(" ON ")
                .append(alias)
                .append("._rowid_ = c.chunk_id");
    }

    /**
     * All chunks, ascending.
     *
     * @param vectors the numbers of the vector columns to read
     * @param metadata the numbers of the metadata columns to read
     */
    public static ChunkReader all(Session session, Vec0Table table, List<Integer> vectors, List<Integer> metadata) {
        return new ChunkReader(session, table, vectors, metadata, ALL, 0);
    }

    /** The chunk that inserts fill. */
    public static ChunkReader newest(Session session, Vec0Table table, List<Integer> vectors, List<Integer> metadata) {
        return new ChunkReader(session, table, vectors, metadata, NEWEST, 0);
    }

    /** One chunk. */
    public static ChunkReader one(
            Session session, Vec0Table table, List<Integer> vectors, List<Integer> metadata, long chunk) {
        return new ChunkReader(session, table, vectors, metadata, ONE, chunk);
    }

    /** Goes to the next chunk; false at the end. */
    public boolean next() {
        if (!rows.next()) {
            return false;
        }
        id = rows.getLong(0);
        damage = rows.getLong(1) == table.slots() ? null : otherSlots(table, rows.getLong(1));
        parts.clear();
        for (int i = 0; i < 2 + vectorColumns + metadataColumns && damage == null; i++) {
            byte[] part = rows.getBlob(2 + i);
            if (part == null) {
                damage = SIZES;
            } else if (i == 0) {
                validity = part;
            } else if (i == 1) {
                rowids = part;
            } else {
                parts.add(part);
            }
        }
        return true;
    }

    /** {@link #next} for those who can do nothing with a damaged chunk. */
    public boolean nextSound() {
        boolean found = next();
        String what = damage;
        if (found && what != null) {
            throw damaged(file, table, id, what);
        }
        return found;
    }

    /** What is wrong with a chunk that has another number of slots than its table is declared with. */
    public static String otherSlots(Vec0Table table, long slots) {
        return "says that it has " + slots + " slots, the table is declared with " + table.slots();
    }

    /** The exception for a damaged chunk. */
    public static VaultCorruptException damaged(String file, Vec0Table table, long chunk, String what) {
        return new VaultCorruptException(
                file + ": " + table.name() + "_chunks row " + chunk + " " + what + "; restore the file from a backup",
                null);
    }

    /** The chunk's id. */
    public long id() {
        return id;
    }

    /** What is wrong with the chunk, after which nothing of it can be read; null when nothing is. */
    public @Nullable String damage() {
        return damage;
    }

    /** Whether a vector stands in a slot. */
    public boolean isUsed(int slot) {
        return (validity[slot >> 3] >> (slot & 7) & 1) != 0;
    }

    /** The id of the vector in a slot. */
    public long rowid(int slot) {
        return ByteBuffer.wrap(rowids).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * slot);
    }

    /** A bit for each slot; the caller's to keep. */
    public byte[] validity() {
        return validity;
    }

    /** An i64 for each slot; the caller's to keep. */
    public byte[] rowids() {
        return rowids;
    }

    /** The vectors of the i-th of the columns asked for; the caller's to keep. */
    public byte[] vectors(int i) {
        return parts.get(i);
    }

    /** The values of the i-th of the metadata columns asked for; the caller's to keep. */
    public byte[] metadata(int i) {
        return parts.get(vectorColumns + i);
    }

    @Override
    public void close() {
        rows.close();
    }
}
