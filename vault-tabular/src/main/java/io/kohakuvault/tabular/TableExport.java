package io.kohakuvault.tabular;

import io.kohakuvault.Snapshot;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.spi.VaultFiles;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.tabular.internal.RowSelection;
import io.kohakuvault.tabular.internal.TargetFile;
import io.kohakuvault.tabular.internal.TextExport;
import io.kohakuvault.tabular.internal.TextFormat;
import io.kohakuvault.tabular.internal.TextOutput;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A table on its way into text: made by {@link VaultCsv#write} and {@link VaultJsonLines#write}, done by {@link #to}.
 * Times are written in ISO 8601, bytes in Base64. What is written is read again, with the types of the table, as the
 * same rows. Immutable.
 */
public final class TableExport {
    private final TextFormat format;
    private final Snapshot snapshot;
    private final String table;
    private final @Nullable Character delimiter;
    private final String nullText;
    private final List<String> columns;
    private final Filter filter;
    private final long limit;
    private final Progress progress;

    private TableExport(
            TextFormat format,
            Snapshot snapshot,
            String table,
            @Nullable Character delimiter,
            String nullText,
            List<String> columns,
            Filter filter,
            long limit,
            Progress progress) {
        this.format = format;
        this.snapshot = snapshot;
        this.table = table;
        this.delimiter = delimiter;
        this.nullText = nullText;
        this.columns = columns;
        this.filter = filter;
        this.limit = limit;
        this.progress = progress;
    }

    static TableExport of(TextFormat format, Snapshot snapshot, String table) {
        snapshot.tables().get(table);
        return new TableExport(
                format, snapshot, table, null, "", List.of(), Filter.all(), Long.MAX_VALUE, Progress.none());
    }

    /**
     * What separates the fields of CSV.
     *
     * @param character for example {@code ';'}; of one byte, no quote and no line end
     * @return a changed copy
     */
    public TableExport delimiter(char character) {
        TableImport.checkDelimiter(format, character);
        if (nullText.indexOf(character) >= 0) {
            throw new IllegalArgumentException(
                    "the delimiter " + character + " stands in the text of nulls, '" + nullText + "'");
        }
        return new TableExport(format, snapshot, table, character, nullText, columns, filter, limit, progress);
    }

    /**
     * What stands for a null in CSV; a text that is the same is in quotes.
     *
     * @param text nothing by default; without delimiters, quotes and line ends
     * @return a changed copy
     */
    public TableExport nullText(String text) {
        if (format == TextFormat.jsonl) {
            throw new IllegalArgumentException("a null of JSON lines is null");
        }
        char separator = delimiter == null ? format.delimiter() : delimiter;
        if (text.indexOf(separator) >= 0 || text.matches("(?s).*[\"\r\n].*")) {
            throw new IllegalArgumentException("a delimiter, a quote or a line end cannot stand in '" + text + "'");
        }
        return new TableExport(format, snapshot, table, delimiter, text, columns, filter, limit, progress);
    }

    /**
     * Which columns are written.
     *
     * @param names in this order; none means all
     * @return a changed copy
     */
    public TableExport columns(String... names) {
        return new TableExport(format, snapshot, table, delimiter, nullText, List.of(names), filter, limit, progress);
    }

    /**
     * Which rows are written.
     *
     * @param wanted the filter
     * @return a changed copy
     */
    public TableExport where(Filter wanted) {
        return new TableExport(
                format, snapshot, table, delimiter, nullText, columns, Objects.requireNonNull(wanted), limit, progress);
    }

    /**
     * How many rows are written at most.
     *
     * @param rows at least 0
     * @return a changed copy
     */
    public TableExport limit(long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("how many rows cannot be negative, but was " + rows);
        }
        return new TableExport(format, snapshot, table, delimiter, nullText, columns, filter, rows, progress);
    }

    /**
     * Who hears how far an export is, in rows of the table, and may end it.
     *
     * @param listener called some thousand rows apart, from the exporting thread; when it answers false the export
     *     ends, and a file is left as it was
     * @return a changed copy
     */
    public TableExport progress(Progress listener) {
        return new TableExport(
                format, snapshot, table, delimiter, nullText, columns, filter, limit, Objects.requireNonNull(listener));
    }

    /**
     * Writes a file, which is there when all of it is: until then what is written stands beside it. A link is followed;
     * a pipe or a device is written as it is.
     *
     * @param file made or replaced; compressed when its name ends with {@code .gz} or {@code .zst}, CSV with tabs
     *     when it ends with {@code .tsv}
     * @return how many rows were written
     * @throws IOException when it cannot be written; it is left as it was
     * @throws IllegalArgumentException when it is the vault itself, its name promises another format or
     *     compression, or the filter, or a column, is none of the table's
     * @throws CancellationException when the progress ended it
     */
    public long to(Path file) throws IOException {
        checkTarget(file);
        TextFormat named = TextFormat.ofName(file).orElse(format);
        boolean tabs = named == TextFormat.tsv && format == TextFormat.csv && delimiter == null;
        long[] rows = new long[1];
        TargetFile.replace(
                file,
                part -> {
                    try (Writer out = TextOutput.of(part, file)) {
                        rows[0] = (tabs ? delimiter(TextFormat.tsv.delimiter()) : this).to(out);
                    }
                },
                () -> {});
        return rows[0];
    }

    private void checkTarget(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a folder; give a file");
        }
        if (VaultFiles.contains(snapshot.path(), file)) {
            throw new IllegalArgumentException(file + " is the vault itself; write to another file");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new NoSuchFileException(file.toString(), null, "there is no folder " + folder + "; make it first");
        }
        boolean other = TextFormat.ofName(file)
                .filter(named -> (named == TextFormat.jsonl) != (format == TextFormat.jsonl))
                .isPresent();
        if (other
                || String.valueOf(file.getFileName())
                        .matches("(?i).*\\.(bz2|xz|lz4|lzma|zip|7z|br|snappy|parquet|json)")) {
            throw new IllegalArgumentException(file + ": its name promises something else than "
                    + (format == TextFormat.jsonl ? "JSON lines" : "CSV")
                    + " as it is, .gz or .zst; name it otherwise");
        }
    }

    /**
     * Writes to a stream of characters.
     *
     * @param out flushed at the end, and not closed
     * @return how many rows were written
     * @throws IOException what it throws
     * @throws IllegalArgumentException when the filter, or a column, is none of the table's
     * @throws CancellationException when the progress ended it
     */
    public long to(Writer out) throws IOException {
        TableReader reader = snapshot.tables().get(table);
        long total = reader.length();
        long[] rows = new long[1];
        RowSelection selection = new RowSelection(reader, columns, filter, limit, index -> {
            if (rows[0]++ % 1024 == 0 && !progress.advanced(index, total)) {
                throw new CancellationException("table '" + table + "': the export was cancelled");
            }
        });
        new TextExport(out, format, delimiter, nullText).table(snapshot, table, selection);
        out.flush();
        progress.advanced(total, total);
        return rows[0];
    }
}
