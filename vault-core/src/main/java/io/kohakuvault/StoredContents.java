package io.kohakuvault;

import io.kohakuvault.internal.maintenance.Catalog;
import io.kohakuvault.internal.maintenance.StoredSize;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Contents;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BiPredicate;

/** What a vault or a snapshot holds. */
final class StoredContents implements Contents {
    private final Access<?> access;
    private final BiPredicate<Content.Kind, String> deletion;

    /** @param deletion deletes something of a kind, where that can be; false when there is none */
    StoredContents(Access<?> access, BiPredicate<Content.Kind, String> deletion) {
        this.access = access;
        this.deletion = deletion;
    }

    @Override
    public List<Content> list() {
        return access.read(Catalog::contents);
    }

    @Override
    public List<String> names(Content.Kind kind) {
        Objects.requireNonNull(kind, "kind");
        return access.read(session -> Catalog.names(session, kind));
    }

    @Override
    public boolean contains(Content.Kind kind, String name) {
        Objects.requireNonNull(name, "name");
        List<String> names = names(kind);
        return switch (kind) {
            case KEY_VALUES, DOCUMENTS, VECTORS ->
                names.stream().anyMatch(n -> SqlNames.fold(n).equals(SqlNames.fold(name)));
            case COLUMN, LEGACY_COLUMN, TABLE, OFFSETS -> names.contains(name);
        };
    }

    @Override
    public boolean isForeign() {
        return access.read(Catalog::isForeign);
    }

    @Override
    public OptionalLong storedBytes(Content.Kind kind, String name, long mostBytes) {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        if (mostBytes < 1) {
            throw new IllegalArgumentException("mostBytes is at least 1, but was " + mostBytes);
        }
        return contains(kind, name)
                ? access.read(session -> StoredSize.of(session, kind, name, mostBytes))
                : OptionalLong.empty();
    }

    @Override
    public boolean delete(Content.Kind kind, String name) {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        access.checkWritable();
        return deletion.test(kind, name);
    }
}
