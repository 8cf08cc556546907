package io.kohakuvault.cli;

import io.kohakuvault.tabular.internal.TextFormat;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Forms of files that rows are written to and read from. */
public enum FileFormat {
    /** Fields between commas. */
    csv,
    /** Fields between tabs. */
    tsv,
    /** JSON objects, one a line. */
    jsonl,
    /** Arrow IPC. */
    arrow,
    /** Parquet. */
    parquet;

    /** The form as text; empty for those of columns. */
    Optional<TextFormat> text() {
        return switch (this) {
            case csv -> Optional.of(TextFormat.csv);
            case tsv -> Optional.of(TextFormat.tsv);
            case jsonl -> Optional.of(TextFormat.jsonl);
            case arrow, parquet -> Optional.empty();
        };
    }

    /** Whether it is one of columns, for which {@link ColumnarFiles} are needed. */
    boolean isColumnar() {
        return text().isEmpty();
    }

    /** The form that a file's name tells; empty when it tells none. */
    static Optional<FileFormat> ofName(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".arrow") || name.endsWith(".arrows")) {
            return Optional.of(arrow);
        } else if (name.endsWith(".parquet")) {
            return Optional.of(parquet);
        }
        return TextFormat.ofName(path).map(text -> valueOf(text.name()));
    }
}
