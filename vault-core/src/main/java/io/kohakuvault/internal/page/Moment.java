package io.kohakuvault.internal.page;

import org.jspecify.annotations.Nullable;

/**
 * A state of the file that is distinct from all others of the same log: new logs that are empty have the same header. A
 * read transaction that began while it was the newest one before and after sees just this state.
 *
 * @param copiedBack whether all of it stood in the database file already
 */
public record Moment(WalIndex index, WalIndex.Stamp stamp, boolean copiedBack) {
    /** The newest state; null where that is not known: without a -shm, or while somebody commits. */
    public static @Nullable Moment now(PageFile file) {
        WalIndex index = file.walIndex();
        WalIndex.Stamp stamp = index == null ? null : index.stamp();
        // In this order: what is copied back stays so.
        return index == null || stamp == null ? null : new Moment(index, stamp, index.isCopiedBack());
    }

    /** Whether it is still the newest state, as far as commits go that have returned. Costs no system call. */
    public boolean isNewest() {
        return index.isAt(stamp);
    }

    /** {@link #isNewest} of a file whose -shm may have been another one since. */
    public boolean isNewest(PageFile file) {
        return isNewest() && file.walIndex() == index;
    }

    /** How many pages the database has in it. */
    long pages() {
        return index.pages(stamp);
    }

    /** How many frames of the -wal belong to it. */
    public long frames() {
        return index.frames(stamp);
    }
}
