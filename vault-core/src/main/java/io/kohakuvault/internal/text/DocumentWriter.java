package io.kohakuvault.internal.text;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.sqlite.ValueIndex;
import io.kohakuvault.text.TextOptions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a table of documents, adds to it and removes from it, inside a write transaction.
 *
 * <p>An id is never given twice. FTS5 by itself gives the highest id plus one: the last document's again, once it is
 * deleted. Here a document gets the id of its value, which SQLite counts up for ever ({@code AUTOINCREMENT}, in {@code
 * sqlite_sequence}). That does as long as no document has a higher id than the counter; where one has, because another
 * program gave it, the counter is raised first.
 */
final class DocumentWriter {
    private final String name;
    private final @Nullable TextOptions options;

    // The table, and its counter, as they were at a writer's epoch. Guarded by the write lock.
    private @Nullable TextSchema schema;
    private long schemaEpoch = -1;
    private long counterEpoch = -1;
    private boolean isFull;

    /** @param options null to take the table as the file has it */
    DocumentWriter(String name, @Nullable TextOptions options) {
        this.name = name;
        this.options = options;
    }

    /** Adds documents and answers their ids. */
    long[] insert(Transaction transaction, List<List<String>> texts, List<byte[]> values) {
        Session session = transaction.session();
        TextSchema found = schema(transaction);
        if (found == null) {
            TextOptions wanted = wanted();
            texts.forEach(t -> TextSchema.checkTexts(session.file() + ": table " + name, wanted.columns(), t));
        }
        TextSchema table = found == null ? make(transaction) : found;
        for (List<String> t : texts) {
            table.check(session, t);
        }
        raiseCounter(session, table);
        if (isFull) {
            throw full(session);
        }
        return texts.size() == 1
                ? new long[] {insertOne(session, table, texts.get(0), values.get(0))}
                : insertMany(session, table, texts, values);
    }

    private TextOptions wanted() {
        return options == null ? TextOptions.defaults() : options;
    }

    private TextSchema make(Transaction transaction) {
        create(transaction, wanted());
        return Objects.requireNonNull(schema(transaction));
    }

    /** Makes the index of values, and the table where there is none. */
    void indexValues(Transaction transaction) {
        if (schema(transaction) == null) {
            make(transaction);
        }
        if (ValueIndex.make(transaction.session(), name)) {
            transaction.schemaChanged();
        }
    }

    private VaultFormatException full(Session session) {
        return new VaultFormatException(
                session.file() + ": the highest of all ids, " + Long.MAX_VALUE + ", is given in table " + name
                        + ", so that no later document can have a higher one; use another table",
                null);
    }

    private long insertOne(Session session, TextSchema table, List<String> texts, byte[] value) {
        long id = insertValue(session, table, value);
        if (id == Long.MAX_VALUE) {
            counterEpoch = -1; // the next one is refused
        }
        session.update(table.insert(), row(id, texts));
        return id;
    }

    private static Object[] row(long id, List<String> texts) {
        Object[] row = new Object[texts.size() + 2];
        row[0] = id;
        for (int i = 0; i < texts.size(); i++) {
            row[i + 1] = texts.get(i);
        }
        row[row.length - 1] = id;
        return row;
    }

    /** With the write lock held, the ids that SQLite would count up to are known beforehand. */
    private long[] insertMany(Session session, TextSchema table, List<List<String>> texts, List<byte[]> values) {
        long last = table.hasCounter()
                ? Math.max(counter(session), highestValue(session, table))
                : Math.max(highestId(session, table), highestValue(session, table));
        if (last > Long.MAX_VALUE - texts.size()) {
            throw full(session);
        }
        long[] ids = new long[texts.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = last + 1 + i;
        }
        session.updateAll(
                "INSERT INTO " + table.values() + " (id, value) VALUES (?, ?)",
                IntStream.range(0, ids.length)
                        .mapToObj(i -> new Object[] {ids[i], values.get(i)})
                        .iterator());
        session.updateAll(
                table.insert(),
                IntStream.range(0, ids.length)
                        .mapToObj(i -> row(ids[i], texts.get(i)))
                        .iterator());
        if (last + ids.length == Long.MAX_VALUE) {
            counterEpoch = -1; // the next one is refused
        }
        return ids;
    }

    private static long insertValue(Session session, TextSchema table, byte[] value) {
        if (table.hasCounter()) {
            session.update("INSERT INTO " + table.values() + " (value) VALUES (?)", value);
            return session.lastInsertRowid();
        }
        long id = 1 + Math.max(highestId(session, table), highestValue(session, table));
        session.update("INSERT INTO " + table.values() + " (id, value) VALUES (?, ?)", id, value);
        return id;
    }

    /** Removes a document; false when there is none. */
    boolean delete(Transaction transaction, long id) {
        Session session = transaction.session();
        TextSchema table = schema(transaction);
        if (table == null || !exists(session, table, id)) {
            return false;
        }
        raiseCounter(session, table); // while the document that has the highest id is there
        session.update(
                "DELETE FROM " + table.values() + " WHERE id = (SELECT " + table.reference() + " FROM " + table.table()
                        + " f WHERE f.rowid = ?)",
                id);
        session.update("DELETE FROM " + table.table() + " WHERE rowid = ?", id);
        if (id == Long.MAX_VALUE) {
            counterEpoch = -1; // there is room again
        }
        return true;
    }

    private static boolean exists(Session session, TextSchema table, long id) {
        return session.queryLong("SELECT 1 FROM " + table.table() + " f WHERE f.rowid = ?", id) != null;
    }

    /** Gives a document other texts; false when there is none. */
    boolean updateTexts(Transaction transaction, long id, List<String> texts) {
        Session session = transaction.session();
        TextSchema table = schema(transaction);
        if (table == null) {
            return false;
        }
        table.check(session, texts);
        Object[] row = new Object[2 * texts.size() + 1];
        for (int i = 0; i < texts.size(); i++) {
            row[i] = texts.get(i);
            row[texts.size() + 1 + i] = texts.get(i);
        }
        row[texts.size()] = id;
        return session.update(table.update(), row) > 0 || exists(session, table, id);
    }

    /** Stores another value with a document; false when there is none. */
    boolean updateValue(Transaction transaction, long id, byte[] value) {
        Session session = transaction.session();
        TextSchema table = schema(transaction);
        if (table == null) {
            return false;
        }
        String reference;
        try (Rows rows =
                session.query("SELECT " + table.reference() + " FROM " + table.table() + " f WHERE f.rowid = ?", id)) {
            if (!rows.next()) {
                return false;
            }
            reference = rows.getString(0);
        }
        if (reference == null
                || session.update("UPDATE " + table.values() + " SET value = ? WHERE id = ?", value, reference) == 0) {
            throw new VaultCorruptException(
                    session.file() + ": table " + name + ", document " + id
                            + (reference == null
                                    ? ": it refers to no value"
                                    : ": its value is missing, row '" + reference + "' of " + table.values())
                            + "; restore it from a backup, or delete the document",
                    null);
        }
        return true;
    }

    /**
     * Adds a document, or gives the one that is stored with the value other texts; of several that are, the first, and
     * deletes the others.
     */
    long put(Transaction transaction, List<String> texts, byte[] value) {
        Session session = transaction.session();
        TextSchema table = schema(transaction);
        if (table != null) {
            table.check(session, texts); // before anything is written
        }
        List<Long> there = table == null ? List.of() : table.idsWith(session, value);
        if (table == null || there.isEmpty()) {
            return insert(transaction, List.of(texts), List.of(value))[0];
        }
        Long kept = there.size() > 1 ? table.referenceOf(session, there.get(0)) : null;
        for (long other : there.subList(1, there.size())) {
            if (kept != null && kept.equals(table.referenceOf(session, other))) {
                session.update("DELETE FROM " + table.table() + " WHERE rowid = ?", other); // not their common value
            } else {
                delete(transaction, other);
            }
        }
        updateTexts(transaction, there.get(0), texts);
        return there.get(0);
    }

    /** Removes all documents, and keeps the table and what it has counted. */
    void clear(Transaction transaction) {
        TextSchema table = schema(transaction);
        if (table == null) {
            return;
        }
        Session session = transaction.session();
        raiseCounter(session, table); // while the document that has the highest id is there
        // One by one, each would be cut into words again, to take it out of the index.
        session.update("DELETE FROM " + table.content());
        session.update(table.command(), "rebuild");
        session.update("DELETE FROM " + table.values());
        counterEpoch = -1;
    }

    /** Runs one of FTS5's commands; does nothing where there is no table. */
    void command(Transaction transaction, String command) {
        TextSchema table = schema(transaction);
        if (table != null) {
            transaction.session().update(table.command(), command);
        }
    }

    /** Deletes the table and the values of its documents; false when there is none. */
    boolean drop(Transaction transaction) {
        TextSchema table = schema(transaction);
        if (table == null) {
            return false;
        }
        Session session = transaction.session();
        session.execute("DROP TABLE " + table.table());
        session.execute("DROP TABLE " + table.values());
        schema = null;
        transaction.schemaChanged();
        return true;
    }

    /** The table; null when there is none. */
    private @Nullable TextSchema schema(Transaction transaction) {
        long epoch = transaction.epoch();
        if (schema == null || schemaEpoch != epoch) {
            TextSchema found = TextLookup.find(transaction.session(), name, schema);
            if (found != null && options != null) {
                found.check(transaction.session(), options);
            }
            schema = found;
            schemaEpoch = epoch;
        }
        return schema;
    }

    /**
     * Sees to it that no document has a higher id than the counter. Once an epoch will do: in one, nobody but this
     * library writes, and it gives the counter's ids.
     */
    private void raiseCounter(Session session, TextSchema table) {
        if (counterEpoch == schemaEpoch) {
            return;
        }
        long highest = highestId(session, table);
        long given = table.hasCounter() ? counter(session) : highestValue(session, table);
        if (table.hasCounter() && given < highest && highest < Long.MAX_VALUE) {
            session.update("DELETE FROM sqlite_sequence WHERE name = ? COLLATE NOCASE", name + "_values");
            session.update(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT m.name, ? FROM sqlite_master m "
                            + "WHERE m.type = 'table' AND m.name = ? COLLATE NOCASE",
                    highest,
                    name + "_values");
        }
        isFull = Math.max(given, highest) == Long.MAX_VALUE;
        counterEpoch = schemaEpoch;
    }

    private long counter(Session session) {
        return orZero(session.queryLong(
                "SELECT max(s.seq) FROM sqlite_sequence s WHERE s.name = ? COLLATE NOCASE", name + "_values"));
    }

    private static long highestId(Session session, TextSchema table) {
        return orZero(session.queryLong("SELECT f.rowid FROM " + table.table() + " f ORDER BY f.rowid DESC LIMIT 1"));
    }

    private static long highestValue(Session session, TextSchema table) {
        return orZero(session.queryLong("SELECT max(v.id) FROM " + table.values() + " v"));
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : Math.max(0, number);
    }

    /** FTS5 has a column of the table's name, by which all of it is searched. */
    static void checkColumn(String table, String column) {
        if (column.equalsIgnoreCase(table)) {
            throw new IllegalArgumentException(
                    "a column of documents cannot be named '" + column + "' as its table is; rename one of them");
        }
    }

    private void create(Transaction transaction, TextOptions made) {
        Session session = transaction.session();
        made.columns().forEach(column -> checkColumn(name, column));
        boolean hasValues = checkNamesAreFree(session);
        String columns = made.columns().stream().map(SqlNames::quote).collect(Collectors.joining(", "));
        TextTokenizer tokenizer = TextTokenizer.of(made);
        String tokenize =
                tokenizer.isDefault() ? "" : ", tokenize = '" + tokenizer.sql().replace("'", "''") + "'";
        String prefix = made.prefixes().isEmpty()
                ? ""
                : ", prefix = '" + made.prefixes().stream().map(String::valueOf).collect(Collectors.joining(" ")) + "'";
        session.execute("CREATE VIRTUAL TABLE " + SqlNames.quote(name) + " USING fts5(" + columns
                + ", value_ref UNINDEXED" + tokenize + prefix + ")");
        if (!hasValues) {
            session.execute("CREATE TABLE " + TextSchema.values(name)
                    + " (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)");
        }
        transaction.schemaChanged();
    }

    /**
     * Whether the table of values is there already: another program dropped the documents and left it. Throws when a
     * name is taken.
     */
    private boolean checkNamesAreFree(Session session) {
        String values = name + "_values";
        boolean hasValues = TableNames.isOrdinary(session, values) && TextLookup.isLeftBehind(session, values);
        TableNames.checkFree(
                session,
                "documents",
                name,
                TableNames.DOCUMENTS.stream()
                        .filter(end -> !(hasValues && end.equals("_values")))
                        .toList());
        return hasValues;
    }
}
