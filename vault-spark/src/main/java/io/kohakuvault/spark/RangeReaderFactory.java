package io.kohakuvault.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Makes the readers of tasks.
 *
 * @param task what they all know
 */
record RangeReaderFactory(ReadTask task) implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
        throw new UnsupportedOperationException("tables are read in batches of columns");
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
        return new RangeReader(task, (VaultPartition) partition);
    }

    @Override
    public boolean supportColumnarReads(InputPartition partition) {
        return true;
    }
}
