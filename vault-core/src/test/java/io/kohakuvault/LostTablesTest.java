package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables that FTS5 and vec0 keep beside theirs, dropped, emptied or become another's, one at a time: what is said,
 * what is mended, and that the rest of the file is there.
 */
class LostTablesTest {
    private static final int DOCUMENTS = 5;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fill() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[] {1});
            for (int i = 0; i < DOCUMENTS; i++) {
                vault.text("docs").insert("hello w" + i, i);
                vault.text("others").insert("hello", i);
                vault.vectors("vecs", VectorOptions.l2(2)).insert(new float[] {i, 1}, i);
            }
        }
        // What repair does elsewhere, whatever is the matter with a table.
        sql("DELETE FROM others WHERE rowid = 1");
    }

    private void sql(String... statements) {
        try {
            TestSql.run(file, statements);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Finding> errors(Vault vault) {
        return vault.maintenance().verify(Progress.none()).findings().stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
    }

    private static void checkTheRest(Vault vault) {
        assertThat(vault.kv("kv").get("a")).containsExactly(1);
        assertThat(vault.text("others").search("hello", 10)).hasSize(DOCUMENTS - 1);
        assertThat(vault.contents().list())
                .anyMatch(content -> content.name().equals("kv") && content.count() == 1)
                .anyMatch(content -> content.kind() == Content.Kind.VECTORS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE docs_data",
                "DROP TABLE docs_idx",
                "DROP TABLE docs_docsize",
                "DROP TABLE docs_config",
                "DELETE FROM docs_config",
                "UPDATE docs_config SET v = 0 WHERE k = 'version'"
            })
    void whatTheIndexOfWordsIsMadeOfIsMadeAnew(String damage) {
        sql(damage);
        String table = damage.replaceAll(".*(docs_[a-z]+).*", "$1");
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault)).singleElement().satisfies(error -> {
                assertThat(error.where()).isEqualTo("documents docs");
                assertThat(error.what()).contains("its table " + table);
                assertThat(error.remedy()).contains("repair makes the index of words anew");
            });
            assertThatThrownBy(() -> vault.text("docs").search("hello", 3))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContainingAll(file.toString(), table, "repair");
            assertThat(vault.contents().list())
                    .anyMatch(content -> content.name().equals("docs")
                            && content.count() == DOCUMENTS
                            && content.type().contains("not read: its table " + table));
            assertThat(vault.maintenance().repair())
                    .hasSize(2)
                    .anyMatch(done -> done.contains("the documents docs anew"))
                    .anyMatch(done -> done.contains("others_values"));
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
            assertThat(vault.text("docs").search(TextQuery.all("hello").withTexts(), 10))
                    .hasSize(DOCUMENTS);
            assertThat(vault.text("docs").insert("hello new", 9)).isEqualTo(DOCUMENTS + 1);
            assertThat(vault.maintenance().repair()).isEmpty();
            checkTheRest(vault);
        }
    }

    /** Made anew, the index would say nothing of them, and their values would be taken for left-overs. */
    @ParameterizedTest
    @ValueSource(strings = {"DROP TABLE docs_idx", "DELETE FROM docs_config", "DROP TABLE docs_docsize"})
    void anIndexIsNotMadeAnewOfLessThanItHas(String damage) {
        sql("DELETE FROM docs_content WHERE id > 2", damage);
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault)).isNotEmpty().allSatisfy(error -> {
                assertThat(error.where()).isEqualTo("documents docs");
                assertThat(error.remedy()).isEqualTo("restore the file from a backup");
            });
            for (int i = 0; i < 2; i++) {
                assertThat(vault.maintenance().repair())
                        .anyMatch(said -> said.startsWith("could not mend the documents docs: its table docs_")
                                && said.contains("documents that are gone"));
            }
            checkTheRest(vault);
        }
        assertThat(TestSql.count(file, "docs_values")).isEqualTo(DOCUMENTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs_content", "docs_values", "vecs_chunks", "vecs_vector_chunks00"})
    void whatIsLostIsNamedAndTheRestIsMended(String table) {
        sql("DROP TABLE " + table);
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault)).singleElement().satisfies(error -> {
                assertThat(error.toString()).contains(table, "restore the file from a backup");
                assertThat(error.toString()).doesNotContain("SQLITE", "SELECT");
            });
            assertThat(vault.maintenance().repair())
                    .hasSize(2)
                    .anyMatch(said -> said.startsWith("could not mend ") && said.contains(table))
                    .anyMatch(done -> done.contains("others_values"));
            checkTheRest(vault);
        }
        assertThat(TestSql.count(file, table.startsWith("docs_v") ? "docs_content" : "docs_values"))
                .as("what is left of it stays")
                .isEqualTo(DOCUMENTS);
    }

    /** Whose table that is nobody knows: it is neither read as ours nor removed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs_content",
                "docs_data",
                "docs_idx",
                "docs_docsize",
                "docs_config",
                "docs_values",
                "vecs_chunks",
                "vecs_rowids",
                "vecs_vector_chunks00",
                "vecs_metadatachunks00"
            })
    void aTableOfAnotherShapeIsNamedAndLeftAlone(String table) {
        sql(
                "DROP TABLE " + table,
                "CREATE TABLE " + table + " (x TEXT, y)",
                "INSERT INTO " + table + " VALUES ('theirs', 1)");
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault))
                    .singleElement()
                    .satisfies(error -> assertThat(error.toString())
                            .contains(table, "[x, y]", table.startsWith("docs_d") ? "rename" : "")
                            .doesNotContain("SQLITE", "SELECT"));
            assertThatThrownBy(() -> {
                        boolean ofWords = table.startsWith("docs");
                        int found = ofWords
                                ? vault.text("docs").search("hello", 3).size()
                                : vault.vectors("vecs")
                                        .search(new float[] {1, 1}, 3)
                                        .size();
                        assertThat(found).isZero();
                    })
                    .isInstanceOf(VaultException.class)
                    .hasMessageContainingAll(table, "[x, y]")
                    .hasMessageNotContaining("SQLITE");
            assertThat(vault.maintenance().repair()).anyMatch(said -> said.startsWith("could not mend "));
            checkTheRest(vault);
        }
        assertThat(TestSql.count(file, table + " WHERE x = 'theirs'")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs_values", "docs_data", "vecs_chunks"})
    void aViewInThePlaceOfATableDoesNotHideTheRest(String table) {
        sql("ALTER TABLE " + table + " RENAME TO elsewhere", "CREATE VIEW " + table + " AS SELECT * FROM elsewhere");
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault))
                    .singleElement()
                    .satisfies(error -> assertThat(error.what()).contains(table, "is a view"));
            checkTheRest(vault);
        }
    }

    /** sqlite-vec's own tables have none either. */
    @ParameterizedTest
    @ValueSource(strings = {"DROP TABLE vecs_values", "ALTER TABLE vecs_values RENAME COLUMN value TO theirs"})
    void vectorsWithoutValuesMayBeAnotherPrograms(String damage) {
        sql(damage);
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault)).isEmpty();
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .extracting(Finding::toString)
                    .anyMatch(said -> said.contains("vecs_values") && said.contains("its values are lost, or"));
            assertThatThrownBy(() -> vault.vectors("vecs").search(new float[] {1, 1}, 3))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining("vecs_values");
            checkTheRest(vault);
        }
    }

    /** FTS5 drops what has the names of its tables. */
    @ParameterizedTest
    @ValueSource(strings = {"docs_data", "docs_content"})
    void anothersTableIsNotDeletedWithDocuments(String table) {
        sql("DROP TABLE " + table, "CREATE TABLE " + table + " (theirs)", "INSERT INTO " + table + " VALUES (7)");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.contents().delete(Content.Kind.DOCUMENTS, "docs"))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContainingAll(file.toString(), table, "rename that first");
            assertThat(TestSql.count(file, table)).isEqualTo(1);
            sql("ALTER TABLE " + table + " RENAME TO theirs");
            if (table.equals("docs_data")) {
                assertThat(vault.maintenance().repair()).anyMatch(done -> done.contains("the documents docs anew"));
            }
            assertThat(vault.contents().delete(Content.Kind.DOCUMENTS, "docs")).isTrue();
        }
        assertThat(TestSql.count(file, "theirs")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs_content", "docs_values"})
    void documentsOfWhichNothingCanBeReadCanBeDeleted(String table) {
        sql("DROP TABLE " + table);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.contents().list())
                    .anyMatch(content -> content.name().equals("docs")
                            && content.count() == DOCUMENTS
                            && content.type().contains("not read: "));
            assertThat(vault.contents().delete(Content.Kind.DOCUMENTS, "DOCS")).isTrue();
            assertThat(vault.text("docs").insert("hello again", 1)).isEqualTo(1);
            assertThat(errors(vault)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "rowids", "vector_chunks00", "metadatachunks00"})
    void deletingVectorsLeavesTablesOfOthersThatHaveANameOfTheirs(String end) {
        sql(
                "DROP TABLE vecs_" + end,
                "CREATE TABLE vecs_" + end + " (x TEXT, y)",
                "INSERT INTO vecs_" + end + " VALUES ('theirs', 1)");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.contents().delete(Content.Kind.VECTORS, "vecs")).isTrue();
            assertThat(vault.contents().contains(Content.Kind.VECTORS, "vecs")).isFalse();
        }
        assertThat(TestSql.count(file, "vecs_" + end)).isEqualTo(1);
        assertThat(TestSql.count(file, "vecs_values")).isZero();
    }

    @Test
    void vectorsWhoseChunksAreGoneAreNoTableWithoutVectors() {
        sql("DELETE FROM vecs_chunks");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.vectors("vecs").search(new float[] {1, 1}, 3))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContainingAll("vecs_chunks", "backup");
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .extracting(Finding::remedy)
                    .as("repair does not remove values of which it is not known whose they are")
                    .noneMatch(remedy -> remedy.contains("repair removes it") && remedy.contains("vecs"));
        }
    }

    /** A connection that has read the index before knows of it what it was then. */
    @Test
    void whatWasWrittenSinceTheLastLookIsNoDamage() {
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault)).isEmpty();
            for (int i = 0; i < 60; i++) {
                vault.text("docs").insert("hello again " + i, i);
            }
            vault.text("docs").optimize();
            assertThat(errors(vault)).isEmpty();
            for (int i = 0; i < 100; i++) {
                vault.text("docs").insert("and again " + i, i);
            }
            assertThat(errors(vault)).isEmpty();
        }
    }
}
