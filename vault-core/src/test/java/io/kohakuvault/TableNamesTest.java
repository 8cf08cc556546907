package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name is refused before anything is written, or the file can be opened with a table of that name in it. */
class TableNamesTest {
    /** All of https://sqlite.org/lang_keywords.html. */
    private static final String KEYWORDS =
            "abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case cast "
                    + "check collate column commit conflict constraint create cross current current_date current_time "
                    + "current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end "
                    + "escape except exclude exclusive exists explain fail filter first following for foreign from full generated "
                    + "glob group groups having if ignore immediate in index indexed initially inner insert instead intersect into "
                    + "is isnull join key last left like limit match materialized natural no not nothing notnull null nulls of "
                    + "offset on or order others outer over partition plan pragma preceding primary query raise range recursive "
                    + "references regexp reindex release rename replace restrict returning right rollback row rows savepoint "
                    + "select set table temp temporary then ties to transaction trigger unbounded union unique update using "
                    + "vacuum values view virtual when where window with without within rank rowid oid content value value_ref";

    @TempDir
    Path folder;

    @Test
    void aWordOfSqlIsRefusedOrAName() {
        for (String word : KEYWORDS.split(" ")) {
            Path file = folder.resolve(word + ".db");
            try (Vault vault = Vault.open(file)) {
                vault.kv("kept_values").put("k", new byte[] {1});
                made(() -> vault.vectors(word, VectorOptions.l2(1)).insert(new float[] {1}, new byte[] {2}));
            }
            checked(file, word);
            try (Vault vault = Vault.open(file)) {
                made(() -> vault.kv("key_" + word).put("k", new byte[] {1}));
                made(() -> vault.text("t_" + word, TextOptions.defaults().withColumns(word))
                        .insert(List.of("some words"), new byte[] {1}));
            }
            checked(file, word);
        }
        for (String word : KEYWORDS.split(" ")) {
            Path file = folder.resolve(word + "-2.db");
            try (Vault vault = Vault.open(file)) {
                vault.kv("kept_values").put("k", new byte[] {1});
                made(() -> vault.kv(word).put("k", new byte[] {1}));
            }
            checked(file, word);
        }
        for (String word : KEYWORDS.split(" ")) {
            Path file = folder.resolve(word + "-3.db");
            try (Vault vault = Vault.open(file)) {
                vault.kv("kept_values").put("k", new byte[] {1});
                made(() -> vault.text(word).insert("some words", new byte[] {1}));
            }
            checked(file, word);
        }
    }

    /** Makes it, or refuses it as an argument. */
    private static void made(Runnable work) {
        try {
            work.run();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("'");
        }
    }

    private static void checked(Path file, String word) {
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).isSound())
                    .as(word)
                    .isTrue();
            assertThat(vault.kv("kept_values").get("k")).as(word).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE notes_values (id INTEGER PRIMARY KEY, value TEXT, owner TEXT)",
                "CREATE TABLE notes_values (id INTEGER PRIMARY KEY, value BLOB)",
                "CREATE TABLE notes_values (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB, owner TEXT)"
            })
    void valuesOfSomebodyElseAreNotTakenOver(String table) throws Exception {
        Path file = folder.resolve("a.db");
        Vault.open(file).close();
        TestSql.run(file, table);
        try (Vault vault = Vault.open(file)) {
            TextVault notes = vault.text("notes");
            assertThatThrownBy(() -> notes.insert("some words", new byte[] {1}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("notes_values");
        }
    }
}
