package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a record together that does not fit its leaf: the first part stands in the cell, the rest on a chain of pages,
 * each beginning with the number of the next (https://sqlite.org/fileformat2.html#ovflpgs).
 */
final class OverflowChain {
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

    /**
     * Records larger than this are followed to their end before memory for them is taken: a few per cent of what
     * copying them costs.
     */
    private static final long WALKED_FIRST_BYTES = 1 << 20;

    private OverflowChain() {}

    /**
     * Copies a record without its header, one copy a page.
     *
     * @param leaf the page with the cell
     * @param record where the record begins on it
     * @param size bytes of the whole record
     * @param skip bytes at its beginning that are left out, all of them in the cell
     * @return the bytes, or null when a page of the chain is in the -wal or the chain does not hold the record
     */
    static @Nullable ByteBuffer gather(StatePages state, ByteBuffer leaf, int record, long size, int skip)
            throws IOException {
        int pageSize = state.pageSize();
        if (size > state.fileBytes() || size - skip > MOST_BYTES) {
            return null; // damage, or more than an array takes: nothing is allocated on its word
        }
        int local = localBytes(size, pageSize);
        if (skip > local || record + local + 4 > pageSize) {
            return null;
        }
        if (size > WALKED_FIRST_BYTES && !isWhole(state, leaf.getInt(record + local), size - local)) {
            return null;
        }
        byte[] out = new byte[(int) (size - skip)];
        leaf.get(record + skip, out, 0, local - skip);
        int at = local - skip;
        long next = leaf.getInt(record + local) & 0xFFFFFFFFL;
        while (at < out.length) {
            ByteBuffer page = next == 0 ? null : state.mapped(next);
            if (page == null) {
                return null;
            }
            next = page.getInt(0) & 0xFFFFFFFFL;
            int part = Math.min(pageSize - 4, out.length - at);
            page.get(4, out, at, part);
            at += part;
        }
        return next == 0 ? ByteBuffer.wrap(out) : null;
    }

    /**
     * Copies a part of a record.
     *
     * @param leaf the page with the cell
     * @param record where the record begins on it
     * @param size bytes of the whole record
     * @param from where the part begins, from the record's beginning
     * @param length its bytes
     * @return false when a page of the chain is no page of the state that can be had, or the chain is too short
     */
    static boolean copy(
            StatePages state, ByteBuffer leaf, int record, long size, long from, int length, BytePieces target)
            throws IOException {
        int pageSize = state.pageSize();
        int local = localBytes(size, pageSize);
        if (from < 0 || from + length > size || record + local + 4 > pageSize) {
            return false;
        }
        long end = from + length;
        if (from < local) {
            target.add(leaf, record + (int) from, (int) (Math.min(local, end) - from));
        }
        long next = leaf.getInt(record + local) & 0xFFFFFFFFL;
        for (long at = local; at < end; at += pageSize - 4) {
            ByteBuffer page = next == 0 ? null : state.page(next);
            if (page == null) {
                return false;
            }
            long begin = Math.max(at, from);
            long stop = Math.min(at + pageSize - 4, end);
            if (begin < stop) {
                target.add(page, 4 + (int) (begin - at), (int) (stop - begin));
            }
            next = page.getInt(0) & 0xFFFFFFFFL;
        }
        return target.isFull();
    }

    /**
     * Whether a chain has as many pages as the bytes need, no more and no fewer: a file with holes may be as long as
     * any record says.
     */
    private static boolean isWhole(StatePages state, int first, long bytes) throws IOException {
        long next = first & 0xFFFFFFFFL;
        for (long left = bytes; left > 0; left -= state.pageSize() - 4) {
            ByteBuffer page = next == 0 ? null : state.mapped(next);
            if (page == null) {
                return false;
            }
            next = page.getInt(0) & 0xFFFFFFFFL;
        }
        return next == 0;
    }

    /** How much of a record of a table's leaf stands in the cell, by the file format's formula. */
    static int localBytes(long size, int pageSize) {
        int most = pageSize - 35;
        if (size <= most) {
            return (int) size;
        }
        int least = (pageSize - 12) * 32 / 255 - 23;
        long fitting = least + (size - least) % (pageSize - 4);
        return (int) (fitting <= most ? fitting : least);
    }
}
