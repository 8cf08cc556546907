package io.kohakuvault.internal.vec0;

import io.kohakuvault.VaultFormatException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the schema has under a name where a vec0 table is looked for.
 *
 * @param name the name as the schema spells it
 * @param sql the declaration
 * @param table what it says; null when that is not understood
 * @param unread what keeps this library from reading the table as KohakuVault does; empty when nothing does
 * @param lacksTables whether that is a table beside it that is gone or has become another: its vectors or values
 *     are lost
 */
public record Vec0Entry(String name, String sql, @Nullable Vec0Table table, String unread, boolean lacksTables) {
    /** The declaration, where it is understood. */
    public Optional<Vec0Table> declared() {
        return Optional.ofNullable(table);
    }

    /**
     * The table, which KohakuVault and this library read; else a VaultFormatException that names what is in the way.
     */
    public Vec0Table readable(String file) {
        VaultFormatException refusal = refusal(file);
        if (table == null || refusal != null) {
            throw Objects.requireNonNull(refusal);
        }
        return table;
    }

    /** What to do about a table that is not read. */
    public String remedy() {
        return lacksTables
                ? "restore the file from a backup"
                : "use sqlite-vec for it"
                        + (unread.contains(Vec0Schema.LOST) ? ", or restore the file from a backup" : "");
    }

    /** Why the table is not read; null where it is. */
    public @Nullable VaultFormatException refusal(String file) {
        return table != null && unread.isEmpty()
                ? null
                : new VaultFormatException(
                        file + ": this library does not read the table of vectors " + name + ": " + unread + "; "
                                + remedy(),
                        null);
    }
}
