package io.kohakuvault.internal.kv;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key-value table of a live vault or, without a file to write to, of a snapshot. */
public final class KvTable implements KVault {
    /** A page of an iteration ends at this many entries or this many bytes, whichever comes first. */
    private static final int PAGE_ENTRIES = 256;

    private static final long PAGE_BYTES = 4L << 20;

    private final ReadAccess access;
    private final @Nullable SqliteFile file;
    private final String name;
    private final String table;
    private volatile boolean columnsChecked;

    /** @param file null in a snapshot */
    public KvTable(ReadAccess access, @Nullable SqliteFile file, String name) {
        this.access = access;
        this.file = file;
        this.name = SqlNames.checkTable("the name of a key-value table", name);
        this.table = SqlNames.quote(name);
    }

    @Override
    public String name() {
        return name;
    }

    private boolean isMissing(Session session) {
        if (!session.hasTable(name)) {
            return true;
        }
        checkColumns(session);
        return false;
    }

    /** Says that the name is taken, where SQLite would only miss a column. Further columns with defaults are fine. */
    private void checkColumns(Session session) {
        if (columnsChecked) {
            return;
        }
        List<String> found = session.columnsOf(name);
        if (!found.contains("key") || !found.contains("value")) {
            throw new IllegalArgumentException(session.file() + ": table " + name
                    + " holds no key-values, its columns are " + found + "; choose another name");
        }
        columnsChecked = true;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        byte[] stored = stored(key);
        return stored == null ? null : ValueCodec.decodeRaw(stored);
    }

    private byte @Nullable [] stored(byte[] key) {
        Objects.requireNonNull(key, "key");
        return access.read(session -> {
            if (isMissing(session)) {
                return null;
            }
            try (Rows rows = session.query("SELECT value FROM " + table + " WHERE key = ?", key)) {
                return rows.next() ? value(rows, 0, key) : null;
            }
        });
    }

    private byte[] value(Rows rows, int column, byte[] key) {
        byte[] value = rows.getBlob(column);
        if (value == null) {
            throw new VaultCorruptException(where(key) + " is not a BLOB; nothing but a BLOB may stand there", null);
        }
        return value;
    }

    private String where(byte[] key) {
        String hex = HexFormat.of().formatHex(key, 0, Math.min(32, key.length));
        return (file == null ? "" : file.path() + ": ") + "table " + name + ", key x'" + hex
                + (key.length > 32 ? "…'" : "'");
    }

    @Override
    public Optional<Object> getValue(byte[] key) {
        byte[] stored = stored(key);
        return stored == null ? Optional.empty() : Optional.ofNullable(ValueCodec.decode(stored, where(key)));
    }

    @Override
    public boolean exists(byte[] key) {
        Objects.requireNonNull(key, "key");
        return access.read(session ->
                !isMissing(session) && session.queryLong("SELECT 1 FROM " + table + " WHERE key = ?", key) != null);
    }

    @Override
    public long count() {
        return access.read(session -> {
            Long count = isMissing(session) ? null : session.queryLong("SELECT count(*) FROM " + table);
            return count == null ? 0L : count;
        });
    }

    @Override
    public Iterable<KvEntry> prefix(byte[] prefix) {
        byte[] copy = prefix.clone();
        return () -> new Pages(copy);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store(key, ValueCodec.encodeRaw(value));
    }

    @Override
    public void putValue(byte[] key, @Nullable Object value) {
        store(key, ValueCodec.encode(value));
    }

    private void store(byte[] key, byte[] stored) {
        Objects.requireNonNull(key, "key");
        SqliteFile f = writable();
        f.run(() -> {
            Session session = f.writer().session();
            create(session);
            session.update(
                    "INSERT INTO " + table
                            + " (key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                    key,
                    stored);
        });
    }

    /** Costs a look at the schema, which SQLite has in memory; a rolled-back creation is not remembered as done. */
    private void create(Session session) {
        if (!session.hasTable(name)) {
            session.execute("CREATE TABLE " + table + " (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        } else {
            checkColumns(session);
        }
    }

    @Override
    public boolean delete(byte[] key) {
        Objects.requireNonNull(key, "key");
        SqliteFile f = writable();
        return f.write(() -> {
            Session session = f.writer().session();
            return session.hasTable(name) && session.update("DELETE FROM " + table + " WHERE key = ?", key) > 0;
        });
    }

    @Override
    public String toString() {
        return "key-values " + name;
    }

    private SqliteFile writable() {
        SqliteFile f = file;
        if (f == null) {
            throw new UnsupportedOperationException("table " + name + " is read-only in a snapshot");
        }
        return f;
    }

    /** The least key above all keys with this prefix: the prefix without its trailing FFs, its last byte raised. Null: there is none. */
    static byte @Nullable [] upperBound(byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] bound = Arrays.copyOf(prefix, length);
        bound[length - 1]++;
        return bound;
    }

    /** Entries page by page, each page beginning after the last key of the one before. */
    private final class Pages implements Iterator<KvEntry> {
        private final byte[] prefix;
        private final byte @Nullable [] bound;
        private final ArrayDeque<KvEntry> page = new ArrayDeque<>();
        private byte @Nullable [] last;
        private boolean ended;

        Pages(byte[] prefix) {
            this.prefix = prefix;
            this.bound = upperBound(prefix);
        }

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && !ended) {
                page.addAll(access.read(this::fill));
            }
            return !page.isEmpty();
        }

        @Override
        public KvEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            KvEntry entry = page.removeFirst();
            last = entry.key();
            return new KvEntry(entry.key().clone(), ValueCodec.decodeRaw(entry.value()));
        }

        private List<KvEntry> fill(Session session) {
            List<KvEntry> entries = new ArrayList<>();
            if (isMissing(session)) {
                ended = true;
                return entries;
            }
            List<Object> args = new ArrayList<>();
            byte[] after = last;
            args.add(after == null ? prefix : after);
            String sql = "SELECT key, value FROM " + table + " WHERE key " + (after == null ? ">=" : ">") + " ?";
            byte[] b = bound;
            if (b != null) {
                sql += " AND key < ?";
                args.add(b);
            }
            long bytes = 0;
            try (Rows rows = session.query(sql + " ORDER BY key LIMIT " + PAGE_ENTRIES, args.toArray())) {
                while (bytes < PAGE_BYTES && rows.next()) {
                    byte[] key = value(rows, 0, prefix);
                    byte[] value = value(rows, 1, key);
                    bytes += key.length + value.length;
                    entries.add(new KvEntry(key, value));
                }
            }
            ended = bytes < PAGE_BYTES && entries.size() < PAGE_ENTRIES;
            return entries;
        }
    }
}
