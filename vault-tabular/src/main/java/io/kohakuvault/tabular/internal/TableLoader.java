package io.kohakuvault.tabular.internal;

import io.kohakuvault.Vault;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends the records of an input to a table, all or none. A table that is missing is made, with the types that are
 * said, or else with those that keep what the values of a sample mean; a later value that such a type would change is
 * refused. Not thread-safe.
 */
public final class TableLoader {
    private static final int BATCH_ROWS = 1 << 16;
    private static final int HEARD_ROWS = 1 << 10;

    /**
     * How an input is read.
     *
     * @param format its form
     * @param delimiter what separates fields, null for the format's own
     * @param nulls texts that mean null in CSV, beside an empty field
     * @param types columns of a new table, by name; the others are inferred
     * @param sampleRows by how many rows types are inferred, at least 1
     * @param wording what messages advise
     */
    public record Options(
            TextFormat format,
            @Nullable Character delimiter,
            List<String> nulls,
            Map<String, SchemaColumn> types,
            long sampleRows,
            Wording wording) {}

    /** The types that are said do not go with the input or the table. */
    public static final class TypesException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        TypesException(String why) {
            super(why);
        }
    }

    private final TextInput input;
    private final String name;
    private final Options options;
    private final Consumer<String> notes;

    private boolean noted;
    private long row;

    /**
     * A load.
     *
     * @param name the table
     * @param notes hears in a sentence what is worth to know and no failure
     */
    public TableLoader(TextInput input, String name, Options options, Consumer<String> notes) {
        this.input = input;
        this.name = name;
        this.options = options;
        this.notes = notes;
    }

    /**
     * Appends all records in one transaction.
     *
     * @param vault what is written to
     * @param heard called now and then; what it throws ends the load, and nothing is appended
     * @return how many there were
     * @throws IOException when the input cannot be read
     * @throws TypesException when a type is said of what needs none
     * @throws IllegalArgumentException when a record cannot be read or does not fit; the message says which
     */
    public long load(Vault vault, Runnable heard) throws IOException {
        if (input.isFileOf(vault.path())) { // closing a stream of it would drop SQLite's locks of this process
            throw new IllegalArgumentException(
                    input.name() + " is the vault itself, and no text; nothing was imported");
        }
        Map<SchemaColumn, @Nullable InferredType> schema = vault.tables().list().contains(name) ? Map.of() : inferred();
        return vault.compute(() -> {
            if (!vault.tables().list().contains(name)) {
                Map<String, InferredType> inferred = new HashMap<>();
                schema.forEach((column, type) -> {
                    if (type != null) {
                        inferred.put(column.name(), type);
                    }
                });
                return fill(vault.tables().ensure(name, new Schema(List.copyOf(schema.keySet()))), inferred, heard);
            }
            checkTypes(vault.tables().get(name));
            return fill(vault.tables().get(name), Map.of(), heard);
        });
    }

    /** What is said of a table that is there must be what it has. */
    private void checkTypes(Table table) {
        for (SchemaColumn said : options.types().values()) {
            SchemaColumn has = table.schema().columns().stream()
                    .filter(column -> column.name().equals(said.name()))
                    .findFirst()
                    .orElse(null);
            if (!said.equals(has)) {
                throw new TypesException(options.wording().types() + " " + said.name() + ": table '" + name
                        + "' is there and " + (has == null ? "has no such column" : "has " + has + ", not " + said));
            }
        }
    }

    /**
     * The columns that a new table would get, by a sample of the input, which is read no further.
     *
     * @return the schema
     * @throws IOException when the input cannot be read
     * @throws TypesException when a type is said of what needs none
     * @throws IllegalArgumentException when a record of the sample cannot be read
     */
    public Schema schema() throws IOException {
        return new Schema(List.copyOf(inferred().keySet()));
    }

    /** The columns of a new table; those whose types were not said with what a sample shows. */
    private Map<SchemaColumn, @Nullable InferredType> inferred() throws IOException {
        try (RecordReader records = reader(input.sample())) {
            List<String> heading = records.heading();
            for (String said : options.types().keySet()) {
                if (!heading.isEmpty() && !heading.contains(said)) {
                    throw new TypesException(options.wording().types() + " " + said + ": " + input.name()
                            + " has no such column, it has " + heading);
                }
            }
            TypeInference inference = new TypeInference(heading);
            boolean all = !heading.isEmpty() && options.types().keySet().containsAll(heading);
            while (!all && row < options.sampleRows() && next(records)) {
                try {
                    inference.add(records);
                } catch (RecordException e) {
                    throw new IllegalArgumentException(
                            where(records) + row + ": " + e.getMessage() + "; nothing was imported", e);
                }
            }
            Map<SchemaColumn, @Nullable InferredType> columns =
                    inference.columns(options.types(), options.wording(), this::note);
            if (columns.isEmpty()) {
                throw new IllegalArgumentException(input.name()
                        + (row == 0 ? ": has no rows" : ": its objects are empty")
                        + ", so the columns of a new table are not known; say them with "
                        + options.wording().types());
            }
            return columns;
        }
    }

    private RecordReader reader(InputStream bytes) throws IOException {
        row = 0;
        try {
            return options.format() == TextFormat.jsonl
                    ? new JsonLinesReader(bytes, JsonFaults.OF_ROWS)
                    : new CsvReader(
                            bytes,
                            options.delimiter(),
                            options.format().delimiter(),
                            options.nulls(),
                            options.wording(),
                            this::note);
        } catch (RecordException e) {
            bytes.close();
            throw new IllegalArgumentException(input.name() + ": " + e.getMessage() + "; nothing was imported", e);
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    /** The heading is read twice, and spoken of once. */
    private void note(String note) {
        if (!noted) {
            notes.accept(input.name() + ": " + note);
        }
    }

    private boolean next(RecordReader records) throws IOException {
        try {
            boolean more = records.next();
            row += more ? 1 : 0;
            return more;
        } catch (RecordException e) {
            throw new IllegalArgumentException(
                    where(records) + (row + 1) + " cannot be read: " + e.getMessage() + "; nothing was imported", e);
        }
    }

    private String where(RecordReader records) {
        return input.name() + ", line " + records.line() + ": row ";
    }

    private long fill(Table table, Map<String, InferredType> inferred, Runnable heard) throws IOException {
        noted |= !inferred.isEmpty();
        try (RecordReader records = reader(input.all())) {
            RecordFiller filler = filler(table, inferred, records);
            RowBatch batch = table.newBatch();
            long most = MemoryShare.batchBytes();
            while (next(records)) {
                try {
                    batch.add(filler);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            where(records) + row + ": " + e.getMessage() + "; nothing was imported, see "
                                    + options.wording().types(),
                            e);
                }
                if (batch.rowCount() == BATCH_ROWS || batch.sizeBytes() >= most) {
                    table.append(batch);
                    batch.clear();
                }
                if (row % HEARD_ROWS == 0) {
                    heard.run();
                }
            }
            table.append(batch);
            return row;
        }
    }

    private RecordFiller filler(Table table, Map<String, InferredType> inferred, RecordReader records) {
        try {
            return new RecordFiller(table.schema(), inferred, records, options.wording());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(input.name() + ": " + e.getMessage() + "; nothing was imported", e);
        }
    }

    /** Sets the columns of a row from a record. */
    private static final class RecordFiller implements Consumer<RowWriter> {
        private final Map<String, Target> targets = new LinkedHashMap<>();
        private final List<Target> byPlace = new ArrayList<>();
        private final RecordReader record;
        private final Wording wording;

        private record Target(SchemaColumn column, @Nullable InferredType inferred, CellConverter converter) {}

        RecordFiller(Schema schema, Map<String, InferredType> inferred, RecordReader record, Wording wording) {
            this.record = record;
            this.wording = wording;
            for (SchemaColumn column : schema.columns()) {
                InferredType type = inferred.get(column.name());
                targets.put(column.name(), new Target(column, type, CellConverter.of(column, type)));
            }
            record.heading().forEach(this::target);
        }

        private Target target(String name) {
            Target target = targets.get(name);
            if (target == null) {
                throw new IllegalArgumentException(
                        "column '" + name + "' is not in the table, which has " + targets.keySet());
            }
            return target;
        }

        @Override
        public void accept(RowWriter row) {
            for (int i = 0; i < record.size(); i++) {
                Cell cell = record.cell(i);
                Target target = i < byPlace.size() ? byPlace.get(i) : null;
                String name = record.name(i);
                if (target == null || !target.column.name().equals(name)) {
                    target = target(name);
                    if (i < byPlace.size()) {
                        byPlace.set(i, target);
                    } else {
                        byPlace.add(target);
                    }
                }
                if (cell.kind() != Cell.Kind.NULL) {
                    put(cell, Objects.requireNonNull(target), row);
                }
            }
        }

        private void put(Cell cell, Target target, RowWriter row) {
            SchemaColumn column = target.column;
            try {
                if (target.inferred != null && !Meaning.isKept(cell, target.inferred)) {
                    throw new IllegalArgumentException("column '" + column.name() + "' (" + column
                            + ") would not keep '" + cell.shown()
                            + "' as it is written; its type was inferred from rows before: say it, or "
                            + wording.allRows()
                            + remedy(cell));
                } else if (cell.isEmptyField() && !CellConverter.holdsEmpty(column)) {
                    return;
                }
                target.converter.put(cell, row);
            } catch (RecordException e) {
                throw new IllegalArgumentException("column '" + column.name() + "' (" + column + ") does not take '"
                        + shown(cell) + "': " + e.getMessage() + remedy(cell));
            }
        }

        private String remedy(Cell cell) {
            return NullMarkers.of(cell)
                    .map(marker -> "; when '" + marker + "' means that there is no value, say "
                            + wording.nulls().formatted(marker))
                    .orElse("");
        }

        private static String shown(Cell cell) {
            try {
                return cell.shown();
            } catch (RecordException e) { // it is no text
                return "…";
            }
        }
    }
}
