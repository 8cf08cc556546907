package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody made to do harm: no query of theirs runs, and what hangs on our tables is reported. */
@Timeout(300)
class TamperedFileTest {
    private static final String ENDLESS = " AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            + "SELECT i AS key, i AS value, i AS col_id, i AS block_id, i AS version, i AS name, i AS length FROM n";

    @TempDir
    Path folder;

    private Path file() {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[1]);
            vault.tables().ensure("t", s -> s.column("n", DType.I64)).append(r -> r.set("n", 1));
            vault.offsets().claim("s", "t", 0);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kvault_col_columns",
                "kvault_col_blocks",
                "kvault_col_data",
                "kvault_col_format",
                "vault_format",
                "vault_tables",
                "vault_table_columns",
                "vault_block_ext",
                "vault_offsets"
            })
    void aViewInPlaceOfATableOfTheFormatIsRefused(String table) throws Exception {
        Path file = file();
        try (Vault open = Vault.open(file)) {
            TestSql.run(
                    file,
                    "PRAGMA foreign_keys = OFF",
                    "ALTER TABLE " + table + " RENAME TO other_" + table,
                    "CREATE VIEW " + table + ENDLESS);
            if (table.startsWith("kvault")) {
                assertThatThrownBy(() -> open.columns().list())
                        .isInstanceOf(VaultFormatException.class)
                        .hasMessageContaining(table)
                        .hasMessageContaining("view");
                assertThatThrownBy(() -> open.contents().list()).isInstanceOf(VaultFormatException.class);
            }
        }
        assertThatThrownBy(() -> Vault.open(file))
                .isInstanceOf(VaultFormatException.class)
                .hasMessageContaining(table);
        assertThatThrownBy(() -> Vault.openReadOnly(file)).isInstanceOf(VaultFormatException.class);
    }

    @Test
    void aViewIsNoTableOfKeyValues() throws Exception {
        Path file = file();
        TestSql.run(file, "CREATE VIEW v" + ENDLESS);
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.kv("v").get("a"))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining("view");
            assertThatThrownBy(() -> vault.kv("v").count()).isInstanceOf(VaultFormatException.class);
            assertThatThrownBy(() -> vault.kv("V").put("a", new byte[1])).isInstanceOf(VaultFormatException.class);
            assertThat(vault.contents().list())
                    .noneMatch(content -> content.name().equals("v"));
        }
    }

    @Test
    void triggersAndViewsOfOthersOnOurTablesAreReported() throws Exception {
        Path file = file();
        TestSql.run(
                file,
                "CREATE TABLE mine (n)",
                "CREATE TRIGGER mine_too AFTER INSERT ON mine BEGIN DELETE FROM mine; END",
                "CREATE VIEW harmless AS SELECT n FROM mine",
                "CREATE TRIGGER steals AFTER INSERT ON kv BEGIN DELETE FROM kv WHERE key = x'00'; END",
                "CREATE TRIGGER blocks BEFORE UPDATE ON kvault_col_data BEGIN SELECT 1; END",
                "CREATE VIEW all_keys AS SELECT key FROM \"KV\"");
        try (Vault vault = Vault.open(file, VaultOptions.defaults())) {
            vault.maintenance().guardColumns(true);
            List<Finding> findings = vault.maintenance().verify(Progress.none()).findings();
            assertThat(findings)
                    .extracting(Finding::where)
                    .containsExactlyInAnyOrder("trigger steals", "trigger blocks", "view all_keys");
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
    }

    @Test
    void namesOfTheOlderLayoutAreNotGivenAway() {
        try (Vault vault = Vault.open(folder.resolve("n.db"))) {
            for (String name : List.of("col_meta", "COL_CHUNKS", "kvault_x", "vault_offsets", "sqlite_x")) {
                assertThatThrownBy(() -> vault.kv(name).put("a", new byte[1]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(name);
            }
        }
        assertThat(Files.exists(folder.resolve("n.db"))).isTrue();
    }
}
