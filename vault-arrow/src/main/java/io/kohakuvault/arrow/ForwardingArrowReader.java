package io.kohakuvault.arrow;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The batches of another reader, for whoever does something before or after each of them. Closing this one closes the
 * other. As little thread-safe as the other.
 */
public final class ForwardingArrowReader extends ArrowReader {
    private final ArrowReader batches;
    private final Loading loading;

    /** How a batch is loaded. */
    @FunctionalInterface
    public interface Loading {
        /**
         * Loads the next batch of the other reader.
         *
         * @param batches the other reader
         * @return whether there is one
         * @throws IOException when it cannot be loaded, or is not to be
         */
        boolean load(ArrowReader batches) throws IOException;
    }

    /**
     * Forwards to a reader, which belongs to this one from here on.
     *
     * @param allocator where memory of its own would come from, of which it takes none
     * @param batches the other reader
     * @param loading called for each batch
     */
    public ForwardingArrowReader(BufferAllocator allocator, ArrowReader batches, Loading loading) {
        super(allocator);
        this.batches = batches;
        this.loading = loading;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        return loading.load(batches);
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
        return batches.getVectorSchemaRoot();
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
