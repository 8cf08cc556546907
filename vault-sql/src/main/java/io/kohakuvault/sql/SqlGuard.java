package io.kohakuvault.sql;

import io.kohakuvault.spi.VaultFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.PatternSyntaxException;

/**
 * Keeps DuckDB from opening the vault's file, whatever for: when it closes the file again, the locks of the whole
 * process on it are gone (https://www.sqlite.org/howtocorrupt.html, 2.2), and two writers damage it. A name that a
 * query computes is not seen.
 */
final class SqlGuard {
    private SqlGuard() {}

    /** Refuses a statement with a text or a quoted name that is the vault's file, or a pattern that it matches. */
    static void check(String sql, Path file) throws SQLException {
        for (SqlText.Token token : SqlText.tokens(sql)) {
            String text = SqlText.quotedText(token.text());
            if (text != null) {
                checkText(text, file);
            }
        }
    }

    /** The same for a value that is set in a statement. */
    static void checkText(String text, Path file) throws SQLException {
        if (names(text, file)) {
            throw new SQLException("'" + text + "' is the vault that this process has open, and must not be opened or"
                    + " written by DuckDB: its views are here already");
        }
    }

    /** Whether a text names the file or what SQLite keeps beside it. */
    static boolean names(String text, Path file) {
        String name = text.replaceFirst("^(sqlite:|file:/{2}(?=/)|file:)", "");
        if (name.isBlank() || name.indexOf('\n') >= 0 || name.length() > 4096) {
            return false;
        }
        return isPart(name, file) || VaultFiles.of(file).stream().anyMatch(kept -> matches(name, kept));
    }

    private static boolean isPart(String name, Path file) {
        try {
            return VaultFiles.contains(file, Path.of(name));
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static boolean matches(String pattern, Path kept) {
        if (pattern.chars().noneMatch(c -> c == '*' || c == '?' || c == '[')) {
            return false;
        }
        try {
            String whole = pattern.startsWith("/") ? pattern : Path.of("").toAbsolutePath() + "/" + pattern;
            var matcher = FileSystems.getDefault().getPathMatcher("glob:" + whole);
            return matcher.matches(kept.toAbsolutePath()) || (Files.exists(kept) && matcher.matches(kept.toRealPath()));
        } catch (PatternSyntaxException | InvalidPathException | IOException e) {
            return false;
        }
    }
}
