package io.kohakuvault.internal.sqlite;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of tables and FTS columns that users choose. They are always quoted in our SQL, but KohakuVault writes them
 * bare, so a name that SQLite would not take unquoted is refused.
 */
public final class SqlNames {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

    /** Words that SQLite does not take as a bare table or column name (https://sqlite.org/lang_keywords.html). */
    private static final Set<String> RESERVED = Set.of(
            ("add all alter and as autoincrement between case check collate commit constraint create default deferrable delete "
                            + "distinct drop else escape except exists foreign from group having if in index insert intersect into is "
                            + "isnull join limit not nothing notnull null on or order primary references returning select set table "
                            + "then to transaction union unique update using values when where")
                    .split(" "));

    private SqlNames() {}

    /**
     * Checks a table's name.
     *
     * @param what what it names, for the message
     */
    public static String checkTable(String what, String name) {
        Objects.requireNonNull(name, what);
        String lower = checkColumn(what, name).toLowerCase(Locale.ROOT);
        if (lower.startsWith("sqlite_")
                || lower.startsWith("kvault_")
                || lower.startsWith("kohakuvault_")
                || lower.startsWith("vault_")
                || lower.equals("col_meta") // of KohakuVault 0.x
                || lower.equals("col_chunks")) {
            throw new IllegalArgumentException(
                    what + " '" + name + "' is one that the file format keeps for itself; choose another");
        }
        return name;
    }

    /** Checks a name that only needs to be a plain identifier. */
    public static String checkColumn(String what, String name) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    what + " must be letters, digits and underscores, must not begin with a digit and"
                            + " must not be a word of SQL, but was '" + name + "'");
        }
        return name;
    }

    /** The name as a quoted identifier. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Whether this library would give a table such a name. */
    public static boolean isPlain(String name) {
        try {
            checkTable("a table", name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What names of one table have in common: SQLite folds the letters of ASCII alone. */
    public static String fold(String name) {
        Objects.requireNonNull(name, "name");
        StringBuilder folded = new StringBuilder(name);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c + 32));
            }
        }
        return folded.toString();
    }
}
