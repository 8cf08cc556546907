package io.kohakuvault.spark;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A table of many files. */
final class VaultTable implements SupportsRead, SupportsMetadataColumns {
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
        return Set.of(TableCapability.BATCH_READ);
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
}
