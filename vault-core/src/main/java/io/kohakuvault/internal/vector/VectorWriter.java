package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.sqlite.TransactionCall;
import io.kohakuvault.internal.sqlite.ValueIndex;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes of one handle of a table of vectors. Numbers are prepared and values encoded. Thread-safe. */
final class VectorWriter {
    private final VectorTable handle;
    private final Access<?> access;
    private final OpenChunk newest;
    private final MissingTables missing;

    VectorWriter(VectorTable handle, Access<?> access, OpenChunk newest) {
        this.handle = handle;
        this.access = access;
        this.newest = newest;
        this.missing = new MissingTables(access, handle.name());
    }

    private <T> T write(TransactionCall<T, RuntimeException> call) {
        return missing.explained(() -> access.write(call));
    }

    /** What inserts have added, and the table as it was then. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    record Inserted(long[] ids, Vec0Entry entry) {}

    /** Adds vectors in one transaction; makes the table where there is none. */
    Inserted insert(@Nullable Vec0Entry before, List<byte[]> vectors, List<byte[]> values) {
        access.checkWritable();
        checkInsertable(before);
        return write(transaction -> {
            Vec0Table table = madeTable(transaction, before);
            long[] ids = new long[vectors.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = insert(transaction.session(), table, vectors.get(i), values.get(i));
            }
            return new Inserted(ids, newest.declared(transaction).orElseThrow());
        });
    }

    /** Outside of the transaction, which a refusal inside would spoil. */
    private void checkInsertable(@Nullable Vec0Entry before) {
        if (before != null) {
            before.declared().ifPresent(table -> checkInsertable(access.path(), table));
        }
    }

    private long insert(Session session, Vec0Table table, byte[] vector, byte[] value) {
        session.update("INSERT INTO " + table.values() + " (value) VALUES (?)", value);
        return newest.insert(session, table, vector, session.lastInsertRowid());
    }

    private Vec0Table madeTable(Transaction transaction, @Nullable Vec0Entry before) {
        Vec0Table table = table(transaction, before);
        if (table == null) {
            table = newest.create(transaction, handle.options());
        }
        checkInsertable(transaction.session().file(), table);
        return table;
    }

    /**
     * Refuses an insert into a table with columns that it would leave without a value, which sqlite-vec does not allow.
     */
    private void checkInsertable(String path, Vec0Table table) {
        String unfilled = table.unfilled();
        if (!unfilled.isEmpty()) {
            throw new VaultFormatException(
                    path + ": table " + handle.name()
                            + " takes no vectors from this library, because each needs values for its"
                            + " other columns too (" + unfilled + "); use sqlite-vec to add them",
                    null);
        }
    }

    /** The table as the transaction sees it; null when there is none yet. */
    private @Nullable Vec0Table table(Transaction transaction, @Nullable Vec0Entry before) {
        String path = transaction.session().file();
        Optional<Vec0Entry> found;
        try {
            found = newest.declared(transaction);
        } catch (IllegalArgumentException e) {
            throw handle.stale(path, "holds no vectors");
        }
        return handle.checked(path, found, before);
    }

    /**
     * Adds a vector, or gives the one that is stored with the value other numbers; of several that are, the first, and
     * deletes the others.
     */
    Inserted put(@Nullable Vec0Entry before, byte[] vector, byte[] value) {
        access.checkWritable();
        checkInsertable(before);
        return write(transaction -> {
            Vec0Table table = madeTable(transaction, before);
            Session session = transaction.session();
            List<Long> there = idsWith(session, table, value);
            long id;
            if (there.isEmpty()) {
                id = insert(session, table, vector, value);
            } else {
                id = there.get(0);
                if (there.size() > 1) {
                    there.subList(1, there.size()).forEach(other -> newest.delete(session, table, other));
                    restore(session, table, id, value);
                }
                newest.replace(session, table, id, vector);
            }
            return new Inserted(new long[] {id}, newest.declared(transaction).orElseThrow());
        });
    }

    /** Another program's vectors may share a row of values, which goes with the first that is deleted. */
    private void restore(Session session, Vec0Table table, long id, byte[] value) {
        OptionalLong reference = newest.reference(session, table, id);
        if (reference.isPresent()) {
            session.update(
                    "INSERT OR IGNORE INTO " + table.values() + " (id, value) VALUES (?, ?)",
                    reference.getAsLong(),
                    value);
        }
    }

    /** The vectors that are stored with a value, ascending; some may be in memory still. */
    private List<Long> idsWith(Session session, Vec0Table table, byte[] value) {
        return ValueIndex.find(session, table.values(), value).stream()
                .flatMap(reference -> newest.withReference(session, table, reference).stream())
                .sorted()
                .toList();
    }

    boolean updateVector(@Nullable Vec0Entry before, long id, byte[] vector) {
        return write(transaction -> {
            Vec0Table table = table(transaction, before);
            return table != null && newest.replace(transaction.session(), table, id, vector);
        });
    }

    boolean updateValue(@Nullable Vec0Entry before, long id, byte[] value) {
        return write(transaction -> {
            Vec0Table table = table(transaction, before);
            if (table == null) {
                return false;
            }
            Session session = transaction.session();
            OptionalLong reference = newest.reference(session, table, id);
            if (reference.isEmpty()) {
                return false;
            }
            String values = table.values();
            if (session.update("UPDATE " + values + " SET value = ? WHERE id = ?", value, reference.getAsLong()) == 0) {
                throw new VaultCorruptException(
                        session.file() + ": table " + handle.name() + ", vector " + id
                                + ": its value is missing, row " + reference.getAsLong() + " of " + values
                                + "; restore it from a backup, or delete the vector",
                        null);
            }
            return true;
        });
    }

    void indexValues(@Nullable Vec0Entry before) {
        write(transaction -> {
            if (table(transaction, before) == null) {
                newest.create(transaction, handle.options());
            }
            if (ValueIndex.make(transaction.session(), handle.name())) {
                transaction.schemaChanged();
            }
            return true;
        });
    }

    boolean delete(@Nullable Vec0Entry before, long id) {
        return write(transaction -> {
            Vec0Table table = table(transaction, before);
            return table != null && newest.delete(transaction.session(), table, id);
        });
    }

    void clear(@Nullable Vec0Entry before) {
        write(transaction -> {
            Vec0Table table = table(transaction, before);
            if (table != null) {
                newest.clear(transaction.session(), table);
            }
            return true;
        });
    }
}
