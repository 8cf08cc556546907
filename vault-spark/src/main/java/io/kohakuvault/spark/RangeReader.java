package io.kohakuvault.spark;

import io.kohakuvault.VaultException;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the ranges of a partition one after the other. Belongs to its task's thread. */
final class RangeReader implements PartitionReader<ColumnarBatch> {
    private static final Logger LOG = LoggerFactory.getLogger(RangeReader.class);

    private final ReadTask task;
    private final String reading;
    private final Iterator<FileRange> ranges;
    private @Nullable FileReader file;
    private @Nullable ColumnarBatch batch;

    RangeReader(ReadTask task, VaultPartition partition) {
        this.task = task;
        this.reading = partition.reading();
        this.ranges = partition.ranges().iterator();
    }

    @Override
    public boolean next() {
        while (true) {
            FileReader reader = file;
            try {
                if (reader != null) {
                    batch = reader.next();
                    if (batch != null) {
                        return true;
                    }
                }
                if (!ranges.hasNext()) {
                    close();
                    return false;
                }
                open(ranges.next());
            } catch (VaultException e) {
                if (!task.ignoresCorruptFiles() || !TableFiles.isDamage(e)) {
                    throw e;
                }
                LOG.warn("left out the rest of a damaged range: {}", e.getMessage());
                close();
            }
        }
    }

    private void open(FileRange range) {
        FileReader reader = file;
        if (reader != null && reader.isOf(range)) {
            reader.read(range);
            return;
        }
        close();
        try {
            reader = new FileReader(task, reading, range.file());
        } catch (OpenTable.NoTables e) {
            if (!range.file().isUnopened() || !TableFiles.isBegun(Path.of(range.path()), e)) {
                throw e;
            }
            if (e.isForeign()) {
                TableFiles.leftOutForeign(e.getMessage());
            }
            return;
        }
        file = reader;
        reader.read(range);
    }

    @Override
    public ColumnarBatch get() {
        ColumnarBatch current = batch;
        if (current == null) {
            throw new IllegalStateException("no batch: next() comes first");
        }
        return current;
    }

    @Override
    public void close() {
        FileReader reader = file;
        file = null;
        batch = null;
        if (reader != null) {
            reader.close();
        }
    }
}
