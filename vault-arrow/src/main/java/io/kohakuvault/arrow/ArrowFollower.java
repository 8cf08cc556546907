package io.kohakuvault.arrow;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table as they are committed, by this process or another. Waiting looks at the header of the wal-index
 * in memory and keeps no transaction open; each time rows have come they are read from one snapshot, which ends with
 * the next wait. One thread waits and reads; any may {@link #close}.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = VaultArrow.allocator();
 *         ArrowFollower follower = VaultArrow.follow(vault, "events", 0)) {
 *     while (follower.await(Duration.ofMinutes(1)) == FollowEvent.ROWS) {
 *         try (VaultArrowReader reader = follower.scan().open(allocator)) {
 *             while (reader.loadNextBatch()) System.out.println(reader.getVectorSchemaRoot().getRowCount());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Rows have no names but their places. When rows before the place are removed or inserted, or the one right before
 * it is corrected, {@link #await} answers {@link FollowEvent#CHANGED}: it compares the number of rows, and the row
 * before the place. Corrections further back, and removals that leave an equal row there, are noticed by {@link
 * FollowCheck#ROWS}.
 */
public final class ArrowFollower implements AutoCloseable {
    private static final long SHORTEST_NANOS = 500_000;
    private static final long LONGEST_NANOS = 20_000_000;

    /** Where the wal-index cannot tell whether somebody has committed, a transaction must. */
    private static final long UNTOLD_NANOS = 100_000_000;

    private final Vault vault;
    private final String table;
    private final FollowCheck check;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The newest state that was looked at; open while its rows are read. */
    private @Nullable Snapshot seen;

    private @Nullable ArrowScan rows;
    private long from;
    private long to;
    private boolean changed;
    private long length;

    /** What the columns hold in the row before {@link #to}, as checksums by name; none where there is no such row. */
    private Map<String, Long> marks = Map.of();

    /** What was handed out holds, where all of it is compared. */
    private RowSums sums = new RowSums(0);

    private long changedFrom = -1;

    private volatile boolean closed;

    ArrowFollower(Vault vault, String table, long from, FollowCheck check) {
        this.check = Objects.requireNonNull(check, "check");
        this.vault = Objects.requireNonNull(vault, "vault");
        this.table = Objects.requireNonNull(table, "table");
        begin(from);
    }

    private void begin(long row) {
        if (row < 0) {
            throw new IndexOutOfBoundsException("there is no row " + row);
        }
        try (Snapshot now = vault.snapshot()) {
            List<ColumnBlocks> columns = now.blocks().table(table);
            length = length(columns);
            if (row > length) {
                throw new IndexOutOfBoundsException(
                        "table '" + table + "' has " + length + " rows: it cannot be followed from row " + row);
            }
            marks = marks(columns, row);
            if (check == FollowCheck.ROWS) {
                sums = sums.before(columns, row, changed ? changedFrom : Long.MAX_VALUE);
            }
        }
        from = row;
        to = row;
        changed = false;
        changedFrom = -1;
    }

    private static long length(List<ColumnBlocks> columns) {
        return columns.stream().mapToLong(ColumnBlocks::length).min().orElse(0);
    }

    private static Map<String, Long> marks(List<ColumnBlocks> columns, long row) {
        Map<String, Long> marks = new HashMap<>();
        for (ColumnBlocks column : row == 0 ? List.<ColumnBlocks>of() : columns) {
            try (BlockView block = column.block(row - 1)) {
                int i = (int) (row - 1 - block.firstRow());
                byte[] validity = block.validity();
                boolean present = validity == null || (validity[i >> 3] >> (i & 7) & 1) != 0;
                ByteBuffer offsets = block.offsets();
                int size = column.dtype().elementSizeBytes();
                int start = offsets == null ? i * size : (int) offsets.getLong(8 * i);
                int end = offsets == null ? start + size : (int) offsets.getLong(8 * (i + 1));
                CRC32C crc = new CRC32C();
                crc.update(block.payload().slice(start, end - start));
                marks.put(column.name(), present ? crc.getValue() : -1);
            }
        }
        return marks;
    }

    /** Whether the row before the place is what it was, in the columns that there are still. */
    private boolean isSame(List<ColumnBlocks> columns) {
        Map<String, Long> now = marks(columns, to);
        return now.entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(marks.getOrDefault(entry.getKey(), entry.getValue())));
    }

    /**
     * Waits until rows have been committed behind those that were handed out. The rows of the last time count as read:
     * {@link #nextRow()} is where this begins, to be kept by whoever wants to go on there another time.
     *
     * @param longest how long to wait, 0 for not at all; negative is 0
     * @return what has happened
     * @throws InterruptedException when the thread is interrupted
     * @throws java.util.NoSuchElementException when the table is not there any more
     * @throws io.kohakuvault.VaultMovedException when the path has come to name another file, or none
     * @throws IllegalStateException when the vault is closed
     */
    public FollowEvent await(Duration longest) throws InterruptedException {
        long start = System.nanoTime();
        long most = longest.isNegative() ? 0 : saturated(longest);
        release();
        from = to;
        rows = null;
        long pause = SHORTEST_NANOS;
        while (!closed) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while rows of table '" + table + "' were waited for");
            }
            Snapshot before = seen;
            boolean isSame = before != null && before.isNewest();
            if ((changed || !isSame) && look()) {
                return changed ? FollowEvent.CHANGED : FollowEvent.ROWS;
            }
            long left = most - (System.nanoTime() - start);
            if (left <= 0) {
                return closed ? FollowEvent.CLOSED : FollowEvent.TIMEOUT;
            }
            Snapshot after = seen;
            boolean isTold = after != null && after.isNewest();
            boolean unused = ended.await(Math.min(left, pause), TimeUnit.NANOSECONDS);
            pause = Math.min(isTold ? LONGEST_NANOS : UNTOLD_NANOS, pause + pause / 2);
        }
        return FollowEvent.CLOSED;
    }

    private static long saturated(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** Looks at the newest state. Answers whether there is something to tell, and then it is open. */
    private boolean look() {
        Snapshot now = vault.snapshot();
        boolean isTold = false;
        try {
            List<ColumnBlocks> columns = now.blocks().table(table);
            length = length(columns);
            if (check == FollowCheck.ROWS) {
                changedFrom = sums.firstDifference(columns, length);
            }
            changed = changed || changedFrom >= 0 || length < to || !isSame(columns);
            if (changed) {
                isTold = true;
            } else if (length > to) {
                rows = VaultArrow.scan(now, table).rows(from, length);
                marks = marks(columns, length);
                if (check == FollowCheck.ROWS) {
                    sums.extend(columns, length);
                }
                to = length;
                isTold = true;
            }
        } finally {
            if (isTold && !changed) {
                keep(now);
            } else {
                now.close();
                seen = now;
            }
        }
        return isTold;
    }

    /** Keeps a snapshot open until the next wait, unless this has been closed meanwhile. */
    private void keep(Snapshot now) {
        lock.lock();
        try {
            seen = now;
            if (closed) {
                now.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        lock.lock();
        try {
            Snapshot open = seen;
            if (open != null) {
                open.close(); // it still says whether it is the newest
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The rows that have come, to be narrowed and opened. Batches that are open may be read on after the next wait.
     *
     * @return a scan of the rows from {@link #firstRow()} to {@link #nextRow()} - 1
     * @throws IllegalStateException unless the last wait has answered {@link FollowEvent#ROWS}, and when this is closed
     */
    public ArrowScan scan() {
        ArrowScan now = rows;
        if (now == null || closed) {
            throw new IllegalStateException(
                    closed ? "this follower is closed" : "no rows have come: await() answers ROWS when they have");
        }
        return now;
    }

    /**
     * Where the rows begin that have come last.
     *
     * @return a row of the table
     */
    public long firstRow() {
        return from;
    }

    /**
     * The row after the last one that has come: where the next wait goes on.
     *
     * @return a row of the table
     */
    public long nextRow() {
        return to;
    }

    /**
     * How many rows the table had when it was looked at last.
     *
     * @return at least 0
     */
    public long length() {
        return length;
    }

    /**
     * Where the rows begin that are not those that were handed out, after {@link FollowEvent#CHANGED}: {@link #seek}
     * reads on from here.
     *
     * @return with {@link FollowCheck#ROWS} the first of the 1,024 rows among which the first change is, or the table's
     *     length where its last rows were removed; -1 where that is not known
     */
    public long changedFrom() {
        return changedFrom;
    }

    /**
     * Goes on from another row, as after {@link FollowEvent#CHANGED}. With {@link FollowCheck#ROWS} the rows before it
     * that were handed out are still compared, as they are now where a change was told; none of them when that row is
     * behind {@link #nextRow()}.
     *
     * @param row from 0 to the table's length
     * @throws IndexOutOfBoundsException when the table has no such row
     * @throws java.util.NoSuchElementException when the table is not there any more
     */
    public void seek(long row) {
        release();
        rows = null;
        begin(row);
        seen = null;
    }

    /**
     * Ends a wait, and lets the snapshot go, which ends with the last batch that is still open. Does nothing the second
     * time.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ended.countDown();
            Snapshot open = seen;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
