package io.kohakuvault;

import io.kohakuvault.internal.column.ColumnDirectory;
import io.kohakuvault.internal.kv.KvTable;
import io.kohakuvault.internal.maintenance.Catalog;
import io.kohakuvault.internal.offset.Offsets;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.state.NewestState;
import io.kohakuvault.internal.table.TableDirectory;
import io.kohakuvault.internal.text.Fts5Schema;
import io.kohakuvault.internal.text.TextTable;
import io.kohakuvault.internal.vector.VectorTables;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.text.TextOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The handles of a vault for what are tables of SQLite's: one for each key-value table, documents and vectors.
 * Thread-safe.
 */
final class Handles {
    private final Access.Live<NewestState> access;
    private final VaultOptions options;
    private final VectorTables vectors;
    private final ColumnDirectory columns;
    private final TableDirectory tables;
    private final Offsets offsets;
    private final Map<String, KvTable> keyValues = new ConcurrentHashMap<>();
    private final Map<TextKey, TextTable> texts = new ConcurrentHashMap<>();

    private record TextKey(String name, @Nullable TextOptions options) {}

    Handles(Access.Live<NewestState> access, VaultOptions options) {
        this.access = access;
        this.options = options;
        this.vectors = new VectorTables(access, options.numberGuess());
        this.columns = new ColumnDirectory(access);
        this.tables = new TableDirectory(access);
        this.offsets = new Offsets(access);
    }

    KvTable keyValues(String name) {
        TableNames.requireToRead(access.file(), name);
        return keyValues
                .computeIfAbsent(SqlNames.fold(name), folded -> new KvTable(access, name, options))
                .as(name);
    }

    /** @param wanted null to take the table as the file has it */
    TextTable documents(String name, @Nullable TextOptions wanted) {
        TextTable table = texts.computeIfAbsent(
                new TextKey(name, wanted),
                key -> new TextTable(access, key.name(), key.options(), options.numberGuess()));
        return access.isWritable() ? table : table.checked();
    }

    VectorTables vectors() {
        return vectors;
    }

    ColumnDirectory columns() {
        return columns;
    }

    TableDirectory tables() {
        return tables;
    }

    Offsets offsets() {
        return offsets;
    }

    private boolean deleteKeyValues(String name) {
        return access.write(transaction -> {
            Session session = transaction.session();
            boolean isListed = Catalog.names(session, Content.Kind.KEY_VALUES).stream()
                    .anyMatch(other -> SqlNames.fold(other).equals(SqlNames.fold(name)));
            if (!isListed) {
                TableNames.holder(session, name).ifPresent(holder -> {
                    throw new IllegalArgumentException(
                            session.file() + ": " + name + " is no table of key-values, the name belongs to " + holder);
                });
            }
            return isListed && keyValues(name).drop();
        });
    }

    /** What another program has made under a name that this library gives nothing. */
    private boolean deleteForeign(Content.Kind kind, String name) {
        return access.write(transaction -> {
            Session session = transaction.session();
            String folded = SqlNames.fold(name);
            if (Catalog.names(session, kind).stream()
                    .noneMatch(other -> SqlNames.fold(other).equals(folded))) {
                return false;
            }
            if (kind == Content.Kind.DOCUMENTS) {
                Fts5Schema.checkDrop(session, name);
            }
            session.execute("DROP TABLE " + SqlNames.quote(name));
            if (kind == Content.Kind.DOCUMENTS
                    && TableNames.isOrdinary(session, name + "_values")
                    && session.columnsOf(name + "_values").equals(List.of("id", "value"))) {
                session.execute("DROP TABLE " + SqlNames.quote(name + "_values"));
            }
            transaction.schemaChanged();
            return true;
        });
    }

    /** Whether documents have lost what their handle needs to open them. */
    private boolean areLost(String name) {
        return access.read(session -> Catalog.areLost(session, name));
    }

    /** Deletes something; false when there is none. */
    boolean delete(Content.Kind kind, String name) {
        return switch (kind) {
            case KEY_VALUES -> SqlNames.isPlain(name) ? deleteKeyValues(name) : deleteForeign(kind, name);
            case DOCUMENTS ->
                (SqlNames.isPlain(name) && !areLost(name))
                        ? documents(name, null).drop()
                        : deleteForeign(kind, name);
            case COLUMN, LEGACY_COLUMN -> columns.delete(name);
            case TABLE -> tables.delete(name);
            case VECTORS -> vectors.drop(name);
            case OFFSETS -> offsets.forget(name);
        };
    }
}
