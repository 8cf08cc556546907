package io.kohakuvault.spark;

import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/**
 * The format {@code kohakuvault} of Spark SQL. Spark makes it; programs name the format:
 *
 * <pre>{@code
 * Dataset<Row> events = spark.read().format("kohakuvault").option("table", "events").load("shards/*.db");
 * }</pre>
 *
 * Not thread-safe: Spark makes one for each reading or writing.
 */
public final class VaultSource implements TableProvider, DataSourceRegister {
    private @Nullable TableFiles inferred;

    /** For Spark. */
    public VaultSource() {}

    @Override
    public String shortName() {
        return "kohakuvault";
    }

    /**
     * The columns of the files that the options name.
     *
     * @param options of the reading
     * @return the columns of all files, those that some files lack nullable
     * @throws IllegalArgumentException when no file matches, a file has no such table, or two files contradict each
     *     other; the message names them
     * @throws io.kohakuvault.VaultException when a file cannot be read; the message names it
     */
    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        TableFiles files = new TableFiles(SourceOptions.of(options.asCaseSensitiveMap()));
        inferred = files;
        return TableFiles.schema(files.look());
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
        TableFiles files = inferred;
        inferred = null;
        return new VaultTable(files == null ? new TableFiles(SourceOptions.of(properties)) : files, schema);
    }

    @Override
    public boolean supportsExternalMetadata() {
        return true; // a schema may be given
    }
}
