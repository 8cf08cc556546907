package io.kohakuvault.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Keeps DuckDB's own SQLite from opening the vault's file: closing it would give up the locks of the whole process
 * (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
final class SqlGuard {
    private SqlGuard() {}

    /** Refuses a statement that speaks of SQLite and names the file. */
    static void check(String sql, Path file) throws SQLException {
        if (!sql.toLowerCase(java.util.Locale.ROOT).contains("sqlite")) {
            return;
        }
        for (SqlText.Token token : SqlText.tokens(sql)) {
            String text = token.text();
            if (text.length() > 2 && text.startsWith("'") && isFile(text.substring(1, text.length() - 1), file)) {
                throw new SQLException("DuckDB's extension for SQLite must not open " + file
                        + ", which this process has open as a vault: its views are here already");
            }
        }
    }

    private static boolean isFile(String text, Path file) {
        String name = text.replace("''", "'").replaceFirst("^sqlite:", "");
        try {
            return Files.isSameFile(Path.of(name), file);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
