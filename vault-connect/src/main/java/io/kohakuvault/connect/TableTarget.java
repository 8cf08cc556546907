package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table that gets a row for each record of a topic. The file is touched to find or make the table ({@link #begin})
 * and to widen it ({@link #addColumns}), not to map a record. Used by one thread at a time; only {@link Rows} are
 * handed over to be written by another.
 */
final class TableTarget {
    private static final Logger LOG = LoggerFactory.getLogger(TableTarget.class);

    /** Names of fields come from records: only so many are remembered for having been told of. */
    private static final int MOST_TOLD = 1_000;

    private final Vault vault;
    private final String name;
    private final TableConfig config;
    private final List<SchemaColumn> ofOthers;
    private final Set<String> told = new HashSet<>();

    /** Batches that were written and can be filled again. */
    private final Queue<Rows> spare = new ConcurrentLinkedQueue<>();

    private @Nullable Table table;
    private RowMapping mapping;

    /** The last schema that was looked at before records were mapped. */
    private org.apache.kafka.connect.data.@Nullable Schema ahead;

    /** The last record's schema whose fields all have their columns. */
    private org.apache.kafka.connect.data.@Nullable Schema known;

    /**
     * @param ofOthers columns that rows of other topics need
     */
    TableTarget(Vault vault, String name, TableConfig config, List<SchemaColumn> ofOthers) {
        this.ofOthers = ofOthers;
        this.vault = vault;
        this.name = name;
        this.config = config;
        this.mapping = new RowMapping(List.of(), config);
    }

    /** Others have changed the table since the first row of the batch: it must be mapped anew. */
    static final class TableChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TableChangedException(String table) {
            super("table '" + table + "' was changed while records were mapped to its columns");
        }
    }

    /** Rows on their way to the table. */
    final class Rows {
        private final Table into;
        private final List<SchemaColumn> columns;
        private final RowBatch batch;

        private Rows(Table into, List<SchemaColumn> columns) {
            this.into = into;
            this.columns = columns;
            this.batch = into.newBatch();
        }

        @SuppressWarnings("ReferenceEquality") // another handle may be another table
        private boolean isFor(Table t, List<SchemaColumn> wanted) {
            return into == t && columns.equals(wanted);
        }

        /**
         * Appends the rows; the caller is in a transaction.
         *
         * @throws TableChangedException when the batch is to be mapped anew
         */
        void write() {
            if (batch.rowCount() > 0) {
                if (!isAsMapped(into, columns)) {
                    throw new TableChangedException(name);
                }
                into.append(batch);
            }
        }

        /** They are written. */
        void reuse() {
            batch.clear();
            spare.add(this);
        }
    }

    /** Rows for a batch of records, mapped to the columns that the table has now: others may have changed them. */
    Rows begin(SinkRecord record) {
        Table t = table;
        if (t == null || !isAsMapped(t, mapping.columns())) {
            t = look(record);
        }
        for (Rows used = spare.poll(); used != null; used = spare.poll()) {
            if (used.isFor(t, mapping.columns())) { // else it was under way while the table changed
                return used;
            }
        }
        return new Rows(t, mapping.columns());
    }

    private Table look(SinkRecord record) {
        Table t = findTable(record);
        mapping = new RowMapping(t.schema().columns(), config);
        table = t;
        known = null;
        ahead = null;
        return t;
    }

    /**
     * Maps records to rows, all of them or none.
     *
     * @param to what {@link #begin} answered
     * @param records maps, or structs of one schema, or a single one
     * @param more what is mapped with them: where it throws, there are no rows either
     * @throws UnfitException when one does not fit
     */
    void add(Rows to, List<SinkRecord> records, Runnable more) {
        if (!config.namesColumns()) {
            records.forEach(this::checkSchema);
        }
        to.batch.addColumns(columns -> {
            mapping.fill(columns, records);
            more.run();
        });
    }

    private Table findTable(SinkRecord record) {
        Optional<Table> found = vault.tables().find(name);
        if (found.isEmpty()) {
            return makeTable(record);
        }
        config.checkFits(found.get());
        return found.get();
    }

    private Table makeTable(SinkRecord record) {
        try {
            return vault.tables().ensure(name, config.make(name, record, ofOthers));
        } catch (IllegalArgumentException e) {
            throw TableConfig.contradiction(e.getMessage(), e);
        }
    }

    /** Whether a record has fields that are to get columns of their own, and have none yet. */
    boolean needsColumns(SinkRecord record) {
        if (!config.evolves() || !(record.value() instanceof Struct struct) || struct.schema() == known) {
            return false;
        }
        try {
            if (table == null) {
                look(record);
            }
            return fields(struct).stream().anyMatch(column -> !mapping.hasColumn(column.name()));
        } catch (UnfitException e) {
            return false; // it is told when the record is mapped
        }
    }

    private List<SchemaColumn> fields(Struct struct) {
        try {
            return config.fields(struct.schema()).orElseThrow();
        } catch (IllegalArgumentException e) {
            throw TableConfig.contradiction(e.getMessage(), e);
        }
    }

    /** Gives a record's new fields columns, which are null in the rows of before. */
    void addColumns(SinkRecord record) {
        if (!needsColumns(record) || !(record.value() instanceof Struct struct)) {
            return;
        }
        Table t = Objects.requireNonNull(table);
        for (SchemaColumn field : fields(struct)) {
            SchemaColumn column = new SchemaColumn(field.name(), field.dtype(), field.logicalType(), true);
            try {
                if (t.schema().columns().stream().noneMatch(c -> c.name().equals(field.name()))) {
                    t.addColumn(column);
                    LOG.info("table '{}': column {} was added for a new field", name, column);
                }
            } catch (NoSuchElementException e) {
                break; // dropped: it is made anew
            } catch (IllegalArgumentException e) {
                if (t.schema().columns().stream().noneMatch(c -> c.name().equals(field.name()))) {
                    throw TableConfig.contradiction(e.getMessage(), e); // else another task was faster
                }
            }
        }
        table = null;
    }

    /**
     * Looks at a record's schema before any record is mapped, once for many of a schema.
     *
     * @throws UnfitException when a record has a field that is in no column
     * @throws ConnectException when that is to end the task, or when the settings contradict the records
     */
    void lookAhead(SinkRecord record) {
        if (!config.namesColumns() && record.value() instanceof Struct struct && struct.schema() != ahead) {
            ahead = struct.schema();
            checkSchema(record);
        }
    }

    /** No field is left out without a word: it has a column, or its record is not written, or it is told. */
    private void checkSchema(SinkRecord record) {
        if (record.value() instanceof Struct struct) {
            if (struct.schema() != known) {
                checkSchema(struct, record);
                known = struct.schema();
            }
        } else if (record.value() instanceof Map<?, ?> map && told.size() < MOST_TOLD) {
            config.forEachField(map, field -> {
                if (config.metadata().item(field).isPresent() && told.add(field)) {
                    LOG.warn(
                            "table '{}': the field '{}' of topic {} is left out, since the column of its name says where a record came from; set {} to another one",
                            name,
                            field,
                            record.topic(),
                            TableSettings.METADATA_PREFIX);
                } else if (!mapping.hasColumn(field) && told.add(field)) {
                    LOG.warn(
                            "table '{}' has no column for the field '{}' of topic {}: records without a schema do not say what it is; add the column,"
                                    + " or name all columns in {}",
                            name,
                            field,
                            record.topic(),
                            TableSettings.TABLE_COLUMNS);
                }
            });
        }
    }

    /** What of a record's schema does not fit the table. */
    private void checkSchema(Struct struct, SinkRecord record) {
        List<SchemaColumn> fields = fields(struct);
        for (SchemaColumn field : fields) {
            if (config.metadata().item(field.name()).isPresent()) {
                throw conflict(
                        record,
                        "field '" + field.name() + "' has the name of a column that says where a record came from; set "
                                + TableSettings.METADATA_PREFIX + " to another one, or exclude the field");
            } else if (!mapping.hasColumn(field.name())) {
                throw conflict(
                        record,
                        "field '" + field.name() + "' is in no column of table '" + name + "'; set "
                                + TableSettings.AUTO_EVOLVE + ", add the column, or name the table's columns in "
                                + TableSettings.TABLE_COLUMNS);
            }
        }
        if (config.failsOnConflict()) {
            for (SchemaColumn column : mapping.columns()) {
                Optional<SchemaColumn> field = fields.stream()
                        .filter(f -> f.name().equals(column.name()))
                        .findFirst();
                boolean fits = field.map(f -> ConnectTypes.holds(column, f))
                        .orElse(column.nullable()
                                || config.metadata().item(column.name()).isPresent());
                if (!fits) {
                    throw conflict(
                            record,
                            "the records' schema has "
                                    + field.map(f -> "'" + f + "'").orElse("no such field") + " for column '" + column
                                    + "' of table '" + name + "'");
                }
            }
        }
    }

    private RuntimeException conflict(SinkRecord record, String why) {
        return config.failsOnConflict()
                ? new ConnectException(
                        Coordinates.of(record) + ": " + why + "; " + TableSettings.ON_SCHEMA_CONFLICT
                                + " is fail, so that nothing is written before the table is changed to fit, or the setting is 'reject'")
                : new UnfitException(why);
    }

    private static boolean isAsMapped(Table t, List<SchemaColumn> columns) {
        try {
            return t.schema().columns().equals(columns);
        } catch (NoSuchElementException e) { // dropped
            return false;
        }
    }
}
