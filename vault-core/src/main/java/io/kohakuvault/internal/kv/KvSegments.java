package io.kohakuvault.internal.kv;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.value.MessagePack;
import io.kohakuvault.internal.value.ValueCodec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * Values in segments: the table's row holds how many there are and how many bytes, the side table the bytes. All
 * segments but the last are of one size, which the first one tells.
 */
final class KvSegments {
    /**
     * Small enough to be held by every reader and writer at once, large enough that a row's overhead does not count.
     */
    private static final int SEGMENT_BYTES = 1 << 20;

    private static final long MAX_SEGMENTS = Integer.MAX_VALUE;

    private KvSegments() {}

    /**
     * What the table's row says.
     *
     * @param size bytes of the whole value
     */
    record Layout(long segments, long size) {
        static Layout of(byte[] stored, String where) {
            try {
                if (MessagePack.decode(ValueCodec.payload(stored)) instanceof Map<?, ?> map
                        && map.get("segments") instanceof Long segments
                        && map.get("size") instanceof Long size
                        && segments >= 0
                        && segments <= MAX_SEGMENTS
                        && size >= segments
                        && (segments > 0 || size == 0)) {
                    return new Layout(segments, size);
                }
            } catch (IOException e) {
                throw new VaultCorruptException(
                        where + ": the value says that it is in segments, but not in how many", e);
            }
            throw new VaultCorruptException(
                    where + ": the value says that it is in segments, but not in how many", null);
        }

        byte[] stored() {
            return ValueCodec.segmented(Map.of("segments", segments, "size", size));
        }
    }

    /** Whether a table is one of segments, and not somebody's of that name. */
    static boolean isTable(Session session, String name) {
        return TableNames.isOrdinary(session, name)
                && session.columnsOf(name).equals(List.of("key", "segment", "data"));
    }

    static void create(Session session, String name) {
        if (TableNames.holder(session, name).isPresent()) {
            throw new VaultException(
                    session.file() + ": a value as large as this needs the name '" + name + "', which belongs to "
                            + TableNames.holder(session, name).orElse("another table")
                            + "; put it into key-values of another name",
                    null);
        }
        session.execute(
                "CREATE TABLE " + SqlNames.quote(name)
                        + " (key BLOB NOT NULL, segment INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (key, segment)) WITHOUT ROWID");
    }

    /** Writes what has been read of a stream and the rest of it. */
    static Layout write(Session session, String table, byte[] key, byte[] begun, InputStream rest) throws IOException {
        long segment = 0;
        long size = 0;
        int at = 0;
        while (true) {
            byte[] data;
            if (begun.length - at >= SEGMENT_BYTES) {
                data = java.util.Arrays.copyOfRange(begun, at, at + SEGMENT_BYTES);
                at += SEGMENT_BYTES;
            } else {
                byte[] more = rest.readNBytes(SEGMENT_BYTES - (begun.length - at));
                data = new byte[begun.length - at + more.length];
                System.arraycopy(begun, at, data, 0, begun.length - at);
                System.arraycopy(more, 0, data, begun.length - at, more.length);
                at = begun.length;
            }
            if (data.length > 0) {
                session.update("INSERT INTO " + table + " (key, segment, data) VALUES (?, ?, ?)", key, segment, data);
                segment++;
                size += data.length;
            }
            if (data.length < SEGMENT_BYTES) {
                return new Layout(segment, size); // the stream has ended, even if it should give more afterwards
            }
        }
    }

    static void delete(Session session, String table, byte[] key) {
        session.update("DELETE FROM " + table + " WHERE key = ?", key);
    }

    /** How long the segments but the last are. */
    static int segmentBytes(Session session, String table, byte[] key, Layout layout, String where) {
        Long length = layout.segments == 0
                ? Long.valueOf(1)
                : tableIsThere(session, table)
                        ? session.queryLong("SELECT length(data) FROM " + table + " WHERE key = ? AND segment = 0", key)
                        : null;
        if (length == null) {
            throw missing(where, 0, layout);
        }
        boolean fits = length > 0 && length <= 1_000_000_000 && (layout.size + length - 1) / length == layout.segments;
        if (!fits && layout.segments > 0) {
            throw new VaultCorruptException(
                    where + ": the value says " + layout.size + " bytes in " + layout.segments
                            + " segments, the first one has " + length,
                    null);
        }
        return length.intValue();
    }

    private static boolean tableIsThere(Session session, String quoted) {
        return isTable(session, quoted.substring(1, quoted.length() - 1));
    }

    static byte[] segment(
            Session session, String table, byte[] key, long segment, int expected, Layout layout, String where) {
        try (Rows rows = session.query("SELECT data FROM " + table + " WHERE key = ? AND segment = ?", key, segment)) {
            byte[] data = rows.next() ? rows.getBlob(0) : null;
            if (data == null || data.length != expected) {
                throw missing(where, segment, layout);
            }
            return data;
        }
    }

    private static VaultCorruptException missing(String where, long segment, Layout layout) {
        return new VaultCorruptException(
                where + ": segment " + segment + " of " + layout.segments
                        + " is missing or of another length; something else has deleted it, restore the value",
                null);
    }

    /** The whole value, where it fits an array. */
    static byte[] assemble(Session session, String table, byte[] key, byte[] stored, String where) {
        Layout layout = Layout.of(stored, where);
        int length = segmentBytes(session, table, key, layout, where);
        if (layout.size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    where + ": the value has " + layout.size + " bytes, more than fit an array; read it as a stream");
        }
        Long there = layout.segments == 0
                ? Long.valueOf(0)
                : session.queryLong("SELECT count(*) FROM " + table + " WHERE key = ?", key);
        if (there == null || there < layout.segments) {
            throw missing(where, there == null ? 0 : there, layout);
        }
        byte[] out = new byte[(int) layout.size];
        for (long i = 0; i < layout.segments; i++) {
            long from = i * length;
            int expected = (int) Math.min(length, layout.size - from);
            System.arraycopy(segment(session, table, key, i, expected, layout, where), 0, out, (int) from, expected);
        }
        return out;
    }
}
