package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextOptions.Tokenizer;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.text.TextVault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table of documents is what the file says that it is, whoever made it. */
class TextTableTest {
    private static final String VALUES =
            "CREATE TABLE docs_values (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)";
    private static final TextOptions TITLE_AND_BODY = TextOptions.defaults().withColumns("title", "body");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void newFile() {
        file = folder.resolve("a.db");
    }

    /** A document's value as KohakuVault stores the text "v". */
    private static final String V = "x'894B010600000000564B76'";

    private void foreign(String declaration, String... more) throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[1]); // a file with a log, as vaults have it
        }
        List<String> sql = new ArrayList<>(List.of("CREATE VIRTUAL TABLE docs USING " + declaration, VALUES));
        sql.addAll(Arrays.asList(more));
        TestSql.run(file, sql.toArray(String[]::new));
    }

    /** Each way to use a handle for the first time. */
    private static Map<String, ThrowingCallable> uses(TextReader reader) {
        Map<String, ThrowingCallable> uses = new TreeMap<>(Map.of(
                "get",
                () -> reader.get(1),
                "search",
                () -> reader.search("a", 3),
                "search of nothing",
                () -> reader.search(" ", 0),
                "count",
                reader::count,
                "ids",
                reader::ids,
                "columns",
                reader::columns));
        if (reader instanceof TextVault vault) {
            uses.put("insert", () -> vault.insert("a", 1L));
            uses.put("delete", () -> vault.delete(1));
        }
        return uses;
    }

    private static void refuses(Class<? extends Exception> kind, Callable<? extends TextReader> handle, String... words)
            throws Exception {
        for (String use :
                List.of("get", "search", "search of nothing", "count", "ids", "columns", "insert", "delete")) {
            assertThatThrownBy(() -> {
                        ThrowingCallable call = uses(handle.call()).get(use);
                        if (call == null) {
                            throw new IllegalStateException("no such use");
                        }
                        call.call();
                    })
                    .as(use)
                    .isInstanceOf(kind)
                    .hasMessageContainingAll(words);
        }
    }

    @Test
    void aHandleWithoutOptionsTakesTheColumnsThatTheFileHas() {
        try (Vault vault = Vault.open(file)) {
            long id = vault.text("docs", TITLE_AND_BODY).insert(List.of("the title", "the body"), "v");
            for (TextReader docs :
                    List.of(vault.text("docs"), vault.text("docs", TITLE_AND_BODY), vault.text("DOCS"))) {
                assertThat(docs.columns()).containsExactly("title", "body");
                assertThat(docs.find(id).orElseThrow().texts()).containsExactly("the title", "the body");
                assertThat(docs.search("body", 3)).hasSize(1);
            }
            assertThat(vault.text("docs").insert(List.of("a", "b"), 1L)).isGreaterThan(id);
            assertThatThrownBy(() -> vault.text("docs").insert("one", 1L))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[title, body]");
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.text("docs").columns()).containsExactly("title", "body");
                assertThat(snapshot.text("docs").find(id).orElseThrow().texts())
                        .containsExactly("the title", "the body");
                assertThat(snapshot.text("docs", TITLE_AND_BODY).count()).isEqualTo(2);
            }
        }
    }

    @Test
    void otherColumnsThanTheFilesAreRefusedByEveryCall() throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.text("docs", TITLE_AND_BODY).insert(List.of("the title", "the body"), "v");
            for (String[] columns :
                    new String[][] {{"title", "bdoy"}, {"body", "title"}, {"body"}, {"title", "body", "x"}}) {
                TextOptions other = TextOptions.defaults().withColumns(columns);
                refuses(
                        IllegalArgumentException.class,
                        () -> vault.text("docs", other),
                        "docs",
                        "[title, body]",
                        Arrays.toString(columns));
                try (Snapshot snapshot = vault.snapshot()) {
                    assertThatThrownBy(() -> snapshot.text("docs", other))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContainingAll("[title, body]", Arrays.toString(columns));
                }
            }
            assertThat(vault.text("docs").count()).isEqualTo(1);
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThatThrownBy(() -> vault.text("docs", TextOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("[title, body]", "[content]");
            assertThat(vault.text("docs").find(1).orElseThrow().texts()).containsExactly("the title", "the body");
        }
    }

    @Test
    void anotherTokenizerThanTheFilesIsRefusedByEveryCall() throws Exception {
        try (Vault vault = Vault.open(file)) {
            for (Tokenizer made : Tokenizer.values()) {
                TextOptions options = TextOptions.defaults().withTokenizer(made);
                vault.text(made.name(), options).insert("running shoes", 1L);
                for (Tokenizer other : Tokenizer.values()) {
                    TextOptions asked = TextOptions.defaults().withTokenizer(other);
                    if (made == other) {
                        assertThat(vault.text(made.name(), asked).count()).isEqualTo(1);
                    } else {
                        refuses(
                                IllegalArgumentException.class,
                                () -> vault.text(made.name(), asked),
                                made.name().toLowerCase(Locale.ROOT),
                                other.name().toLowerCase(Locale.ROOT));
                    }
                }
                assertThat(vault.text(made.name()).search("running", 3)).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fts5(id, value, value_ref UNINDEXED)",
                "FTS5([id] /* a, b */, \"value\" , -- value_ref\n \"value_ref\"unindexed, prefix = '2 3')",
                "\"fts5\" (value_ref UNINDEXED, 'id', `value`, tok = 'porter ascii')",
                "fts5(id, Value_Ref, value, tokenize = \"unicode61 remove_diacritics 2 tokenchars '-,)('\")",
                "fts5(id, value, value_ref UNINDEXED, columnsize=0, tokenize=\"trigram case_sensitive 1\")",
                "fts5(id, value UNINDEXED, value_ref UNINDEXED, detail=column, tokendata=1)",
                "fts5(id, value, value_ref UNINDEXED, detail=none, columnsize=0)"
            })
    void tablesOfOtherProgramsAreTakenAsTheyAre(String declaration) throws Exception {
        foreign(
                declaration,
                "INSERT INTO docs_values VALUES (7, " + V + ")",
                "INSERT INTO docs (id, value, value_ref) VALUES ('some fine words', 'others', 7)");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            assertThat(docs.columns()).containsExactly("id", "value");
            assertThat(docs.count()).isEqualTo(1);
            assertThat(docs.find(1).orElseThrow().texts()).containsExactly("some fine words", "others");
            assertThat(docs.find(1).orElseThrow().value()).contains("v");
            long more = docs.insert(List.of("more words", "here"), "w");
            assertThat(docs.find(more).orElseThrow().texts()).containsExactly("more words", "here");
            assertThat(docs.search(TextQuery.all("fine"), 9).stream().map(TextHit::id))
                    .containsExactly(1L);
            assertThat(docs.search(TextQuery.any("fine more"), 9)).hasSize(2);
            if (!declaration.contains("detail=none")) {
                assertThat(docs.search(TextQuery.fts5("id : fine"), 9)).hasSize(1);
            }
            assertThat(docs.delete(1)).isTrue();
            assertThat(docs.ids()).containsExactly(more);
            assertThat(TestSql.count(file, "docs_values")).isEqualTo(1);
        }
    }

    @Test
    void namesOfColumnsMayHoldAnything() throws Exception {
        foreign(
                "fts5(\"a \"\"b\"\"\", [x'); DROP TABLE docs; --], 'é, ö', value_ref UNINDEXED)",
                "INSERT INTO docs_values VALUES (1, " + V + ")",
                "INSERT INTO docs VALUES ('one', 'two', 'three', 1)");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            assertThat(docs.columns()).containsExactly("a \"b\"", "x'); DROP TABLE docs; --", "é, ö");
            assertThat(docs.find(1).orElseThrow().texts()).containsExactly("one", "two", "three");
            long id = docs.insert(List.of("1", "2", "3"), null);
            assertThat(docs.find(id).orElseThrow().texts()).containsExactly("1", "2", "3");
            Snippets last = Snippets.of(5).withColumn(2).withMarks("<", ">").withEllipsis("…");
            assertThat(docs.search(TextQuery.phrase("three").withSnippets(last), 1)
                            .get(0)
                            .snippet())
                    .contains("<three>");
        }
    }

    @Test
    void snippetsCountTheColumnsOfText() throws Exception {
        foreign(
                "fts5(value_ref, title, body)",
                "INSERT INTO docs_values VALUES (1, " + V + ")",
                "INSERT INTO docs VALUES (1, 'a title', 'a body')");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            TextQuery query = TextQuery.any("title body");
            assertThat(docs.search(query.withSnippets(8), 1).get(0).snippet()).contains("a **title**");
            assertThat(docs.search(
                                    query.withSnippets(Snippets.of(8)
                                            .withColumn(1)
                                            .withMarks("<", ">")
                                            .withEllipsis("…")),
                                    1)
                            .get(0)
                            .snippet())
                    .contains("a <body>");
            assertThatThrownBy(() -> docs.search(
                            query.withSnippets(Snippets.of(8)
                                    .withColumn(2)
                                    .withMarks("<", ">")
                                    .withEllipsis("…")),
                            1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[title, body]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "fts5(a, value_ref UNINDEXED, content='')|contentless",
                "fts5(a, value_ref UNINDEXED, content='', contentless_delete=1)|contentless",
                "fts5(a, value_ref UNINDEXED, content='other')|its content is in other",
                "fts5(a, value_ref UNINDEXED, locale=1)|locale",
                "fts5(a, b)|[a, b]",
                "fts5(value_ref)|[value_ref]",
                "fts5(a, values_ref UNINDEXED)|[a, values_ref]"
            })
    void anFts5TableThatHoldsNoDocumentsIsNamed(String declaration, String why) throws Exception {
        foreign(declaration);
        String before = dump();
        try (Vault vault = Vault.open(file)) {
            refuses(VaultFormatException.class, () -> vault.text("docs"), "docs", why);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThatThrownBy(() -> snapshot.text("docs"))
                        .isInstanceOf(VaultFormatException.class)
                        .hasMessageContaining(why);
            }
        }
        assertThat(dump()).isEqualTo(before);
    }

    private String dump() throws Exception {
        return TestSql.number(file, "SELECT count(*) FROM sqlite_master") + " "
                + TestSql.number(file, "SELECT count(*) FROM docs_values") + " "
                + TestSql.number(file, "SELECT count(*) FROM docs_data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CREATE TABLE docs (content, value_ref)|plain table with the columns [content, value_ref]",
                "CREATE VIEW docs AS SELECT 1 AS content, 2 AS value_ref|is a view",
                "CREATE INDEX docs ON kv(value)|is an index",
                "CREATE VIRTUAL TABLE docs USING rtree(id, a, b)|virtual table of rtree",
                "CREATE VIRTUAL TABLE docs USING fts4(content, value_ref)|virtual table of fts4"
            })
    void aNameThatSomethingElseHasIsSaid(String sql, String what) throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[1]);
        }
        TestSql.run(file, sql, VALUES);
        int before = TestSql.number(file, "SELECT count(*) FROM sqlite_master");
        try (Vault vault = Vault.open(file)) {
            refuses(IllegalArgumentException.class, () -> vault.text("docs"), "docs", what);
            refuses(IllegalArgumentException.class, () -> vault.text("docs", TITLE_AND_BODY), "docs", what);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThatThrownBy(() -> snapshot.text("docs")).hasMessageContaining(what);
            }
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThatThrownBy(() -> vault.text("docs")).hasMessageContaining(what);
        }
        assertThat(TestSql.number(file, "SELECT count(*) FROM sqlite_master")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1|no table docs_values",
                "CREATE VIEW docs_values AS SELECT 1 AS id, x'00' AS value|no plain table",
                "CREATE TABLE docs_values (id INTEGER, value BLOB)|[id, value]",
                "CREATE TABLE docs_values (id TEXT PRIMARY KEY, value BLOB)|[id, value]",
                "CREATE TABLE docs_values (id INTEGER PRIMARY KEY, valu BLOB)|[id, valu]",
                "CREATE VIRTUAL TABLE docs_values USING fts5(id, value)|no plain table"
            })
    void documentsWithoutATableOfValuesAreNamed(String values, String why) throws Exception {
        foreign(
                "fts5(content, value_ref UNINDEXED)",
                "INSERT INTO docs VALUES ('a', 1)",
                "DROP TABLE docs_values",
                values);
        try (Vault vault = Vault.open(file)) {
            refuses(VaultFormatException.class, () -> vault.text("docs"), "docs_values", why);
        }
        assertThat(TestSql.number(file, "SELECT count(*) FROM docs")).isEqualTo(1);
    }

    @Test
    void aDeclarationThatThisLibraryDoesNotKnowIsNamed() throws Exception {
        for (String option : List.of("zipped=1", "tokenize='klingon'", "a sorted")) {
            newFile();
            Path copy = folder.resolve(option.charAt(0) + ".db");
            file = copy;
            foreign("fts5(content, value_ref UNINDEXED, prefix='2')");
            TestSql.run(
                    file,
                    "PRAGMA writable_schema = 1",
                    "UPDATE sqlite_master SET sql = replace(sql, 'prefix=''2''', '" + option.replace("'", "''")
                            + "') WHERE name = 'docs'");
            try (Vault vault = Vault.open(file)) {
                refuses(
                        VaultFormatException.class,
                        () -> vault.text("docs"),
                        "docs",
                        option.replaceAll(".*'(.*)'", "$1").replace("=1", ""));
                assertThat(vault.kv("kv").exists("a")).isTrue();
            }
        }
    }

    @Test
    void aHandleSeesTheTableThatSomebodyElseMadeAnew() throws Exception {
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            TextVault strict = vault.text("docs", TextOptions.defaults());
            docs.insert("old words", 1L);
            assertThat(strict.search("old", 3)).hasSize(1);
            try (Snapshot snapshot = vault.snapshot()) {
                TextReader before = snapshot.text("docs");
                TestSql.run(file, "DROP TABLE docs", "DROP TABLE docs_values");
                assertThat(docs.columns()).containsExactly("content");
                assertThat(docs.count()).isZero();
                assertThat(docs.ids()).isEmpty();
                assertThat(docs.find(1)).isEmpty();
                assertThat(docs.search("old", 3)).isEmpty();
                assertThat(docs.delete(1)).isFalse();
                TestSql.run(
                        file,
                        "CREATE VIRTUAL TABLE docs USING fts5(body, title, value_ref UNINDEXED, tokenize=porter)",
                        VALUES,
                        "INSERT INTO docs_values VALUES (1, " + V + ")",
                        "INSERT INTO docs VALUES ('running', 'new', 1)");
                assertThat(docs.find(1).orElseThrow().texts()).containsExactly("running", "new");
                assertThat(docs.columns()).containsExactly("body", "title");
                assertThat(docs.search("runs", 3)).hasSize(1);
                assertThat(docs.insert(List.of("b", "t"), 2L)).isEqualTo(2);
                assertThat(docs.find(2).orElseThrow().texts()).containsExactly("b", "t");
                refuses(IllegalArgumentException.class, () -> strict, "[body, title]", "[content]");
                assertThat(before.find(1).orElseThrow().texts()).containsExactly("old words");
                assertThat(before.columns()).containsExactly("content");
            }
            TestSql.run(file, "DROP TABLE docs", "DROP TABLE docs_values", "CREATE TABLE docs (a, b)");
            refuses(IllegalArgumentException.class, () -> docs, "[a, b]");
        }
    }

    @Test
    void aTableOfARolledBackTransactionIsForgotten() {
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            TextVault wide = vault.text("docs", TITLE_AND_BODY);
            assertThatThrownBy(() -> vault.transact(() -> {
                        docs.insert("one", 1L);
                        assertThat(docs.find(1).orElseThrow().texts()).containsExactly("one");
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            // No read in between: the schema's version comes to be the one that the handle has seen with other columns.
            wide.insert(List.of("t", "b"), 2L);
            assertThat(docs.columns()).containsExactly("title", "body");
            assertThat(docs.find(1).orElseThrow().texts()).containsExactly("t", "b");
            assertThat(other.text("docs").find(1).orElseThrow().texts()).containsExactly("t", "b");
            docs.insert(List.of("u", "c"), 3L);
            assertThat(other.text("docs").search("c", 1).get(0).value()).contains(3L);
        }
    }

    @Test
    void aMissingTableIsEmptyWhereItCanBeMadeAndNoSuchElementElsewhere() throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[1]);
            TextVault docs = vault.text("docs", TITLE_AND_BODY);
            assertThat(docs.columns()).containsExactly("title", "body");
            assertThat(vault.text("docs").columns()).containsExactly("content");
            assertThat(docs.count()).isZero();
            assertThat(docs.ids()).isEmpty();
            assertThat(docs.find(1)).isEmpty();
            assertThat(docs.search("a", 1)).isEmpty();
            assertThat(docs.delete(1)).isFalse();
            assertThat(TestSql.number(file, "SELECT count(*) FROM sqlite_master WHERE name = 'docs'"))
                    .isZero();
            try (Snapshot snapshot = vault.snapshot()) {
                refuses(NoSuchElementException.class, () -> snapshot.text("docs"), "docs");
                refuses(NoSuchElementException.class, () -> snapshot.text("docs", TITLE_AND_BODY), "docs");
            }
            try (Vault reader = Vault.openReadOnly(file)) {
                refuses(NoSuchElementException.class, () -> reader.text("docs"), "docs");
                refuses(NoSuchElementException.class, () -> reader.text("docs", TITLE_AND_BODY), "docs");
                docs.insert(List.of("a", "b"), 1L);
                TextVault there = reader.text("docs");
                assertThat(there.count()).isEqualTo(1);
                assertThatThrownBy(() -> there.insert(List.of("a", "b"), 1L))
                        .isInstanceOf(UnsupportedOperationException.class);
                TestSql.run(file, "DROP TABLE docs");
                assertThatThrownBy(there::count).isInstanceOf(NoSuchElementException.class);
                assertThatThrownBy(() -> there.get(1)).isInstanceOf(NoSuchElementException.class);
            }
        }
    }

    @Test
    void namesThatTheNewTableNeedsAreCheckedBeforeItIsMade() {
        try (Vault vault = Vault.open(file)) {
            for (String end : List.of("_values", "_data", "_idx", "_content", "_docsize", "_config")) {
                vault.kv("d" + end + end).put("a", new byte[1]);
                vault.transact(() -> {
                    assertThatThrownBy(() -> vault.text("d" + end).insert("a", 1L))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContainingAll("d" + end + end, "key-values");
                    vault.kv("kv").put("goes on" + end, new byte[1]); // nothing was written, nothing is spoilt
                });
                assertThat(vault.kv("kv").exists("goes on" + end)).isTrue();
            }
            assertThatThrownBy(() -> vault.text("docs", TextOptions.defaults().withColumns("a", "Docs")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Docs");
            assertThatThrownBy(() -> vault.text("new", TITLE_AND_BODY).insert("one", 1L))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[title, body]");
            assertThat(vault.contents().list().stream().map(c -> c.name())).doesNotContain("new");
        }
    }

    @Test
    void valuesThatWereLeftAreTakenOver() throws Exception {
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            docs.insert("a", 1L);
            long last = docs.insert("b", 2L);
            TestSql.run(file, "DROP TABLE docs");
            assertThat(docs.insert("c", 3L)).isEqualTo(last + 1);
            assertThat(docs.search("c", 2).get(0).value()).contains(3L);
        }
    }

    @Test
    void aDamagedDocumentIsNamedAndNeverShowsAnothersValue() throws Exception {
        try (Vault vault = Vault.open(file)) {
            for (String word : List.of("missing", "none", "text", "nulltext", "blob", "fine")) {
                vault.text("docs").insert(word + " words", word);
            }
        }
        TestSql.run(
                file,
                "DELETE FROM docs_values WHERE id = 1",
                "UPDATE docs SET value_ref = NULL WHERE rowid = 2",
                "UPDATE docs_values SET value = 'abc' WHERE id = 3",
                "UPDATE docs SET content = NULL WHERE rowid = 4",
                "UPDATE docs SET content = x'80ff' WHERE rowid = 5",
                "UPDATE docs_values SET value = " + V + " WHERE id = 6");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            Map<Integer, String> why = Map.of(
                    1, "its value is missing",
                    2, "refers to no value",
                    3, "not a BLOB",
                    4, "its content is NULL",
                    5, "its content is a BLOB");
            why.forEach((id, words) -> assertThatThrownBy(() -> docs.get(id))
                    .as(words)
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContainingAll("docs", "document " + id, words));
            assertThat(docs.find(6).orElseThrow().value()).contains("v");
            for (String word : List.of("missing", "none", "text")) {
                assertThatThrownBy(() -> docs.search(word, 9)).isInstanceOf(VaultCorruptException.class);
            }
            assertThat(docs.search("fine", 9)).hasSize(1);
            assertThat(docs.delete(1) && docs.delete(2) && docs.delete(3) && docs.delete(4) && docs.delete(5))
                    .isTrue();
            assertThat(docs.search("words", 9)).hasSize(1);
            assertThat(docs.find(6).orElseThrow().value()).contains("v");
        }
    }

    @Test
    void aReferenceThatIsNoNumberRemovesNoValue() throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.text("docs").insert("one", 1L);
            vault.text("docs").insert("two", 2L);
        }
        TestSql.run(file, "UPDATE docs SET value_ref = '1abc' WHERE rowid = 2");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.text("docs").get(2)).hasMessageContaining("'1abc'");
            assertThat(vault.text("docs").delete(2)).isTrue();
            assertThat(vault.text("docs").find(1).orElseThrow().value()).isEqualTo(Optional.of(1L));
        }
    }
}
