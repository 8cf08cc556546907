package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.text.TextVault;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An id of a document is never given again. */
class DocumentIdsTest {
    private static final String V = "x'00'";

    @TempDir
    Path folder;

    @AfterEach
    void removeHook() {
        Session.hook(null);
    }

    /** A table as another program leaves it, whose highest document has this id. */
    private Path foreign(long highest, String values) throws Exception {
        Path file = folder.resolve("foreign" + highest + ".db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[1]);
        }
        TestSql.run(
                file,
                "CREATE VIRTUAL TABLE docs USING fts5(content, value_ref UNINDEXED)",
                "CREATE TABLE Docs_Values (id INTEGER PRIMARY KEY " + values + ", value BLOB NOT NULL)",
                "INSERT INTO docs_values VALUES (1, " + V + "), (2, " + V + ")",
                "INSERT INTO docs (rowid, content, value_ref) VALUES (-5, 'low', 1), (" + highest + ", 'high', 2)");
        return file;
    }

    private static int values(Path file) throws Exception {
        return TestSql.number(file, "SELECT count(*) FROM docs_values");
    }

    @Test
    void theLastIdIsNotGivenAgainOnceItsDocumentIsDeleted() {
        Path file = folder.resolve("a.db");
        Set<Long> given = new HashSet<>();
        long last = 0;
        Random random = new Random(11);
        for (int round = 0; round < 8; round++) {
            try (Vault vault = Vault.open(file);
                    Vault other = Vault.open(file)) {
                for (int i = 0; i < 12; i++) {
                    TextVault docs = (random.nextBoolean() ? vault : other).text("docs");
                    long id = docs.insert("text", i);
                    assertThat(id).as("seed 11").isGreaterThan(last);
                    assertThat(given.add(id)).isTrue();
                    last = id;
                    if (random.nextInt(3) > 0) {
                        assertThat(vault.text("docs").delete(id)).isTrue();
                    }
                }
                if (round % 3 == 0) {
                    vault.transact(() -> vault.text("docs")
                            .ids()
                            .forEach(id -> vault.text("docs").delete(id)));
                    assertThat(other.text("docs").count()).isZero();
                }
            }
        }
    }

    @Test
    void whatWasRolledBackWasNotGivenAndWhatWasCommittedStays() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault docs = vault.text("docs");
            long first = docs.insert("a", 1L);
            assertThatThrownBy(() -> vault.transact(() -> {
                        docs.insert("b", 2L);
                        docs.delete(first);
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            long second = docs.insert("c", 3L);
            assertThat(second).isGreaterThan(first);
            assertThat(docs.find(second).orElseThrow().value()).contains(3L);
            assertThat(docs.find(first).orElseThrow().value()).contains(1L);
        }
    }

    @Test
    void idsGoOnBehindThoseThatKohakuVaultGave() {
        Path file = Golden.database("kv-text-vector", folder);
        try (Vault vault = Vault.open(file)) {
            for (String table : List.of("notes", "docs")) {
                TextVault docs = vault.text(table);
                List<Long> ids = Ids.of(docs);
                long last = ids.get(ids.size() - 1);
                List<String> texts = docs.columns();
                assertThat(docs.delete(last)).isTrue();
                long next = docs.insert(texts, 1L);
                assertThat(next).isGreaterThan(last);
                assertThat(docs.find(next).orElseThrow().texts()).isEqualTo(texts);
            }
        }
    }

    /** KohakuVault inserts a value, and then, in another transaction, a document without saying its id. */
    @Test
    void anotherProgramMayInsertInBetween() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            docs.insert("a", 1L);
            TestSql.run(file, "INSERT INTO docs_values (value) VALUES (" + V + ")");
            long between = docs.insert("b", 2L);
            TestSql.run(
                    file,
                    "INSERT INTO docs (content, value_ref) VALUES ('python', 2)",
                    "INSERT INTO docs (content, value_ref) VALUES ('python', 2)");
            List<Long> ids = Ids.of(docs);
            long pythons = ids.get(ids.size() - 1);
            assertThat(pythons).isGreaterThan(between);
            assertThat(docs.delete(pythons)).isTrue();
            assertThat(docs.insert("c", 3L)).isGreaterThan(pythons);
            assertThat(vault.text("docs").find(between).orElseThrow().value()).contains(2L);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 1_000, Long.MAX_VALUE - 3})
    void idsOfOtherProgramsAreNotGivenAgain(long highest) throws Exception {
        Path file = foreign(highest, "AUTOINCREMENT");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            assertThat(docs.delete(highest)).isTrue();
            assertThat(vault.text("docs").insert("next", 1L)).isEqualTo(highest + 1);
            assertThat(docs.delete(highest + 1)).isTrue();
        }
        TestSql.run(file, "INSERT INTO docs_values (value) VALUES (" + V + ")");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.text("docs").insert("next", 1L)).isEqualTo(highest + 3);
            assertThat(vault.text("docs").find(-5).orElseThrow().texts()).containsExactly("low");
        }
    }

    @Test
    void thereIsNoIdBehindTheHighest() throws Exception {
        Path file = foreign(Long.MAX_VALUE, "AUTOINCREMENT");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            assertThat(docs.find(Long.MAX_VALUE).orElseThrow().texts()).containsExactly("high");
            assertThatThrownBy(() -> docs.insert("next", 1L))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining("" + Long.MAX_VALUE);
            assertThat(values(file)).isEqualTo(2);
            assertThat(docs.count()).isEqualTo(2);
            assertThat(docs.delete(Long.MAX_VALUE)).isTrue();
            assertThat(docs.insert("next", 1L)).isEqualTo(3);
        }
        Path near = foreign(Long.MAX_VALUE - 1, "AUTOINCREMENT");
        try (Vault vault = Vault.open(near)) {
            assertThat(vault.text("docs").insert("last", 1L)).isEqualTo(Long.MAX_VALUE);
            assertThatThrownBy(() -> vault.text("docs").insert("more", 1L)).isInstanceOf(VaultFormatException.class);
            assertThat(values(near)).isEqualTo(3);
        }
    }

    @Test
    void valuesThatAreNotCountedTakeIdsThatNobodyHas() throws Exception {
        Path file = foreign(50, "");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            assertThat(docs.insert("next", 1L)).isEqualTo(51);
            assertThat(docs.insert("next", 2L)).isEqualTo(52);
            assertThat(docs.delete(51)).isTrue();
            assertThat(docs.find(52).orElseThrow().value()).contains(2L);
        }
    }

    @Test
    void aCounterThatWasLostIsMadeAnew() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            for (int i = 0; i < 5; i++) {
                vault.text("docs").insert("text", i);
            }
        }
        TestSql.run(file, "DELETE FROM sqlite_sequence", "DELETE FROM docs_values WHERE id > 2");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.text("docs").insert("text", 5L)).isEqualTo(6);
        }
    }

    @Test
    void aFaultAtAnyStatementLeavesNoHalfDocument() throws Exception {
        int statements = 0;
        for (int fault = 0; ; fault++) {
            int at = fault;
            Path file = foreign(100 + fault, "AUTOINCREMENT");
            AtomicInteger seen = new AtomicInteger();
            boolean failed = false;
            try (Vault vault = Vault.open(file)) {
                TextVault docs = vault.text("docs");
                Session.hook(sql -> {
                    if (seen.getAndIncrement() == at && !sql.startsWith("ROLLBACK")) {
                        throw new IllegalStateException("fault at " + sql);
                    }
                });
                try {
                    vault.transact(() -> {
                        docs.insert("fresh one", "value");
                        docs.delete(-5);
                        vault.text("made").insert("fresh two", "value");
                    });
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageStartingWith("fault at");
                    failed = true;
                } finally {
                    Session.hook(null);
                }
                statements = seen.get();
                assertThat(docs.search("fresh", 9)).hasSize(failed ? 0 : 1);
                assertThat(docs.count()).isEqualTo(2);
                assertThat(values(file)).isEqualTo(2);
                assertThat(TestSql.count(file, "made_values")).isEqualTo(failed ? 0 : 1);
                assertThat(vault.text("made").search("fresh", 9)).hasSize(failed ? 0 : 1);
                assertThat(docs.insert("later", 1L)).isGreaterThan(100 + fault);
                assertThat(vault.text("made").insert("later", 1L)).isPositive();
                assertThat(docs.search("later", 9)).hasSize(1);
            }
            try (Vault vault = Vault.open(file)) {
                assertThat(vault.maintenance().verify(Progress.none()).findings())
                        .isEmpty();
            }
            if (!failed) {
                break;
            }
        }
        assertThat(statements).isGreaterThan(15);
    }
}
