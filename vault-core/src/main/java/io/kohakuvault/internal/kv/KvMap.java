package io.kohakuvault.internal.kv;

import io.kohakuvault.VaultException;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.kv.KvRange;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A key-value table, or a range of it, as a sorted map from text. Thread-safe. */
final class KvMap<V> extends KeyNavigation<V> {
    private final KvTable table;
    private final MapValues<V> values;

    /** What was read of a value, within the read; the caller's codec makes the map's value of it afterwards. */
    private record Loaded(@Nullable Object value) {}

    KvMap(KvTable table, MapValues<V> values) {
        this(table, values, KvRange.all());
    }

    private KvMap(KvTable table, MapValues<V> values, KvRange range) {
        super(range);
        this.table = table;
        this.values = values;
    }

    private static String text(byte[] key) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new VaultException(
                    "the key x'" + java.util.HexFormat.of().formatHex(key, 0, Math.min(32, key.length))
                            + "' is no UTF-8, so a map from text cannot show it; use scan()",
                    e);
        }
    }

    private Loaded load(@Nullable Session session, byte[] key, byte[] stored) {
        return new Loaded(values.load(table.rows(), session, key, stored));
    }

    private @Nullable V decode(@Nullable Loaded loaded) {
        return loaded == null ? null : values.decode(loaded.value);
    }

    private @Nullable V lookup(byte[] key) {
        return decode(table.<Loaded>lookup(key, this::load));
    }

    private KvScan<Loaded> scanned(KvRange of) {
        return new KvScan<>(table.rows(), of, this::load);
    }

    /** The key's bytes when it is in this map's range, else null; half a character that has two is no key of any. */
    private byte @Nullable [] within(Object key) {
        byte[] bytes;
        try {
            bytes = Utf8.encode((String) Objects.requireNonNull(key, "key"));
        } catch (IllegalArgumentException e) {
            return null;
        }
        return range.contains(bytes) ? bytes : null;
    }

    private byte[] checked(String key) {
        byte[] bytes = Utf8.encode(Objects.requireNonNull(key, "key"));
        if (!range.contains(bytes)) {
            throw new IllegalArgumentException("key '" + key + "' is outside of this map, which is " + range);
        }
        return bytes;
    }

    @Override
    public @Nullable V get(Object key) {
        byte[] bytes = within(key);
        return bytes == null ? null : lookup(bytes);
    }

    @Override
    public boolean containsKey(Object key) {
        byte[] bytes = within(key);
        return bytes != null && table.exists(bytes);
    }

    @Override
    public @Nullable V put(String key, V value) {
        byte[] stored = values.encode(value);
        byte[] bytes = checked(key);
        return this.<V>nullable(() -> {
            V old = lookup(bytes);
            table.store(bytes, stored);
            return old;
        });
    }

    @Override
    public @Nullable V putIfAbsent(String key, V value) {
        byte[] stored = values.encode(value);
        return decode(table.<Loaded>putUnlessThere(checked(key), this::load, k -> stored));
    }

    @Override
    public @Nullable V remove(Object key) {
        byte[] bytes = within(key);
        return bytes == null
                ? null
                : this.<V>nullable(() -> {
                    V old = lookup(bytes);
                    if (old != null) {
                        table.delete(bytes);
                    }
                    return old;
                });
    }

    @Override
    public boolean remove(Object key, @Nullable Object value) {
        byte[] bytes = within(key);
        return bytes != null && table.atomically(() -> holds(bytes, value) && table.delete(bytes));
    }

    boolean holds(String key, @Nullable Object value) {
        byte[] bytes = within(key);
        return bytes != null && holds(bytes, value);
    }

    /** Whether a value is one of those: an array when its content is. */
    static boolean isAmong(@Nullable Object value, Collection<?> of) {
        return of.contains(value)
                || (value != null
                        && value.getClass().isArray()
                        && of.stream().anyMatch(other -> Objects.deepEquals(other, value)));
    }

    private boolean holds(byte[] key, @Nullable Object value) {
        V there = lookup(key);
        return there != null && Objects.deepEquals(there, value);
    }

    @Override
    public boolean replace(String key, V old, V value) {
        Objects.requireNonNull(old, "old value");
        byte[] stored = values.encode(value);
        byte[] bytes = within(key);
        return bytes != null
                && table.atomically(() -> {
                    boolean same = holds(bytes, old);
                    if (same) {
                        table.store(bytes, stored);
                    }
                    return same;
                });
    }

    @Override
    public @Nullable V replace(String key, V value) {
        byte[] stored = values.encode(value);
        byte[] bytes = within(key);
        return bytes == null
                ? null
                : this.<V>nullable(() -> {
                    V old = lookup(bytes);
                    if (old != null) {
                        table.store(bytes, stored);
                    }
                    return old;
                });
    }

    @Override
    public @Nullable V compute(
            String key, BiFunction<? super String, ? super @Nullable V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        byte[] bytes = checked(key);
        // In one transaction: the interface's own loop compares values, and would not end where they have no equals.
        return this.<V>nullable(() -> {
            V old = lookup(bytes);
            V made = table.computing()
                    .<@Nullable V, RuntimeException>run(table.rows(), bytes, () -> function.apply(key, old));
            if (made != null) {
                table.store(bytes, values.encode(made));
            } else if (old != null) {
                table.delete(bytes);
            }
            return made;
        });
    }

    @Override
    public @Nullable V computeIfPresent(
            String key, BiFunction<? super String, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        return within(key) == null ? null : compute(key, (k, old) -> old == null ? null : function.apply(k, old));
    }

    /** Key by key: the interface's own compares values, and would not end where they have no equals. */
    @Override
    public void replaceAll(BiFunction<? super String, ? super V, ? extends V> function) {
        Objects.requireNonNull(function, "function");
        for (String key : keySet()) {
            V unused = computeIfPresent(
                    key, (k, old) -> Objects.requireNonNull(function.apply(k, old), "the function's answer"));
        }
    }

    @Override
    public @Nullable V merge(String key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(function, "function");
        return compute(key, (k, old) -> old == null ? value : function.apply(old, value));
    }

    private <T> @Nullable T nullable(Supplier<@Nullable T> calls) {
        return table.atomically(() -> Optional.<T>ofNullable(calls.get())).orElse(null);
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        Iterator<KvScan.Item<Loaded>> items = scanned(range);
        while (items.hasNext()) {
            if (Objects.deepEquals(decode(items.next().value()), value)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Collection<V> values() {
        return new KvValues<>(this);
    }

    Iterator<V> eachValue() {
        return new Removing<>(scanned(range), item -> values.decode(item.value().value));
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, table.count(range));
    }

    @Override
    public boolean isEmpty() {
        return !table.keys(range.limit(1)).iterator().hasNext();
    }

    @Override
    public void clear() {
        table.deleteAll(range);
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new KvEntries<>(this);
    }

    Iterator<Entry<String, V>> eachEntry() {
        return new Removing<>(scanned(range), item -> new Live(text(item.key()), values.decode(item.value().value)));
    }

    /** An entry of an iteration: setting its value puts it. */
    private final class Live extends SimpleEntry<String, V> {
        private static final long serialVersionUID = 1L;

        Live(String key, V value) {
            super(key, value);
        }

        @Override
        public V setValue(V value) {
            KvMap.this.put(getKey(), value);
            return super.setValue(value);
        }
    }

    /** Removes by key what it gave last. */
    private final class Removing<T> implements Iterator<T> {
        private final KvScan<Loaded> scan;
        private final java.util.function.Function<KvScan.Item<Loaded>, T> view;
        private byte @Nullable [] last;

        Removing(KvScan<Loaded> scan, java.util.function.Function<KvScan.Item<Loaded>, T> view) {
            this.scan = scan;
            this.view = view;
        }

        @Override
        public boolean hasNext() {
            return scan.hasNext();
        }

        @Override
        public T next() {
            KvScan.Item<Loaded> item = scan.next();
            last = item.key();
            return view.apply(item);
        }

        @Override
        public void remove() {
            byte[] key = last;
            if (key == null) {
                throw new IllegalStateException("next() comes before remove()");
            }
            table.delete(key);
            last = null;
        }
    }

    @Override
    Iterator<String> keys() {
        return new Removing<>(new KvScan<>(table.rows(), range, null), item -> text(item.key()));
    }

    @Override
    @Nullable
    Entry<String, V> first(KvRange of) {
        KvScan<Loaded> scan = scanned(of.limit(1));
        if (!scan.hasNext()) {
            return null;
        }
        KvScan.Item<Loaded> item = scan.next();
        return new SimpleImmutableEntry<>(text(item.key()), values.decode(item.value().value));
    }

    @Override
    @Nullable
    String firstKey(KvRange of) {
        KvScan<byte[]> scan = new KvScan<>(table.rows(), of.limit(1), null);
        return scan.hasNext() ? text(scan.next().key()) : null;
    }

    @Override
    @Nullable
    String pollKey(KvRange from) {
        return this.<String>nullable(() -> {
            String key = firstKey(from);
            if (key != null) {
                table.delete(Utf8.encode(key));
            }
            return key;
        });
    }

    @Override
    boolean removeKey(Object key) {
        byte[] bytes = within(key);
        return bytes != null && table.delete(bytes);
    }

    @Override
    @Nullable
    Entry<String, V> poll(KvRange from) {
        return this.<Entry<String, V>>nullable(() -> {
            Entry<String, V> entry = first(from);
            if (entry != null) {
                table.delete(Utf8.encode(entry.getKey()));
            }
            return entry;
        });
    }

    @Override
    KvMap<V> of(KvRange part) {
        return new KvMap<>(table, values, part);
    }
}
