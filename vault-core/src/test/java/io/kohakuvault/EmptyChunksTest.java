package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks of which all vectors were deleted give their room back. */
class EmptyChunksTest {
    @TempDir
    Path folder;

    private static final VectorOptions EIGHT_A_CHUNK = VectorOptions.l2(2048);

    private static float[] filled(int i) {
        float[] vector = new float[2048];
        vector[0] = i;
        return vector;
    }

    /** As somebody keeps the newest of a stream. */
    @Test
    void aTableOfTheNewestDoesNotGrow() throws Exception {
        Path file = folder.resolve("a.db");
        int[] pages = new int[2];
        for (int round = 0; round < 2; round++) {
            try (Vault vault = Vault.open(file)) {
                VectorKVault vectors = vault.vectors("v", EIGHT_A_CHUNK);
                for (int i = 0; i < 200; i++) {
                    long id = vectors.insert(filled(i), i);
                    if (id > 20) {
                        assertThat(vectors.delete(id - 20)).isTrue();
                    }
                }
                assertThat(vectors.count()).isEqualTo(20);
                assertThat(vectors.search(filled(190), 1).get(0).value()).contains(190L);
                assertThat(vault.maintenance().verify(Progress.none()).findings())
                        .isEmpty();
            }
            assertThat(TestSql.number(file, "SELECT count(*) FROM v_chunks")).isBetween(3, 4);
            assertThat(TestSql.number(file, "SELECT count(*) FROM v_vector_chunks00"))
                    .isBetween(3, 4);
            pages[round] = TestSql.number(file, "PRAGMA page_count");
        }
        assertThat(pages[1]).isLessThanOrEqualTo(pages[0] + 2);
    }

    /** sqlite-vec 0.1.6 gives the next chunk the right number only while the one before it is there. */
    @Test
    void theNewestChunkStays() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v", EIGHT_A_CHUNK);
            for (int i = 1; i <= 24; i++) {
                vectors.insert(filled(i), i);
            }
        }
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v");
            for (int i = 1; i <= 24; i++) {
                assertThat(vectors.delete(i)).isTrue();
            }
            assertThat(TestSql.strings(file, "SELECT chunk_id FROM v_chunks")).containsExactly("3");
            assertThat(vectors.search(filled(1), 5)).isEmpty();
            assertThat(vectors.insert(filled(7), 7)).isEqualTo(25);
            assertThat(vectors.search(filled(7), 5)).extracting(VectorHit::id).containsExactly(25L);
        }
        assertThat(TestSql.strings(file, "SELECT _rowid_ FROM v_vector_chunks00"))
                .containsExactly("3");
    }

    /** What is still to be written of a chunk goes with it, and comes back with it. */
    @Test
    void aTransactionThatEmptiesAChunkIsAllOrNothing() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", EIGHT_A_CHUNK);
            for (int i = 1; i <= 20; i++) {
                vectors.insert(filled(i), i);
            }
            try {
                vault.transact(() -> {
                    empty(vectors);
                    throw new IllegalStateException("no");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("no");
            }
            assertThat(vectors.count()).isEqualTo(20);
            assertThat(vectors.get(9).vector()).isEqualTo(filled(9));
            try (Snapshot before = vault.snapshot()) {
                vault.transact(() -> empty(vectors));
                assertThat(before.vectors("v").search(filled(10), 1).get(0).distance())
                        .isZero();
            }
            assertThat(vectors.count()).isEqualTo(12);
            assertThat(vectors.exists(9)).isFalse();
            assertThat(vectors.search(filled(1), 1).get(0).id()).isEqualTo(1);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    private static void empty(VectorKVault vectors) {
        assertThat(vectors.updateVector(9, filled(99))).isTrue();
        for (int i = 9; i <= 16; i++) {
            assertThat(vectors.delete(i)).isTrue();
        }
        assertThat(vectors.search(filled(99), 3)).hasSize(3).noneMatch(hit -> hit.distance() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "meta_every", "two_vectors", "aux", "number_key"})
    void allColumnsOfSqliteVecsTablesLoseTheChunk(String table) throws Exception {
        Path file = Golden.database("vec0", folder);
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors(table);
            for (int id : List.of(1, 2, 4, 5, 6, 7, 8)) {
                assertThat(vectors.delete(id)).isTrue();
            }
            assertThat(vectors.count()).isEqualTo(11);
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        }
        for (String shadow : TestSql.strings(
                file,
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '" + table
                        + "_*chunks*' AND sql LIKE 'CREATE TABLE%'")) {
            assertThat(TestSql.strings(file, "SELECT _rowid_ FROM " + shadow + " ORDER BY 1"))
                    .as(shadow)
                    .containsExactly("2", "3");
        }
    }
}
