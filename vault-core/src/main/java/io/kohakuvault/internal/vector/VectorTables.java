package io.kohakuvault.internal.vector;

import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.vector.VectorOptions;
import java.util.HashMap;
import java.util.Map;

/** The tables of vectors of a live vault: one object for each, because it gathers what is inserted. Thread-safe. */
public final class VectorTables {
    private final ReadAccess access;
    private final SqliteFile file;
    private final NumberGuess guess;
    private final Map<String, Entry> tables = new HashMap<>();

    private record Entry(VectorOptions options, VectorTable table) {}

    public VectorTables(ReadAccess access, SqliteFile file, NumberGuess guess) {
        this.access = access;
        this.file = file;
        this.guess = guess;
    }

    /** The table; an IllegalArgumentException when it is in use, or in the file, with other options. */
    public synchronized VectorTable get(String name, VectorOptions options) {
        Entry entry = tables.get(name);
        if (entry == null) {
            entry = new Entry(options, new VectorTable(access, file, name, options, guess));
            tables.put(name, entry);
        } else if (!entry.options.equals(options)) {
            throw new IllegalArgumentException(
                    "table " + name + " is in use with " + entry.options + " and not " + options);
        }
        return entry.table;
    }
}
