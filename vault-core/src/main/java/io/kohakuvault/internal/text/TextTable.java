package io.kohakuvault.internal.text;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Documents of a live vault or, without a file to write to, of a snapshot. */
public final class TextTable implements TextVault {
    private final ReadAccess access;
    private final @Nullable SqliteFile file;
    private final String name;
    private final TextOptions options;
    private final NumberGuess guess;
    private final String table;
    private final String values;
    private final String columns;
    private volatile boolean columnsChecked;

    /** @param file null in a snapshot */
    public TextTable(
            ReadAccess access, @Nullable SqliteFile file, String name, TextOptions options, NumberGuess guess) {
        this.guess = guess;
        this.access = access;
        this.file = file;
        this.name = SqlNames.checkTable("the name of a table of documents", name);
        this.options = options;
        this.table = SqlNames.quote(name);
        this.values = SqlNames.quote(name + "_values");
        options.columns().forEach(c -> SqlNames.checkColumn("a column of documents", c));
        this.columns = options.columns().stream().map(SqlNames::quote).collect(Collectors.joining(", "));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<TextHit> search(TextQuery query, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must be at least 0, but was " + k);
        }
        if (k == 0 || query.expression().isEmpty()) {
            return List.of();
        }
        return access.read(session -> session.hasTable(name) ? search(session, query, k) : List.of());
    }

    private List<TextHit> search(Session session, TextQuery query, int k) {
        List<Object> args = new ArrayList<>();
        String snippet = "NULL";
        TextQuery.Snippets how = query.snippets().orElse(null);
        if (how != null) {
            if (how.column() >= options.columns().size()) {
                throw new IllegalArgumentException(
                        "snippets of column " + how.column() + ", but there are " + options.columns());
            }
            snippet = "snippet(" + table + ", ?, ?, ?, ?, ?)";
            args.addAll(List.of(how.column(), how.before(), how.after(), how.ellipsis(), how.tokens()));
        }
        args.addAll(Arrays.asList(query.expression(), (long) k));
        List<TextHit> hits = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT f.rowid, -bm25(" + table + "), " + snippet + ", v.value FROM " + table + " f JOIN " + values
                        + " v ON f.value_ref = v.id WHERE " + table + " MATCH ? ORDER BY bm25(" + table + ") LIMIT ?",
                args.toArray())) {
            while (rows.next()) {
                long id = rows.getLong(0);
                hits.add(new TextHit(
                        id,
                        rows.getDouble(1),
                        value(rows, 3, id),
                        Optional.ofNullable(how == null ? null : rows.getString(2))));
            }
        } catch (VaultBusyException | VaultCorruptException | VaultFormatException | VaultIoException e) {
            throw e;
        } catch (VaultException e) {
            checkColumns(session);
            checkTables(session);
            // Result code ERROR out of a MATCH is FTS5 refusing the expression.
            Throwable cause = e.getCause();
            throw new IllegalArgumentException(
                    "table " + name + ": FTS5 does not take the query '" + query.expression() + "'"
                            + (cause == null ? "" : ": " + cause.getMessage()),
                    e);
        }
        return hits;
    }

    /** Throws when the tables are not those of documents: then it is not the query that is wrong. */
    private void checkTables(Session session) {
        session.queryLong("SELECT 1 FROM " + table + " f JOIN " + values
                + " v ON f.value_ref = v.id AND v.value IS NOT NULL LIMIT 0");
    }

    private Optional<Object> value(Rows rows, int column, long id) {
        byte[] stored = rows.getBlob(column);
        String where = (file == null ? "" : file.path() + ": ") + "table " + name + ", document " + id;
        if (stored == null) {
            throw new VaultCorruptException(where + ": the value is not a BLOB", null);
        }
        return Optional.ofNullable(ValueCodec.decode(stored, where, guess));
    }

    @Override
    public Optional<TextDocument> get(long id) {
        return access.read(session -> {
            if (!session.hasTable(name)) {
                return Optional.<TextDocument>empty();
            }
            try (Rows rows = session.query(
                    "SELECT v.value, " + columns + " FROM " + table + " f JOIN " + values
                            + " v ON f.value_ref = v.id WHERE f.rowid = ?",
                    id)) {
                if (!rows.next()) {
                    return Optional.<TextDocument>empty();
                }
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < options.columns().size(); i++) {
                    String text = rows.getString(i + 1);
                    texts.add(text == null ? "" : text);
                }
                return Optional.of(new TextDocument(id, texts, value(rows, 0, id)));
            }
        });
    }

    @Override
    public List<Long> ids() {
        return access.read(session -> {
            List<Long> ids = new ArrayList<>();
            if (session.hasTable(name)) {
                try (Rows rows = session.query("SELECT rowid FROM " + table + " ORDER BY rowid")) {
                    while (rows.next()) {
                        ids.add(rows.getLong(0));
                    }
                }
            }
            return ids;
        });
    }

    @Override
    public long count() {
        return access.read(session -> {
            // The shadow table of document sizes has one row a document and is much smaller than the documents.
            Long count = session.hasTable(name + "_docsize")
                    ? session.queryLong("SELECT count(*) FROM " + SqlNames.quote(name + "_docsize"))
                    : session.hasTable(name) ? session.queryLong("SELECT count(*) FROM " + table) : null;
            return count == null ? 0L : count;
        });
    }

    @Override
    public long insert(List<String> texts, @Nullable Object value) {
        if (texts.size() != options.columns().size()) {
            throw new IllegalArgumentException("table " + name + " has the columns " + options.columns() + ", but "
                    + texts.size() + " texts were given");
        }
        texts.forEach(Utf8::check);
        byte[] stored = ValueCodec.encode(value);
        SqliteFile f = writable();
        return f.write(() -> {
            Session session = f.writer().session();
            create(session);
            session.update("INSERT INTO " + values + " (value) VALUES (?)", stored);
            List<Object> args = new ArrayList<>(texts);
            args.add(session.lastInsertRowid());
            session.update(
                    "INSERT INTO " + table + " (" + columns + ", value_ref) VALUES (" + "?, ".repeat(texts.size())
                            + "?)",
                    args.toArray());
            return session.lastInsertRowid();
        });
    }

    /** Says that the name is taken, or the columns are others, where SQLite would only miss a column. */
    private void checkColumns(Session session) {
        List<String> expected = new ArrayList<>(options.columns());
        expected.add("value_ref");
        List<String> found = session.columnsOf(name);
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    session.file() + ": table " + name + " has the columns " + found + ", documents of "
                            + options.columns() + " need " + expected + "; give its columns or another name");
        }
    }

    private void create(Session session) {
        if (session.hasTable(name)) {
            if (!columnsChecked) {
                checkColumns(session);
                columnsChecked = true;
            }
            return;
        }
        String tokenizer = options.tokenizer() == TextOptions.Tokenizer.UNICODE61
                ? ""
                : ", tokenize = '" + options.tokenizer().sql() + "'";
        session.execute(
                "CREATE VIRTUAL TABLE " + table + " USING fts5(" + columns + ", value_ref UNINDEXED" + tokenizer + ")");
        session.execute("CREATE TABLE " + values + " (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)");
    }

    @Override
    public boolean delete(long id) {
        SqliteFile f = writable();
        return f.write(() -> {
            Session session = f.writer().session();
            Long ref = session.hasTable(name)
                    ? session.queryLong("SELECT value_ref FROM " + table + " WHERE rowid = ?", id)
                    : null;
            if (ref == null) {
                return false;
            }
            session.update("DELETE FROM " + table + " WHERE rowid = ?", id);
            session.update("DELETE FROM " + values + " WHERE id = ?", ref);
            return true;
        });
    }

    @Override
    public String toString() {
        return "documents " + name + " " + options.columns();
    }

    private SqliteFile writable() {
        SqliteFile f = file;
        if (f == null) {
            throw new UnsupportedOperationException("table " + name + " is read-only in a snapshot");
        }
        return f;
    }
}
