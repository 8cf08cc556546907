package io.kohakuvault.spark;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The number of rows, which is known when the files have been looked at.
 *
 * @param count how many there are
 * @param columns how many times they are asked for
 */
record CountScan(long count, int columns) implements LocalScan {
    @Override
    public StructType readSchema() {
        StructType schema = new StructType();
        for (int i = 0; i < columns; i++) {
            schema = schema.add("count" + i, DataTypes.LongType, false);
        }
        return schema;
    }

    @Override
    public InternalRow[] rows() {
        Object[] counts = new Object[columns];
        Arrays.fill(counts, count);
        return new InternalRow[] {new GenericInternalRow(counts)};
    }
}
