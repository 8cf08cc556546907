package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of another program, with what only that program has: nothing is damaged, and the rest is looked at. */
class ForeignTablesTest {
    private static final String VALUES =
            "CREATE TABLE theirs_values (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fill() throws SQLException {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[] {1});
            for (int i = 0; i < 3; i++) {
                vault.text("docs").insert("hello " + i, i);
            }
        }
        // A value without its document, and one that cannot be decoded.
        TestSql.run(file, "DELETE FROM docs WHERE rowid = 1");
    }

    private void sql(String... statements) throws SQLException {
        TestSql.run(file, statements);
    }

    private void documents(String options) throws SQLException {
        sql(
                VALUES,
                "INSERT INTO theirs_values (value) VALUES (x'01'), (x'02')",
                "CREATE VIRTUAL TABLE theirs USING fts5(content, value_ref UNINDEXED" + options + ")",
                "INSERT INTO theirs (rowid, content, value_ref) VALUES (1, 'hello', 1), (2, 'there', 2)");
    }

    /** The schema as a program has it that brings something which SQLite here does not have. */
    private void declare(String table, String from, String to) throws SQLException {
        sql(
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_master SET sql = replace(sql, '" + from + "', '" + to + "') WHERE name = '" + table
                        + "'");
    }

    private List<String> findings(Vault vault, Finding.Severity severity) {
        return vault.maintenance().verify(Progress.none()).findings().stream()
                .filter(finding -> finding.severity() == severity)
                .map(Finding::toString)
                .toList();
    }

    /** What is left of deleted documents is mended all the same, and nothing is told as an error. */
    private void checkTheRest(Vault vault, String what) {
        assertThat(findings(vault, Finding.Severity.ERROR)).isEmpty();
        assertThat(findings(vault, Finding.Severity.WARNING))
                .anyMatch(said -> said.contains("theirs") && said.contains(what))
                .noneMatch(said -> said.contains("SQLITE"));
        assertThat(vault.contents().list())
                .anyMatch(content -> content.kind() == Content.Kind.DOCUMENTS
                        && content.name().equals("docs")
                        && content.count() == 2);
        List<String> done = new ArrayList<>(vault.maintenance().repair());
        assertThat(done).contains("removed 1 values of no document from docs_values");
        assertThat(done).noneMatch(said -> said.contains("theirs_values"));
        assertThat(vault.text("docs").search("hello", 9)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                ", content=''; contentless",
                ", content='', contentless_delete=1; contentless",
                ", content='', contentless_unindexed=1; contentless",
                ", content='notes', content_rowid=id; its content is in notes",
                ", locale=1; locale=1"
            })
    void documentsThatAreKeptElsewhereAreNoneWithoutTheirValues(String options, String what) throws SQLException {
        sql("CREATE TABLE notes (id INTEGER PRIMARY KEY, content, value_ref)");
        documents(options.startsWith(",") ? options : ", " + options);
        try (Vault vault = Vault.open(file)) {
            checkTheRest(vault, what);
            assertThat(vault.contents().list())
                    .anyMatch(content ->
                            content.name().equals("theirs") && content.type().contains("not read"));
        }
        assertThat(TestSql.count(file, "theirs_values")).isEqualTo(2);
    }

    @Test
    void aTableOfContentThatIsGoneHidesNothing() throws SQLException {
        sql("CREATE TABLE notes (id INTEGER PRIMARY KEY, content, value_ref)");
        documents(", content='notes', content_rowid=id");
        sql("DROP TABLE notes");
        try (Vault vault = Vault.open(file)) {
            checkTheRest(vault, "its content is in notes");
        }
        assertThat(TestSql.count(file, "theirs_values")).isEqualTo(2);
    }

    @Test
    void ofDocumentsWithAnUnknownTokenizerTheValuesAreLookedAt() throws SQLException {
        documents("");
        declare("theirs", "value_ref UNINDEXED", "value_ref UNINDEXED, tokenize=''mecab''");
        try (Vault vault = Vault.open(file)) {
            checkTheRest(vault, "tokenizer 'mecab' is unknown");
            assertThat(vault.maintenance().repair())
                    .singleElement()
                    .satisfies(said -> assertThat(said).contains("left the table theirs as it is", "mecab"));
        }
        sql("DELETE FROM theirs_values WHERE id = 2");
        try (Vault vault = Vault.open(file)) {
            assertThat(findings(vault, Finding.Severity.ERROR))
                    .singleElement()
                    .satisfies(said -> assertThat(said).contains("theirs, document 2: its value is missing"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "VIRTUAL TABLE theirs USING fts5(a, x); a, x; a, x, tokenize=''mecab''; tokenizer 'mecab' is unknown",
                "VIRTUAL TABLE theirs USING fts5(a, x); fts5(a, x); VirtualSpatialIndex(); module virtualspatialindex is unknown",
                "TABLE theirs (a TEXT COLLATE NOCASE UNIQUE, x); NOCASE; german; no such collation sequence: german",
                "TABLE theirs (a TEXT, x, n INT AS (length(a))); length; their_fn; unknown function: their_fn()",
                "TABLE theirs (a BLOB, x, key BLOB PRIMARY KEY COLLATE NOCASE DEFAULT 'k', value BLOB) WITHOUT ROWID; NOCASE; german; collation sequence: german"
            })
    void whatThisSqliteDoesNotHaveIsNamedWithItsTable(String made, String from, String to, String what)
            throws SQLException {
        sql("CREATE " + made, "INSERT INTO theirs (a, x) VALUES ('hello', 'there')");
        declare("theirs", from, to);
        try (Vault vault = Vault.open(file)) {
            checkTheRest(vault, what);
            assertThat(vault.maintenance().repair())
                    .singleElement()
                    .satisfies(said -> assertThat(said).contains("left the table theirs as it is", what));
        }
    }

    /** One table that cannot be opened does not hide what is damaged elsewhere. */
    @Test
    void damageElsewhereIsFoundBesideSuchATable() throws SQLException {
        sql("CREATE TABLE theirs (name TEXT COLLATE NOCASE UNIQUE, x)", "UPDATE docs_docsize SET sz = x'ff'");
        declare("theirs", "NOCASE", "german");
        try (Vault vault = Vault.open(file)) {
            assertThat(findings(vault, Finding.Severity.ERROR))
                    .singleElement()
                    .satisfies(said -> assertThat(said).contains("docs", "repair makes the index of words anew"));
            assertThat(vault.maintenance().repair())
                    .contains("made the index of words of the documents docs anew")
                    .anyMatch(said -> said.startsWith("left the table theirs"));
            assertThat(findings(vault, Finding.Severity.ERROR)).isEmpty();
        }
    }

    @Test
    void aTriggerThatRefusesIsNamedAndTheRestIsMended() throws SQLException {
        try (Vault vault = Vault.open(file)) {
            vault.text("others").insert("hello", 1);
        }
        sql(
                "INSERT INTO others_values (value) VALUES (x'01')",
                "CREATE TRIGGER theirs BEFORE DELETE ON docs_values BEGIN SELECT raise(ABORT, 'never'); END");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().repair())
                    .hasSize(2)
                    .contains("removed 1 values of no document from others_values")
                    .anyMatch(said -> said.startsWith("could not mend the documents docs") && said.contains("never"));
        }
        assertThat(TestSql.count(file, "docs_values")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\"b", "a'b", "select", "1;--", "ü%_", "[x]"})
    void namesThatNeedQuotesAreNames(String name) throws SQLException {
        String q = '"' + name.replace("\"", "\"\"");
        sql(
                "CREATE VIRTUAL TABLE " + q + "\" USING fts5(content, value_ref UNINDEXED)",
                "CREATE TABLE " + q + "_values\" (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)",
                "INSERT INTO " + q + "_values\" (value) VALUES (x'01'), (x'02')",
                "INSERT INTO " + q + "\" VALUES ('hi', 1)",
                "DROP TABLE " + q + "_idx\"");
        try (Vault vault = Vault.open(file)) {
            assertThat(findings(vault, Finding.Severity.ERROR))
                    .singleElement()
                    .satisfies(said -> assertThat(said).contains("documents " + name, name + "_idx is missing"));
            assertThat(vault.maintenance().repair()).hasSize(3);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    /** Nothing of the transaction is left then, so that nothing is mended, and it is said why. */
    @Test
    void aTriggerThatEndsTheTransactionIsNamedByWhatItRefuses() throws SQLException {
        sql("CREATE TRIGGER theirs BEFORE DELETE ON docs_values BEGIN SELECT raise(ROLLBACK, 'never'); END");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.maintenance().repair())
                    .isInstanceOf(VaultException.class)
                    .hasMessageContainingAll(file.toString(), "nothing was repaired", "documents docs", "never")
                    .hasMessageNotContaining("savepoint");
            vault.kv("kv").put("b", new byte[] {2});
            assertThat(vault.kv("kv").count()).isEqualTo(2);
        }
    }

    @Test
    void whatOnlyAnotherProgramBringsIsSaidWhereItIsMissing() throws SQLException {
        sql(
                "CREATE TABLE theirs (name TEXT COLLATE NOCASE, x)",
                "CREATE INDEX theirs_name ON theirs (name)",
                "INSERT INTO theirs VALUES ('a', 1), ('b', 2)");
        declare("theirs", "NOCASE", "german");
        try (Vault vault = Vault.open(file)) {
            for (Runnable call : Arrays.<Runnable>asList(
                    () -> vault.maintenance().compact(0, Progress.none()),
                    () -> vault.maintenance().optimize())) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(VaultException.class)
                        .hasMessageContainingAll("german", "only that program brings it");
            }
        }
    }
}
