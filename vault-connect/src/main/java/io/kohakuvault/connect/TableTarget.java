package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
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
import org.apache.kafka.connect.data.Field;
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
    private final TopicConfig config;
    private final Set<String> told = new HashSet<>();

    /** Batches that were written and can be filled again. */
    private final Queue<Rows> spare = new ConcurrentLinkedQueue<>();

    private @Nullable Table table;
    private RowMapping mapping;

    /** The last record's schema whose fields all have their columns. */
    private org.apache.kafka.connect.data.@Nullable Schema known;

    TableTarget(Vault vault, String name, TopicConfig config) {
        this.vault = vault;
        this.name = name;
        this.config = config;
        this.mapping = new RowMapping(List.of(), false);
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
        mapping = new RowMapping(t.schema().columns(), config.hasMetadata());
        table = t;
        known = null;
        return t;
    }

    /**
     * Maps a record to a row, wholly or not at all.
     *
     * @param to what {@link #begin} answered
     * @throws UnfitException when it does not fit
     */
    void add(Rows to, SinkRecord record, Coordinates at) {
        if (config.schema().isEmpty()) {
            checkFields(record);
        }
        to.batch.add(row -> mapping.fill(row, record, at));
    }

    private Table findTable(SinkRecord record) {
        Optional<Table> found = vault.tables().find(name);
        if (found.isEmpty()) {
            return makeTable(record);
        }
        config.schema().ifPresent(wanted -> checkHas(found.get(), wanted));
        return found.get();
    }

    private Table makeTable(SinkRecord record) {
        Optional<Schema> schema = config.schema();
        try {
            if (schema.isEmpty()) {
                schema = ConnectTypes.columns(record.valueSchema()).map(config::withMetadata);
            }
            if (schema.isEmpty()) {
                if (record.value() instanceof Map<?, ?>) {
                    throw new ConnectException("table '" + name
                            + "' is not in the file, and records without a schema do not say what its columns are: name them in "
                            + TopicSettings.TABLE_COLUMNS);
                }
                throw new UnfitException("its value is " + UnfitException.kindOf(record.value())
                        + ", which has no fields to make a table of");
            }
            return vault.tables().ensure(name, schema.get());
        } catch (IllegalArgumentException e) {
            throw contradiction(e.getMessage(), e);
        }
    }

    /** The settings contradict the file: no record can be written, so none is to blame. */
    private static ConnectException contradiction(@Nullable String why, @Nullable Exception cause) {
        return new ConnectException(TopicSettings.TABLE_COLUMNS + " does not fit the file: " + why, cause);
    }

    /**
     * Whether a table can take the rows that the settings describe. Columns that others have added are null in them.
     */
    private static void checkHas(Table table, Schema wanted) {
        List<SchemaColumn> columns = table.schema().columns();
        for (SchemaColumn column : columns) {
            if (!column.nullable() && !wanted.columns().contains(column)) {
                throw contradiction(table + " has a column " + column + ", which is in no row", null);
            }
        }
        if (!columns.containsAll(wanted.columns())) {
            throw contradiction(table + " has the columns " + columns + " and not all of " + wanted.columns(), null);
        }
    }

    /** Whether a record has fields that are to get columns of their own, and have none yet. */
    boolean needsColumns(SinkRecord record) {
        if (config.schema().isPresent()
                || !config.autoEvolve()
                || !(record.value() instanceof Struct struct)
                || struct.schema() == known) {
            return false;
        }
        if (table == null) {
            look(record);
        }
        return struct.schema().fields().stream().anyMatch(field -> !mapping.hasColumn(field.name()));
    }

    /** Gives a record's new fields columns, which are null in the rows of before. */
    void addColumns(SinkRecord record) {
        if (!needsColumns(record) || !(record.value() instanceof Struct struct)) {
            return;
        }
        Table t = Objects.requireNonNull(table);
        for (Field field : struct.schema().fields()) {
            SchemaColumn column = ConnectTypes.column(field, true);
            try {
                if (t.schema().columns().stream().noneMatch(c -> c.name().equals(field.name()))) {
                    t.addColumn(column);
                    LOG.info("table '{}': column {} was added for a new field", name, column);
                }
            } catch (NoSuchElementException e) {
                break; // dropped: it is made anew
            } catch (IllegalArgumentException e) {
                if (t.schema().columns().stream().noneMatch(c -> c.name().equals(field.name()))) {
                    throw contradiction(e.getMessage(), e); // else another task was faster
                }
            }
        }
        table = null;
    }

    /** No field is left out without a word: it has a column, or its record is not written, or it is told. */
    private void checkFields(SinkRecord record) {
        if (record.value() instanceof Struct struct) {
            if (struct.schema() != known) {
                for (Field field : struct.schema().fields()) {
                    if (!mapping.hasColumn(field.name())) {
                        throw new UnfitException("field '" + field.name() + "' is in no column of table '" + name
                                + "'; set " + TopicSettings.AUTO_EVOLVE
                                + ", add the column, or name the table's columns in " + TopicSettings.TABLE_COLUMNS);
                    }
                }
                known = struct.schema();
            }
        } else if (record.value() instanceof Map<?, ?> map && told.size() < MOST_TOLD) {
            for (Object key : map.keySet()) {
                if (!mapping.hasColumn(String.valueOf(key)) && told.add(String.valueOf(key))) {
                    LOG.warn(
                            "table '{}' has no column for the field '{}' of topic {}: records without a schema do not say what it is; add the column,"
                                    + " or name all columns in {}",
                            name,
                            key,
                            record.topic(),
                            TopicSettings.TABLE_COLUMNS);
                }
            }
        }
    }

    private static boolean isAsMapped(Table t, List<SchemaColumn> columns) {
        try {
            return t.schema().columns().equals(columns);
        } catch (NoSuchElementException e) { // dropped
            return false;
        }
    }
}
