package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.vec0.Vec0Schema;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says which of the tables that hold a table of vectors is missing, where one was dropped since the handle was got. It
 * is looked for only when SQLite has missed it. Thread-safe.
 */
final class MissingTables {
    private final Access<?> access;
    private final String name;

    MissingTables(Access<?> access, String name) {
        this.access = access;
        this.name = name;
    }

    /** Does work, whose failure it explains. */
    <T> T explained(Supplier<T> work) {
        try {
            return work.get();
        } catch (VaultException e) {
            throw isMissing(e) ? explanation(e) : e;
        }
    }

    private static boolean isMissing(VaultException e) {
        String said = e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
        // The name of a column stands behind "has no column named" where it is written.
        return said.contains("no such table") || said.contains("no such column") || said.contains("has no column");
    }

    private VaultException explanation(VaultException e) {
        Optional<VaultFormatException> said = said();
        said.ifPresent(refusal -> refusal.addSuppressed(e));
        return said.isPresent() ? said.get() : e;
    }

    private Optional<VaultFormatException> said() {
        try {
            return access.<Optional<VaultFormatException>>read(
                    session -> Vec0Schema.find(session, name, null).map(entry -> entry.refusal(session.file())));
        } catch (RuntimeException e) {
            return Optional.empty(); // in a transaction that the failure has spoilt, for one
        }
    }
}
