package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a table of vectors of which a part is lost. */
class VectorLossTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fill() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("vec", VectorOptions.l2(2));
            vectors.insert(new float[] {1, 2}, "one");
            vectors.insert(new float[] {3, 4}, "two");
        }
    }

    private static List<Finding> findings(Vault vault) {
        return vault.maintenance().verify(Progress.none()).findings();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "rowids", "vector_chunks00", "metadatachunks00"})
    void aTableWhoseVectorsAreGoneIsNoSoundOne(String lost) throws Exception {
        TestSql.run(file, "DROP TABLE vec_" + lost);
        try (Vault vault = Vault.open(file)) {
            assertThat(findings(vault)).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
                assertThat(finding.what()).contains("vec_" + lost + " is missing");
                assertThat(finding.remedy()).contains("backup");
            });
            assertThatThrownBy(() -> vault.vectors("vec"))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContainingAll("vec_" + lost + " is missing", "backup");
        }
    }

    /** The first versions of sqlite-vec made none, and none reads it. */
    @Test
    void aTableWithoutAVersionIsSqliteVecsToRead() throws Exception {
        TestSql.run(file, "DROP TABLE vec_info");
        try (Vault vault = Vault.open(file)) {
            assertThat(findings(vault)).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
                assertThat(finding.remedy()).contains("sqlite-vec");
            });
        }
    }

    /** Neither is removed by delete, which looks for it in the same place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM vec_rowids WHERE rowid = 1",
                "UPDATE vec_rowids SET chunk_offset = 7 WHERE rowid = 1"
            })
    void aVectorThatIsNotWhereItShouldBeIsNotToBeDeleted(String damage) throws Exception {
        TestSql.run(file, damage);
        try (Vault vault = Vault.open(file)) {
            assertThat(findings(vault))
                    .isNotEmpty()
                    .allSatisfy(finding -> assertThat(finding.remedy()).doesNotContain("delete"));
        }
    }

    @Test
    void aValueThatIsNoneIsNamedWithAWayOut() throws Exception {
        TestSql.run(file, "UPDATE vec_values SET value = 'text' WHERE id = 1");
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("vec");
            assertThatThrownBy(() -> vectors.search(new float[] {1, 2}, 2))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContainingAll("vector 1", "row 1 of vec_values", "no BLOB", "delete");
            assertThat(vectors.delete(1)).isTrue();
            assertThat(vectors.search(new float[] {1, 2}, 2)).hasSize(1);
        }
    }

    @Test
    void theHighestOfAllIdsIsNotTakenForAFullDisk() throws Exception {
        TestSql.run(file, "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'vec_rowids'");
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("vec");
            assertThatThrownBy(() -> vectors.insert(new float[] {5, 6}, "three"))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContainingAll("vec_rowids", "highest of all ids");
            assertThat(vectors.count()).isEqualTo(2);
        }
    }
}
