package io.kohakuvault.internal.kv;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.kv.KvRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The entries of a range page by page, each page beginning after the last key of the one before. Not thread-safe. */
final class KvScan<T> implements Iterator<KvScan.Item<T>> {
    /** A page ends at this many entries or this many bytes, whichever comes first. */
    private static final int PAGE_ENTRIES = 1024;

    private static final long PAGE_BYTES = 4L << 20;
    private static final byte[] NOTHING = {};

    private final KvRows table;
    private final KvRows.@Nullable Found<T> values;
    private final ArrayDeque<Item<T>> page = new ArrayDeque<>();
    private KvRange rest;
    private long left;
    private int pageEntries = 64; // the first page is short: many scans want a few entries
    private boolean ended;

    /** An entry; the value is null where keys alone are wanted. */
    @SuppressWarnings("ArrayRecordComponent") // a holder on its way to the caller, never compared
    record Item<T>(byte[] key, @Nullable T found) {
        T value() {
            return Objects.requireNonNull(found);
        }
    }

    /** @param values what is made of stored values, null where keys alone are wanted */
    KvScan(KvRows table, KvRange range, KvRows.@Nullable Found<T> values) {
        this.table = table;
        this.values = values;
        this.rest = range;
        this.left = range.limit();
    }

    @Override
    public boolean hasNext() {
        if (page.isEmpty() && !ended && left > 0) {
            if (!fillDirectly()) {
                page.addAll(table.timed(() -> table.access.read(this::fill)));
            }
            pageEntries = PAGE_ENTRIES;
        }
        return !page.isEmpty();
    }

    @Override
    public Item<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.removeFirst();
    }

    /** The same entries as something else. */
    <R> Iterator<R> map(Function<Item<T>, R> view) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return KvScan.this.hasNext();
            }

            @Override
            public R next() {
                return view.apply(KvScan.this.next());
            }
        };
    }

    /** Fills the page without SQL; false where SQL must be asked. */
    private boolean fillDirectly() {
        try (KeyTable.View view = table.view()) {
            if (view == null) {
                return false;
            }
            MappedKeys.Range range = new MappedKeys.Range(
                    rest.low(),
                    rest.lowInclusive(),
                    rest.high(),
                    rest.highInclusive(),
                    rest.isDescending(),
                    values != null);
            Filling filling = new Filling(Math.min(left, pageEntries));
            MappedKeys.End end = view.scan(range, filling);
            if (end == MappedKeys.End.DISORDER) {
                throw disordered(
                        filling.entries.isEmpty() ? NOTHING : filling.entries.get(filling.entries.size() - 1).key);
            }
            boolean complete = end != MappedKeys.End.UNKNOWN;
            if (filling.entries.isEmpty() && (!complete || filling.stopped)) {
                return false;
            }
            page.addAll(filling.entries);
            ended = complete && !filling.stopped;
            left -= filling.entries.size();
            if (!ended) {
                goOnBehind(page.getLast().key());
            }
            return true;
        }
    }

    /** Gathers a page. */
    private final class Filling implements MappedKeys.Visitor {
        private final List<Item<T>> entries = new ArrayList<>();
        private final long most;
        private long bytes;
        private boolean stopped;

        Filling(long most) {
            this.most = most;
        }

        @Override
        public boolean accept(byte[] key, byte @Nullable [] stored) {
            check(entries, key);
            T value = null;
            KvRows.Found<T> v = values;
            if (v != null && stored != null) {
                if (ValueCodec.isSegmented(stored)) {
                    stopped = true; // SQL goes on here: segments are read by it
                    return false;
                }
                value = v.make(null, key, stored);
                bytes += stored.length;
            }
            entries.add(new Item<>(key, value));
            bytes += key.length;
            stopped = bytes >= PAGE_BYTES || entries.size() >= most;
            return !stopped;
        }
    }

    private List<Item<T>> fill(Session session) {
        List<Item<T>> entries = new ArrayList<>();
        if (table.isMissing(session)) {
            ended = true;
            return entries;
        }
        long most = Math.min(left, pageEntries);
        List<Object> args = new ArrayList<>();
        String sql = "SELECT key" + (values == null ? "" : ", value") + " FROM " + table.table + where(rest, args)
                + " ORDER BY key" + (rest.isDescending() ? " DESC" : "") + " LIMIT " + most;
        long bytes = 0;
        byte[] key = NOTHING;
        try (Rows rows = session.query(sql, args.toArray())) {
            while (bytes < PAGE_BYTES && rows.next()) {
                key = table.blob(rows, 0, NOTHING);
                check(entries, key);
                bytes += key.length;
                T value = null;
                KvRows.Found<T> v = values;
                if (v != null) {
                    byte[] stored = table.blob(rows, 1, key);
                    bytes += stored.length;
                    if (ValueCodec.isSegmented(stored)) {
                        bytes += KvSegments.Layout.of(stored, table.where(key)).size();
                    }
                    value = v.make(session, key, stored);
                }
                entries.add(new Item<>(key, value));
            }
        }
        ended = bytes < PAGE_BYTES && entries.size() < most;
        left -= entries.size();
        if (!entries.isEmpty() && !ended) {
            goOnBehind(key);
        }
        return entries;
    }

    private void goOnBehind(byte[] key) {
        if (!rest.contains(key)) {
            throw disordered(key);
        }
        rest = rest.resumeAfter(key);
    }

    /** An index with its keys out of order would give some twice and others never. */
    private void check(List<Item<T>> before, byte[] key) {
        boolean ordered;
        if (before.isEmpty()) {
            ordered = rest.contains(key);
        } else {
            int order = Arrays.compareUnsigned(before.get(before.size() - 1).key, key);
            ordered = rest.isDescending() ? order > 0 : order < 0;
        }
        if (!ordered) {
            throw disordered(key);
        }
    }

    private VaultCorruptException disordered(byte[] key) {
        return new VaultCorruptException(
                table.where(key) + ": the index of keys is out of order here; restore the file from a backup", null);
    }

    /** The range as a condition on the key, its bounds as arguments. */
    static String where(KvRange range, List<Object> args) {
        StringBuilder sql = new StringBuilder();
        byte[] low = range.low();
        if (low != null) {
            sql.append(range.lowInclusive() ? " WHERE key >= ?" : " WHERE key > ?");
            args.add(low);
        } else {
            sql.append(" WHERE key >= x''"); // a key of another type than BLOB is none, for KohakuVault neither
        }
        byte[] high = range.high();
        if (high != null) {
            sql.append(range.highInclusive() ? " AND key <= ?" : " AND key < ?");
            args.add(high);
        }
        return sql.toString();
    }
}
