package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands that change what things are called, or take them away. */
final class NameCommands {
    private NameCommands() {}

    /** A column of a table, named table.column. */
    private record TableColumnName(Table table, String column) {
        static Optional<TableColumnName> of(Vault vault, String name) {
            for (String table : vault.tables().list()) {
                if (name.startsWith(table + ".")) {
                    String column = name.substring(table.length() + 1);
                    Table found = vault.tables().get(table);
                    if (found.schema().columns().stream().anyMatch(c -> c.name().equals(column))) {
                        return Optional.of(new TableColumnName(found, column));
                    }
                }
            }
            return Optional.empty();
        }
    }

    @Command(
            name = "rename",
            description = {
                "Gives a table or a column another name, and a table's columns with it.",
                "A column of a table is named TABLE.COLUMN; its new name is that within the table."
            })
    static final class Rename extends FileCommand {
        @Parameters(index = "1", paramLabel = "NAME", description = "a table, a column, or TABLE.COLUMN")
        String name;

        @Parameters(index = "2", paramLabel = "NEW", description = "its new name")
        String newName;

        @Override
        protected int run() throws IOException {
            if (newName.isEmpty()) {
                throw wrong("the new name is empty");
            }
            try (Vault vault = write(false)) {
                if (vault.tables().list().contains(name)) {
                    vault.tables().rename(name, newName);
                    return 0;
                }
                Optional<TableColumnName> ofTable = TableColumnName.of(vault, name);
                List<Content> found = Contents.all(vault, name);
                if (ofTable.isPresent()) {
                    Table table = ofTable.get().table();
                    String prefix = table.name() + ".";
                    table.renameColumn(
                            ofTable.get().column(),
                            newName.startsWith(prefix) ? newName.substring(prefix.length()) : newName);
                } else if (vault.columns().contains(name)) {
                    vault.columns().rename(name, newName);
                } else if (found.isEmpty()) {
                    throw new NoSuchElementException(file + ": there is nothing called '" + name + "'; see 'vault ls'");
                } else {
                    throw new IllegalArgumentException("'" + name + "' is "
                            + Contents.kind(found.get(0).kind()) + ", and only tables and columns are renamed");
                }
            }
            return 0;
        }
    }

    @Command(
            name = "drop",
            description = {
                "Drops a table with its columns, a column, a column of a table (TABLE.COLUMN), key-values, documents or vectors, and all that is in it.",
                "The file keeps its size, and the room is used again; 'vault compact' gives it back."
            })
    static final class Drop extends FileCommand {
        @Parameters(index = "1", paramLabel = "NAME", description = "what 'vault ls -a' lists, or TABLE.COLUMN")
        String name;

        @Override
        protected int run() throws IOException {
            try (Vault vault = write(false)) {
                Optional<TableColumnName> ofTable = TableColumnName.of(vault, name);
                List<Content> found = Contents.all(vault, name).stream()
                        .filter(content -> content.kind() != Content.Kind.COLUMN || ofTable.isEmpty())
                        .toList();
                if (found.size() + (ofTable.isPresent() ? 1 : 0) > 1) {
                    throw new IllegalArgumentException("'" + name
                            + "' names several things, see 'vault ls -a'; rename the table or the column first");
                } else if (ofTable.isPresent()) {
                    ofTable.get().table().deleteColumn(ofTable.get().column());
                } else if (found.isEmpty()) {
                    throw new NoSuchElementException(file + ": there is nothing called '" + name + "'; see 'vault ls'");
                } else if (!vault.contents().delete(found.get(0).kind(), name)) {
                    throw new NoSuchElementException(file + ": '" + name + "' is not there any more");
                }
            }
            return 0;
        }
    }
}
