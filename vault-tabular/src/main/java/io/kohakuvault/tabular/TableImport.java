package io.kohakuvault.tabular;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.tabular.internal.ColumnTypes;
import io.kohakuvault.tabular.internal.TableLoader;
import io.kohakuvault.tabular.internal.TextFormat;
import io.kohakuvault.tabular.internal.TextInput;
import io.kohakuvault.tabular.internal.Wording;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Text on its way into a table: made by {@link VaultCsv#read} and {@link VaultJsonLines#read}, said more about by the
 * methods that answer a changed copy, done by {@link #into}. Immutable.
 *
 * <p>A table that is missing is made. The types of its columns are those that are said, or else the narrowest that keep
 * what the values of a sample mean: {@code bool}, {@code i64}, {@code f64}, a date, a time, a timestamp, a list, a map,
 * and text where nothing else does ({@code 007} and {@code 1e400} are text). Every inferred column may be null. A later
 * value that its column's type would change is refused, with its line.
 */
public final class TableImport {
    private final TextFormat format;
    private final Opening opening;
    private final @Nullable Character delimiter;
    private final List<String> nulls;
    private final Map<String, SchemaColumn> types;
    private final long sampleRows;
    private final Progress progress;
    private final Consumer<String> notes;

    interface Opening {
        TextInput open() throws IOException;
    }

    private TableImport(
            TextFormat format,
            Opening opening,
            @Nullable Character delimiter,
            List<String> nulls,
            Map<String, SchemaColumn> types,
            long sampleRows,
            Progress progress,
            Consumer<String> notes) {
        this.format = format;
        this.opening = opening;
        this.delimiter = delimiter;
        this.nulls = nulls;
        this.types = types;
        this.sampleRows = sampleRows;
        this.progress = progress;
        this.notes = notes;
    }

    static TableImport of(TextFormat format, Opening opening) {
        return new TableImport(format, opening, null, List.of(), Map.of(), 1000, Progress.none(), note -> {});
    }

    /** A stream, which gives its bytes only once. */
    static Opening once(String name, InputStream stream) {
        AtomicBoolean used = new AtomicBoolean();
        return () -> {
            if (used.getAndSet(true)) {
                throw new IllegalStateException(name + ": the stream has been read already; give another one");
            }
            return TextInput.of(name, unclosed(stream));
        };
    }

    /** A stream that belongs to the caller. */
    private static InputStream unclosed(InputStream stream) {
        return new FilterInputStream(stream) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return in.read(target, offset, length);
            }

            @Override
            public void close() {}
        };
    }

    /**
     * What separates the fields of CSV.
     *
     * @param character for example {@code ';'}; of one byte, no quote and no line end
     * @return a changed copy
     */
    public TableImport delimiter(char character) {
        checkDelimiter(format, character);
        return new TableImport(format, opening, character, nulls, types, sampleRows, progress, notes);
    }

    static void checkDelimiter(TextFormat format, char character) {
        if (format == TextFormat.jsonl) {
            throw new IllegalArgumentException("JSON lines have no delimiter");
        } else if (character >= 128 || character == '"' || character == '\r' || character == '\n') {
            throw new IllegalArgumentException(
                    "a delimiter is an ASCII character but a quote or a line end, not '" + character + "'");
        }
    }

    /**
     * Texts without quotes that mean null in CSV, beside an empty field.
     *
     * @param texts for example {@code "NA"} and {@code "\\N"}
     * @return a changed copy, with these alone
     */
    public TableImport nulls(String... texts) {
        if (format == TextFormat.jsonl) {
            throw new IllegalArgumentException("JSON lines say null as null; a text is a text");
        }
        return new TableImport(format, opening, delimiter, List.of(texts), types, sampleRows, progress, notes);
    }

    /**
     * A column of a table that is made, whose type is not to be inferred. Of a table that is there it must be the type
     * that the column has.
     *
     * @param column its name in the input, and its type
     * @return a changed copy, in which it is the last of these
     */
    public TableImport type(SchemaColumn column) {
        Map<String, SchemaColumn> more = new LinkedHashMap<>(types);
        more.put(column.name(), column);
        return new TableImport(format, opening, delimiter, nulls, more, sampleRows, progress, notes);
    }

    /**
     * {@link #type} of several columns, written as the command takes them.
     *
     * @param list for example {@code "departed=timestamp:ms, delay=i32, id=u64 not null"}
     * @return a changed copy
     * @throws IllegalArgumentException when it cannot be read; it says where
     */
    public TableImport types(String list) {
        TableImport changed = this;
        for (SchemaColumn column : ColumnTypes.parse(list).values()) {
            changed = changed.type(column);
        }
        return changed;
    }

    /**
     * By how many rows types are inferred.
     *
     * @param rows at least 1, 1000 by default; {@code Long.MAX_VALUE} for all, which reads the input twice
     * @return a changed copy
     */
    public TableImport sampleRows(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("types are inferred from at least 1 row, but " + rows + " were said");
        }
        return new TableImport(format, opening, delimiter, nulls, types, rows, progress, notes);
    }

    /**
     * Who hears how far an import is, in bytes of the input (compressed ones where they are), and may end it.
     *
     * @param listener called some thousand rows apart, from the importing thread, inside the transaction; when it
     *     answers false nothing is imported
     * @return a changed copy
     */
    public TableImport progress(Progress listener) {
        return new TableImport(
                format, opening, delimiter, nulls, types, sampleRows, Objects.requireNonNull(listener), notes);
    }

    /**
     * Who hears what is worth knowing and no failure: a column that became text for the sake of {@code NA}, a heading
     * without a name.
     *
     * @param listener takes a sentence
     * @return a changed copy
     */
    public TableImport notes(Consumer<String> listener) {
        return new TableImport(
                format, opening, delimiter, nulls, types, sampleRows, progress, Objects.requireNonNull(listener));
    }

    /**
     * What the columns of a new table would be; of a stream it cannot be imported any more then.
     *
     * @return the schema
     * @throws IOException when the input cannot be read
     * @throws IllegalArgumentException when a record of the sample cannot be read; it says which
     */
    public Schema schema() throws IOException {
        try (TextInput input = opening.open()) {
            return loader(input, "inferred").schema();
        }
    }

    /**
     * Appends all records to a table, or none, in one transaction. A new file is filled faster inside {@link
     * io.kohakuvault.BulkLoad}.
     *
     * @param vault what is written to
     * @param table the table, which is made where it is missing
     * @return how many rows there were
     * @throws IOException when the input cannot be read
     * @throws IllegalArgumentException when a record cannot be read or does not fit, or another type is said of a table
     *     that is there; it names the input, the line, the column and what to do
     * @throws CancellationException when the progress ended it
     */
    public long into(Vault vault, String table) throws IOException {
        Objects.requireNonNull(vault, "vault");
        Objects.requireNonNull(table, "table");
        try (TextInput input = opening.open()) {
            long rows = loader(input, table).load(vault, () -> {
                if (!progress.advanced(input.count(), Math.max(input.count(), input.size()))) {
                    throw new CancellationException(input.name() + ": the import was cancelled; nothing was imported");
                }
            });
            progress.advanced(input.count(), input.count());
            return rows;
        }
    }

    private TableLoader loader(TextInput input, String table) {
        return new TableLoader(
                input,
                table,
                new TableLoader.Options(format, delimiter, nulls, types, sampleRows, Wording.LIBRARY),
                notes);
    }
}
