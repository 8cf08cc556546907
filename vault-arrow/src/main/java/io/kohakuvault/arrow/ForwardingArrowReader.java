package io.kohakuvault.arrow;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The batches of another reader, for whoever does something before or after each of them. Closing this one closes the
 * other. As little thread-safe as the other.
 */
public final class ForwardingArrowReader extends ArrowReader {
    private final ArrowReader batches;
    private final Loading loading;
    private final UnaryOperator<Field> fields;

    /** The other's root, or its vectors under fields that say more; null until it is asked for. */
    private @Nullable VectorSchemaRoot told;

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
        this(allocator, batches, loading, UnaryOperator.identity());
    }

    /**
     * Forwards to a reader, which belongs to this one from here on, and says more of its columns.
     *
     * @param allocator where memory of its own would come from, of which it takes none
     * @param batches the other reader
     * @param loading called for each batch
     * @param fields what the schema says of a column, of what the other's says: other metadata; vectors stay what they
     *     are
     */
    public ForwardingArrowReader(
            BufferAllocator allocator, ArrowReader batches, Loading loading, UnaryOperator<Field> fields) {
        super(allocator);
        this.batches = batches;
        this.loading = loading;
        this.fields = fields;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        boolean isThere = loading.load(batches);
        VectorSchemaRoot root = told;
        VectorSchemaRoot its = batches.getVectorSchemaRoot();
        if (root != null && root != its) { // one more walk through all vectors
            root.setRowCount(its.getRowCount());
        }
        return isThere;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
        VectorSchemaRoot root = told;
        if (root == null) {
            VectorSchemaRoot its = batches.getVectorSchemaRoot();
            List<Field> said = its.getSchema().getFields();
            List<Field> more = said.stream().map(fields).toList();
            root = more.equals(said) ? its : new VectorSchemaRoot(more, its.getFieldVectors(), its.getRowCount());
            told = root;
        }
        return root;
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
        return getVectorSchemaRoot().getSchema();
    }
}
