package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage at which SQLite's check ends with an error, instead of telling of it. */
class EndedCheckTest {
    @TempDir
    Path folder;

    @Test
    void damageIsNoTableOfAnotherProgram() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            for (int i = 0; i < 3; i++) {
                vault.text("docs").insert("hello " + i, i);
            }
        }
        TestSql.run(
                file,
                "DELETE FROM docs WHERE rowid = 1", // repair would remove its value
                "CREATE TABLE notes (name TEXT PRIMARY KEY, text TEXT)",
                "INSERT INTO notes VALUES ('the only name', 'x')");
        byte[] bytes = Files.readAllBytes(file);
        int page = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_notes_1'");
        int size = TestSql.number(file, "PRAGMA page_size");
        int key = new String(bytes, (page - 1) * size, size, StandardCharsets.ISO_8859_1).indexOf("the only name");
        assertThat(key).isPositive();
        bytes[(page - 1) * size + key - 3] = 127; // how long the record's header is
        Files.write(file, bytes);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR
                            && finding.where().equals("the database")
                            && finding.what().contains("notes")
                            && finding.remedy().contains("backup"))
                    .noneMatch(finding -> finding.remedy().contains("the program that made it"));
            assertThatThrownBy(() -> vault.maintenance().repair())
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("nothing was repaired");
        }
        assertThat(TestSql.count(file, "docs_values")).isEqualTo(3);
    }
}
