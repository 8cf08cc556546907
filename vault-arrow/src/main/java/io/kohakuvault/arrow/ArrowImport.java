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
    private final boolean isFinite;

    private ArrowImport(ArrowReader reader, long transactionRows, Map<String, SchemaColumn> wanted, boolean isFinite) {
        this.reader = reader;
        this.transactionRows = transactionRows;
        this.wanted = wanted;
        this.isFinite = isFinite;
    }

    /**
     * An import of all that a reader has left.
     *
     * @param reader the batches; the caller closes it
     * @return the import, to be run
     */
    public static ArrowImport of(ArrowReader reader) {
        return new ArrowImport(Objects.requireNonNull(reader, "reader"), Long.MAX_VALUE, Map.of(), false);
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
        return new ArrowImport(reader, rows, wanted, isFinite);
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
        return new ArrowImport(reader, transactionRows, byName, isFinite);
    }

    /**
     * Refuses timestamps and dates that are infinite, by column and row. Arrow has none; DuckDB, and Parquet that is
     * read through it, hand them out as the largest number there is and its negative, which a table would take for
     * days of the years 294247 and 5881580. By default such numbers are kept as what they are in Arrow; so they are in
     * columns that {@link #withColumns} names, which a table has handed out.
     *
     * @return a changed copy
     */
    public ArrowImport withoutInfinite() {
        return new ArrowImport(reader, transactionRows, wanted, true);
    }

    /**
     * The columns that the table gets when it is made. Integers, floats and bool keep their size; Utf8 is {@code str},
     * Binary {@code bytes}, FixedSizeBinary {@code bytes:N}, FixedSizeList of numbers {@code vec:T:N} (with the shape
     * of
     * {@code arrow.fixed_shape_tensor}); timestamps, dates, times and decimals are those of tables, {@code arrow.uuid}
     * and {@code arrow.json} too; decimals of more than 38 digits become such of 38. List becomes {@code list}, of
     * whatever layout, Struct and Map {@code map}. Run-end encoded columns become what their values are.
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
            String name = field.getName();
            columns.add(ImportedColumn.of(field, becomes.get(name), reader, isFinite && !wanted.containsKey(name)));
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
     *     value that does not fit undoes the transaction that it is in; the message names its column and row, the first
     *     that the reader had left being 0
     */
    public long into(Vault vault, String table) throws IOException {
        columns(vault.tables().find(table), table); // before anything is written
        Place at = Place.FIRST;
        long rows;
        do {
            Place from = at;
            at = vault.<Place, IOException>compute(() -> append(vault, table, from));
            rows = at.row - from.row;
        } while (rows >= transactionRows); // else the reader has ended, and is not asked again
        return at.row;
    }

    /**
     * Where a batch begins among all that is read.
     *
     * @param row its first row, from 0
     * @param batch how many were before it
     */
    record Place(long row, long batch) {
        static final Place FIRST = new Place(0, 0);

        Place after(int rows) {
            return new Place(row + rows, batch + 1);
        }

        /** How messages name a row of the batch. */
        String of(int i) {
            return batch == 0 ? "row " + i : "row " + (row + i) + " (row " + i + " of batch " + batch + ")";
        }
    }

    /** What the columns become: those of the table that is there, or those that it is to have. */
    private List<ImportedColumn> columns(Optional<Table> there, String table) throws IOException {
        if (there.isEmpty()) {
            return columns(wanted);
        }
        Schema schema = there.get().schema();
        List<ImportedColumn> columns =
                columns(schema.columns().stream().collect(Collectors.toMap(SchemaColumn::name, Function.identity())));
        check(table, schema, columns);
        return columns;
    }

    /** Appends batches until a transaction is full; answers where the next one begins. */
    private Place append(Vault vault, String table, Place from) throws IOException {
        Optional<Table> there = vault.tables().find(table); // made or changed by somebody else meanwhile, perhaps
        List<ImportedColumn> columns = columns(there, table);
        Table target = there.orElseGet(() -> vault.tables()
                .create(
                        table,
                        new Schema(columns.stream().map(ImportedColumn::column).toList())));
        Place at = from;
        while (at.row - from.row < transactionRows && reader.loadNextBatch()) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            int count = root.getRowCount();
            if (count > 0) {
                Place place = at;
                target.appendColumns(to -> {
                    for (int i = 0; i < columns.size(); i++) {
                        columns.get(i).set(to, root.getVector(i), count, place);
                    }
                });
            }
            at = at.after(count);
        }
        return at;
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
