package io.kohakuvault.internal.kv;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.kv.KvEntry;
import java.util.Iterator;
import java.util.Objects;

/**
 * Many entries in a row, inside a write transaction.
 *
 * @param hasSegments whether some values may be in segments, which go when their key is put or deleted
 */
record BulkWrites(Session session, KvRows rows, String upsert, Computing computing, boolean hasSegments) {
    void putAll(Iterable<KvEntry> entries) {
        Iterator<KvEntry> rest = entries.iterator();
        session.updateAll(upsert, new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rest.hasNext();
            }

            @Override
            public Object[] next() {
                KvEntry entry = rest.next();
                byte[] stored = ValueCodec.encodeRaw(entry.value());
                KvTable.check(entry.key(), stored);
                free(entry.key());
                return new Object[] {entry.key(), stored};
            }
        });
    }

    /** Nobody computes a value for the key just now, and its segments are gone. */
    private void free(byte[] key) {
        computing.checkFree(rows, key);
        if (hasSegments) {
            KvSegments.delete(session, rows.segments, key);
        }
    }

    void write(GatheredWrites writes) {
        int i = 0;
        while (i < writes.size()) {
            Run run = new Run(writes, i, writes.stored(i) == null);
            session.updateAll(run.deletes ? "DELETE FROM " + rows.table + " WHERE key = ?" : upsert, run);
            i = run.at;
        }
    }

    /** Puts up to the next deletion, or deletions up to the next put. */
    private final class Run implements Iterator<Object[]> {
        private final GatheredWrites writes;
        private final boolean deletes;
        private int at;

        Run(GatheredWrites writes, int from, boolean deletes) {
            this.writes = writes;
            this.at = from;
            this.deletes = deletes;
        }

        @Override
        public boolean hasNext() {
            return at < writes.size() && (writes.stored(at) == null) == deletes;
        }

        @Override
        public Object[] next() {
            byte[] key = writes.key(at);
            free(key);
            byte[] stored = writes.stored(at++);
            return deletes ? new Object[] {key} : new Object[] {key, Objects.requireNonNull(stored)};
        }
    }
}
