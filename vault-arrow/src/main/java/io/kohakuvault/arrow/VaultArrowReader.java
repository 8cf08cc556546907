package io.kohakuvault.arrow;

import io.kohakuvault.spi.ColumnBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a scan. Vectors of a batch point into the mapped file wherever that is possible: they are read-only,
 * and writing to one may end the JVM ({@link ArrowScan#copied()} gives batches that may be changed). They are valid
 * until the next batch is loaded or the reader closed, unless their buffers are retained or transferred; the snapshot's
 * transaction ends when the last such buffer is released. Not thread-safe.
 */
public final class VaultArrowReader extends ArrowReader {
    private final List<ColumnFeed> feeds = new ArrayList<>();
    private final Schema schema;
    private final BatchRows batchRows;
    private final boolean copies;
    private final Path file;
    private final Map<Long, TextDictionary> texts = new HashMap<>();
    private boolean isFilled;
    private @Nullable Runnable release;
    private @Nullable ArrowBuf ones;
    private long rows;
    private long batches;

    VaultArrowReader(BufferAllocator allocator, ScanPlan plan) {
        super(allocator);
        List<ColumnBlocks> columns = plan.columns();
        List<ColumnMapping> mappings =
                columns.stream().map(column -> mapping(column, plan)).toList();
        List<Field> fields = mappings.stream().map(ColumnMapping::field).toList();
        this.schema = new Schema(fields);
        this.batchRows = new BatchRows(plan);
        this.copies = plan.copies();
        this.file = plan.file();
        for (int i = 0; i < columns.size(); i++) {
            feeds.add(new ColumnFeed(columns.get(i), mappings.get(i), copies, allocator));
        }
        this.release = plan.source().hold();
    }

    private ColumnMapping mapping(ColumnBlocks column, ScanPlan plan) {
        Field nested = plan.types().nested().get(column.name());
        if (nested != null) {
            return new ColumnMapping(nested, ColumnMapping.Layout.NESTED, 1, null, null, false);
        }
        ColumnMapping mapping = ArrowFields.of(column, plan.types().profile());
        if (!plan.types().dictionaries().contains(column.name())) {
            return mapping;
        }
        TextDictionary dictionary = TextDictionary.of(column, mapping.texts(), plan);
        long id = texts.size();
        texts.put(id, dictionary);
        return mapping.encoded(dictionary, id);
    }

    /** Arrow's dictionaries are there with the vectors, and empty. */
    @Override
    protected void ensureInitialized() throws IOException {
        super.ensureInitialized();
        if (!isFilled) { // again where the allocator had no room
            texts.forEach((id, dictionary) ->
                    dictionary.fill(Objects.requireNonNull(dictionaries.get(id)).getVector()));
            isFilled = true;
        }
    }

    /**
     * How the scan has read so far. May be asked after closing.
     *
     * @return counts
     */
    public ScanStats stats() {
        return ScanCounts.of(
                rows, batches, feeds.stream().map(ColumnFeed::counts).toList());
    }

    /** The vault's file. */
    Path file() {
        return file;
    }

    boolean isClosed() {
        return release == null;
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
        RowRuns next = batchRows.next();
        if (next == null) {
            return false;
        }
        int count = next.rows();
        VectorSchemaRoot root = getVectorSchemaRoot();
        ArrowBuf allOnes = copies ? null : ones(count);
        for (int i = 0; i < feeds.size(); i++) {
            feeds.get(i).fill(root.getVector(i), next, allOnes);
        }
        root.setRowCount(count);
        batchRows.taken();
        rows += count;
        batches++;
        return true;
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
