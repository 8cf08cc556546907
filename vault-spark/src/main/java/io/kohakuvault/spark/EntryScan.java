package io.kohakuvault.spark;

import io.kohakuvault.VaultIoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/**
 * A planned reading of key-values or documents: a task a file.
 *
 * @param options of the reading
 * @param schema the columns
 * @param keys which keys are read
 * @param pushed the conditions that they come from
 */
record EntryScan(SourceOptions options, StructType schema, KeyRanges keys, List<Predicate> pushed)
        implements Scan, Batch {
    @Override
    public StructType readSchema() {
        return schema;
    }

    @Override
    public String description() {
        return "kohakuvault " + options.kind() + " " + options.paths()
                + (pushed.isEmpty() ? "" : " keys where " + pushed);
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
        List<InputPartition> partitions = new ArrayList<>();
        if (keys.ranges().isEmpty()) {
            return new InputPartition[0];
        }
        for (Path path : SourceFiles.list(options.paths())) {
            try {
                SeenTable file = SeenTable.file(path.toString(), FileInfo.identity(path));
                partitions.add(new VaultPartition("", List.of(new FileRange(file, 0, 0))));
            } catch (IOException e) {
                throw new VaultIoException(path + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return partitions.toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return new EntryReader.Factory(options.kind(), options.table(), keys, options.ignoresCorruptFiles());
    }
}
