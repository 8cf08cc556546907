package io.kohakuvault.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/**
 * The format {@code kohakuvault} of Spark SQL. Spark makes it; programs name the format:
 *
 * <pre>{@code
 * SparkSession spark = SparkSession.builder().getOrCreate();
 * Dataset<Row> events = spark.read().format("kohakuvault").option("table", "events").load("shards/*.db");
 * }</pre>
 *
 * Not thread-safe: Spark makes one for each reading or writing.
 */
public final class VaultSource implements TableProvider, DataSourceRegister, CreatableRelationProvider {
    private @Nullable TableFiles inferred;

    /** For Spark. */
    public VaultSource() {}

    @Override
    public String shortName() {
        return "kohakuvault";
    }

    /**
     * The columns of the files that the options name, or of the first of them.
     *
     * @param options of the reading
     * @return the columns, nullable
     * @throws IllegalArgumentException when no file matches, a file has no such table, or two files contradict each
     *     other; the message names them
     * @throws io.kohakuvault.VaultException when a file cannot be read; the message names it
     */
    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        SourceOptions read = SourceOptions.of(options.asCaseSensitiveMap());
        if (read.kind() != SourceOptions.Kind.TABLE) {
            return EntryTable.schema(read);
        }
        TableFiles files = new TableFiles(read);
        inferred = files;
        return TableFiles.schema(read.mergesSchema() ? files.look() : files.lookAtFirst(), ColumnNames.ofSession());
    }

    /**
     * What is read or written.
     *
     * @param schema the columns, inferred or given
     * @param partitioning not used
     * @param properties the options
     * @return the table
     */
    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        SourceOptions options = SourceOptions.of(properties);
        if (options.kind() != SourceOptions.Kind.TABLE) {
            return new EntryTable(options, schema);
        }
        TableFiles files = inferred;
        inferred = null;
        return files == null // what a given schema says of nulls no file keeps to
                ? new VaultTable(new TableFiles(options), schema.asNullable())
                : new VaultTable(files, schema);
    }

    /**
     * Writes a table.
     *
     * @param context Spark's
     * @param mode what happens to what is there
     * @param parameters the options
     * @param data the rows
     * @return what was written
     * @throws IllegalArgumentException when something is there that the mode forbids, or the columns cannot be written;
     *     nothing is written then
     */
    @Override
    public BaseRelation createRelation(
            SQLContext context,
            SaveMode mode,
            scala.collection.immutable.Map<String, String> parameters,
            Dataset<Row> data) {
        Map<String, String> options = new HashMap<>();
        scala.collection.Iterator<scala.Tuple2<String, String>> entries = parameters.iterator();
        while (entries.hasNext()) { // Scala 2.12 and 2.13 convert by classes of different names
            scala.Tuple2<String, String> entry = entries.next();
            options.put(entry._1(), entry._2());
        }
        WriteJob.run(data, mode, SourceOptions.of(options));
        return new WrittenRelation(context, data.schema());
    }

    @Override
    public boolean supportsExternalMetadata() {
        return true; // a schema may be given
    }

    /** {@return the format's name, for Spark's messages} */
    @Override
    public String toString() {
        return shortName();
    }
}
