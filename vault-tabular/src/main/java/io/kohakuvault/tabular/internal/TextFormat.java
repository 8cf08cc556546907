package io.kohakuvault.tabular.internal;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Forms of tables as text. */
public enum TextFormat {
    /** Fields between commas. */
    csv(','),
    /** Fields between tabs. */
    tsv('\t'),
    /** JSON objects, one a line. */
    jsonl(',');

    private final char delimiter;

    TextFormat(char delimiter) {
        this.delimiter = delimiter;
    }

    /**
     * What stands between fields unless something else is said.
     *
     * @return the delimiter
     */
    public char delimiter() {
        return delimiter;
    }

    /**
     * The format that a file's name tells, whether the file is compressed or not.
     *
     * @param path the file
     * @return the format, empty when the name does not tell
     */
    public static Optional<TextFormat> ofName(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        for (String suffix : new String[] {".gz", ".gzip", ".zst", ".zstd"}) {
            if (name.endsWith(suffix)) {
                name = name.substring(0, name.length() - suffix.length());
                break;
            }
        }
        if (name.endsWith(".csv")) {
            return Optional.of(csv);
        } else if (name.endsWith(".tsv") || name.endsWith(".tab")) {
            return Optional.of(tsv);
        }
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? Optional.of(jsonl) : Optional.empty();
    }
}
