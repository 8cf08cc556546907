package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DuckDbWordsTest {
    @TempDir
    Path folder;

    /** The words are DuckDB's own, of a device that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaidWithWhatToDo() throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            for (String format : new String[] {"csv", "parquet", "json"}) {
                assertThatThrownBy(() -> sql.getConnection()
                                .createStatement()
                                .execute("COPY (SELECT 1) TO '/dev/full' (FORMAT " + format + ", USE_TMP_FILE false)"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(VaultSql.message(e))
                                        .contains("/dev/full", "No space left", "make room")
                                        .doesNotContain("{", "\\")
                                        .hasLineCount(1));
            }
        }
        assertThat(VaultSql.message(new SQLException("Binder Error: a\n\nLINE 1: b")))
                .isEqualTo("Binder Error: a; LINE 1: b");
        assertThat(VaultSql.message(new SQLException((String) null))).isEqualTo("null");
    }

    @Test
    void whatCannotBeWrittenIsSaidWithTheNameThatWasAsked() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("v.db"));
                VaultSql sql = VaultSql.open(vault)) {
            Path missing = folder.resolve("missing").resolve("x.parquet");
            assertThatThrownBy(() -> sql.copyToParquet("SELECT 1", missing))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(missing.toString())
                    .hasMessageNotContaining(".part");
            assertThatThrownBy(() -> sql.copyToParquet("SELECT nothing", folder.resolve("x.parquet")))
                    .hasMessageContaining("Binder Error");
        }
    }
}
