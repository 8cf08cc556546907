package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.cli.terminal.TextTable;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.offset.Claim;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "offsets",
        description = {
            "Shows how far sources have been delivered: for each partition the offset to go on from, and how often it was claimed.",
            "NEXT is - where nothing was delivered yet.",
            "With --set it changes where a source goes on, after a backup of the file; a task that delivers meanwhile is fenced, and claims the partition anew."
        })
final class OffsetsCommand extends FileCommand {
    @Parameters(
            index = "1",
            paramLabel = "SOURCE",
            arity = "0..1",
            description = "only this source, for example a connector")
    String source;

    @Option(
            names = "--set",
            paramLabel = "TOPIC:PARTITION=OFFSET",
            description = "where SOURCE goes on: an offset, or none for as if nothing was delivered; may be repeated")
    List<String> moves = List.of();

    @Option(names = "--no-backup", description = "change the offsets without a backup of the file")
    boolean noBackup;

    private static final Pattern MOVE = Pattern.compile("(.+):(\\d{1,9})=(\\d{1,18}|none)");

    @Override
    protected int run() throws IOException {
        if (!moves.isEmpty()) {
            return set();
        } else if (noBackup) {
            throw wrong("--no-backup is for --set");
        }
        return show();
    }

    private int set() throws IOException {
        if (source == null) {
            throw wrong("--set needs SOURCE, for example the connector's name");
        }
        List<Matcher> parsed = new ArrayList<>();
        for (String move : moves) {
            Matcher matcher = MOVE.matcher(move);
            if (!matcher.matches()) {
                throw wrong(
                        "--set " + move + " is not TOPIC:PARTITION=OFFSET, for example events:0=1200 or events:0=none");
            }
            parsed.add(matcher);
        }
        try (Vault vault = write(false)) {
            if (!vault.contents().contains(Content.Kind.OFFSETS, source)) {
                note(file + ": no source '" + source + "' has delivered into it");
                return 1;
            }
            if (!noBackup) {
                Path backup = Path.of(file + ".before-offsets-"
                        + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                                .format(LocalDateTime.now(ZoneOffset.UTC)));
                vault.maintenance().backup(backup, Progress.none());
                note("the file as it was is in " + backup);
            }
            vault.transact(() -> {
                for (Matcher move : parsed) {
                    String offset = move.group(3);
                    vault.offsets()
                            .set(
                                    source,
                                    move.group(1),
                                    Integer.parseInt(move.group(2)),
                                    offset.equals("none") ? -1 : Long.parseLong(offset));
                }
            });
        }
        return show();
    }

    private int show() throws IOException {
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
