package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockSource;
import io.kohakuvault.spi.ColumnBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a scan. Vectors of a batch point into the mapped file wherever that is possible: they are read-only,
 * and writing to one may end the JVM. They are valid until the next batch is loaded or the reader closed, unless their
 * buffers are retained or transferred; the snapshot's transaction ends when the last such buffer is released. Not
 * thread-safe.
 */
public final class VaultArrowReader extends ArrowReader {
    /**
     * A column with blocks of few rows contributes at most this many bytes of them, joined, to a batch, or one block.
     */
    private static final long MOST_JOINED_BYTES = 1 << 20;

    private final List<ColumnBlocks> columns;
    private final List<ColumnFeed> feeds = new ArrayList<>();
    private final Schema schema;
    private final long to;
    private final int leastRows;
    private final int mostRows;
    private @Nullable Runnable release;
    private @Nullable ArrowBuf ones;
    private long row;
    private long rows;
    private long batches;

    VaultArrowReader(
            BufferAllocator allocator,
            BlockSource source,
            List<ColumnBlocks> columns,
            long from,
            long to,
            int leastRows,
            int mostRows,
            ArrowProfile profile) {
        super(allocator);
        List<ColumnMapping> mappings =
                columns.stream().map(column -> ArrowFields.of(column, profile)).toList();
        List<Field> fields = mappings.stream().map(ColumnMapping::field).toList();
        this.columns = columns;
        this.schema = new Schema(fields);
        this.row = from;
        this.to = to;
        this.leastRows = leastRows;
        this.mostRows = mostRows;
        for (int i = 0; i < columns.size(); i++) {
            feeds.add(new ColumnFeed(columns.get(i), mappings.get(i), allocator));
        }
        this.release = source.hold();
    }

    /**
     * How the scan has read so far. May be asked after closing.
     *
     * @return counts
     */
    public ScanStats stats() {
        return new ScanCounts(
                rows,
                batches,
                feeds.stream().mapToLong(f -> f.mappedBlocks).sum(),
                feeds.stream().mapToLong(f -> f.copiedBlocks).sum(),
                feeds.stream().mapToLong(f -> f.joinedBytes).sum());
    }

    @Override
    protected Schema readSchema() {
        return schema;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        if (release == null) { // before Arrow allocates anything for a batch
            throw new IllegalStateException("this reader is closed");
        }
        prepareLoadNextBatch();
        if (row >= to) {
            return false;
        }
        int count = nextRows();
        VectorSchemaRoot root = getVectorSchemaRoot();
        ArrowBuf allOnes = ones(count);
        for (int i = 0; i < feeds.size(); i++) {
            feeds.get(i).fill(root.getVector(i), row, count, allOnes);
        }
        root.setRowCount(count);
        row += count;
        rows += count;
        batches++;
        return true;
    }

    /** Ends the batch where the first block ends, of those that are long enough to end one. */
    private int nextRows() {
        long end = Math.min(to, row + mostRows);
        for (ColumnBlocks column : columns) {
            long blockEnd = column.blockEnd(row);
            end = Math.min(end, blockEnd - row >= leastRows ? blockEnd : joinedEnd(column, blockEnd, end));
        }
        return (int) (end - row);
    }

    /** Where joining blocks ends: before the one with which they would be too many bytes. */
    private long joinedEnd(ColumnBlocks column, long blockEnd, long end) {
        long joined = blockEnd;
        long bytes = column.blockBytes(row);
        while (joined < end) {
            bytes += column.blockBytes(joined);
            if (bytes > MOST_JOINED_BYTES) {
                break;
            }
            joined = column.blockEnd(joined);
        }
        return joined;
    }

    private ArrowBuf ones(int bits) {
        ArrowBuf shared = ones;
        if (shared == null || shared.capacity() * 8 < bits) {
            ArrowBuf larger = allocator.buffer((Math.max(bits, 8 * 1024) + 7) / 8);
            larger.setOne(0, larger.capacity());
            ones = larger;
            if (shared != null) { // not before there is another: the allocator may refuse
                shared.close();
            }
            shared = larger;
        }
        return shared;
    }

    /** Bytes handed out by address are not read: only what was copied counts. */
    @Override
    public long bytesRead() {
        return stats().joinedBytes();
    }

    @Override
    protected void closeReadSource() {
        Runnable r = release;
        release = null;
        try {
            feeds.forEach(ColumnFeed::close);
            ArrowBuf shared = ones;
            ones = null;
            if (shared != null) {
                shared.close();
            }
        } finally {
            if (r != null) {
                r.run(); // whatever happens: the log could not start over under it
            }
        }
    }
}
