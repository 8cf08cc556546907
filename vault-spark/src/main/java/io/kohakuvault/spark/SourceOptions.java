package io.kohakuvault.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/** What a user has set of a reading or writing, checked. Immutable. */
final class SourceOptions {
    /** What the files are read as. */
    enum Kind {
        TABLE,
        KV,
        TEXT
    }

    /** What happens to a stream when rows that it has read are no longer what they were. */
    enum OnRewrite {
        FAIL,
        SKIP
    }

    static final String TABLE = "table";
    static final String KIND = "kind";
    static final String IGNORE_CORRUPT = "ignoreCorruptFiles";
    static final String MERGE_SCHEMA = "mergeSchema";
    static final String PARTITION_BYTES = "maxPartitionBytes";
    static final String MAX_ROWS = "maxRowsPerTrigger";
    static final String ON_REWRITE = "onRewrite";
    static final String GUARD = "guard";

    private final CaseInsensitiveStringMap map;

    private SourceOptions(CaseInsensitiveStringMap map) {
        this.map = map;
    }

    static SourceOptions of(Map<String, String> options) {
        SourceOptions read = new SourceOptions(new CaseInsensitiveStringMap(options));
        read.kind();
        read.onRewrite();
        boolean unused = read.mergesSchema();
        return read;
    }

    /** The paths as they were given, at least one. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        String several = map.get("paths");
        if (several != null) { // load of several paths
            try {
                paths.addAll(Arrays.asList(new ObjectMapper().readValue(several, String[].class)));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("option paths is no list of texts in JSON: " + several, e);
            }
        }
        String one = map.get("path");
        if (one != null) {
            paths.add(one);
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException(
                    "kohakuvault needs a path: load(\"dir/*.db\"), a directory, or one file");
        }
        return paths;
    }

    /** The name of what is read, null where none was given. */
    @Nullable
    String table() {
        return map.get(TABLE);
    }

    /** The name of what is written. */
    String tableToWrite() {
        String table = table();
        if (table == null || table.isEmpty()) {
            throw new IllegalArgumentException("option table is missing: the name of the table to write");
        }
        return table;
    }

    Kind kind() {
        return oneOf(KIND, Kind.TABLE);
    }

    OnRewrite onRewrite() {
        return oneOf(ON_REWRITE, OnRewrite.FAIL);
    }

    private <E extends Enum<E>> E oneOf(String option, E ifMissing) {
        String text = map.get(option);
        if (text == null) {
            return ifMissing;
        }
        for (E value : ifMissing.getDeclaringClass().getEnumConstants()) {
            if (value.name().equalsIgnoreCase(text)) {
                return value;
            }
        }
        throw new IllegalArgumentException("option " + option + " is one of "
                + Arrays.toString(ifMissing.getDeclaringClass().getEnumConstants())
                        .toLowerCase(Locale.ROOT)
                + ", but was '" + text + "'");
    }

    /** Whether files that cannot be read are left out; Spark's own setting counts where there is no option. */
    boolean ignoresCorruptFiles() {
        return flag(
                IGNORE_CORRUPT,
                Boolean.parseBoolean(SparkSession.active().conf().get("spark.sql.files.ignoreCorruptFiles", "false")));
    }

    /** Whether columns are different ones whose names differ in case; Spark's own setting, on the driver. */
    static boolean isCaseSensitive() {
        return Boolean.parseBoolean(SparkSession.active().conf().get("spark.sql.caseSensitive", "false"));
    }

    /** Whether each file is opened to plan a query; else those that nobody writes to are left to their tasks. */
    boolean mergesSchema() {
        return flag(MERGE_SCHEMA, true);
    }

    boolean guards() {
        return flag(GUARD, true);
    }

    private boolean flag(String option, boolean ifMissing) {
        String text = map.get(option);
        if (text == null) {
            return ifMissing;
        } else if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.parseBoolean(text.toLowerCase(Locale.ROOT));
        }
        throw new IllegalArgumentException("option " + option + " is true or false, but was '" + text + "'");
    }

    /** Bytes of a partition at most, about. */
    long maxPartitionBytes() {
        return positive(PARTITION_BYTES, 128L << 20);
    }

    /** Rows of a micro-batch at most. */
    long maxRowsPerTrigger() {
        return positive(MAX_ROWS, Long.MAX_VALUE);
    }

    private long positive(String option, long ifMissing) {
        String text = map.get(option);
        if (text == null) {
            return ifMissing;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option " + option + " is a number, but was '" + text + "'", e);
        }
        throw new IllegalArgumentException("option " + option + " must be at least 1, but was " + text);
    }

    /** Any other option. */
    @Nullable
    String get(String option) {
        return map.get(option);
    }

    Map<String, String> asMap() {
        return map.asCaseSensitiveMap();
    }
}
