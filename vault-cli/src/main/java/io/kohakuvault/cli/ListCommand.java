package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.cli.terminal.TextTable;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "ls",
        description = {
            "Lists what is in a file: one line for each table, column and the like.",
            "A table's columns stand in its line with their types, 'null' behind those that rows may lack; -a gives them lines of their own."
        })
final class ListCommand extends FileCommand {
    @Option(names = "--kind", description = "only this kind: ${COMPLETION-CANDIDATES}")
    Content.Kind kind;

    @Option(
            names = {"-a", "--all"},
            description = "the columns of tables too, a line for each")
    boolean all;

    @Override
    protected int run() throws IOException {
        try (Vault vault = read()) {
            List<Content> contents = vault.contents().list();
            Map<String, SchemaColumn> ofTables = new LinkedHashMap<>();
            Map<String, Schema> schemas = new LinkedHashMap<>();
            for (String name : vault.tables().list()) {
                Schema schema = vault.tables().get(name).schema();
                schemas.put(name, schema);
                schema.columns().forEach(column -> ofTables.put(name + "." + column.name(), column));
            }
            TextTable table = new TextTable(List.of("KIND", "NAME", "TYPE", "-COUNT"));
            for (Content content : contents) {
                boolean ofTable = content.kind() == Content.Kind.COLUMN && ofTables.containsKey(content.name());
                if ((kind == null || kind == content.kind()) && (all || kind == Content.Kind.COLUMN || !ofTable)) {
                    table.add(List.of(
                            Contents.kind(content.kind()),
                            content.name(),
                            ofTable
                                    ? type(ofTables.get(content.name()))
                                    : content.kind() == Content.Kind.TABLE
                                            ? columns(schemas.get(content.name()))
                                            : type(vault, content),
                            String.format(Locale.ROOT, "%,d", content.count())));
                }
            }
            table.lines(Terminal.isOutput() ? Terminal.width() : 0).forEach(out()::println);
            if (contents.isEmpty()) {
                note(file + ": " + Contents.FOREIGN);
            }
        }
        return 0;
    }

    /** Of documents with their tokenizer, where they can be read. */
    private static String type(Vault vault, Content content) {
        if (content.kind() == Content.Kind.DOCUMENTS) {
            try {
                return content.type() + " (" + vault.text(content.name()).tokenizer() + ")";
            } catch (VaultException | IllegalArgumentException e) { // FTS5's, and not as KohakuVault makes them
                return content.type();
            }
        }
        return content.type();
    }

    private static String columns(Schema schema) {
        return schema.columns().size() + " columns: "
                + schema.columns().stream()
                        .map(column -> column.name() + " " + type(column))
                        .collect(Collectors.joining(", "));
    }

    private static String type(SchemaColumn column) {
        return column.typeToken() + (column.nullable() ? " null" : "");
    }
}
