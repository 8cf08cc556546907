package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.cli.terminal.TextTable;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.offset.Claim;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "offsets",
        description = {
            "Shows how far sources have been delivered: for each partition the offset to go on from, and how often it was claimed.",
            "NEXT is - where nothing was delivered yet."
        })
final class OffsetsCommand extends FileCommand {
    @Parameters(
            index = "1",
            paramLabel = "SOURCE",
            arity = "0..1",
            description = "only this source, for example a connector")
    String source;

    @Override
    int run() throws IOException {
        try (Vault vault = read()) {
            TextTable table = new TextTable(List.of("SOURCE", "TOPIC", "-PARTITION", "-NEXT", "-EPOCH"));
            boolean found = false;
            for (Content content : vault.contents().list()) {
                if (content.kind() == Content.Kind.OFFSETS && (source == null || source.equals(content.name()))) {
                    found = true;
                    for (Claim claim : vault.offsets().claims(content.name())) {
                        table.add(List.of(
                                claim.source(),
                                claim.topic(),
                                Integer.toString(claim.partition()),
                                claim.nextOffset() < 0 ? "-" : Long.toString(claim.nextOffset()),
                                Long.toString(claim.epoch())));
                    }
                }
            }
            if (!found) {
                note(file + ": no source" + (source == null ? "" : " '" + source + "'") + " has delivered into it");
                return source == null ? 0 : 1;
            }
            table.lines(Terminal.isOutput() ? Terminal.width() : 0).forEach(out()::println);
        }
        return 0;
    }
}
