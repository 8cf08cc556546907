package io.kohakuvault.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Table;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in a file, or is wrong with it, spoils no more of a view than its own place. */
class HostileContentTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("file.db");
    }

    /** A file with one of each kind. */
    private void fill() {
        try (Vault vault = Vault.open(file())) {
            Table runs = vault.tables().ensure("runs", s -> s.column("loss", DType.F64));
            runs.append(row -> row.set("loss", 0.5));
            vault.tables().ensure("words", s -> s.column("word", DType.STR)).append(row -> row.set("word", "one"));
            vault.columns().ensure("ids", DType.I64).appendAll(new long[] {1, 2, 3});
            vault.kv("settings").putValue("a", 1);
            vault.text("notes").insert("some words", null);
            vault.vectors("near", VectorOptions.cosine(3)).insert(new float[] {1, 2, 3}, null);
        }
    }

    private void damage(String... statements) throws SQLException {
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement sql = sqlite.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    @Test
    void aDamagedTableIsALineOfTheOverviewAndTheOthersAreThere() throws Exception {
        fill();
        damage("DELETE FROM kvault_col_columns WHERE name = 'words.word'");
        try (Vault vault = Vault.openReadOnly(file());
                Snapshot snapshot = vault.snapshot()) {
            for (View view : List.of(Show.of(vault), Show.of(snapshot))) {
                assertThat(view.text())
                        .containsPattern("table +runs +1 +8 bytes")
                        .containsPattern("column +ids +3")
                        .containsPattern("key-values +settings +1")
                        .containsPattern("documents +notes +1")
                        .containsPattern("vectors +near +1")
                        .containsPattern("table +words .*cannot be read.*words");
                assertThat(view.html()).contains(">words<").contains("cannot be read");
            }
        }
    }

    /** The page at which a table or an index begins is overwritten. */
    private void overwrite(String name) throws SQLException, IOException {
        long page;
        long size;
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement sql = sqlite.createStatement()) {
            sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            try (ResultSet rows = sql.executeQuery("SELECT rootpage FROM sqlite_master WHERE name = '" + name + "'")) {
                page = rows.getLong(1);
            }
            try (ResultSet rows = sql.executeQuery("PRAGMA page_size")) {
                size = rows.getLong(1);
            }
        }
        try (var channel = Files.newByteChannel(file(), java.nio.file.StandardOpenOption.WRITE)) {
            channel.position((page - 1) * size);
            channel.write(java.nio.ByteBuffer.wrap(new byte[64]));
        }
    }

    @Test
    void whatCannotBeCountedIsALineToo() throws Exception {
        fill();
        overwrite("sqlite_autoindex_settings_1");
        overwrite("notes_docsize");
        try (Vault vault = Vault.openReadOnly(file())) {
            assertThat(Show.of(vault).text())
                    .containsPattern("table +runs +1 +8 bytes")
                    .containsPattern("column +ids +3")
                    .containsPattern("key-values +settings +\\? +cannot be read")
                    .containsPattern("documents +notes +\\? +cannot be read")
                    .containsPattern("vectors +near +1");
            assertThat(Show.of(vault).html()).contains("the database&#39;s pages are damaged");
            assertThat(Show.of(vault.text("notes")).text())
                    .contains("cannot be shown")
                    .contains("file.db");
        }
    }

    @Test
    void ofAThousandColumnsThoseThatAreShownAreRead() throws Exception {
        try (Vault vault = Vault.open(file())) {
            Table wide = vault.tables().ensure("wide", s -> {
                for (int i = 0; i < 1000; i++) {
                    s.column("c" + i, DType.I32);
                }
            });
            wide.append(row -> {
                for (int i = 0; i < 1000; i++) {
                    row.set("c" + i, i);
                }
            });
        }
        damage("DELETE FROM kvault_col_data WHERE block_id = (SELECT block_id FROM kvault_col_blocks JOIN"
                + " kvault_col_columns USING (col_id) WHERE name = 'wide.c900')");
        try (Vault vault = Vault.openReadOnly(file())) {
            View view = Show.of(vault.tables().get("wide"));
            assertThat(view.text())
                    .containsPattern("c23\n")
                    .contains("1 row × 1,000 columns; 976 columns are not shown");
            assertThatThrownBy(() -> Show.table(vault.tables().get("wide"), "c900"))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("wide.c900");
        }
    }

    @Test
    void aVaultThatIsOnlyReadIsShownWithAllKinds() {
        fill();
        try (Vault vault = Vault.openReadOnly(file())) {
            assertThat(Show.of(vault).text()).contains("runs", "ids", "settings", "notes", "near");
            assertThat(Show.of(vault.kv("settings")).text()).contains("1 row");
            assertThat(Show.of(vault.vectors("near")).text()).contains("1 row");
        }
    }

    @Test
    void textFromRightToLeftStaysInItsPlace() {
        String hebrew = "\u05E9\u05DC\u05D5\u05DD 12";
        try (Vault vault = Vault.open(folder.resolve(hebrew + ".db"))) {
            Table table = vault.tables()
                    .ensure(hebrew, s -> s.column(hebrew, DType.STR).column("n", DType.I32));
            table.append(row -> row.set(hebrew, hebrew).set("n", 7));
            assertThat(Show.of(table).html()).contains(hebrew).contains("unicode-bidi:plaintext");
            assertThat(Show.of(vault).html()).contains("<bdi>").contains(hebrew + ".db</bdi>");
        }
    }

    @Test
    void separatorsOfLinesDoNotSplitACell() {
        assertThat(Show.of("one\u2028two\u2029three\u0085four").text())
                .isEqualTo("one\\u2028two\\u2029three\\u0085four");
    }

    @Test
    void valuesWithoutEndAreCut() {
        Object deep = "inner";
        for (int i = 0; i < 60; i++) {
            deep = List.of(deep);
        }
        try (Vault vault = Vault.open(file())) {
            vault.kv("kv").putValue("deep", deep);
            vault.kv("kv").putValue("wide", Collections.nCopies(100_000, 7));
            vault.kv("kv").putValue("long key", Map.of("k".repeat(100_000), 1));
            View view = Show.of(vault.kv("kv"));
            assertThat(view.text()).containsPattern("deep +\\[{6,}…\\]{6,}");
            assertThat(view.html().length()).isLessThan(30_000);
            assertThat(view.text().length()).isLessThan(1_000);
        }
    }

    @Test
    void distancesOfAnySizeHaveALine() {
        try (Vault vault = Vault.open(file())) {
            VectorKVault far = vault.vectors("far", VectorOptions.l2(2));
            far.insert(new float[] {0, 0}, "near");
            far.insert(new float[] {1e18f, 0}, "far");
            far.insert(new float[] {1e-6f, 0}, "close");
            View view = Show.of(far.search(new float[] {0, 0}, 3));
            assertThat(view.text()).contains("1.00e+18").contains("1.00e-06").contains("0.0000");
        }
    }
}
