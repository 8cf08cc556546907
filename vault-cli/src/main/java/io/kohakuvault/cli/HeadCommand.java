package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "head",
        description =
                "Shows the first rows of a table or column, or the first keys of a key-value table, for people to read.")
final class HeadCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "NAME", description = "a table, column or key-value table")
    String name;

    @Option(names = "-n", paramLabel = "ROWS", defaultValue = "10", description = "how many (default ${DEFAULT-VALUE})")
    int rows;

    @Override
    public Integer call() {
        if (rows < 0) {
            throw wrong("-n " + rows + ": how many rows cannot be negative");
        }
        try (Vault vault = read();
                Snapshot snapshot = vault.snapshot()) {
            Content content = Contents.find(vault, name);
            long most = Math.min(rows, content.count());
            List<List<String>> lines = new ArrayList<>();
            List<String> headings = switch (content.kind()) {
                case TABLE -> {
                    TableReader table = snapshot.tables().get(name);
                    for (Row row : table.rows(0, most)) {
                        lines.add(Contents.values(table.schema(), row).values().stream()
                                .map(Text::of)
                                .toList());
                    }
                    yield table.schema().columns().stream().map(c -> c.name()).toList();
                }
                case COLUMN, LEGACY_COLUMN -> {
                    for (Object value : Contents.slice(snapshot, name, 0, most)) {
                        lines.add(List.of(Text.of(value)));
                    }
                    yield List.of(name);
                }
                case KEY_VALUES -> {
                    for (byte[] key : snapshot.kv(name).keys(KvRange.all().limit(rows))) {
                        Object value = snapshot.kv(name).getValue(key).orElse(null);
                        lines.add(List.of(Text.of(new String(key, StandardCharsets.UTF_8)), Text.of(value)));
                    }
                    yield List.of("KEY", "VALUE");
                }
                default ->
                    throw new IllegalArgumentException(
                            "head shows tables, columns and key-values; 'vault dump FILE --json --name " + name
                                    + "' shows " + InfoCommand.kind(content.kind()));
            };
            Text.table(headings, lines).forEach(out()::println);
        }
        return 0;
    }
}
