package io.kohakuvault.connect;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of the table that gets a row for each record. */
final class TableSettings {
    static final String TABLE_NAME = "table.name";
    static final String TABLE_COLUMNS = "table.columns";
    static final String INCLUDE = "table.fields.include";
    static final String EXCLUDE = "table.fields.exclude";
    static final String FLATTEN = "table.flatten.delimiter";
    static final String METADATA = "table.metadata";
    static final String METADATA_COLUMNS = "table.metadata.columns";
    static final String METADATA_PREFIX = "table.metadata.prefix";
    static final String AUTO_CREATE = "auto.create";
    static final String AUTO_EVOLVE = "auto.evolve";
    static final String ON_SCHEMA_CONFLICT = "behavior.on.schema.conflict";

    static final String RETENTION_MS = "table.retention.ms";

    static final List<String> KEYS = List.of(
            TABLE_NAME,
            TABLE_COLUMNS,
            INCLUDE,
            EXCLUDE,
            FLATTEN,
            METADATA,
            METADATA_COLUMNS,
            METADATA_PREFIX,
            AUTO_CREATE,
            AUTO_EVOLVE,
            ON_SCHEMA_CONFLICT,
            RETENTION_MS);

    private static final String GROUP = "Table";

    private TableSettings() {}

    static void define(ConfigDef definition) {
        Choices items = Choices.of("topic", "partition", "offset", "timestamp", "key", "headers");
        Choices conflicts = Choices.of("reject", "fail");
        definition
                .define(
                        TABLE_NAME,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The table that gets a row for each record; ${topic} stands for the topic. Empty: none.",
                        GROUP,
                        1,
                        Width.MEDIUM,
                        "Table")
                .define(
                        TABLE_COLUMNS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.HIGH,
                        "The table's columns: 'name', 'name type' or 'name type null', filled from the field of that name, or from elsewhere by "
                                + "'path as name ...', where a path is in.user.id, _key, _key.id or _headers.trace. A type is a dtype (i64, f64, bool, str, "
                                + "bytes, vec:f32:384 ...), timestamp:s|ms|us|ns, date, time:ms|us|ns, decimal:<digits>:<scale>, uuid, json, list or map; "
                                + "without one the column is as the schema of the first record says. Empty: all fields, as the file has the table, or as "
                                + "the schema of the first record says.",
                        GROUP,
                        2,
                        Width.LONG,
                        "Columns")
                .define(
                        INCLUDE,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.MEDIUM,
                        "The only fields that get columns where " + TABLE_COLUMNS + " names none. Empty: all.",
                        GROUP,
                        3,
                        Width.LONG,
                        "Included fields")
                .define(
                        EXCLUDE,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.MEDIUM,
                        "Fields that get no columns.",
                        GROUP,
                        4,
                        Width.LONG,
                        "Excluded fields")
                .define(
                        FLATTEN,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Between the names of nested fields, which get columns of their own then: with _ field a of field in becomes in_a. Empty: a "
                                + "field that has fields becomes one column, a map.",
                        GROUP,
                        5,
                        Width.SHORT,
                        "Delimiter of flattened fields")
                .define(
                        METADATA,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether the table also has the columns that " + METADATA_COLUMNS + " names.",
                        GROUP,
                        6,
                        Width.SHORT,
                        "Metadata columns")
                .define(
                        METADATA_COLUMNS,
                        ConfigDef.Type.LIST,
                        List.of("topic", "partition", "offset", "timestamp"),
                        items,
                        Importance.LOW,
                        "What a row says of where its record came from: topic, partition, offset, timestamp, key (as text) and headers (as JSON).",
                        GROUP,
                        7,
                        Width.LONG,
                        "What of the metadata",
                        items)
                .define(
                        METADATA_PREFIX,
                        ConfigDef.Type.STRING,
                        "_",
                        Importance.LOW,
                        "Before the names of these columns.",
                        GROUP,
                        8,
                        Width.SHORT,
                        "Prefix of metadata columns")
                .define(
                        AUTO_CREATE,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether the table is made when it is not in the file, as " + TABLE_COLUMNS
                                + " or the schema of the first record says. Without it the task stops then.",
                        GROUP,
                        9,
                        Width.SHORT,
                        "Make the table")
                .define(
                        AUTO_EVOLVE,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether a field that is new in the records' schema gets a column of its own, which is null in earlier rows. Without it such "
                                + "records are in conflict with the table. Not for tables whose columns are named in "
                                + TABLE_COLUMNS + ": of these, other fields are left out.",
                        GROUP,
                        10,
                        Width.SHORT,
                        "Add columns for new fields")
                .define(
                        ON_SCHEMA_CONFLICT,
                        ConfigDef.Type.STRING,
                        "reject",
                        conflicts,
                        Importance.MEDIUM,
                        "When the records' schema is another one than the table's, so that not every record fits (a field of another type, one that is "
                                + "missing and no null, a new one without " + AUTO_EVOLVE
                                + "): reject writes the records that fit and rejects the others, fail stops the task at the first record of "
                                + "such a schema. Not for tables whose columns are named in " + TABLE_COLUMNS + ".",
                        GROUP,
                        11,
                        Width.SHORT,
                        "On schema conflict",
                        conflicts)
                .define(
                        RETENTION_MS,
                        ConfigDef.Type.LONG,
                        -1L,
                        ConfigDef.Range.atLeast(-1),
                        Importance.MEDIUM,
                        "Rows at the table's head whose records' timestamps are older are removed, up to the first one that is not. Needs the timestamp "
                                + "among the metadata columns. -1: none are.",
                        GROUP,
                        12,
                        Width.SHORT,
                        "Retention of rows");
    }
}
