package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.ContentCatalog;
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

    private static final List<Content.Kind> SEARCHABLE = List.of(Content.Kind.DOCUMENTS, Content.Kind.VECTORS);

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

    /** Whether a table holds documents or vectors; without counting anything, which takes long in a large file. */
    static Content.Kind searchable(Snapshot snapshot, String name) {
        ContentCatalog contents = snapshot.contents();
        for (Content.Kind kind : SEARCHABLE) {
            if (contents.contains(kind, name)) {
                return kind;
            }
        }
        for (Content.Kind kind : ORDER) {
            if (contents.contains(kind, name)) {
                throw new IllegalArgumentException("'" + name + "' is of the kind " + kind(kind)
                        + ", and only documents and vectors are searched");
            }
        }
        String near = SEARCHABLE.stream()
                .flatMap(kind -> contents.names(kind).stream())
                .filter(other -> Usage.slips(name, other) <= Math.min(2, name.length() / 2))
                .map(other -> "; did you mean '" + other + "'?")
                .findFirst()
                .orElse("; see 'vault ls'");
        throw new NoSuchElementException(snapshot.path() + ": there is nothing called '" + name + "'" + near);
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
