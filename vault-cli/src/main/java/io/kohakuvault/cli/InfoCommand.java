package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.VaultStats;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

@Command(
        name = "info",
        description = "Tells what a file is: its sizes, layout and guard, and how much of what is in it.")
final class InfoCommand extends FileCommand {
    @Override
    protected int run() throws IOException {
        try (Vault vault = read()) {
            VaultStats stats = vault.maintenance().stats();
            out().println(Messages.oneLine(vault.path().toString()));
            line(
                    "size",
                    DisplayValue.size(stats.fileBytes()) + ", and " + DisplayValue.size(stats.walBytes())
                            + " of write-ahead log");
            line(
                    "pages",
                    String.format(
                            Locale.ROOT,
                            "%,d of %s, %,d of them unused",
                            stats.pages(),
                            DisplayValue.size(stats.pageSizeBytes()),
                            stats.freePages()));
            line("guarded", stats.guarded() ? "yes: KohakuVault reads its columns and does not write them" : "no");
            Map<Content.Kind, long[]> kinds = new TreeMap<>();
            for (Content content : vault.contents().list()) {
                long[] sums = kinds.computeIfAbsent(content.kind(), k -> new long[2]);
                sums[0]++;
                sums[1] += content.count();
            }
            kinds.forEach((kind, sums) -> line(Contents.kind(kind), sums(kind, sums)));
            if (kinds.isEmpty()) {
                line("contents", Contents.FOREIGN);
            } else if (kinds.containsKey(Content.Kind.LEGACY_COLUMN)) {
                line("layout", "holds columns of KohakuVault 0.x: read as they are, written after 'vault migrate'");
            }
        }
        return 0;
    }

    private void line(String name, String what) {
        out().println("  " + name + " ".repeat(Math.max(1, 14 - name.length())) + what);
    }

    private static String sums(Content.Kind kind, long[] sums) {
        String format = switch (kind) {
            case KEY_VALUES -> "%,d tables with %,d keys";
            case COLUMN, LEGACY_COLUMN -> "%,d with %,d elements";
            case TABLE -> "%,d with %,d rows";
            case DOCUMENTS -> "%,d tables with %,d documents";
            case VECTORS -> "%,d tables with %,d vectors";
            case OFFSETS -> "%,d sources with %,d partitions";
        };
        return String.format(Locale.ROOT, format, sums[0], sums[1]);
    }
}
