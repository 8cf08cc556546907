package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** What of the records of a topic becomes a table's columns. Immutable. */
final class TableConfig {
    /** Fields of records without a schema that are nested deeper are not told of one by one. */
    private static final int DEEPEST = 50;

    private final String name;
    private final List<ColumnSpec> specs = new ArrayList<>();
    private final Map<String, FieldPath> sources = new HashMap<>();
    private final Metadata metadata;
    private final FieldChoice choice;
    private final boolean autoCreate;
    private final boolean autoEvolve;
    private final boolean failsOnConflict;
    private final long retentionMs;
    private final Optional<Schema> schema;

    /**
     * @param key the key under which a setting was given
     * @param problems gets what is wrong
     */
    TableConfig(AbstractConfig config, UnaryOperator<String> key, Problems problems) {
        this.name = config.getString(TableSettings.TABLE_NAME);
        this.metadata = new Metadata(
                config.getBoolean(TableSettings.METADATA) ? config.getList(TableSettings.METADATA_COLUMNS) : List.of(),
                config.getString(TableSettings.METADATA_PREFIX));
        this.choice = new FieldChoice(
                Set.copyOf(config.getList(TableSettings.INCLUDE)),
                Set.copyOf(config.getList(TableSettings.EXCLUDE)),
                config.getString(TableSettings.FLATTEN));
        this.autoCreate = config.getBoolean(TableSettings.AUTO_CREATE);
        this.autoEvolve = config.getBoolean(TableSettings.AUTO_EVOLVE);
        this.failsOnConflict =
                config.getString(TableSettings.ON_SCHEMA_CONFLICT).equalsIgnoreCase("fail");
        this.retentionMs = config.getLong(TableSettings.RETENTION_MS);
        if (retentionMs >= 0 && metadata.column(Metadata.Item.TIMESTAMP).isEmpty()) {
            problems.add(
                    key.apply(TableSettings.RETENTION_MS),
                    "rows are as old as their records' timestamps: the table needs 'timestamp' in "
                            + TableSettings.METADATA_COLUMNS);
        }
        String columnsKey = key.apply(TableSettings.TABLE_COLUMNS);
        List<String> columns = config.getList(TableSettings.TABLE_COLUMNS);
        for (String column : columns) {
            try {
                ColumnSpec spec = ColumnSpec.parse(column);
                specs.add(spec);
                if (sources.putIfAbsent(spec.name(), spec.source()) != null) {
                    throw new IllegalArgumentException("two columns have the name '" + spec.name() + "'");
                }
            } catch (IllegalArgumentException e) {
                problems.invalid(columnsKey, column, String.valueOf(e.getMessage()));
            }
        }
        for (String setting : List.of(TableSettings.INCLUDE, TableSettings.EXCLUDE, TableSettings.FLATTEN)) {
            if (!columns.isEmpty() && !Objects.equals(config.values().get(setting), defaultOf(setting))) {
                problems.add(
                        key.apply(setting),
                        TableSettings.TABLE_COLUMNS + " names the columns already; leave out one of the two");
            }
        }
        this.schema = schema(columns, columnsKey, problems);
    }

    private static Object defaultOf(String setting) {
        return setting.equals(TableSettings.FLATTEN) ? "" : List.of();
    }

    /** The whole schema, where the settings give each column's type. */
    private Optional<Schema> schema(List<String> columns, String key, Problems problems) {
        if (specs.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<SchemaColumn> typed = new ArrayList<>();
            specs.forEach(spec -> typed.add(spec.typed().orElse(SchemaColumn.of(spec.name(), DType.STR, true))));
            Schema complete = withMetadata(typed);
            return specs.stream().allMatch(spec -> spec.typed().isPresent()) ? Optional.of(complete) : Optional.empty();
        } catch (IllegalArgumentException e) {
            problems.invalid(key, columns, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Schema withMetadata(List<SchemaColumn> columns) {
        Schema.Builder builder = Schema.builder();
        columns.forEach(builder::add);
        metadata.columns().forEach(builder::add);
        return builder.build();
    }

    Optional<String> name() {
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /** Whether the settings name the columns, so that other fields are left out. */
    boolean namesColumns() {
        return !specs.isEmpty();
    }

    Metadata metadata() {
        return metadata;
    }

    /** Whether the table may get columns for new fields. */
    boolean evolves() {
        return autoEvolve && specs.isEmpty() && name().isPresent();
    }

    /** Whether a schema that does not fit the table ends the task. */
    boolean failsOnConflict() {
        return failsOnConflict;
    }

    /** After how long rows are removed; empty for never. */
    OptionalLong retentionMs() {
        return retentionMs < 0 ? OptionalLong.empty() : OptionalLong.of(retentionMs);
    }

    /** Where in a record the values of a column stand. */
    FieldPath source(String column) {
        FieldPath named = sources.get(column);
        return named != null ? named : FieldPath.ofColumn(column, choice);
    }

    /** The columns that the fields of a schema are to have; empty when it has no fields. */
    Optional<List<SchemaColumn>> fields(org.apache.kafka.connect.data.@Nullable Schema of) {
        return ConnectTypes.columns(of, choice).map(columns -> {
            Set<String> names = new HashSet<>();
            for (SchemaColumn column : columns) {
                if (!names.add(column.name())) {
                    throw new IllegalArgumentException("two fields would have the column '" + column.name()
                            + "'; choose another " + TableSettings.FLATTEN);
                }
            }
            return columns;
        });
    }

    /** Hands on the names of the columns that the fields of a record without a schema would have. */
    void forEachField(Map<?, ?> map, Consumer<String> names) {
        forEachField(map, "", 0, choice.outermost(), names);
    }

    private void forEachField(
            Map<?, ?> map, String prefix, int depth, FieldChoice.State outer, Consumer<String> names) {
        map.forEach((key, value) -> {
            String field = prefix.isEmpty() ? String.valueOf(key) : prefix + key;
            FieldChoice.State state = choice.at(outer, field);
            if (!choice.separator().isEmpty() && depth < DEEPEST && value instanceof Map<?, ?> inner) {
                forEachField(inner, field + choice.separator(), depth + 1, state, names);
            } else if (state.isWanted()) {
                names.accept(field);
            }
        });
    }

    /**
     * The schema of a table that is to be made.
     *
     * @param record the first one
     * @param ofOthers columns that rows of other topics need: those that take null are made too
     * @throws ConnectException when none is to be made
     * @throws IllegalArgumentException when no table can be made of the settings and the record's schema
     * @throws UnfitException when the record has no fields
     */
    Schema make(String table, SinkRecord record, List<SchemaColumn> ofOthers) {
        if (!autoCreate) {
            throw new ConnectException("table '" + table + "' is not in the file, and " + TableSettings.AUTO_CREATE
                    + " is false: make it, correct " + TableSettings.TABLE_NAME + ", or have it made");
        }
        Schema own = schema.isPresent() ? schema.get() : make(table, record);
        Set<String> names = new HashSet<>();
        own.columns().forEach(column -> names.add(column.name()));
        Schema.Builder all = Schema.builder();
        own.columns().forEach(all::add);
        ofOthers.stream()
                .filter(column -> column.nullable() && names.add(column.name()))
                .forEach(all::add);
        return all.build();
    }

    /** What the settings say of a table's columns; empty where that depends on the records. */
    List<SchemaColumn> columns() {
        return schema.map(Schema::columns).orElse(List.of());
    }

    private Schema make(String table, SinkRecord record) {
        List<SchemaColumn> columns = new ArrayList<>();
        for (ColumnSpec spec : specs) {
            columns.add(spec.typed().orElseGet(() -> fromSchema(table, spec, record)));
        }
        if (specs.isEmpty()) {
            columns.addAll(fields(record.valueSchema()).orElseThrow(() -> noFields(table, record)));
            if (columns.isEmpty() && metadata.columns().isEmpty()) {
                throw new UnfitException("its schema has no fields to make a table of");
            }
        }
        try {
            return withMetadata(columns);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage() + " (columns that say where a record came from have the prefix of "
                            + TableSettings.METADATA_PREFIX + ")",
                    e);
        }
    }

    private static RuntimeException noFields(String table, SinkRecord record) {
        if (record.value() instanceof Map<?, ?>) {
            return new ConnectException("table '" + table
                    + "' is not in the file, and records without a schema do not say what its columns are: name them in "
                    + TableSettings.TABLE_COLUMNS);
        }
        return new UnfitException(
                "its value is " + UnfitException.kindOf(record.value()) + ", which has no fields to make a table of");
    }

    private static SchemaColumn fromSchema(String table, ColumnSpec spec, SinkRecord record) {
        FieldPath source = spec.source();
        Optional<SchemaColumn> column = source.isOfValue()
                ? ConnectTypes.column(spec.name(), record.valueSchema(), source.name(), source.separator())
                : source.isOfKey()
                        ? ConnectTypes.column(spec.name(), record.keySchema(), source.name(), source.separator())
                        : Optional.of(SchemaColumn.of(spec.name(), DType.STR, true));
        return column.orElseThrow(() -> new ConnectException("table '" + table + "' is not in the file, and "
                + (record.valueSchema() == null ? "records without a schema do" : "the schema of the first record does")
                + " not say what its column '" + spec.name() + "' is: give it a type in "
                + TableSettings.TABLE_COLUMNS));
    }

    /** Why no table can take the rows of both settings, whoever makes it; empty where that is not certain. */
    Optional<String> contradictionTo(TableConfig other) {
        if (schema.isEmpty() || other.schema.isEmpty()) {
            return Optional.empty();
        }
        Map<String, SchemaColumn> others = new HashMap<>();
        other.schema.get().columns().forEach(column -> others.put(column.name(), column));
        for (SchemaColumn column : schema.get().columns()) {
            SchemaColumn there = others.remove(column.name());
            if (there == null && !column.nullable()) {
                return Optional.of("its column " + column + " would be in no row of the first one");
            } else if (there != null && !there.equals(column)) {
                return Optional.of("a column cannot be both " + there + " and " + column);
            }
        }
        return others.values().stream()
                .filter(column -> !column.nullable())
                .findFirst()
                .map(column -> "its column " + column + " would be in no row of the second one");
    }

    /**
     * Whether a table can take the rows that the settings describe. Columns that others have added are null in them, or
     * have fields of their name.
     *
     * @throws ConnectException when it cannot
     */
    void checkFits(Table table) {
        if (specs.isEmpty()) {
            return;
        }
        List<SchemaColumn> columns = table.schema().columns();
        Set<String> wanted = new HashSet<>();
        metadata.columns().forEach(column -> wanted.add(column.name()));
        for (ColumnSpec spec : specs) {
            wanted.add(spec.name());
            boolean there = spec.typed().isPresent()
                    ? columns.contains(spec.typed().get())
                    : columns.stream().anyMatch(c -> c.name().equals(spec.name()));
            if (!there) {
                throw unfit(
                        table,
                        table + " has the columns " + columns + " and not "
                                + spec.typed().map(SchemaColumn::toString).orElse(spec.name()));
            }
        }
        for (SchemaColumn column : metadata.columns()) {
            if (!columns.contains(column)) {
                throw unfit(table, table + " has the columns " + columns + " and not " + column);
            }
        }
        for (SchemaColumn column : columns) {
            if (!column.nullable() && !wanted.contains(column.name())) {
                throw unfit(table, table + " has a column " + column + ", which is in no row");
            }
        }
    }

    private static ConnectException unfit(Table table, String why) {
        return contradiction(
                table.length() > 0
                        ? why
                        : why + ". The table has no rows: 'vault drop FILE " + table.name()
                                + "' deletes it, and the task makes it anew when it is restarted",
                null);
    }

    /** The settings contradict the file: no record can be written, so none is to blame. */
    static ConnectException contradiction(@Nullable String why, @Nullable Exception cause) {
        return new ConnectException(TableSettings.TABLE_COLUMNS + " does not fit the file: " + why, cause);
    }
}
