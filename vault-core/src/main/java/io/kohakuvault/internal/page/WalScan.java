package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the -wal (https://sqlite.org/fileformat2.html#walformat): the pages that have a frame, and where each
 * page's newest committed frame is. Of a known moment only the frames that belong to it: what has been written since is
 * copied back no sooner than its last reader has ended. Frames count while their salts are the header's.
 */
final class WalScan {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int NEAR_PAGES = 1 << 24;

    private final PageFile file;
    private final int pageSize;
    private final byte[] header;
    private final BitSet pages;

    /** Those with high numbers: a single bit would take as many bytes as a frame header that was tampered with says. */
    private final Set<Long> far;

    private final Map<Long, Long> newestCommitted;

    private WalScan(PageFile file, int pageSize, byte[] header) {
        this(file, pageSize, header, new BitSet(), new HashSet<>(), new HashMap<>());
    }

    private WalScan(
            PageFile file, int pageSize, byte[] header, BitSet pages, Set<Long> far, Map<Long, Long> newestCommitted) {
        this.file = file;
        this.pageSize = pageSize;
        this.header = header;
        this.pages = pages;
        this.far = far;
        this.newestCommitted = newestCommitted;
    }

    /**
     * Reads the headers of the frames.
     *
     * <p>The log may be started over meanwhile, so that fewer frames are seen than there were. This is harmless: it is
     * done only when all of them are copied back and no reader has a mark in the log, and one that reads the database
     * file alone keeps further ones from being copied back.
     *
     * @param moment up to which frames count; null for all, also those that are not committed
     */
    static WalScan of(PageFile file, int pageSize, @Nullable Moment moment) throws IOException {
        try (FileChannel wal = FileChannel.open(file.wal(), StandardOpenOption.READ)) {
            byte[] header = readHeader(wal);
            if (header.length < HEADER_BYTES) {
                return new WalScan(file, pageSize, header);
            }
            ByteBuffer h = ByteBuffer.wrap(header);
            if (h.getInt(8) != pageSize) {
                throw new IOException("the -wal has pages of " + h.getInt(8) + " bytes, the database of " + pageSize);
            }
            if (moment != null && !WalIndex.isOf(moment.stamp(), header)) {
                // It has been started over beside this reader, so all that the moment had in it was copied back before.
                return new WalScan(file, pageSize, header);
            }
            WalScan scan = new WalScan(file, pageSize, header);
            long committed = moment == null ? committedFrames(file, header) : moment.frames();
            long end = moment == null ? Long.MAX_VALUE : committed;
            ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER_BYTES);
            for (long i = 0; i < end; i++) {
                long at = HEADER_BYTES + i * (FRAME_HEADER_BYTES + (long) pageSize);
                frame.clear();
                if (wal.read(frame, at) < FRAME_HEADER_BYTES || frame.getLong(8) != h.getLong(16)) {
                    break;
                }
                long page = frame.getInt(0) & 0xFFFFFFFFL;
                if (page > Integer.MAX_VALUE) {
                    throw new IOException("frame " + i + " of the -wal names page " + page);
                }
                if (page < NEAR_PAGES) {
                    scan.pages.set((int) page);
                } else {
                    scan.far.add(page);
                }
                if (i < committed) {
                    scan.newestCommitted.put(page, at);
                }
            }
            return scan;
        } catch (NoSuchFileException e) {
            return new WalScan(file, pageSize, new byte[0]);
        }
    }

    /** A -wal that does not matter. */
    static WalScan nothing(PageFile file, int pageSize) {
        return new WalScan(file, pageSize, new byte[0], new BitSet(), Set.of(), Map.of());
    }

    private static byte[] readHeader(FileChannel wal) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        int n = wal.read(header, 0);
        return n < HEADER_BYTES ? new byte[0] : header.array();
    }

    /**
     * mxFrame of the wal-index, or 0 where it cannot be trusted to speak of this -wal: then no frame counts as
     * committed.
     */
    private static long committedFrames(PageFile file, byte[] header) throws IOException {
        for (int attempt = 0; attempt < 10; attempt++) {
            ByteBuffer index = file.walIndexHeader().order(ByteOrder.nativeOrder());
            if (index.remaining() < 96) {
                return 0;
            }
            byte[] copies = new byte[96];
            index.get(0, copies);
            if (!Arrays.equals(copies, 0, 48, copies, 48, 96)) {
                continue; // a writer is between its two copies
            }
            boolean sameWal = Arrays.equals(copies, 32, 40, header, 16, 24);
            return sameWal ? index.getInt(16) & 0xFFFFFFFFL : 0;
        }
        return 0;
    }

    /** Whether the page has a frame that counts: then the database file may not be what the reader sees. */
    boolean has(long page) {
        return page < NEAR_PAGES ? pages.get((int) page) : page > Integer.MAX_VALUE || far.contains(page);
    }

    /**
     * A page as its newest committed frame has it; null when it has none. To be believed while the -wal {@link
     * #isCurrent} afterwards.
     */
    @Nullable
    ByteBuffer newest(long page) throws IOException {
        Long at = newestCommitted.get(page);
        if (at == null) {
            return null;
        }
        try (FileChannel wal = FileChannel.open(file.wal(), StandardOpenOption.READ)) {
            ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER_BYTES + pageSize);
            if (wal.read(frame, at) < frame.capacity()) {
                return null;
            }
            return frame.slice(FRAME_HEADER_BYTES, pageSize);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Whether the -wal is still the one that was scanned: it was neither restarted nor removed. */
    boolean isCurrent() throws IOException {
        try (FileChannel wal = FileChannel.open(file.wal(), StandardOpenOption.READ)) {
            return Arrays.equals(readHeader(wal), header);
        } catch (NoSuchFileException e) {
            return header.length == 0;
        }
    }
}
