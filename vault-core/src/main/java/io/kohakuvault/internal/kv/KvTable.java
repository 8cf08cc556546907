package io.kohakuvault.internal.kv;

import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.Codec;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.RowSize;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvBatch;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A key-value table of a vault or of a snapshot. */
public final class KvTable implements KVault {
    private final KvRows rows;
    private final Access<? extends StateAccess> access;
    private final String upsert;
    private final VaultOptions options;

    // What the schema holds, as of a writer's epoch. Guarded by the write lock.
    private long knownEpoch = -1;
    private boolean hasTable;
    private boolean hasSegments;
    private final Computing computing;

    public KvTable(Access<? extends StateAccess> access, String name, VaultOptions options) {
        this(access, name, options, new Computing());
    }

    private KvTable(Access<? extends StateAccess> access, String name, VaultOptions options, Computing computing) {
        this.access = access;
        this.rows = new KvRows(access, access.path(), name, options.numberGuess());
        this.upsert = "INSERT INTO " + rows.table
                + " (key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value";
        this.computing = computing;
        this.options = options;
    }

    /** The same table under a name of another case, which is how SQLite takes it. */
    public KvTable as(String name) {
        return name.equals(rows.name) ? this : new KvTable(access, name, options, computing);
    }

    @Override
    public String name() {
        return rows.name;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return this.<byte[]>lookup(key, rows::bytes);
    }

    <T> @Nullable T lookup(byte[] key, KvRows.Found<T> found) {
        return rows.lookup(key, found);
    }

    KvRows rows() {
        return rows;
    }

    Computing computing() {
        return computing;
    }

    @Override
    public Optional<Object> findValue(byte[] key) {
        Optional<Object> value =
                lookup(key, (session, k, stored) -> Optional.ofNullable(rows.value(session, k, stored)));
        return value == null ? Optional.empty() : value;
    }

    @Override
    public <T> Optional<T> find(byte[] key, Codec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        // Decoded outside of the transaction: the codec is the caller's and may use the vault.
        Optional<Object>[] value = lookup(key, (session, k, stored) -> boxed(rows.value(session, k, stored)));
        return value == null ? Optional.empty() : Optional.of(codec.decode(value[0].orElse(null)));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of one is the shortest way to tell a null value from none
    private static Optional<Object>[] boxed(@Nullable Object value) {
        return new Optional[] {Optional.ofNullable(value)};
    }

    @Override
    public List<byte @Nullable []> getAll(Collection<byte[]> keys) {
        return rows.<byte[]>lookupAll(keys, rows::bytes);
    }

    @Override
    public boolean exists(byte[] key) {
        Objects.requireNonNull(key, "key");
        return rows.exists(key)
                .orElseGet(() -> rows.timed(() -> rows.access.read(session -> !rows.isMissing(session)
                        && session.queryLong("SELECT 1 FROM " + rows.table + " WHERE key = ?", key) != null)));
    }

    @Override
    public long count() {
        return count(KvRange.all());
    }

    @Override
    public long count(KvRange range) {
        Long count = rows.access.read(session -> {
            List<Object> args = new ArrayList<>();
            String where = KvScan.where(range, args);
            return rows.isMissing(session)
                    ? Long.valueOf(0)
                    : session.queryLong("SELECT count(*) FROM " + rows.table + where, args.toArray());
        });
        return Math.min(range.limit(), count == null ? 0 : count);
    }

    @Override
    public Iterable<KvEntry> scan(KvRange range) {
        Objects.requireNonNull(range, "range");
        return () -> new KvScan<>(rows, range, rows::bytes).map(item -> new KvEntry(item.key(), item.value()));
    }

    @Override
    public <V> Iterable<Map.Entry<byte[], V>> scan(KvRange range, Codec<V> codec) {
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(codec, "codec");
        return () -> new KvScan<>(
                        rows, range, (session, key, stored) -> Optional.ofNullable(rows.value(session, key, stored)))
                .map(item -> new SimpleImmutableEntry<>(
                        item.key(), codec.decode(item.value().orElse(null))));
    }

    @Override
    public Iterable<byte[]> keys(KvRange range) {
        Objects.requireNonNull(range, "range");
        return () -> new KvScan<byte[]>(rows, range, null).map(KvScan.Item::key);
    }

    @Override
    public SeekableByteChannel newChannel(byte[] key) {
        return KvChannel.open(access, rows, key.clone());
    }

    @Override
    public ConcurrentNavigableMap<String, byte[]> asMap() {
        return new KvMap<>(this, MapValues.ofBytes());
    }

    @Override
    public <V> ConcurrentNavigableMap<String, V> asMap(Codec<V> codec) {
        return new KvMap<>(this, MapValues.of(Objects.requireNonNull(codec, "codec")));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        Objects.requireNonNull(
                value, "value: an entry has bytes; delete(key) removes it, and putValue(key, null) stores a null");
        store(key, ValueCodec.encodeRaw(value));
    }

    @Override
    public void putValue(byte[] key, @Nullable Object value) {
        store(key, ValueCodec.encode(value));
    }

    void store(byte[] key, byte[] stored) {
        check(key, stored);
        access.run(transaction -> put(prepared(transaction), key, stored));
    }

    static void check(byte[] key, byte[] stored) {
        RowSize.check((long) key.length + stored.length, "a key and its value given as arrays", "put it as a stream");
    }

    private void put(Session session, byte[] key, byte[] stored) {
        computing.checkFree(rows, key);
        if (hasSegments) {
            KvSegments.delete(session, rows.segments, key);
        }
        session.update(upsert, key, stored);
    }

    /**
     * The write connection, the table made; a rolled-back creation, or a drop by somebody else, is not taken for done.
     */
    private Session prepared(Transaction transaction) {
        Session session = transaction.session();
        look(transaction);
        if (!hasTable) {
            TableNames.checkFree(session, "key-values", rows.name, List.of());
            session.execute("CREATE TABLE " + rows.table + " (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
            hasTable = true;
            transaction.schemaChanged(); // handles of the same table under another spelling look again
            knownEpoch = transaction.epoch();
        }
        return session;
    }

    private void look(Transaction transaction) {
        if (transaction.epoch() != knownEpoch) {
            Session session = transaction.session();
            hasTable = !rows.isMissingNow(session);
            hasSegments = KvSegments.isTable(session, rows.name + "_segments");
            knownEpoch = transaction.epoch();
        }
    }

    @Override
    public byte @Nullable [] putIfAbsent(byte[] key, byte[] value) {
        Objects.requireNonNull(value, "value");
        return this.<byte[]>putUnlessThere(key, rows::bytes, k -> ValueCodec.encodeRaw(value));
    }

    /** What is there already, or null when what the function makes was put. */
    <T> @Nullable T putUnlessThere(byte[] key, KvRows.Found<T> found, Function<byte[], byte[]> stored) {
        Objects.requireNonNull(key, "key");
        return access.<Optional<T>, RuntimeException>write(transaction -> {
                    Session session = prepared(transaction);
                    T there = rows.lookup(session, key, found);
                    if (there == null) {
                        byte[] value = computing.run(rows, key, () -> stored.apply(key));
                        check(key, value);
                        put(session, key, value);
                    }
                    return Optional.ofNullable(there);
                })
                .orElse(null);
    }

    @Override
    public byte[] computeIfAbsent(byte[] key, Function<byte[], byte[]> function) {
        Objects.requireNonNull(function, "function");
        byte[][] computed = new byte[1][];
        byte[] there = this.<byte[]>putUnlessThere(key, rows::bytes, k -> {
            computed[0] = Objects.requireNonNull(function.apply(k), "the function's answer");
            return ValueCodec.encodeRaw(computed[0]);
        });
        return there == null ? computed[0] : there;
    }

    @Override
    public void putAll(Iterable<KvEntry> entries) {
        access.run(transaction -> {
            Session session = prepared(transaction);
            new BulkWrites(session, rows, upsert, computing, hasSegments).putAll(entries);
        });
    }

    @Override
    public KvBatch newBatch() {
        return new GatheredWrites();
    }

    @Override
    public void write(KvBatch batch) {
        GatheredWrites writes = (GatheredWrites) batch;
        access.run(transaction -> {
            Session session = prepared(transaction);
            new BulkWrites(session, rows, upsert, computing, hasSegments).write(writes);
        });
    }

    @Override
    public long put(byte[] key, InputStream value) throws IOException {
        Objects.requireNonNull(key, "key");
        access.checkWritable(); // before anything is taken from the stream
        int asked = (int) Math.min(options.segmentThresholdBytes() + 1, Math.max(1, RowSize.MOST_BYTES - key.length));
        byte[] begun = value.readNBytes(asked);
        // Whether the stream has ended is known only when it gave less than was asked for.
        if (begun.length < asked) {
            store(key, ValueCodec.encodeRaw(begun));
            return begun.length;
        }
        return access.<Long, IOException>write(transaction -> {
            Session session = prepared(transaction);
            if (!hasSegments) {
                KvSegments.create(session, rows.name + "_segments");
                hasSegments = true;
                transaction.schemaChanged();
                knownEpoch = transaction.epoch();
            }
            computing.checkFree(rows, key);
            KvSegments.delete(session, rows.segments, key);
            KvSegments.Layout layout =
                    computing.run(rows, key, () -> KvSegments.write(session, rows.segments, key, begun, value));
            session.update(upsert, key, layout.stored());
            return layout.size();
        });
    }

    @Override
    public KvUpload newUpload(byte[] key) {
        byte[] copy = key.clone();
        access.checkWritable();
        Path path = Path.of(access.path());
        return new SpooledUpload(Objects.requireNonNull(path.getParent()), value -> put(copy, value));
    }

    @Override
    public boolean delete(byte[] key) {
        Objects.requireNonNull(key, "key");
        return access.write(transaction -> remove(transaction, key));
    }

    private boolean remove(Transaction transaction, byte[] key) {
        Session session = transaction.session();
        computing.checkFree(rows, key);
        look(transaction);
        if (hasSegments) {
            KvSegments.delete(session, rows.segments, key);
        }
        return hasTable && session.update("DELETE FROM " + rows.table + " WHERE key = ?", key) > 0;
    }

    @Override
    public long deleteAll(KvRange range) {
        if (range.limit() != Long.MAX_VALUE) {
            throw new IllegalArgumentException("a range to be deleted must have no limit, but was " + range);
        }
        List<Object> args = new ArrayList<>();
        String where = KvScan.where(range, args);
        return access.write(transaction -> {
            Session session = transaction.session();
            computing.checkFree(rows, range);
            look(transaction);
            if (hasSegments) {
                session.update("DELETE FROM " + rows.segments + where, args.toArray());
            }
            return hasTable ? (long) session.update("DELETE FROM " + rows.table + where, args.toArray()) : 0L;
        });
    }

    /** Deletes the table with its large values; false when there is none. */
    public boolean drop() {
        return access.write(transaction -> {
            Session session = transaction.session();
            computing.checkFree(rows, KvRange.all());
            look(transaction);
            if (hasTable) {
                session.execute("DROP TABLE " + rows.table);
                if (hasSegments) {
                    session.execute("DROP TABLE " + rows.segments);
                }
                transaction.schemaChanged();
            }
            return hasTable;
        });
    }

    /** Several calls as one. */
    <T> T atomically(Supplier<T> calls) {
        return access.write(transaction -> calls.get());
    }

    @Override
    public String toString() {
        return "key-values " + rows.name;
    }
}
