package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultIoException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Maps SQLite's result codes (https://sqlite.org/rescode.html) to exceptions of the vault. */
final class SqlErrors {
    private static final int ERROR = 1;
    private static final int PERM = 3;
    static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int NOMEM = 7;
    private static final int READONLY = 8;
    static final int INTERRUPT = 9;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int TOOBIG = 18;
    private static final int NOTADB = 26;

    private static final String FOREIGN =
            ": a table of another program needs it, and only that program brings it; let that do this, or drop the table";

    private static final String OF_FORMAT =
            ": a table of the format is gone, or has become another; verify says which, restore the file from a backup";

    private SqlErrors() {}

    /** See {@link FileAccess#load}. */
    static void load() {
        FileAccess.load();
    }

    /** FTS5 is the only module of virtual tables that is used here. */
    private static boolean isOfWords(SQLException e) {
        return e instanceof SQLiteException s && s.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT_VTAB;
    }

    static VaultException map(SQLException e, String file, String doing) {
        int code = e instanceof SQLiteException s ? s.getResultCode().code & 0xFF : ERROR;
        String where = file + ": " + doing + ": ";
        return switch (code) {
            case BUSY, LOCKED ->
                new VaultBusyException(
                        where
                                + "another connection held the lock for longer than the busy timeout; nothing was changed, try again",
                        e);
            case CORRUPT ->
                new VaultCorruptException(
                        where
                                + (isOfWords(e)
                                        ? "the documents or their index of words are damaged (" + e.getMessage()
                                                + "); repair makes the index anew, else restore a backup"
                                        : "the database's pages are damaged (" + e.getMessage()
                                                + "); restore a backup or use sqlite3 .recover"),
                        e);
            case NOTADB ->
                new VaultFormatException(
                        where + "this is not a SQLite database (or it is encrypted); give another path", e);
            case FULL ->
                new VaultIoException(
                        where + "the disk is full; nothing was changed, make room and try again"
                                + (doing.startsWith("INSERT INTO ") // SQLite says the same of both
                                        ? ". Where there is room, the highest of all ids is given in that table: use another"
                                        : ""),
                        e);
            case READONLY, PERM ->
                new VaultIoException(
                        where + "the file may not be written: " + FileAccess.remedy(file, "check its permissions"), e);
            case CANTOPEN ->
                new VaultIoException(
                        where + "it cannot be opened: "
                                + FileAccess.remedy(file, "check that the folder exists and may be written"),
                        e);
            case IOERR ->
                new VaultIoException(
                        where + "the system cannot read or write it (" + e.getMessage() + "): "
                                + FileAccess.remedy(file, "check the disk, and that the folder may be written"),
                        e);
            case TOOBIG ->
                new VaultCorruptException(
                        where
                                + "a record says that it is larger than any can be; restore a backup or use sqlite3 .recover",
                        e);
            case NOMEM ->
                new VaultException(
                        where
                                + "SQLite was given no memory; nothing was changed, give the process more than the Java heap takes",
                        e);
            default ->
                new VaultException(
                        where + e.getMessage() + (isForeign(e) ? FOREIGN : isOfFormat(e, doing) ? OF_FORMAT : ""), e);
        };
    }

    /** Whether a table that every file with columns has was dropped or replaced. */
    private static boolean isOfFormat(SQLException e, String doing) {
        String said = String.valueOf(e.getMessage());
        boolean isMissing = said.contains("no such table") || said.contains("no such column");
        return isMissing && (doing.contains("vault_") || said.contains("vault_"));
    }

    /** Whether the schema needs what only the program brings that made it. */
    private static boolean isForeign(SQLException e) {
        String said = String.valueOf(e.getMessage());
        return said.contains("no such collation sequence")
                || said.contains("no such module")
                || said.contains("no such tokenizer")
                || said.contains("no such function")
                || said.contains("unknown function");
    }
}
