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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table of a file in one committed state, for reading. Must be closed. */
final class OpenTable implements AutoCloseable {
    private final Vault vault;
    private final Snapshot snapshot;
    private final String identity;
    private final Map<String, ColumnBlocks> blocks = new LinkedHashMap<>();
    private final List<SchemaColumn> columns = new ArrayList<>();
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
                long shortest = Long.MAX_VALUE;
                for (ColumnBlocks column : found(name)) { // one look at the catalog; each costs as much as a small read
                    blocks.put(column.name(), column);
                    columns.add(
                            new SchemaColumn(column.name(), column.dtype(), column.logicalType(), column.nullable()));
                    shortest = Math.min(shortest, column.length());
                }
                this.rows = blocks.isEmpty() ? 0 : shortest;
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
        private final boolean foreign;

        private NoTables(String message, boolean empty, boolean foreign) {
            super(message);
            this.empty = empty;
            this.foreign = foreign;
        }

        /** Whether the file holds nothing else either. */
        boolean isEmpty() {
            return empty;
        }

        /** Whether it is the database of another program. */
        boolean isForeign() {
            return foreign;
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

    private List<ColumnBlocks> found(@Nullable String name) {
        if (name != null) {
            try {
                return snapshot.blocks().table(name);
            } catch (NoSuchElementException e) {
                // Which there are is said below.
            }
        }
        List<String> tables = snapshot.tables().list();
        if (name == null && tables.size() == 1) {
            return snapshot.blocks().table(tables.get(0));
        }
        Path path = snapshot.path();
        if (name == null && !tables.isEmpty()) {
            throw new IllegalArgumentException(
                    path + " has the tables " + tables + ": say which, by option(\"table\", …)");
        }
        boolean isOld = !snapshot.contents().names(Content.Kind.LEGACY_COLUMN).isEmpty();
        boolean isForeign = tables.isEmpty() && snapshot.contents().isForeign();
        String message = path + ": there is no table" + (name == null ? "" : " '" + name + "'")
                + (tables.isEmpty() ? "" : ", there are " + tables)
                + (isOld ? "; it holds columns in the layout of KohakuVault 0.x: migrate it, and make a table" : "")
                + (isForeign ? "; it is no vault, but the database of another program" : "");
        throw tables.isEmpty() && !isOld
                ? new NoTables(message, isEmpty(snapshot), isForeign)
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
        return blocks.values().stream()
                .filter(column -> names.contains(column.name()))
                .toList();
    }

    /** The blocks of a column that is there. */
    ColumnBlocks blocks(String column) {
        return Objects.requireNonNull(blocks.get(column), column);
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
