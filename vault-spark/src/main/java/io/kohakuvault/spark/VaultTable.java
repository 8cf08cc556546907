package io.kohakuvault.spark;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A table of many files. */
final class VaultTable implements SupportsRead, SupportsWrite, SupportsMetadataColumns {
    /** The file of a row, as text. */
    static final String FILE = "_file";

    /** The place of a row in its file's table, from 0. */
    static final String ROW = "_row";

    private record HiddenColumn(String name, DataType dataType, String comment) implements MetadataColumn {
        @Override
        public boolean isNullable() {
            return false;
        }
    }

    private final TableFiles files;
    private final StructType schema;

    VaultTable(TableFiles files, StructType schema) {
        this.files = files;
        this.schema = schema;
    }

    @Override
    public String name() {
        String table = files.options().table();
        return "kohakuvault " + String.join(", ", files.options().paths()) + (table == null ? "" : " " + table);
    }

    @Override
    @SuppressWarnings("deprecation") // columns() is made of it
    public StructType schema() {
        return schema;
    }

    @Override
    public Set<TableCapability> capabilities() {
        Set<TableCapability> capabilities = EnumSet.of(
                TableCapability.BATCH_READ,
                TableCapability.MICRO_BATCH_READ,
                TableCapability.STREAMING_WRITE,
                TableCapability.TRUNCATE,
                TableCapability.ACCEPT_ANY_SCHEMA);
        if (files.options().get(WriteJob.CHECKED) != null) { // without it Spark asks VaultSource, by the mode
            capabilities.add(TableCapability.BATCH_WRITE);
        }
        return capabilities;
    }

    @Override
    public MetadataColumn[] metadataColumns() {
        return List.of(
                        new HiddenColumn(FILE, DataTypes.StringType, "the file of the row"),
                        new HiddenColumn(ROW, DataTypes.LongType, "its place in the file's table, from 0"))
                .toArray(MetadataColumn[]::new);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return new VaultScanBuilder(files, schema);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return new Writing(info, false);
    }

    /** A writing, whose batches may replace what is there. */
    private record Writing(LogicalWriteInfo info, boolean truncates) implements WriteBuilder, SupportsTruncate {
        @Override
        public WriteBuilder truncate() {
            return new Writing(info, true);
        }

        @Override
        public Write build() {
            SourceOptions options = SourceOptions.of(info.options().asCaseSensitiveMap());
            String mode = options.get(WriteJob.CHECKED);
            boolean overwrites = truncates || "overwrite".equals(mode);
            String job = mode == null ? info.queryId() : ""; // the same at each start of a stream
            return new VaultWrite(WriteJob.task(info.schema(), options, job, overwrites), overwrites);
        }
    }
}
