package io.kohakuvault.tabular;

import io.kohakuvault.Snapshot;
import io.kohakuvault.tabular.internal.TextFormat;
import io.kohakuvault.tabular.internal.TextInput;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Tables from CSV (RFC 4180) in UTF-8 with a heading, and to it. Fields are separated by commas, or by tabs where a
 * file's name ends with {@code .tsv}; an empty field without quotes is a null. What is compressed with gzip or
 * Zstandard is decompressed, whatever it is called.
 *
 * <pre>{@code
 * long rows = VaultCsv.read(Path.of("flights.csv")).into(vault, "flights");
 * VaultCsv.write(snapshot, "flights").to(Path.of("copy.csv.zst"));
 * }</pre>
 */
public final class VaultCsv {
    private VaultCsv() {}

    /**
     * What a file holds, to be put into a table.
     *
     * @param file the file; a pipe too
     * @return the import, which has read nothing yet
     */
    public static TableImport read(Path file) {
        Objects.requireNonNull(file, "file");
        return TableImport.of(format(file), () -> TextInput.of(file));
    }

    /**
     * What a stream gives, to be put into a table.
     *
     * @param name what messages call it
     * @param stream read to its end by {@link TableImport#into}, and not closed
     * @return the import, which has read nothing yet and can be used once
     */
    public static TableImport read(String name, InputStream stream) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(stream, "stream");
        return TableImport.of(TextFormat.csv, TableImport.once(name, stream));
    }

    /**
     * A table, to be written.
     *
     * @param snapshot the state in which it is written
     * @param table its name
     * @return the export, which has read nothing yet
     * @throws java.util.NoSuchElementException when there is no such table
     */
    public static TableExport write(Snapshot snapshot, String table) {
        return TableExport.of(TextFormat.csv, snapshot, table);
    }

    private static TextFormat format(Path file) {
        return TextFormat.ofName(file).filter(TextFormat.tsv::equals).orElse(TextFormat.csv);
    }
}
