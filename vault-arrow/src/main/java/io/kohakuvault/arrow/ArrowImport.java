package io.kohakuvault.arrow;

import io.kohakuvault.Vault;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Appends Arrow batches to a table: of an IPC stream or file ({@code ArrowStreamReader}, {@code ArrowFileReader}), of a
 * query, of whatever else is an {@code ArrowReader}. What a scan of a table has written makes the same table again: its
 * fields tell what columns were (metadata {@code kohakuvault:type}) where Arrow has one type for several of ours.
 *
 * <p>Arrow's readers take a stream that breaks off between two batches for a whole one: who reads from a program that
 * may be killed checks that it has ended well. {@code vault import} looks for the end mark.
 *
 * <p>A column becomes what it means: see {@link #schema}. One of a type that a table does not have is refused by name
 * before anything is written. Dictionaries are decoded. Immutable.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = VaultArrow.allocator();
 *         ArrowReader reader = new ArrowStreamReader(Files.newInputStream(path), allocator)) {
 *     long rows = ArrowImport.of(reader).into(vault, "flights");
 * }
 * }</pre>
 */
public final class ArrowImport {
    private final ArrowReader reader;
    private final long transactionRows;
    private final Map<String, SchemaColumn> wanted;

    private ArrowImport(ArrowReader reader, long transactionRows, Map<String, SchemaColumn> wanted) {
        this.reader = reader;
        this.transactionRows = transactionRows;
        this.wanted = wanted;
    }

    /**
     * An import of all that a reader has left.
     *
     * @param reader the batches; the caller closes it
     * @return the import, to be run
     */
    public static ArrowImport of(ArrowReader reader) {
        return new ArrowImport(Objects.requireNonNull(reader, "reader"), Long.MAX_VALUE, Map.of());
    }

    /**
     * Commits after every batch with which there are so many rows. By default all is one transaction: all or nothing.
     *
     * @param rows at least 1
     * @return a changed copy
     * @throws IllegalArgumentException when it is less
     */
    public ArrowImport withTransactionRows(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("a transaction must have at least 1 row, but was to have " + rows);
        }
        return new ArrowImport(reader, rows, wanted);
    }

    /**
     * What columns of a new table are to be, where Arrow's type says less and every value can be that: {@code uuid},
     * {@code json}, {@code list} and {@code map} of text, texts and bytes of one size, times in coarser units, vectors
     * of
     * lists of numbers, unsigned integers and 16-bit floats of larger ones. A column that is none of these, or is not
     * among those given, becomes what {@link #schema} says without.
     *
     * @param columns what columns are to be, by name; null may not stand in one that takes none
     * @return a changed copy
     * @throws IllegalArgumentException when two have one name
     */
    public ArrowImport withColumns(Collection<SchemaColumn> columns) {
        Map<String, SchemaColumn> byName = new HashMap<>();
        for (SchemaColumn column : columns) {
            if (byName.put(column.name(), column) != null) {
                throw new IllegalArgumentException("column '" + column.name() + "' is given twice");
            }
        }
        return new ArrowImport(reader, transactionRows, byName);
    }

    /**
     * The columns that the table gets when it is made. Integers, floats and bool keep their size; Utf8 is {@code str},
     * Binary {@code bytes}, FixedSizeBinary {@code bytes:N}, FixedSizeList of numbers {@code vec:T:N} (with the shape
     * of
     * {@code arrow.fixed_shape_tensor}); timestamps, dates, times and decimals are those of tables, {@code arrow.uuid}
     * and {@code arrow.json} too. List becomes {@code list}, Struct and Map {@code map}.
     *
     * @return the columns, nullable where Arrow's are
     * @throws IOException when the reader's schema cannot be read
     * @throws IllegalArgumentException for a column of another type; names it
     */
    public Schema schema() throws IOException {
        return new Schema(columns(wanted).stream().map(ImportedColumn::column).toList());
    }

    /** @param becomes what columns are to be, by name */
    private List<ImportedColumn> columns(Map<String, SchemaColumn> becomes) throws IOException {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        List<ImportedColumn> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Field field : root.getSchema().getFields()) {
            if (!names.add(field.getName())) {
                throw new IllegalArgumentException("there are two columns named '" + field.getName() + "'");
            }
            columns.add(ImportedColumn.of(field, becomes.get(field.getName()), reader));
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("the batches have no columns");
        }
        return columns;
    }

    /**
     * Appends the rows to a table, which is made where there is none. A table that is there must have the columns, of
     * the same types or of those that {@link #withColumns} makes of Arrow's; those that the batches lack are null.
     *
     * @param vault the file; also one that is loaded ({@link io.kohakuvault.BulkLoad}), which takes half the time
     * @param table the table's name
     * @return how many rows were appended
     * @throws IOException when a batch cannot be read
     * @throws IllegalArgumentException when a column does not fit: before anything is written where its type says so. A
     *     value that does not fit undoes the transaction that it is in
     */
    public long into(Vault vault, String table) throws IOException {
        Optional<Table> there = vault.tables().find(table);
        List<ImportedColumn> columns = columns(
                there.isEmpty()
                        ? wanted
                        : there.get().schema().columns().stream()
                                .collect(Collectors.toMap(SchemaColumn::name, Function.identity())));
        there.ifPresent(found -> check(table, found.schema(), columns));
        long all = 0;
        long rows;
        do {
            rows = vault.<Long, IOException>compute(() -> append(vault, table, columns));
            all += rows;
        } while (rows >= transactionRows); // else the reader has ended, and is not asked again
        return all;
    }

    /** Appends batches until a transaction is full; answers the rows. */
    private long append(Vault vault, String table, List<ImportedColumn> columns) throws IOException {
        Table target = vault.tables()
                .find(table)
                .orElseGet(() -> vault.tables()
                        .create(
                                table,
                                new Schema(columns.stream()
                                        .map(ImportedColumn::column)
                                        .toList())));
        check(table, target.schema(), columns); // it may be another one by now
        long rows = 0;
        while (rows < transactionRows && reader.loadNextBatch()) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            int count = root.getRowCount();
            if (count > 0) {
                target.appendColumns(to -> {
                    for (int i = 0; i < columns.size(); i++) {
                        columns.get(i).set(to, root.getVector(i), count);
                    }
                });
                rows += count;
            }
        }
        return rows;
    }

    private static void check(String table, Schema schema, List<ImportedColumn> columns) {
        for (ImportedColumn imported : columns) {
            SchemaColumn column = imported.column();
            SchemaColumn there = schema.columns().stream()
                    .filter(c -> c.name().equals(column.name()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("table '" + table + "' has no column '"
                            + column.name() + "', it has "
                            + schema.columns().stream().map(SchemaColumn::name).toList()));
            if (!there.dtype().equals(column.dtype()) || !there.logicalType().equals(column.logicalType())) {
                throw new IllegalArgumentException("column '" + column.name() + "' of table '" + table + "' is " + there
                        + ", and the batches have " + column + "; cast it in the query that makes them");
            }
        }
        for (SchemaColumn there : schema.columns()) {
            if (!there.nullable()
                    && columns.stream().noneMatch(c -> c.column().name().equals(there.name()))) {
                throw new IllegalArgumentException("column '" + there.name() + "' of table '" + table
                        + "' takes no nulls, and the batches lack it");
            }
        }
    }
}
