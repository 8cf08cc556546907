package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a file is a vault at all. */
class ForeignFileTest {
    @TempDir
    Path folder;

    private Path sql(String name, String... statements) throws SQLException {
        Path file = folder.resolve(name);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return file;
    }

    private static boolean isForeign(Path file) {
        try (Vault vault = Vault.openReadOnly(file);
                Snapshot snapshot = vault.snapshot()) {
            assertThat(snapshot.contents().isForeign())
                    .isEqualTo(vault.contents().isForeign());
            return snapshot.contents().isForeign();
        }
    }

    @Test
    void tablesOfOthersAloneAreForeign() throws Exception {
        assertThat(isForeign(sql(
                        "zoo.db",
                        "CREATE TABLE animals (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
                        "INSERT INTO animals (name) VALUES ('a')")))
                .isTrue();
        assertThat(isForeign(sql("views.db", "CREATE VIEW one AS SELECT 1"))).isFalse(); // nothing is kept in it
    }

    @Test
    void whatAVaultHasMadeOrCanReadIsNot() throws Exception {
        Path begun = folder.resolve("begun.db");
        Vault.open(begun).close();
        assertThat(isForeign(begun)).isFalse();
        Path emptied = folder.resolve("emptied.db");
        try (Vault vault = Vault.open(emptied)) {
            vault.tables().create("t", s -> s.column("x", DType.I64));
            vault.tables().delete("t");
        }
        assertThat(isForeign(emptied)).isFalse();
        assertThat(isForeign(
                        sql("sequence.db", "CREATE TABLE x (i INTEGER PRIMARY KEY AUTOINCREMENT)", "DROP TABLE x")))
                .isFalse();
        assertThat(isForeign(sql("kv.db", "CREATE TABLE pairs (key BLOB PRIMARY KEY, value BLOB)")))
                .isFalse();
    }

    @Test
    void tablesOfOthersBesideContentsAreNot() throws Exception {
        Path file = sql("both.db", "CREATE TABLE animals (name TEXT)");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("k", new byte[1]);
        }
        assertThat(isForeign(file)).isFalse();
    }
}
