package io.kohakuvault.tabular;

import io.kohakuvault.Snapshot;
import io.kohakuvault.tabular.internal.TextFormat;
import io.kohakuvault.tabular.internal.TextInput;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Tables from lines of JSON objects in UTF-8, and to them. An object names the columns that it has; one that is missing
 * is null. What is compressed with gzip or Zstandard is
 * decompressed, whatever it is called.
 *
 * <pre>{@code
 * long rows = VaultJsonLines.read(Path.of("flights.jsonl")).into(vault, "flights");
 * VaultJsonLines.write(snapshot, "flights").to(Path.of("copy.jsonl.zst"));
 * }</pre>
 */
public final class VaultJsonLines {
    private VaultJsonLines() {}

    /**
     * What a file holds, to be put into a table.
     *
     * @param file the file; a pipe too
     * @return the import, which has read nothing yet
     */
    public static TableImport read(Path file) {
        Objects.requireNonNull(file, "file");
        return TableImport.of(TextFormat.jsonl, () -> TextInput.of(file));
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
        return TableImport.of(TextFormat.jsonl, TableImport.once(name, stream));
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
        return TableExport.of(TextFormat.jsonl, snapshot, table);
    }
}
