package io.kohakuvault.internal.block.guard;

import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.sqlite.Session;
import java.util.List;
import java.util.Map;

/**
 * Keeps KohakuVault from writing columns, which it reads all the same: then what was derived from their bytes stays
 * true. Indexes over the BLOBs make its in-place writing fail, triggers its inserting and deleting; connections of this
 * library pass the triggers because they have the function that these ask for. KohakuVault shows the function's name,
 * so the name is the message.
 */
public final class Guard {
    private static final String INDEX = "vault_guard";

    private Guard() {}

    /** Whether the file is guarded, as of the transaction that the connection is in. */
    public static boolean isInstalled(Session session) {
        return session.queryLong("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", INDEX) != null;
    }

    /** Guards the columns; their tables must exist. */
    public static void install(Session session) {
        session.execute("CREATE INDEX IF NOT EXISTS vault_guard ON kvault_col_data(payload) WHERE 0");
        session.execute("CREATE INDEX IF NOT EXISTS vault_guard_offsets ON kvault_col_data(offsets) WHERE 0");
        triggers()
                .forEach((name, on) -> session.execute("CREATE TRIGGER IF NOT EXISTS " + name + " BEFORE " + on
                        + " WHEN \"" + Session.GUARD_FUNCTION + "\"() IS NOT 1 BEGIN SELECT RAISE(ABORT, '"
                        + Session.GUARD_FUNCTION
                        + "'); END"));
    }

    /**
     * Lets KohakuVault write again. What was derived from the columns' bytes is forgotten, for it would go stale
     * unseen.
     */
    public static void remove(Session session) {
        session.execute("DROP INDEX IF EXISTS vault_guard");
        session.execute("DROP INDEX IF EXISTS vault_guard_offsets");
        triggers().keySet().forEach(name -> session.execute("DROP TRIGGER IF EXISTS " + name));
        if (BlockTables.hasExtensions(session)) {
            session.update("UPDATE vault_block_ext SET min_value = NULL, max_value = NULL, crc32c = NULL");
            session.update("DELETE FROM vault_block_ext WHERE validity IS NULL");
        }
    }

    private static Map<String, String> triggers() {
        return Map.of(
                "vault_guard_insert_block", "INSERT ON kvault_col_blocks",
                "vault_guard_delete_block", "DELETE ON kvault_col_blocks",
                "vault_guard_insert_column", "INSERT ON kvault_col_columns",
                "vault_guard_delete_column", "DELETE ON kvault_col_columns");
    }

    /** Names of everything that guards, for whoever lists what is in a file. */
    public static List<String> objects() {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(INDEX, "vault_guard_offsets"), triggers().keySet().stream())
                .sorted()
                .toList();
    }
}
