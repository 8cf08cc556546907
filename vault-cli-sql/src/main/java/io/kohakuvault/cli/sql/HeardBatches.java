package io.kohakuvault.cli.sql;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** Another's batches, before each of which something is told. Closing it closes the other. */
class HeardBatches extends ArrowReader {
    private final ArrowReader batches;
    private final Runnable heard;

    HeardBatches(BufferAllocator allocator, ArrowReader batches, Runnable heard) {
        super(allocator);
        this.batches = batches;
        this.heard = heard;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
        return batches.getVectorSchemaRoot();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        heard.run();
        return batches.loadNextBatch();
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() throws IOException {
        return batches.getDictionaryVectors();
    }

    @Override
    public Dictionary lookup(long id) {
        return batches.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return batches.getDictionaryIds();
    }

    @Override
    public long bytesRead() {
        return batches.bytesRead();
    }

    @Override
    protected void closeReadSource() throws IOException {
        batches.close();
    }

    @Override
    protected Schema readSchema() throws IOException {
        return batches.getVectorSchemaRoot().getSchema();
    }
}
