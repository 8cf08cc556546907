package io.kohakuvault.cli.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.cli.Interruption;
import io.kohakuvault.sql.VaultSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;

/** Files that rows are written to and read from, of a kind that their names tell. */
enum ResultFile {
    PARQUET(".parquet"),
    ARROW(".arrow"),
    CSV(".csv"),
    JSONL(".jsonl");

    private final String ending;

    ResultFile(String ending) {
        this.ending = ending;
    }

    /**
     * The kind that a name tells.
     *
     * @throws IllegalArgumentException when it tells none
     */
    static ResultFile of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        for (ResultFile kind : values()) {
            if (name.endsWith(kind.ending)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(file + ": its name must end with .parquet, .arrow, .csv or .jsonl");
    }

    /** Writes the result of a query; the file is there whole or not at all. */
    long write(VaultSql sql, String query, Path target) throws SQLException {
        return switch (this) {
            case PARQUET -> sql.copyToParquet(query, target);
            case ARROW -> sql.copyToArrow(query, target);
            case CSV -> sql.copyTo(query, target, "FORMAT csv, HEADER");
            case JSONL -> sql.copyTo(query, target, "FORMAT json");
        };
    }

    /** Appends what a file holds to a table. */
    long read(VaultSql sql, Path source, Vault vault, String table) throws SQLException, IOException {
        if (!Files.isReadable(source)) {
            throw new IOException(source + ": no such file, or it cannot be read");
        }
        if (this == PARQUET) {
            try (BufferAllocator allocator = VaultArrow.allocator()) {
                return ParquetFile.read(allocator, source, vault, table, Interruption::check);
            }
        }
        if (this == ARROW) {
            try (BufferAllocator allocator = VaultArrow.allocator();
                    ArrowInput rows = ArrowInput.open(source, allocator, (done, total) -> Interruption.check())) {
                return rows.into(vault, table);
            }
        }
        String path = "'" + source.toString().replace("'", "''") + "'";
        String rows = this == CSV
                ? "read_csv(" + path + ", allow_quoted_nulls = false)" // an empty text in quotes is one, and no null
                : "read_json(" + path + ")";
        return sql.insertInto("SELECT * FROM " + rows, vault, table);
    }
}
