package io.kohakuvault.spark;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.maintenance.Content;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key-values or the documents of many files: a partition a file, read row by row. */
final class EntryTable implements SupportsRead {
    private static final Logger LOG = LoggerFactory.getLogger(EntryTable.class);

    /** The column of keys. */
    static final String KEY = "key";

    private static final StructType KEY_VALUES =
            new StructType().add(KEY, DataTypes.BinaryType, false).add("value", DataTypes.BinaryType, false);

    private final SourceOptions options;
    private final StructType schema;

    /** @throws IllegalArgumentException when the schema is one of columns that key-values do not have */
    EntryTable(SourceOptions options, StructType schema) {
        this.options = options;
        this.schema = schema;
        boolean isKv = options.kind() == SourceOptions.Kind.KV;
        if (isKv && !schema.simpleString().equals(KEY_VALUES.simpleString())) {
            throw new IllegalArgumentException("key-values are read as " + KEY_VALUES.simpleString() + ", not as "
                    + schema.simpleString() + ": leave schema(…) out and cast the columns");
        }
    }

    /**
     * The columns: key and value, or the documents' id, their columns of text and the value beside them.
     *
     * @throws IllegalArgumentException when a file has no such table, or the documents of two files differ in their
     *     columns; names them
     */
    static StructType schema(SourceOptions options) {
        String first = "";
        List<String> columns = List.of();
        List<Path> paths = SourceFiles.list(options.paths());
        for (Path path : paths) {
            try (Vault vault = OpenTable.open(path);
                    Snapshot snapshot = vault.snapshot()) {
                if (paths.size() > 1 && OpenTable.isEmpty(snapshot)) {
                    if (snapshot.contents().isForeign()) {
                        TableFiles.leftOutForeign(path + ": it is the database of another program");
                    }
                    continue; // else somebody has begun with it
                }
                String name = name(snapshot, options);
                List<String> here = options.kind() == SourceOptions.Kind.TEXT
                        ? snapshot.text(name).columns()
                        : List.of();
                if (!first.isEmpty() && !here.equals(columns)) {
                    throw new IllegalArgumentException("the documents in " + first + " have the columns " + columns
                            + ", those in " + path + " " + here + ": read them apart");
                }
                first = path.toString();
                columns = here;
            } catch (VaultException e) {
                if (paths.size() > 1 && TableFiles.isBegun(path, e)) {
                    continue;
                } else if (!options.ignoresCorruptFiles() || !TableFiles.isDamage(e)) {
                    throw e;
                }
                LOG.warn("left out a damaged file: {}", e.getMessage());
            }
        }
        if (options.kind() == SourceOptions.Kind.KV) {
            return KEY_VALUES;
        }
        StructType schema = new StructType().add("id", DataTypes.LongType, false);
        for (String column : columns) {
            schema = schema.add(column, DataTypes.StringType, true);
        }
        return schema.add("value", DataTypes.StringType, true);
    }

    /** The name of what is read of a file. */
    static String name(Snapshot snapshot, SourceOptions options) {
        return name(snapshot, options.kind(), options.table());
    }

    static String name(Snapshot snapshot, SourceOptions.Kind kind, @Nullable String wanted) {
        Content.Kind content = kind == SourceOptions.Kind.KV ? Content.Kind.KEY_VALUES : Content.Kind.DOCUMENTS;
        List<String> names = snapshot.contents().names(content);
        if (wanted == null && names.size() == 1) {
            return names.get(0);
        } else if (wanted != null && snapshot.contents().contains(content, wanted)) {
            return wanted;
        }
        String what = kind == SourceOptions.Kind.KV ? "key-values" : "documents";
        throw new IllegalArgumentException(snapshot.path()
                + (wanted == null ? ": say which " + what : ": there are no " + what + " '" + wanted + "'")
                + " by option(\"table\", …), there are " + names);
    }

    @Override
    public String name() {
        return "kohakuvault " + options.kind() + " " + options.paths();
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
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap given) {
        return new EntryScanBuilder(options, schema);
    }
}
