package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.WriteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tails of the columns that were appended to lately. They outlive a transaction, so that the next append need not read the block
 * that it continues; clean ones are dropped, oldest first, when they hold too much memory. Used with the write lock held.
 */
public final class Tails implements WriteBuffer {
    private static final long MOST_HELD_BYTES = 32L << 20;

    private final int pageSize;
    private final LinkedHashMap<Long, Tail> tails = new LinkedHashMap<>(64, 0.75f, true);

    public Tails(int pageSize) {
        this.pageSize = pageSize;
    }

    /** Appends to a column; nulls are allowed only where {@code nullable} says so. */
    public void append(Session session, long colId, boolean nullable, Elements elements) {
        tail(session, colId, nullable).append(session, elements);
    }

    /** How many elements the column has, what was appended in this transaction included. */
    public long length(Session session, long colId, boolean nullable) {
        return tail(session, colId, nullable).length();
    }

    private Tail tail(Session session, long colId, boolean nullable) {
        Tail tail = tails.get(colId);
        if (tail == null) {
            tail = Tail.load(session, colId, nullable, pageSize);
            tails.put(colId, tail);
            trim(tail);
        }
        return tail;
    }

    private void trim(Tail keep) {
        long held = 0;
        for (Tail tail : tails.values()) {
            held += tail.heldBytes();
        }
        Iterator<Map.Entry<Long, Tail>> oldest = tails.entrySet().iterator();
        while (held > MOST_HELD_BYTES && oldest.hasNext()) {
            Tail tail = oldest.next().getValue();
            if (tail != keep && tail.isClean()) {
                held -= tail.heldBytes();
                oldest.remove();
            }
        }
    }

    /** Writes a column's gathered appends and forgets its tail, before its blocks are changed otherwise. */
    public void settle(Session session, long colId) {
        Tail tail = tails.remove(colId);
        if (tail != null) {
            tail.flush(session);
        }
    }

    @Override
    public void flush(Session session) {
        for (Tail tail : tails.values()) {
            if (!tail.isClean()) {
                tail.flush(session);
            }
        }
    }

    @Override
    public void discard() {
        tails.clear();
    }
}
