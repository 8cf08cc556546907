package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents and vectors are found by what they were stored with. */
class ValueIndexTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    @Test
    void documentsAreFoundByTheirValues() {
        try (Vault vault = Vault.open(file())) {
            TextVault notes = vault.text("notes");
            assertThat(notes.idsWith("a")).isEmpty();
            long first = notes.insert("one", "a");
            long second = notes.insert("two", Map.of("k", 1, "j", List.of(2)));
            long third = notes.insert("three", "a");
            for (int withIndex = 0; withIndex < 2; withIndex++) {
                assertThat(notes.idsWith("a")).containsExactly(first, third);
                assertThat(notes.idsWith(Map.of("j", List.of(2L), "k", 1L))).containsExactly(second);
                assertThat(notes.idsWith("A")).isEmpty();
                notes.indexValues();
            }
            vault.transact(() -> {
                notes.delete(first);
                assertThat(notes.idsWith("a")).containsExactly(third);
                long fourth = notes.insert("four", "a");
                assertThat(notes.idsWith("a")).containsExactly(third, fourth);
            });
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
            assertThatThrownBy(() -> notes.idsWith(new Object())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Another program's ids of documents are not those of their values. */
    @Test
    void documentsOfOtherProgramsAreFoundByTheirValues() throws Exception {
        try (Vault vault = Vault.open(file())) {
            vault.text("notes").insert("one", "a");
        }
        TestSql.run(
                file(),
                "INSERT INTO notes_values (id, value) SELECT 70, value FROM notes_values WHERE id = 1",
                "INSERT INTO notes (rowid, content, value_ref) VALUES (70, 'of another value', 1)",
                "INSERT INTO notes (rowid, content, value_ref) VALUES (5, 'of this', 70)");
        try (Vault vault = Vault.open(file())) {
            assertThat(vault.text("notes").idsWith("a")).containsExactly(1L, 5L);
        }
    }

    @Test
    void vectorsAreFoundByTheirValues() {
        try (Vault vault = Vault.open(file())) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(2));
            vectors.indexValues();
            assertThat(vectors.idsWith(7)).isEmpty();
            long first = vectors.insert(new float[] {1, 2}, 7);
            long second = vectors.insert(new float[] {1, 2}, "7");
            vault.transact(() -> {
                long third = vectors.insert(new float[] {1, 3}, 7L);
                assertThat(vectors.idsWith(7)).containsExactly(first, third);
                vectors.delete(first);
                assertThat(vectors.idsWith(7)).containsExactly(third);
            });
            assertThat(vectors.idsWith("7")).containsExactly(second);
            vectors.indexValues();
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    @Test
    void vectorsOfOtherProgramsAreFoundByTheirValues() throws Exception {
        try (Vault vault = Vault.open(file())) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(2));
            vectors.insert(new float[] {1, 2}, "a");
            vectors.insert(new float[] {3, 4}, "b");
        }
        // The first vector's value is the second's, and the other way round.
        TestSql.run(
                file(),
                "UPDATE v_metadatachunks00 SET data = CAST(x'0200000000000000' || x'0100000000000000' || substr(data, 17) AS BLOB)");
        try (Vault vault = Vault.openReadOnly(file())) {
            assertThat(vault.vectors("v").idsWith("a")).containsExactly(2L);
            assertThat(vault.vectors("v").idsWith("b")).containsExactly(1L);
        }
    }

    @Test
    void otherWritersKeepTheIndex() throws Exception {
        try (Vault vault = Vault.open(file())) {
            vault.text("notes").indexValues();
            vault.text("notes").insert("one", "a");
        }
        assertThat(TestSql.strings(file(), "SELECT tbl_name FROM sqlite_master WHERE name = 'notes_values_by_value'"))
                .containsExactly("notes_values");
        TestSql.run(
                file(),
                "INSERT INTO notes_values (id, value) SELECT 70, value FROM notes_values WHERE id = 1",
                "INSERT INTO notes (rowid, content, value_ref) VALUES (5, 'two', 70)");
        try (Vault vault = Vault.open(file())) {
            assertThat(vault.text("notes").idsWith("a")).containsExactly(1L, 5L);
        }
    }
}
