package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.sqlite.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/** Makes connections with the settings of the format. */
final class Connections {
    private static final int FORMAT_VERSION = 1;

    static {
        SqlErrors.load();
    }

    private Connections() {}

    /** Refuses a file of a newer format, and one whose tables are none. */
    static void checkFormat(Session session) {
        Set<String> tables = TableNames.reserved(session);
        checkVersion(session, tables, "vault_format");
        checkVersion(session, tables, "kvault_col_format");
    }

    private static void checkVersion(Session session, Set<String> tables, String table) {
        if (!tables.contains(table)) {
            return;
        }
        Long version = session.queryLong("SELECT version FROM " + table);
        if (version == null || version != FORMAT_VERSION) {
            throw new VaultFormatException(
                    session.file() + ": " + table + " says version " + version + ", this library knows version "
                            + FORMAT_VERSION + "; open the file with a newer release",
                    null);
        }
    }

    /** To be said again when the page size changes: SQLite goes on with the number of pages. */
    static void limitCache(Session session, VaultOptions options) {
        session.execute("PRAGMA cache_size = " + -(options.cacheSizeBytes() >> 10));
    }

    /** What a connection may do. */
    enum Access {
        READ,
        /** Reads a file that nobody writes, without locks and without anything beside it. */
        UNLOCKED,
        WRITE
    }

    static Session connect(String path, VaultOptions options, Access access) {
        SQLiteConfig config = new SQLiteConfig();
        if (access != Access.WRITE) {
            config.setReadOnly(true);
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        String name = path;
        // The driver takes what stands behind a ? for settings; in a URI it is encoded.
        if (access == Access.UNLOCKED || path.indexOf('?') >= 0) {
            config.setOpenMode(SQLiteOpenMode.OPEN_URI);
            name = "file:" + Path.of(path).toUri().getRawPath() + (access == Access.UNLOCKED ? "?immutable=1" : "");
        }
        Properties properties = config.toProperties();
        properties.setProperty(
                "busy_timeout", Long.toString(options.busyTimeout().toMillis()));
        properties.setProperty("mmap_size", Long.toString(options.mmapSizeBytes()));
        properties.setProperty("cache_size", Long.toString(-(options.cacheSizeBytes() >> 10)));
        if (access == Access.WRITE) { // each is a statement, and means nothing where nothing is written
            properties.setProperty("foreign_keys", "true");
            properties.setProperty("synchronous", options.synchronous().name());
            // A large transaction leaves a large -wal behind; it shrinks to this when it is used again.
            properties.setProperty("journal_size_limit", Integer.toString(64 << 20));
        }
        // The driver's default asks for the generated key after each insert, which makes inserts up to
        // five times slower.
        properties.setProperty("jdbc.get_generated_keys", "false");
        try {
            JDBC4Connection connection = new JDBC4Connection("jdbc:sqlite:" + name, name, properties);
            if (access == Access.WRITE) {
                Function.create(connection, Session.GUARD_FUNCTION, new Function() {
                    @Override
                    protected void xFunc() throws SQLException {
                        result(1);
                    }
                });
            }
            return new Session(path, connection, Interruption.of(path, connection, options.busyTimeout()));
        } catch (SQLException e) {
            throw SqlErrors.map(e, path, "open");
        }
    }
}
