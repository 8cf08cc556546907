package io.kohakuvault.internal.text;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.IdScan;
import io.kohakuvault.internal.sqlite.RowSize;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.internal.value.ValueSize;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Documents of a vault or of a snapshot. Every call looks in its own transaction what the table is:
 * another program may have made it anew.
 */
public final class TextTable implements TextVault {
    private final Access<?> access;
    private final DocumentWriter writer;
    private final String name;
    private final @Nullable TextOptions options;
    private final NumberGuess guess;
    private volatile @Nullable Seen seen;

    /**
     * What a read found.
     *
     * @param version the version of the file's schema, {@link #UNCOMMITTED} when it was not or may not be committed
     * @param schema null when there was no table
     */
    private record Seen(long version, @Nullable TextSchema schema) {}

    private static final long UNCOMMITTED = -1;

    /** A page of documents ends at so many, or at so much memory of texts and values. */
    private static final int PAGE = 256;

    private static final long PAGE_BYTES = 2 << 20;
    private static final int ID_PAGE = 10_000;

    /** FTS5 keeps two of them for itself, and the third is the number of a document's value. */
    private static final Set<String> NEVER_NAMES = Set.of("rank", "rowid", "value_ref");

    /**
     * Opens a table; nothing is read yet.
     *
     * @param options null to take the table as the file has it, or to make it with the defaults
     */
    public TextTable(Access<?> access, String name, @Nullable TextOptions options, NumberGuess guess) {
        this.guess = guess;
        this.access = access;
        this.name = SqlNames.checkTable("the name of a table of documents", name);
        if (NEVER_NAMES.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "a table of documents cannot be named '" + name + "', as a column that each has; choose another");
        }
        this.options = options;
        if (options != null) {
            options.columns().forEach(this::checkColumn);
        }
        this.writer = new DocumentWriter(name, options);
    }

    private void checkColumn(String column) {
        SqlNames.checkColumn("a column of documents", column);
        DocumentWriter.checkColumn(name, column);
    }

    /** Looks at the table now, and throws what a read would throw. */
    public TextTable checked() {
        return read((session, schema) -> this, this);
    }

    /** Reads from the table as it is now, or answers what there is to say where it is not there yet. */
    private <T> T read(BiFunction<Session, TextSchema, T> work, T whenMissing) {
        return access.read(session -> {
            TextSchema schema = schema(session);
            if (schema != null) {
                return work.apply(session, schema);
            }
            if (!access.isWritable()) {
                throw new NoSuchElementException(session.file() + ": there is no table " + name);
            }
            return whenMissing;
        });
    }

    /** The table as the session's transaction sees it; null when there is none. */
    private @Nullable TextSchema schema(Session session) {
        Seen before = seen;
        long version = version(session);
        if (before != null && version != UNCOMMITTED && version == before.version) {
            return before.schema;
        }
        TextSchema known = before == null ? null : before.schema;
        TextSchema found = TextLookup.find(session, name, known);
        if (found != null && found != known && options != null) {
            found.check(session, options);
        }
        if (before == null || found != known || version != UNCOMMITTED) {
            seen = new Seen(version, found);
        }
        return found;
    }

    /**
     * Committed states of one version have one schema; within a transaction, or after one was rolled back, that does
     * not hold.
     */
    private long version(Session session) {
        if (access.isFrozen()) {
            return 0;
        }
        Long version = access.isReader(session) ? session.queryLong("PRAGMA schema_version") : null;
        return version == null ? UNCOMMITTED : version;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> columns() {
        return read(
                (session, schema) -> schema.columns(), (options == null ? TextOptions.defaults() : options).columns());
    }

    @Override
    public String tokenizer() {
        return read(
                        (session, schema) -> schema.tokenizer(),
                        TextTokenizer.of(options == null ? TextOptions.defaults() : options))
                .toString();
    }

    @Override
    public List<TextHit> search(TextQuery query, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must be at least 0, but was " + k);
        }
        QuerySize.check(query);
        if (k == 0 || query.valueFilter().isEmpty()) {
            return best(query, k);
        }
        TextQuery all = query.withOffset(0);
        return FilteredSearch.run(query, k, most -> best(all, most));
    }

    /** The best, whatever their values. */
    private List<TextHit> best(TextQuery query, int k) {
        return read((session, schema) -> new TextSearch(session, schema, values(session), query, k).run(), List.of());
    }

    @Override
    public long countMatches(TextQuery query) {
        QuerySize.check(query);
        TextQuery plain = query.plain();
        Predicate<? super Optional<Object>> passes = query.valueFilter().orElse(null);
        if (passes != null) {
            return best(plain, Integer.MAX_VALUE).stream()
                    .filter(hit -> passes.test(hit.value()))
                    .count();
        }
        return read((session, schema) -> new TextSearch(session, schema, values(session), plain, 1).count(), 0L);
    }

    @Override
    public boolean exists(long id) {
        return read(
                (session, schema) ->
                        session.queryLong("SELECT 1 FROM " + schema.table() + " f WHERE f.rowid = ?", id) != null,
                false);
    }

    private StoredValues values(Session session) {
        return new StoredValues(session.file(), name, guess);
    }

    @Override
    public Optional<TextDocument> find(long id) {
        return this.<Optional<TextDocument>>read((session, schema) -> document(session, schema, id), Optional.empty());
    }

    private Optional<TextDocument> document(Session session, TextSchema schema, long id) {
        try (Rows rows = session.query(schema.get(), id)) {
            if (!rows.next()) {
                return Optional.empty();
            }
            StoredValues values = values(session);
            Optional<Object> value = values.read(rows, 0, id);
            return Optional.of(new StoredDocument(id, schema.texts(rows, 3, id, values), value));
        }
    }

    @Override
    public Iterable<Long> ids() {
        checked();
        return () -> new IdScan<>(least -> this.<List<IdScan.Item<Long>>>read(
                (session, schema) -> ids(session, schema, least, ID_PAGE).stream()
                        .map(id -> new IdScan.Item<>(id, id))
                        .toList(),
                List.of()));
    }

    private static VaultCorruptException disordered(Session session, TextSchema schema, long id) {
        return new VaultCorruptException(
                session.file() + ": table " + schema.name() + "_content has its rows out of order, at " + id
                        + "; restore the file from a backup",
                null);
    }

    private static List<Long> ids(Session session, TextSchema schema, long least, int most) {
        List<Long> ids = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT f.rowid FROM " + schema.table() + " f WHERE f.rowid >= ? ORDER BY f.rowid LIMIT ?",
                least,
                most)) {
            while (rows.next()) {
                long id = rows.getLong(0);
                if (id < (ids.isEmpty() ? least : ids.get(ids.size() - 1) + 1)) {
                    throw disordered(session, schema, id);
                }
                ids.add(id);
            }
        }
        return ids;
    }

    @Override
    public Iterable<TextDocument> scan() {
        checked();
        return () -> new IdScan<>(least -> this.<List<IdScan.Item<TextDocument>>>read(
                (session, schema) -> {
                    List<IdScan.Item<TextDocument>> page = new ArrayList<>();
                    long held = 0;
                    for (long id : ids(session, schema, least, PAGE)) {
                        TextDocument document = document(session, schema, id)
                                .orElseThrow(() -> disordered(session, schema, id)); // one transaction
                        page.add(new IdScan.Item<>(id, document));
                        held += document.texts().stream()
                                        .mapToLong(String::length)
                                        .sum()
                                + ValueSize.of(document.value().orElse(null));
                        if (held >= PAGE_BYTES) {
                            break;
                        }
                    }
                    return page;
                },
                List.of()));
    }

    @Override
    public long count() {
        return read((session, schema) -> Objects.requireNonNullElse(session.queryLong(schema.count()), 0L), 0L);
    }

    @Override
    public long insert(List<String> texts, @Nullable Object value) {
        return insertAll(List.of(new NewDocument(texts, value)))[0];
    }

    @Override
    public long[] insertAll(List<NewDocument> documents) {
        List<List<String>> texts = new ArrayList<>(documents.size());
        List<byte[]> values = new ArrayList<>(documents.size());
        for (NewDocument document : documents) {
            texts.add(checked(document.texts()));
            values.add(encode(document.value()));
        }
        if (texts.isEmpty()) {
            return new long[0];
        }
        return access.write(transaction -> writer.insert(transaction, texts, values));
    }

    private static List<String> checked(List<String> texts) {
        texts.forEach(Utf8::check);
        RowSize.check(RowSize.utf8Bytes(texts), "the texts of a document", "store them as several documents");
        return texts;
    }

    private static byte[] encode(@Nullable Object value) {
        byte[] stored = ValueCodec.encode(value);
        RowSize.check(stored.length, "a document's value", "put it under a key, and the key here");
        return stored;
    }

    @Override
    public boolean updateTexts(long id, List<String> texts) {
        List<String> copy = checked(List.copyOf(texts));
        return access.write(transaction -> writer.updateTexts(transaction, id, copy));
    }

    @Override
    public boolean updateValue(long id, @Nullable Object value) {
        byte[] stored = encode(value);
        return access.write(transaction -> writer.updateValue(transaction, id, stored));
    }

    @Override
    public List<Long> idsWith(@Nullable Object value) {
        byte[] stored = ValueCodec.encode(value);
        return read((session, schema) -> schema.idsWith(session, stored), List.of());
    }

    @Override
    public void indexValues() {
        access.run(writer::indexValues);
    }

    @Override
    public long put(List<String> texts, @Nullable Object value) {
        List<String> copy = checked(List.copyOf(texts));
        byte[] stored = encode(value);
        return access.write(transaction -> writer.put(transaction, copy, stored));
    }

    @Override
    public void clear() {
        access.run(writer::clear);
    }

    @Override
    public void optimize() {
        access.run(transaction -> writer.command(transaction, "optimize"));
    }

    @Override
    public void rebuild() {
        access.run(transaction -> writer.command(transaction, "rebuild"));
    }

    @Override
    public boolean delete(long id) {
        return access.write(transaction -> writer.delete(transaction, id));
    }

    /** Deletes the table with its documents and values; false when there is none. */
    public boolean drop() {
        return access.write(transaction -> writer.drop(transaction));
    }

    @Override
    public String toString() {
        return "documents " + name + (options == null ? "" : " " + options.columns());
    }
}
