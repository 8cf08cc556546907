package io.kohakuvault.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads.
 *
 * @param ranges at least one, those of one file behind one another
 */
record VaultPartition(ArrayList<FileRange> ranges) implements InputPartition {
    VaultPartition(List<FileRange> ranges) {
        this(new ArrayList<>(ranges));
    }
}
