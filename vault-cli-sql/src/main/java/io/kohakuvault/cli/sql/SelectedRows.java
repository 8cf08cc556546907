package io.kohakuvault.cli.sql;

import io.kohakuvault.arrow.ArrowProfile;
import io.kohakuvault.arrow.ArrowScan;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.VaultArrowReader;
import io.kohakuvault.cli.ColumnarFiles;
import io.kohakuvault.cli.Interruption;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The batches of the rows that are exported, until the command is asked to end. */
final class SelectedRows extends ArrowReader {
    private static final int BATCH_ROWS = 65_536;

    private final ArrowScan scan;
    private final @Nullable String as;
    private final @Nullable BitSet wanted;
    private @Nullable VaultArrowReader part;
    private int next;

    SelectedRows(BufferAllocator allocator, ColumnarFiles.Rows rows, ArrowProfile profile) {
        super(allocator);
        ArrowScan all = rows.isTable()
                ? VaultArrow.scan(rows.snapshot(), rows.name())
                : VaultArrow.scanColumns(rows.snapshot(), rows.name());
        if (!rows.columns().isEmpty()) {
            all = all.columns(rows.columns().toArray(String[]::new));
        }
        if (rows.wanted() == null) {
            all = all.rows(0, Math.min(rows.limit(), all.rowCount()));
        }
        this.scan = all.profile(profile);
        this.as = rows.as();
        this.wanted = rows.wanted();
    }

    @Override
    protected Schema readSchema() throws IOException {
        try (VaultArrowReader reader = scan.open(allocator)) {
            Schema schema = reader.getVectorSchemaRoot().getSchema();
            return as == null
                    ? schema
                    : new Schema(schema.getFields().stream()
                            .map(field -> new Field(as, field.getFieldType(), field.getChildren()))
                            .toList());
        }
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        prepareLoadNextBatch();
        while (true) {
            Interruption.check();
            if (part == null) {
                ArrowScan following = following();
                if (following == null) {
                    return false;
                }
                part = following.copied(BATCH_ROWS).open(allocator);
            }
            if (part.loadNextBatch()) {
                take(part.getVectorSchemaRoot());
                return true;
            }
            part.close();
            part = null;
        }
    }

    /** The rows after those of the last part; null when there are none. */
    private @Nullable ArrowScan following() {
        if (wanted == null) {
            return next++ == 0 ? scan : null;
        }
        long[] rows = new long[BATCH_ROWS];
        int count = 0;
        for (int row = wanted.nextSetBit(next); row >= 0 && count < rows.length; row = wanted.nextSetBit(next)) {
            rows[count++] = row;
            next = row + 1;
        }
        return count == 0 ? null : scan.take(Arrays.copyOf(rows, count));
    }

    private void take(VectorSchemaRoot from) throws IOException {
        VectorSchemaRoot to = Objects.requireNonNull(getVectorSchemaRoot());
        for (int i = 0; i < to.getFieldVectors().size(); i++) {
            FieldVector vector = to.getVector(i);
            from.getVector(i).makeTransferPair(vector).transfer();
        }
        to.setRowCount(from.getRowCount());
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() throws IOException {
        if (part != null) {
            part.close();
            part = null;
        }
    }
}
