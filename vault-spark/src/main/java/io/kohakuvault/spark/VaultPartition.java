package io.kohakuvault.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads.
 *
 * @param reading a name of the reading, of which the tasks of one JVM share snapshots
 * @param ranges at least one, those of one file behind one another
 */
record VaultPartition(String reading, ArrayList<FileRange> ranges) implements InputPartition {
    VaultPartition(String reading, List<FileRange> ranges) {
        this(reading, new ArrayList<>(ranges));
    }
}
