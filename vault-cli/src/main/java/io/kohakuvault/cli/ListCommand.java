package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "Lists what is in a file: one line for each table, column and the like.")
final class ListCommand extends FileCommand {
    @Option(names = "--kind", description = "only this kind: ${COMPLETION-CANDIDATES}")
    Content.Kind kind;

    @Override
    public Integer call() {
        try (Vault vault = read()) {
            List<List<String>> rows = new ArrayList<>();
            for (Content content : vault.maintenance().contents()) {
                if (kind == null || kind == content.kind()) {
                    rows.add(List.of(
                            InfoCommand.kind(content.kind()),
                            Text.of(content.name()),
                            content.type(),
                            String.format("%,d", content.count())));
                }
            }
            Text.table(List.of("KIND", "NAME", "TYPE", "-COUNT"), rows).forEach(out()::println);
        }
        return 0;
    }
}
