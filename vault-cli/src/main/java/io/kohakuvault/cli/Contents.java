package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import java.util.List;
import java.util.NoSuchElementException;

/** Finding what a name means. */
final class Contents {
    /** Where several are called alike, the first of these is meant. */
    private static final List<Content.Kind> ORDER = List.of(
            Content.Kind.TABLE,
            Content.Kind.COLUMN,
            Content.Kind.LEGACY_COLUMN,
            Content.Kind.KEY_VALUES,
            Content.Kind.DOCUMENTS,
            Content.Kind.VECTORS);

    private Contents() {}

    /** Everything that is called so, in the order of preference. */
    static List<Content> all(Vault vault, String name) {
        return vault.contents().list().stream()
                .filter(content -> content.name().equals(name) && ORDER.contains(content.kind()))
                .sorted(java.util.Comparator.comparingInt(content -> ORDER.indexOf(content.kind())))
                .toList();
    }

    /** What is called so; a table before a column, a column before key-values. */
    static Content find(Vault vault, String name) {
        return all(vault, name).stream()
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(vault.path() + ": "
                        + (isForeign(vault) ? FOREIGN : "there is nothing called '" + name + "'; see 'vault ls'")));
    }

    /** What a file is that holds nothing of ours. */
    static final String FOREIGN =
            "holds nothing of KohakuVault: it is another program's SQLite file, or a vault without contents";

    static boolean isForeign(Vault vault) {
        return vault.contents().list().isEmpty();
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
