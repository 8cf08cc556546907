package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.tabular.internal.ColumnTypes;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorReader;
import io.kohakuvault.vector.VectorType;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "schema",
        description = {
            "Prints the columns of a table with their types, as 'vault import --types' takes them; of all tables when none is named. Of documents and vectors the options with which 'vault import' makes such a table.",
            "Exporting a table and importing it with its types gives the same table: vault schema a.db t > t.types, vault import b.db t t.csv --types @t.types"
        })
final class SchemaCommand extends FileCommand {
    @Parameters(
            index = "1",
            paramLabel = "TABLE",
            arity = "0..1",
            description = "a table, a column, documents or vectors")
    String name;

    @Override
    protected int run() throws IOException {
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
                case DOCUMENTS -> documents(vault.text(name));
                case VECTORS -> vectors(vault.vectors(name));
                default ->
                    throw new IllegalArgumentException(
                            "'" + name + "' is no table and no column, but " + Contents.kind(content.kind()));
            }
        }
        return 0;
    }

    private void documents(TextReader texts) {
        String declared = texts.tokenizer();
        Optional<String> tokenizer = TokenizerOptions.of(texts);
        if (tokenizer.isEmpty()) {
            err().println("# the tokenizer is " + Messages.oneLine(declared) + ", of which import makes no table");
        }
        out().println("--as documents --columns "
                + TokenizerOptions.quoted(Messages.oneLine(String.join(",", texts.columns())))
                + tokenizer.map(known -> " " + known).orElse(""));
    }

    private void vectors(VectorReader vectors) {
        err().println(String.format(
                Locale.ROOT,
                "# vectors of %d %s",
                vectors.dimensions(),
                vectors.type() == VectorType.BIT ? "bits" : "numbers"));
        String type = vectors.type() == VectorType.F32
                ? ""
                : " --vector-type " + vectors.type().name().toLowerCase(Locale.ROOT);
        out().println("--as vectors" + type + " --metric "
                + vectors.metric().name().toLowerCase(Locale.ROOT));
    }

    private void print(TableReader table) {
        table.schema().columns().forEach(column -> out().println(ColumnTypes.text(column)));
    }
}
