package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.tabular.internal.ColumnTypes;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "schema",
        description = {
            "Prints the columns of a table with their types, as 'vault import --types' takes them; of all tables when none is named.",
            "Exporting a table and importing it with its types gives the same table: vault schema a.db t > t.types, vault import b.db t t.csv --types @t.types"
        })
final class SchemaCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "TABLE", arity = "0..1", description = "a table, or a column")
    String name;

    @Override
    int run() throws IOException {
        try (Vault vault = read()) {
            if (name == null) {
                for (String table : vault.tables().list()) {
                    TableReader reader = vault.tables().get(table);
                    out().println("# " + Messages.oneLine(table)
                            + String.format(Locale.ROOT, ", %,d rows", reader.length()));
                    print(reader);
                }
                return 0;
            }
            Content content = Contents.find(vault, name);
            switch (content.kind()) {
                case TABLE -> print(vault.tables().get(name));
                case COLUMN, LEGACY_COLUMN ->
                    out().println(ColumnTypes.text(
                            SchemaColumn.of("value", vault.columns().bytes(name).dtype(), false)));
                default ->
                    throw new IllegalArgumentException(
                            "'" + name + "' is no table and no column, but " + Contents.kind(content.kind()));
            }
        }
        return 0;
    }

    private void print(TableReader table) {
        table.schema().columns().forEach(column -> out().println(ColumnTypes.text(column)));
    }
}
