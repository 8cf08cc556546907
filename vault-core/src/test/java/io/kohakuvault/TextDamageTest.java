package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.maintenance.VerifyReport;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a table of documents of which a part is lost, and how it is mended. */
class TextDamageTest {
    private static final int DOCUMENTS = 40;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fill() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.text("docs", TextOptions.defaults().withColumns("title", "body"))
                    .insertAll(IntStream.range(0, DOCUMENTS)
                            .mapToObj(i -> new NewDocument(List.of("hello w" + i, "body " + i), i))
                            .toList());
            vault.text("whole").insert("hello there", 1L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM docs_docsize",
                "UPDATE docs_docsize SET sz = x'ff'",
                "UPDATE docs_data SET block = x'00' WHERE id = 1",
                "UPDATE docs_data SET block = zeroblob(100) WHERE id > 100",
                "UPDATE docs_data SET block = x'00' WHERE id = 10"
            })
    void repairMakesADamagedIndexOfWordsAnew(String damage) throws Exception {
        TestSql.run(file, damage);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.toString()).contains("docs", "repair makes the index"));
            assertThat(vault.maintenance().repair())
                    .containsExactly("made the index of words of the documents docs anew");
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
            assertThat(vault.text("docs").search(TextQuery.any("hello").withTexts(), 100))
                    .hasSize(DOCUMENTS);
            assertThat(vault.maintenance().repair()).isEmpty();
        }
    }

    /** What is left of them is not to be removed: their values, and what the index says. */
    @ParameterizedTest
    @ValueSource(strings = {"DELETE FROM docs_content WHERE id = 3", "DELETE FROM docs_content"})
    void documentsThatOnlyTheIndexHasAreNotForgotten(String damage) throws Exception {
        TestSql.run(file, damage);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .extracting(Finding::toString)
                    .noneMatch(said -> said.contains("repair makes the index"))
                    .anyMatch(said -> said.contains("docs") && said.contains("restore the file from a backup"));
            assertThatThrownBy(() -> vault.maintenance().repair())
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContainingAll("nothing was repaired", "docs", "backup");
        }
        assertThat(TestSql.number(file, "SELECT count(*) FROM docs_values")).isEqualTo(DOCUMENTS);
    }

    @Test
    void aSearchSaysThatTheIndexOfWordsIsDamaged() throws Exception {
        TestSql.run(file, "UPDATE docs_docsize SET sz = x'ff'");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.text("docs").search("hello", 3))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContainingAll("index of words", "repair");
            assertThat(vault.text("whole").search("hello", 3)).hasSize(1);
        }
    }

    @Test
    void documentsWhoseValuesAreGoneAreFound() throws Exception {
        TestSql.run(file, "DROP TABLE docs_values");
        try (Vault vault = Vault.open(file)) {
            VerifyReport report = vault.maintenance().verify(Progress.none());
            assertThat(report.isSound()).isFalse();
            assertThat(report.findings())
                    .extracting(Finding::toString)
                    .singleElement()
                    .satisfies(said -> assertThat(said).contains("docs", "docs_values is gone"));
        }
    }

    @Test
    void whatIsNoTextEndsASearchThatIsToShowIt() throws Exception {
        TestSql.run(
                file,
                "UPDATE docs_content SET c1 = NULL WHERE id = 3",
                "UPDATE docs_content SET c1 = x'80ff' WHERE id = 4");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            for (String word : List.of("w2", "w3")) {
                assertThat(docs.search(word, 3)).as("its texts are not read").hasSize(1);
                assertThatThrownBy(() -> docs.search(TextQuery.all(word).withTexts(), 3))
                        .isInstanceOf(VaultCorruptException.class)
                        .hasMessageContaining("its body is " + (word.equals("w2") ? "NULL" : "a BLOB"));
            }
            assertThat(docs.search(TextQuery.all("w4").withTexts(), 3)).hasSize(1);
        }
    }

    @Test
    void aReferenceInAnotherCaseIsOneEverywhere() throws Exception {
        TestSql.run(
                file,
                "CREATE VIRTUAL TABLE theirs USING fts5(content, VALUE_REF UNINDEXED)",
                "CREATE TABLE theirs_values (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)",
                "INSERT INTO theirs (content, value_ref) VALUES ('a text', 9)");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.contents().contains(Content.Kind.DOCUMENTS, "theirs"))
                    .isTrue();
            assertThat(vault.text("theirs").columns()).containsExactly("content");
            assertThat(vault.contents().list())
                    .anyMatch(c -> c.name().equals("theirs") && c.type().equals("content"));
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .extracting(Finding::toString)
                    .anyMatch(said -> said.contains("theirs, document 1: its value is missing"));
        }
    }
}
