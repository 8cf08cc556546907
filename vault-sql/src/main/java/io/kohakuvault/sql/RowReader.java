package io.kohakuvault.sql;

import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Batches of rows that are read one by one. */
final class RowReader extends ArrowReader {
    private static final int BATCH_ROWS = 2048;

    /** A batch ends with the row that reaches it: rows may be documents or images. */
    private static final long BATCH_BYTES = 8L << 20;

    private final Schema schema;
    private final Iterator<@Nullable Object[]> rows;
    private boolean closed;

    RowReader(BufferAllocator allocator, List<Field> fields, Iterator<@Nullable Object[]> rows) {
        super(allocator);
        this.schema = new Schema(fields);
        this.rows = rows;
    }

    @Override
    protected Schema readSchema() {
        return schema;
    }

    @Override
    public boolean loadNextBatch() throws java.io.IOException {
        if (closed) {
            throw new IllegalStateException("this reader is closed");
        }
        prepareLoadNextBatch();
        VectorSchemaRoot root = getVectorSchemaRoot();
        root.clear();
        int count = 0;
        long bytes = 0;
        while (count < BATCH_ROWS && bytes < BATCH_BYTES && rows.hasNext()) {
            @Nullable Object[] row = rows.next();
            for (int i = 0; i < row.length; i++) {
                bytes += set(root.getVector(i), count, row[i]);
            }
            count++;
        }
        root.setRowCount(count);
        return count > 0;
    }

    private static int set(FieldVector vector, int row, @Nullable Object value) {
        if (value == null) {
            vector.setNull(row);
            return 1;
        } else if (vector instanceof BigIntVector numbers) {
            numbers.setSafe(row, (Long) value);
            return Long.BYTES;
        } else if (vector instanceof VarCharVector texts) {
            byte[] text = (byte[]) value;
            texts.setSafe(row, text);
            return text.length;
        } else if (vector instanceof VarBinaryVector bytes) {
            byte[] content = (byte[]) value;
            bytes.setSafe(row, content);
            return content.length;
        } else if (vector instanceof FixedSizeListVector lists) {
            float[] floats = (float[]) value;
            Float4Vector items = (Float4Vector) lists.getDataVector();
            lists.setNotNull(row);
            for (int i = 0; i < floats.length; i++) {
                items.setSafe(row * floats.length + i, floats[i]);
            }
            return Float.BYTES * floats.length;
        }
        throw new IllegalStateException("no rows are made of " + vector.getField());
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() {
        closed = true;
    }
}
