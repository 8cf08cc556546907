package io.kohakuvault.internal.text;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.text.TextOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of documents as the file has it: what it is called, its columns and its tokenizer. Whoever has one may use
 * its columns in SQL: all of them are there.
 */
final class TextSchema {
    private final TextLookup.Declaration declaration;
    private final List<String> all;
    private final List<Fts5Declaration.Column> texts;
    private final int reference;
    private final TextTokenizer tokenizer;
    private final boolean hasSizes;
    private final boolean hasCounter;
    private final List<String> columns;
    private final String get;
    private final String insert;

    TextSchema(
            TextLookup.Declaration declaration,
            List<String> all,
            int reference,
            Fts5Declaration fts5,
            TextTokenizer tokenizer) {
        this.declaration = declaration;
        this.all = all;
        this.reference = reference;
        List<Fts5Declaration.Column> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i != reference) {
                found.add(new Fts5Declaration.Column(
                        all.get(i), fts5.columns().get(i).isIndexed()));
            }
        }
        this.texts = List.copyOf(found);
        this.tokenizer = tokenizer;
        this.hasSizes = !"0".equals(fts5.options().get("columnsize"));
        this.columns = texts.stream().map(Fts5Declaration.Column::name).toList();
        this.hasCounter =
                String.valueOf(declaration.valuesSql()).toLowerCase(Locale.ROOT).contains("autoincrement");
        List<String> quoted = columns.stream().map(SqlNames::quote).toList();
        this.get = "SELECT " + reference() + ", v.id, v.value, " + hasBlob() + ", " + selectTexts() + " FROM " + table()
                + " f LEFT JOIN " + values() + " v ON v.id = " + reference() + " WHERE f.rowid = ?";
        this.insert = "INSERT INTO " + table() + " (rowid, " + String.join(", ", quoted) + ", "
                + SqlNames.quote(all.get(reference)) + ") VALUES (" + "?, ".repeat(quoted.size() + 1) + "?)";
    }

    /** Throws when the table was made with other options than these. */
    void check(Session session, TextOptions options) {
        TextTokenizer wanted = TextTokenizer.of(options);
        if (!options.columns().equals(columns()) || !wanted.equals(tokenizer)) {
            throw new IllegalArgumentException(session.file() + ": table " + declaration.name() + " has documents of "
                    + columns() + " with the tokenizer " + tokenizer + " (its columns are " + all
                    + "), the options say " + options.columns() + " with " + wanted
                    + "; give options that fit, none to take the table as it is, or another name");
        }
    }

    /** Throws when there is not one text for each column. */
    void check(Session session, List<String> texts) {
        checkTexts(session.file() + ": table " + declaration.name(), columns(), texts);
    }

    static void checkTexts(String where, List<String> columns, List<String> texts) {
        if (texts.size() != columns.size()) {
            throw new IllegalArgumentException(
                    where + " has the columns " + columns + ", but " + texts.size() + " texts were given");
        }
    }

    /** Whether the schema says the same still: then everything that follows from it holds. */
    boolean isOf(TextLookup.Declaration other) {
        return declaration.equals(other);
    }

    /** The table's name as it was asked for. */
    String name() {
        return declaration.name();
    }

    /** The columns of text. */
    List<String> columns() {
        return columns;
    }

    TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** Where a column of text stands among all columns, as FTS5 counts them. */
    int position(int text) {
        return text < reference ? text : text + 1;
    }

    /** The table, for FROM. */
    String table() {
        return SqlNames.quote(declaration.name());
    }

    /** The table of values, for FROM. */
    String values() {
        return values(declaration.name());
    }

    static String values(String name) {
        return SqlNames.quote(name + "_values");
    }

    /**
     * The hidden column that stands for the whole table, of the table called f. SQLite takes a name in quotes that it
     * does not know for a text, unless the name says whose column it is.
     */
    String whole() {
        return "f." + table();
    }

    /** The reference to the value, of the table called f. */
    String reference() {
        return "f." + SqlNames.quote(all.get(reference));
    }

    /** The columns of text, of the table called f. */
    String selectTexts() {
        return columns.stream().map(c -> "f." + SqlNames.quote(c)).collect(Collectors.joining(", "));
    }

    /** Whether a text is a BLOB, of the table called f. */
    String hasBlob() {
        return "'blob' IN ("
                + columns.stream()
                        .map(c -> "typeof(f." + SqlNames.quote(c) + ")")
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /**
     * The texts of a document. Throws when one of them is none.
     *
     * @param from the column with {@link #hasBlob}; the texts follow
     */
    List<String> texts(Rows rows, int from, long document, StoredValues values) {
        boolean hasBlob = rows.getLong(from) != 0;
        List<String> found = new ArrayList<>();
        for (String column : columns) {
            int at = from + 1 + found.size();
            boolean isBlob = hasBlob && rows.getBlob(at) != null; // asked first: reading it as text makes it one
            String text = isBlob ? null : rows.getString(at);
            if (text == null) {
                throw values.damaged(document, "its " + column + " is " + (isBlob ? "a BLOB" : "NULL") + ", no text");
            }
            found.add(text);
        }
        return found;
    }

    /** Whether a column of text is searched. */
    boolean isIndexed(int text) {
        return texts.get(text).isIndexed();
    }

    /** All columns in their order, with the reference; as FTS5's ranking counts them. */
    List<Double> weights(List<Double> ofTexts) {
        List<Double> weights = new ArrayList<>(ofTexts);
        weights.add(reference, 0.0);
        return weights;
    }

    /** The number of a column of text by its name, whatever its case; -1 where there is none. */
    int text(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).equalsIgnoreCase(column)) {
                return i;
            }
        }
        return -1;
    }

    /** A document by its id: the reference, the value's id, the value, whether a text is a BLOB, and the texts. */
    String get() {
        return get;
    }

    /** An insert of the id, the texts and the reference. */
    String insert() {
        return insert;
    }

    /**
     * An update of the texts, of the document of an id; twice the texts, around the id. It leaves those that are the
     * same: FTS5 would take their words out of the index and put them in again.
     */
    String update() {
        return "UPDATE " + table() + " SET "
                + columns.stream().map(c -> SqlNames.quote(c) + " = ?").collect(Collectors.joining(", "))
                + " WHERE rowid = ? AND ("
                + columns.stream().map(SqlNames::quote).collect(Collectors.joining(", "))
                + ") IS NOT (?" + ", ?".repeat(columns.size() - 1) + ")"; // an OR of them all would be too deep
    }

    /** The documents that are stored with a value, ascending. */
    List<Long> idsWith(Session session, byte[] value) {
        List<Long> ids = new ArrayList<>();
        List<Long> others = new ArrayList<>();
        // A document's id is that of its value, but for those that another program has written.
        try (Rows rows = session.query(
                "SELECT v.id, coalesce(CAST(" + reference() + " AS INTEGER) = v.id, 0) FROM " + values()
                        + " v LEFT JOIN " + table() + " f ON f.rowid = v.id WHERE v.value = ? ORDER BY v.id",
                value)) {
            while (rows.next()) {
                (rows.getLong(1) == 1 ? ids : others).add(rows.getLong(0));
            }
        }
        for (long reference : others) {
            ids.addAll(withReference(session, reference));
        }
        return ids.stream().sorted().toList();
    }

    private List<Long> withReference(Session session, long reference) {
        List<Long> ids = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT f.rowid FROM " + table() + " f WHERE CAST(" + reference() + " AS INTEGER) = ?",
                reference)) { // a text that says a number refers, too
            while (rows.next()) {
                ids.add(rows.getLong(0));
            }
        }
        return ids;
    }

    /** The reference of a document to its value; null where it has none. */
    @Nullable
    Long referenceOf(Session session, long id) {
        return session.queryLong("SELECT " + reference() + " FROM " + table() + " f WHERE f.rowid = ?", id);
    }

    /** FTS5's commands go to a column of the table's name. */
    String command() {
        return "INSERT INTO " + table() + " (" + table() + ") VALUES (?)";
    }

    /** Where FTS5 keeps the documents. */
    String content() {
        return SqlNames.quote(declaration.name() + "_content");
    }

    /**
     * How many documents there are: the table of their sizes, where there is one, is much smaller than the documents.
     */
    String count() {
        return "SELECT count(*) FROM " + (hasSizes ? SqlNames.quote(declaration.name() + "_docsize") : table());
    }

    /**
     * Whether SQLite counts the ids of values, so that none is given again: so it is unless another program made the
     * table.
     */
    boolean hasCounter() {
        return hasCounter;
    }
}
