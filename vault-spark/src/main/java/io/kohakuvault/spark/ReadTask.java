package io.kohakuvault.spark;

import java.io.Serializable;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What all tasks of a reading know.
 *
 * @param table the table's name, null for the only one of each file
 * @param schema the columns that are read, {@link VaultTable#FILE} and {@link VaultTable#ROW} among them
 * @param hidden which of the two are not the table's own columns
 * @param ignoresCorruptFiles whether what is damaged is left out
 * @param names how files' columns are found
 */
record ReadTask(
        @Nullable String table, StructType schema, Hidden hidden, boolean ignoresCorruptFiles, ColumnNames names)
        implements Serializable {
    /**
     * Which columns are made here.
     *
     * @param file whether the file is
     * @param row whether the row is
     */
    record Hidden(boolean file, boolean row) implements Serializable {}
}
