package io.kohakuvault.spark;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table of a file in one committed state, for reading. Must be closed. */
final class OpenTable implements AutoCloseable {
    private final Vault vault;
    private final Snapshot snapshot;
    private final String identity;
    private final TableReader table;
    private final List<SchemaColumn> columns;
    private final long rows;

    /**
     * Opens it.
     *
     * @param name the table; null for the only one that the file has
     * @throws VaultException when the file cannot be read; its message names the file
     * @throws IllegalArgumentException when there is no such table; its message names the file
     */
    OpenTable(Path path, @Nullable String name) {
        this.vault = open(path);
        try {
            this.identity = FileInfo.identity(path);
            this.snapshot = vault.snapshot();
            try {
                this.table = table(name);
                this.columns = table.schema().columns();
                this.rows = table.length();
            } catch (RuntimeException | Error e) {
                snapshot.close();
                throw e;
            }
        } catch (IOException e) {
            vault.close();
            throw new VaultIoException(path + ": cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            vault.close();
            throw e;
        }
    }

    /** A file without any table: of one that is being made it may be the beginning. */
    static final class NoTables extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final boolean empty;

        private NoTables(String message, boolean empty) {
            super(message);
            this.empty = empty;
        }

        /** Whether the file holds nothing else either. */
        boolean isEmpty() {
            return empty;
        }
    }

    /** Whether a vault holds nothing but, maybe, offsets, with which a sink begins: its writer has just made it. */
    static boolean isEmpty(Snapshot snapshot) {
        return Arrays.stream(Content.Kind.values())
                .filter(kind -> kind != Content.Kind.OFFSETS)
                .allMatch(kind -> snapshot.contents().names(kind).isEmpty());
    }

    /** Opens a vault for reading; what goes wrong is told with the file. */
    static Vault open(Path path) {
        try {
            return openAnew(path);
        } catch (VaultException e) {
            if (String.valueOf(e.getMessage()).contains(path.toString())) {
                throw e;
            }
            String message = path + ": " + e.getMessage();
            throw e instanceof VaultFormatException
                    ? new VaultFormatException(message, e)
                    : e instanceof VaultCorruptException
                            ? new VaultCorruptException(message, e)
                            : new VaultIoException(message, e);
        }
    }

    /** A file may be in the place of one that a query before this one has open still. */
    private static Vault openAnew(Path path) {
        try {
            return Vault.openReadOnly(path);
        } catch (VaultIoException e) {
            if (HeldTables.closeIdle()) {
                return Vault.openReadOnly(path);
            }
            throw e;
        }
    }

    private TableReader table(@Nullable String name) {
        if (name != null) {
            Optional<? extends TableReader> found = snapshot.tables().find(name);
            if (found.isPresent()) {
                return found.get();
            }
        }
        List<String> tables = snapshot.tables().list();
        if (name == null && tables.size() == 1) {
            return snapshot.tables().get(tables.get(0));
        }
        Path path = snapshot.path();
        if (name == null && !tables.isEmpty()) {
            throw new IllegalArgumentException(
                    path + " has the tables " + tables + ": say which, by option(\"table\", …)");
        }
        boolean isOld = !snapshot.contents().names(Content.Kind.LEGACY_COLUMN).isEmpty();
        String message = path + ": there is no table" + (name == null ? "" : " '" + name + "'")
                + (tables.isEmpty() ? "" : ", there are " + tables)
                + (isOld ? "; it holds columns in the layout of KohakuVault 0.x: migrate it, and make a table" : "");
        throw tables.isEmpty() && !isOld
                ? new NoTables(message, isEmpty(snapshot))
                : new IllegalArgumentException(message);
    }

    FileInfo info(FileInfo.Stamp stamp) {
        return new FileInfo(snapshot.path(), identity, stamp, columns, SeenTable.of(this, stamp));
    }

    Path path() {
        return snapshot.path();
    }

    Snapshot snapshot() {
        return snapshot;
    }

    String identity() {
        return identity;
    }

    List<SchemaColumn> columns() {
        return columns;
    }

    long rows() {
        return rows;
    }

    /** The blocks of the columns that a filter names, by their names within the table. */
    List<ColumnBlocks> filtered(Filter filter) {
        Set<String> names =
                filter.conditions().stream().map(Filter.Condition::column).collect(Collectors.toSet());
        return snapshot.blocks().table(table.name()).stream()
                .filter(blocks -> names.contains(blocks.name()))
                .toList();
    }

    /** The blocks of a column that is there. */
    ColumnBlocks blocks(String column) {
        return snapshot.blocks().column(table.name() + "." + column);
    }

    @Override
    public void close() {
        try {
            snapshot.close();
        } finally {
            vault.close();
        }
    }
}
