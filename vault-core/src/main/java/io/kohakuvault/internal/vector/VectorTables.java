package io.kohakuvault.internal.vector;

import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import io.kohakuvault.vector.VectorOptions;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of vectors of a live vault: handles of one table, whatever the case of its name, share what gathers its
 * inserts. Nothing is locked while the file is read, for a reader may have to wait for a transaction that asks for a
 * table itself. Thread-safe.
 */
public final class VectorTables {
    private final Access.Live<? extends StateAccess> access;
    private final SqliteFile file;
    private final NumberGuess guess;
    private final Map<String, VectorTable> handles = new ConcurrentHashMap<>();
    private final Map<String, OpenChunk> chunks = new ConcurrentHashMap<>();

    public VectorTables(Access.Live<? extends StateAccess> access, NumberGuess guess) {
        this.access = access;
        this.file = access.file();
        this.guess = guess;
    }

    /** The table of a snapshot. */
    public static VectorTable of(Access<? extends StateAccess> snapshot, String name, NumberGuess guess) {
        SqlNames.checkTable("the name of a table of vectors", name);
        record Found(String file, Optional<Vec0Entry> entry) {}
        Found found = snapshot.read(session -> new Found(session.file(), Vec0Schema.find(session, name, null)));
        Vec0Entry entry = found.entry.orElseThrow(
                () -> new NoSuchElementException(found.file + ": there is no table of vectors " + name));
        entry.readable(found.file);
        return new VectorTable(snapshot, new OpenChunk(name), name, VectorTable.options(entry), entry, true, guess);
    }

    /** What the file has, with its own options; a NoSuchElementException when it has none. */
    public VectorTable get(String name) {
        SqlNames.checkTable("the name of a table of vectors", name);
        boolean committed = file.readsCommitted();
        Optional<Vec0Entry> entry = find(name);
        if (entry.isEmpty()) {
            throw new NoSuchElementException(
                    file.path() + ": there is no table of vectors " + name
                            + (file.isReadOnly()
                                    ? ""
                                    : "; vectors(\"" + name
                                            + "\", VectorOptions.cosine(dimensions)) answers a handle whose first insert makes it"));
        }
        entry.get().readable(file.path());
        return handle(name, VectorTable.options(entry.get()), committed ? entry.get() : null, true);
    }

    /** The table; an IllegalArgumentException when it is in the file, or in use, with other options. */
    public VectorTable get(String name, VectorOptions options) {
        Objects.requireNonNull(options, "options");
        SqlNames.checkTable("the name of a table of vectors", name);
        boolean committed = file.readsCommitted();
        Optional<Vec0Entry> entry = find(name);
        if (entry.isPresent()) {
            entry.get().readable(file.path());
            VectorOptions declared = VectorTable.options(entry.get());
            if (!declared.equals(options)) {
                throw differs(name, "was made", declared, options);
            }
            return handle(name, options, committed ? entry.get() : null, false);
        }
        if (file.isReadOnly()) {
            throw new NoSuchElementException(file.path() + ": there is no table of vectors " + name);
        }
        VectorTable used = handles.get(SqlNames.fold(name));
        if (used != null && !used.hasSeenTheTable() && !used.options().equals(options)) {
            throw differs(name, "is in use", used.options(), options);
        }
        return handle(name, options, null, false);
    }

    /**
     * Deletes a table with its vectors and values, also one that this library does not read; false when there is none.
     */
    public boolean drop(String name) {
        return access.write(transaction -> {
            Optional<Vec0Entry> entry = Vec0Schema.find(transaction.session(), name, null);
            entry.ifPresent(found -> chunk(name).drop(transaction, found));
            handles.remove(SqlNames.fold(name)); // what is made next under the name may have other options
            return entry.isPresent();
        });
    }

    private IllegalArgumentException differs(String name, String how, VectorOptions has, VectorOptions wanted) {
        return new IllegalArgumentException(file.path() + ": table " + name + " " + how + " with " + has + " and not "
                + wanted + "; give those options, or none to take what the file has");
    }

    private VectorTable handle(String name, VectorOptions options, @Nullable Vec0Entry seen, boolean mustExist) {
        String key = SqlNames.fold(name);
        VectorTable last = handles.get(key);
        if (last != null && last.isOf(name, options, seen, mustExist)) {
            return last;
        }
        VectorTable made = new VectorTable(access, chunk(name), name, options, seen, mustExist, guess);
        handles.put(key, made);
        return made;
    }

    private OpenChunk chunk(String name) {
        return chunks.computeIfAbsent(SqlNames.fold(name), folded -> {
            OpenChunk made = new OpenChunk(name);
            if (!file.isReadOnly()) {
                file.writer().register(made);
            }
            return made;
        });
    }

    private Optional<Vec0Entry> find(String name) {
        VectorTable last = handles.get(SqlNames.fold(name));
        Vec0Entry known = last == null ? null : last.lastSeen();
        if (!file.isReadOnly() && file.writer().isMine()) {
            // What inserts have gathered is not written for this: they are not in the schema.
            return file.write(transaction -> Vec0Schema.find(transaction.session(), name, known));
        }
        return access.read(session -> Vec0Schema.find(session, name, known));
    }
}
