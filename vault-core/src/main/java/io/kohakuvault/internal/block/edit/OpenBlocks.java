package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.guard.Guard;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.WriteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tails of the columns that were appended to lately, and the blocks of which single elements were replaced. They
 * outlive a transaction, so that the next append need not read the block that it continues; the oldest are written and
 * dropped when they hold too much memory. Used with the write lock held.
 */
public final class OpenBlocks implements WriteBuffer {
    private static final long MOST_HELD_BYTES = 32L << 20;

    private volatile int pageSize;
    private final LinkedHashMap<Long, OpenBlock> tails = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Long, OpenBlock> changed = new LinkedHashMap<>();
    private final EditedBlocks edited = new EditedBlocks();
    private long heldBytes;

    /** Null while it has not been looked at. */
    private @Nullable Boolean guarded;

    public OpenBlocks(int pageSize) {
        this.pageSize = pageSize;
    }

    /** After the file has got another page size. */
    public void pageSize(int bytes) {
        pageSize = bytes;
    }

    /** Appends to a column; nulls are allowed only where {@code nullable} says so. */
    public void append(Session session, long colId, boolean nullable, Elements elements) {
        OpenBlock tail = tail(session, colId, nullable);
        edited.settle(session, colId); // it knows how long the column was
        changed.put(colId, tail);
        int before = tail.heldBytes();
        session.gathered(elements.sizeBytes());
        tail.append(session, elements);
        heldBytes += tail.heldBytes() - before;
    }

    /** How many elements the column has, what was appended in this transaction included. */
    public long length(Session session, long colId, boolean nullable) {
        return tail(session, colId, nullable).length();
    }

    private OpenBlock tail(Session session, long colId, boolean nullable) {
        OpenBlock tail = tails.get(colId);
        if (tail == null) {
            edited.settle(session, colId);
            tail = OpenBlock.load(session, colId, nullable, pageSize, isGuarded(session));
            tails.put(colId, tail);
            heldBytes += tail.heldBytes();
            trim(session, tail);
        }
        return tail;
    }

    private boolean isGuarded(Session session) {
        Boolean known = guarded;
        if (known == null) {
            known = Guard.isInstalled(session);
            guarded = known;
        }
        return known;
    }

    private void trim(Session session, OpenBlock keep) {
        Iterator<Map.Entry<Long, OpenBlock>> oldest = tails.entrySet().iterator();
        while (heldBytes > MOST_HELD_BYTES && oldest.hasNext()) {
            Map.Entry<Long, OpenBlock> entry = oldest.next();
            OpenBlock tail = entry.getValue();
            if (tail != keep) {
                if (changed.remove(entry.getKey()) != null) {
                    tail.flush(session);
                }
                heldBytes -= tail.heldBytes();
                oldest.remove();
                edited.settle(session, entry.getKey()); // it may know an older length
            }
        }
    }

    /** Writes a column's gathered appends and forgets its tail, before its blocks are changed otherwise. */
    public void settle(Session session, long colId) {
        edited.settle(session, colId);
        OpenBlock tail = tails.remove(colId);
        if (tail != null) {
            changed.remove(colId);
            heldBytes -= tail.heldBytes();
            tail.flush(session);
        }
    }

    /** {@link #length} for a caller that appends nothing: the last block is not read for it. */
    public long lengthOnly(Session session, long colId, boolean nullable) {
        OpenBlock tail = tails.get(colId);
        return tail != null ? tail.length() : edited.length(session, colId, nullable);
    }

    /**
     * Replaces an element that the column has.
     *
     * @return false, and nothing has been changed, when it is of variable size and its block has no room for it
     */
    public boolean set(Session session, long colId, boolean nullable, long row, Elements element) {
        OpenBlock tail = tails.get(colId);
        if (tail != null && !tail.isBehind(row)) {
            settle(session, colId);
        }
        return edited.set(session, colId, nullable, row, element);
    }

    @Override
    public void flush(Session session) {
        for (OpenBlock tail : changed.values()) {
            tail.flush(session);
        }
        changed.clear();
        edited.flush(session);
    }

    /** Writes everything and looks at the file anew: what hangs on a block has changed. */
    public void discardAfterFlush(Session session) {
        flush(session);
        discard();
    }

    @Override
    public void discard() {
        edited.discard();
        tails.clear();
        changed.clear();
        heldBytes = 0;
        guarded = null;
    }
}
