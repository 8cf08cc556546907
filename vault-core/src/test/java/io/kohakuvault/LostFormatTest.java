package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of the format, dropped, emptied or become another's: what they named is not taken for left-overs. */
class LostFormatTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fill() throws Exception {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("i", DType.I64).appendAll(new long[1000]);
            vault.tables().ensure("t", schema -> schema.column("n", DType.I64)).append(row -> row.set("n", 1));
            vault.text("docs").insert("hello", 1L);
            vault.kv("kv").put("k", new byte[] {1});
        }
        TestSql.run(file, "INSERT INTO docs_values (value) VALUES (x'01')"); // which repair removes
    }

    private List<Finding> errors(Vault vault) {
        return vault.maintenance().verify(Progress.none()).findings().stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
    }

    private void check(String named) {
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault)).singleElement().satisfies(error -> {
                assertThat(error.toString()).contains(named).doesNotContain("SQLITE", "SELECT");
                assertThat(error.remedy()).contains("restore the file from a backup");
            });
            assertThat(vault.maintenance().repair())
                    .hasSize(2)
                    .anyMatch(said -> said.startsWith("could not mend the columns") && said.contains(named))
                    .contains("removed 1 values of no document from docs_values");
            assertThat(vault.kv("kv").get("k")).containsExactly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kvault_col_columns",
                "kvault_col_blocks",
                "kvault_col_data",
                "vault_tables",
                "vault_table_columns",
                "vault_block_ext"
            })
    void oneThatIsGoneIsNamed(String table) throws Exception {
        TestSql.run(file, "PRAGMA foreign_keys = OFF", "DROP TABLE " + table);
        check(table);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kvault_col_columns",
                "kvault_col_blocks",
                "kvault_col_data",
                "vault_tables",
                "vault_table_columns",
                "vault_block_ext"
            })
    void oneThatHasBecomeAnotherIsNamed(String table) throws Exception {
        TestSql.run(
                file,
                "PRAGMA foreign_keys = OFF",
                "DROP TABLE " + table,
                "CREATE TABLE " + table + " (x TEXT, y)",
                "INSERT INTO " + table + " VALUES ('theirs', 1)");
        check(table);
        assertThat(TestSql.count(file, table)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kvault_col_columns", "kvault_col_blocks"})
    void whatADirectoryNoLongerNamesIsNotRemoved(String directory) throws Exception {
        long data = TestSql.count(file, "kvault_col_data");
        TestSql.run(file, "PRAGMA foreign_keys = OFF", "DELETE FROM " + directory);
        check(directory + " is empty");
        assertThat(TestSql.count(file, "kvault_col_data")).isEqualTo(data).isPositive();
    }

    @Test
    void readingSaysWhatToDo() throws Exception {
        TestSql.run(file, "PRAGMA foreign_keys = OFF", "DROP TABLE kvault_col_data");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.columns().longs("i").get(0))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContainingAll("kvault_col_data", "verify says which", "backup");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"col_meta", "col_chunks"})
    void columnsOf0xDoNotVanishWithATable(String table) throws Exception {
        Path legacy = Golden.database("columns-0x", folder);
        TestSql.run(legacy, "PRAGMA foreign_keys = OFF", "DROP TABLE " + table);
        try (Vault vault = Vault.open(legacy)) {
            assertThat(errors(vault))
                    .singleElement()
                    .satisfies(error -> assertThat(error.toString()).contains(table + ": is missing", "backup"));
        }
    }

    @Test
    void offsetsOfAnotherShapeAreNamed() throws Exception {
        TestSql.run(file, "CREATE TABLE vault_offsets (x)");
        try (Vault vault = Vault.open(file)) {
            assertThat(errors(vault))
                    .singleElement()
                    .satisfies(error -> assertThat(error.toString()).contains("vault_offsets", "[x]", "backup"));
        }
    }
}
