package io.kohakuvault.notebook;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.column.ColumnReader;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.notebook.internal.ArrowRows;
import io.kohakuvault.notebook.internal.Beginnings;
import io.kohakuvault.notebook.internal.Hits;
import io.kohakuvault.notebook.internal.Overview;
import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.notebook.internal.ResultRows;
import io.kohakuvault.notebook.internal.VaultRows;
import io.kohakuvault.search.HybridQuery;
import io.kohakuvault.search.HybridSearch;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Views of what a vault holds, of Arrow batches, results of SQL and hits. All calls are thread-safe as what they look
 * at is; they change nothing, but a result of SQL is read to its end. What came from data is escaped in HTML, and
 * control characters are made visible.
 */
public final class Show {
    private static final int SNIPPET_TOKENS = 24;

    /** Of trigrams, which begin at each character, as many as there may be. */
    private static final int SNIPPET_TRIGRAMS = 64;

    private Show() {}

    /**
     * Whatever can be shown: a {@link Vault}, {@link Snapshot}, {@link TableReader}, {@link ColumnReader},
     * {@link KvReader}, {@link TextReader}, {@link VectorReader}, {@link VectorSchemaRoot}, {@link ResultSet},
     * {@link View}, a list of hits or of rows. What cannot be read, because it is closed for one, is shown as the
     * sentence that says why.
     *
     * @param value anything
     * @return what it holds; for other types what their {@code toString()} says
     */
    public static View of(@Nullable Object value) {
        return known(value).orElseGet(() -> View.of(Rendered.message(String.valueOf(value))));
    }

    /**
     * As {@link #of}, for those who have another way to show what is not known here.
     *
     * @param value anything
     * @return what it holds, or empty for other types
     */
    public static Optional<View> known(@Nullable Object value) {
        try {
            if (value instanceof View view) {
                return Optional.of(view);
            } else if (value instanceof Vault vault) {
                return Optional.of(vault(vault));
            } else if (value instanceof Snapshot snapshot) {
                return Optional.of(snapshot(snapshot));
            } else if (value instanceof TableReader table) {
                return Optional.of(table(table));
            } else if (value instanceof ColumnReader column) {
                return Optional.of(column(column));
            } else if (value instanceof KvReader entries) {
                return Optional.of(keyValues(entries));
            } else if (value instanceof TextReader texts) {
                return Optional.of(documents(texts));
            } else if (value instanceof VectorReader near) {
                return Optional.of(vectors(near));
            } else if (value instanceof VectorSchemaRoot batch) {
                return Optional.of(batch(batch));
            } else if (value instanceof ResultSet result) {
                return Optional.of(result(result));
            } else if (value instanceof List<?> list && Hits.are(list)) {
                return Optional.of(hits("", list));
            } else if (value instanceof List<?> list && VaultRows.are(list)) {
                return Optional.of(rows(list.stream().map(Row.class::cast).toList()));
            }
            return Optional.empty();
        } catch (SQLException | RuntimeException e) {
            return Optional.of(View.of(Rendered.message("It cannot be shown: " + reason(e))));
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.endsWith("this vault is closed")
                ? message + "; open it again with Vault.open, and take its tables and other handles from there"
                : message;
    }

    /**
     * What a file holds: kinds, names, counts, sizes, and the file's size. The size of tables and columns is that of
     * their elements; of key-values, documents and vectors it is that of their pages, which are walked, 256 MiB of
     * them at most. A part that is damaged is a line that says so.
     *
     * @param vault an open vault
     * @return the overview
     * @throws IllegalStateException when it is closed
     */
    public static View vault(Vault vault) {
        return View.of(Overview.of(vault));
    }

    /**
     * What a snapshot holds.
     *
     * @param snapshot an open snapshot
     * @return the overview
     * @throws IllegalStateException when it is closed
     */
    public static View snapshot(Snapshot snapshot) {
        return View.of(Overview.of(snapshot));
    }

    /**
     * The first ten rows of a table and the last five, with types and nulls, and how many there are.
     *
     * @param table a table of a vault or of a snapshot
     * @param columns which of its columns, in this order; all when none is named
     * @return the rows
     * @throws java.util.NoSuchElementException when it has no such column; says which it has
     * @throws IllegalStateException when the vault is closed
     */
    public static View table(TableReader table, String... columns) {
        return View.of(VaultRows.of(table, List.of(columns)));
    }

    /**
     * The first ten of some rows of a table and the last five, for one what {@link TableReader#scan} finds. Reads them
     * to their end.
     *
     * @param rows rows of one table with the same columns
     * @return the rows with their places in the table, and how many there are
     */
    public static View rows(Iterable<Row> rows) {
        return View.of(VaultRows.of(rows));
    }

    /**
     * The first ten elements of a column and the last five.
     *
     * @param column a column of a vault or of a snapshot
     * @return the elements
     * @throws IllegalStateException when the vault is closed
     */
    public static View column(ColumnReader column) {
        return View.of(VaultRows.of(column));
    }

    /**
     * The first ten key-values, and how many there are.
     *
     * @param entries key-values of a vault or of a snapshot
     * @return keys, as text where they are text, and values
     * @throws IllegalStateException when the vault is closed
     */
    public static View keyValues(KvReader entries) {
        return View.of(Beginnings.of(entries));
    }

    /**
     * The first ten documents, and how many there are.
     *
     * @param documents documents of a vault or of a snapshot
     * @return their texts and what was stored with them
     * @throws IllegalStateException when the vault is closed
     */
    public static View documents(TextReader documents) {
        return View.of(Beginnings.of(documents));
    }

    /**
     * The first ten vectors, and how many there are.
     *
     * @param vectors vectors of a vault or of a snapshot
     * @return the vectors and what was stored with them
     * @throws IllegalStateException when the vault is closed
     */
    public static View vectors(VectorReader vectors) {
        return View.of(Beginnings.of(vectors));
    }

    /**
     * The first ten rows of an Arrow batch and the last five.
     *
     * @param batch an open batch, which stays as it is
     * @return the rows
     * @throws IllegalStateException when it is closed
     */
    public static View batch(VectorSchemaRoot batch) {
        return View.of(ArrowRows.of(batch));
    }

    /**
     * The first ten rows of a result of SQL and the last five. Reads the result to its end, a million rows at most; it
     * stays open, and has no rows left.
     *
     * @param result an open result, of DuckDB or any other database
     * @return the rows
     * @throws SQLException when it cannot be read
     */
    public static View result(ResultSet result) throws SQLException {
        return View.of(ResultRows.of(result));
    }

    /**
     * Hits of one search: scores or distances with bars, values, and where they have them snippets with what was found
     * marked, and ranks. Marks are those of {@link Snippets#of}, {@code **}.
     *
     * @param title a line above them, or the empty text
     * @param hits best first: all {@link io.kohakuvault.text.TextHit}, all {@link io.kohakuvault.vector.VectorHit} or
     *     all {@link io.kohakuvault.search.HybridHit}
     * @return the hits, or that nothing was found
     * @throws IllegalArgumentException for a list of something else
     */
    public static View hits(String title, List<?> hits) {
        return View.of(Hits.of(title, hits));
    }

    /**
     * Searches documents and shows what was found, with snippets of 24 words; of a table of trigrams, of 66 characters.
     *
     * @param documents a table of documents
     * @param query what to search for; its snippets are replaced
     * @param k how many at most, at least 1
     * @return the hits
     */
    public static View search(TextReader documents, TextQuery query, int k) {
        return hits(title(query), documents.search(marked(query, documents), k));
    }

    /**
     * Searches by words and vectors and shows what was found, with the place in either list.
     *
     * @param search over documents and vectors
     * @param query what to search for; the snippets of its words are replaced
     * @param k how many at most, at least 1
     * @return the hits
     */
    public static View search(HybridSearch search, HybridQuery query, int k) {
        HybridQuery marked = HybridQuery.of(marked(query.text(), search.documents()), query.vector())
                .withWeights(query.textWeight(), query.vectorWeight())
                .withMethod(query.method())
                .withCandidates(query.candidates(k));
        return hits(title(query.text()), search.search(marked, k));
    }

    private static String title(TextQuery query) {
        return query.words().isEmpty() ? query.expression() : String.join(" ", query.words());
    }

    private static TextQuery marked(TextQuery query, TextReader documents) {
        int tokens = documents.tokenizer().toLowerCase(Locale.ROOT).startsWith("trigram")
                ? SNIPPET_TRIGRAMS
                : SNIPPET_TOKENS;
        return query.withSnippets(Snippets.of(tokens).withBestColumn().withMarks(Hits.BEGIN, Hits.END));
    }
}
