package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.VaultStats;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

@Command(
        name = "info",
        description = "Tells what a file is: its sizes, layout and guard, and how much of what is in it.")
final class InfoCommand extends FileCommand {
    @Override
    public Integer call() {
        try (Vault vault = read()) {
            VaultStats stats = vault.maintenance().stats();
            out().println(vault.path());
            out().printf(
                            "  size          %s, and %s of write-ahead log%n",
                            Text.size(stats.fileBytes()), Text.size(stats.walBytes()));
            out().printf(
                            "  pages         %,d of %s, %,d of them unused%n",
                            stats.pages(), Text.size(stats.pageSizeBytes()), stats.freePages());
            out().printf(
                            "  guarded       %s%n",
                            stats.guarded() ? "yes: KohakuVault reads its columns and does not write them" : "no");
            Map<Content.Kind, long[]> kinds = new TreeMap<>();
            for (Content content : vault.maintenance().contents()) {
                long[] sums = kinds.computeIfAbsent(content.kind(), k -> new long[2]);
                sums[0]++;
                sums[1] += content.count();
            }
            kinds.forEach((kind, sums) -> out().printf("  %-13s %s%n", kind(kind), sums(kind, sums)));
            if (kinds.containsKey(Content.Kind.LEGACY_COLUMN)) {
                out().println(
                                "  layout        holds columns of KohakuVault 0.x: read as they are, written after 'vault migrate'");
            }
        }
        return 0;
    }

    private static String sums(Content.Kind kind, long[] sums) {
        return switch (kind) {
            case KEY_VALUES -> String.format("%,d tables with %,d keys", sums[0], sums[1]);
            case COLUMN, LEGACY_COLUMN -> String.format("%,d with %,d elements", sums[0], sums[1]);
            case TABLE -> String.format("%,d with %,d rows", sums[0], sums[1]);
            case DOCUMENTS -> String.format("%,d tables with %,d documents", sums[0], sums[1]);
            case VECTORS -> String.format("%,d tables with %,d vectors", sums[0], sums[1]);
            case OFFSETS -> String.format("%,d sources with %,d partitions", sums[0], sums[1]);
        };
    }

    /** A kind in a word. */
    static String kind(Content.Kind kind) {
        return switch (kind) {
            case KEY_VALUES -> "key-values";
            case COLUMN -> "columns";
            case LEGACY_COLUMN -> "columns 0.x";
            case TABLE -> "tables";
            case DOCUMENTS -> "documents";
            case VECTORS -> "vectors";
            case OFFSETS -> "offsets";
        };
    }
}
