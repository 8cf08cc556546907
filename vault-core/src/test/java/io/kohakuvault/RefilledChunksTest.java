package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Room that deleted vectors leave in older chunks is used again. */
class RefilledChunksTest {
    private static final VectorOptions EIGHT_A_CHUNK = VectorOptions.l2(2048);

    @TempDir
    Path folder;

    private static float[] filled(int i) {
        float[] vector = new float[2048];
        vector[0] = i;
        return vector;
    }

    private static long chunks(Path file) throws Exception {
        return TestSql.number(file, "SELECT count(*) FROM v_chunks");
    }

    private static List<Long> ids(Vault vault) {
        return new ArrayList<>(Ids.of(vault.vectors("v")));
    }

    private static void fill(Vault vault, int count) {
        VectorKVault vectors = vault.vectors("v", EIGHT_A_CHUNK);
        vault.transact(() -> {
            for (int i = 1; i <= count; i++) {
                vectors.insert(filled(i), i);
            }
        });
    }

    /** Vectors are deleted here and there and inserted again and again, by one process and by one after the other. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTableOfVectorsThatComeAndGoDoesNotGrow(boolean reopen) throws Exception {
        Path file = folder.resolve("a.db");
        Random random = new Random(7);
        Map<Long, Long> model = new TreeMap<>();
        Vault vault = Vault.open(file);
        try {
            fill(vault, 160);
            for (long id : ids(vault)) {
                model.put(id, id);
            }
            for (int round = 0; round < 30; round++) {
                if (reopen) {
                    vault.close();
                    vault = Vault.open(file);
                }
                churn(vault, random, model, 1000 * (round + 1));
            }
            assertThat(ids(vault)).containsExactlyElementsOf(model.keySet());
            for (StoredVector vector : vault.vectors("v").scan()) {
                assertThat(vector.value()).contains(model.get(vector.id()));
                assertThat(vector.vector()).isEqualTo(filled(Math.toIntExact(model.get(vector.id()))));
            }
            assertThat(vault.vectors("v").search(filled(0), 1000))
                    .extracting(VectorHit::id)
                    .containsExactlyInAnyOrderElementsOf(model.keySet());
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        } finally {
            vault.close();
        }
        // 160 vectors fill 20 chunks; of what was 320 vectors wide at most three quarters of each chunk are in use.
        assertThat(chunks(file)).isLessThanOrEqualTo(29);
    }

    /** Deletes half of the vectors and inserts as many, some in one transaction and some by themselves. */
    private static void churn(Vault vault, Random random, Map<Long, Long> model, int from) {
        VectorKVault vectors = vault.vectors("v");
        List<Long> ids = new ArrayList<>(model.keySet());
        Collections.shuffle(ids, random);
        vault.transact(() -> {
            for (long id : ids.subList(0, 70)) {
                assertThat(vectors.delete(id)).isTrue();
                model.remove(id);
            }
        });
        for (int i = 0; i < 70; i++) {
            model.put(vectors.insert(filled(from + i), from + i), (long) (from + i));
            if (i % 7 == 0) { // also one that has just been put
                long last = ((TreeMap<Long, Long>) model).lastKey();
                assertThat(vectors.delete(last)).isTrue();
                model.remove(last);
                model.put(vectors.insert(filled(from + 500 + i), from + 500 + i), (long) (from + 500 + i));
            }
        }
    }

    @Test
    void aChunkWithFewFreeSlotsIsLeft() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            fill(vault, 24);
            assertThat(vault.vectors("v").delete(2)).isTrue();
            assertThat(vault.vectors("v").insert(filled(30), 30)).isEqualTo(25);
            assertThat(chunks(file)).isEqualTo(4);
            assertThat(vault.vectors("v").delete(3)).isTrue();
            for (int i = 0; i < 7 + 2; i++) {
                vault.vectors("v").insert(filled(40 + i), 40 + i);
            }
            assertThat(chunks(file)).isEqualTo(4);
            vault.vectors("v").insert(filled(50), 50);
            assertThat(chunks(file)).isEqualTo(5);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    /** What was rolled back has left no room, whatever was remembered of it. */
    @Test
    void aRollbackTakesTheRoomBack() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            fill(vault, 24);
            VectorKVault vectors = vault.vectors("v");
            try {
                vault.transact(() -> {
                    for (int id = 1; id <= 6; id++) {
                        vectors.delete(id);
                    }
                    for (int i = 0; i < 5; i++) {
                        vectors.insert(filled(100 + i), 100 + i);
                    }
                    throw new IllegalStateException("no");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("no");
            }
            assertThat(vectors.insert(filled(200), 200)).isEqualTo(25);
            assertThat(chunks(file)).isEqualTo(4);
            for (int id = 1; id <= 24; id++) {
                assertThat(vectors.get(id).vector()).isEqualTo(filled(id));
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    /** The chunk that is being filled is emptied, and so removed; the next insert finds another. */
    @Test
    void aRefilledChunkThatIsEmptiedIsRemoved() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            fill(vault, 24);
            VectorKVault vectors = vault.vectors("v");
            vault.transact(() -> {
                for (int id = 1; id <= 7; id++) {
                    vectors.delete(id);
                }
                long inserted = vectors.insert(filled(25), 25);
                assertThat(vectors.delete(8)).isTrue();
                assertThat(vectors.delete(inserted)).isTrue();
                assertThat(vectors.insert(filled(26), 26)).isEqualTo(26);
            });
            assertThat(TestSql.strings(file, "SELECT chunk_id FROM v_chunks")).containsExactly("2", "3", "4");
            assertThat(TestSql.strings(file, "SELECT _rowid_ FROM v_vector_chunks00"))
                    .containsExactly("2", "3", "4");
            assertThat(vectors.count()).isEqualTo(17);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    /** Another process deletes and fills while this one remembers what it has found. */
    @Test
    void twoWritersFillTheSameTable() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault one = Vault.open(file);
                Vault other = Vault.open(file)) {
            fill(one, 80);
            Random random = new Random(3);
            for (int round = 0; round < 60; round++) {
                Vault writer = round % 2 == 0 ? one : other;
                Vault deleter = round % 3 == 0 ? other : one;
                List<Long> ids = ids(writer);
                Collections.shuffle(ids, random);
                for (long id : ids.subList(0, 20)) {
                    assertThat(deleter.vectors("v").delete(id)).isTrue();
                }
                for (int i = 0; i < 20; i++) {
                    (i % 5 == 0 ? deleter : writer).vectors("v").insert(filled(i), i);
                }
            }
            assertThat(ids(one)).hasSize(80);
            assertThat(other.vectors("v").search(filled(0), 100)).hasSize(80);
            assertThat(one.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
        assertThat(chunks(file)).isLessThanOrEqualTo(16);
    }

    /** A chunk with a quarter free that is damaged keeps nobody from inserting. */
    @Test
    void aDamagedChunkIsLeftAlone() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            fill(vault, 24);
            for (int id = 9; id <= 12; id++) {
                vault.vectors("v").delete(id);
            }
        }
        TestSql.run(file, "UPDATE v_vector_chunks00 SET vectors = x'00' WHERE _rowid_ = 2");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.vectors("v").insert(filled(25), 25)).isEqualTo(25);
            assertThat(vault.vectors("v").get(25).vector()).isEqualTo(filled(25));
        }
        assertThat(TestSql.strings(file, "SELECT chunk_id FROM v_rowids WHERE rowid = 25"))
                .containsExactly("4");
    }

    /** A table that is made anew under the same name has nothing of what was remembered. */
    @Test
    void aTableThatIsMadeAnewIsLookedAtAnew() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            fill(vault, 24);
            vault.transact(() -> List.of(1, 2, 3, 4, 9, 10, 11)
                    .forEach(id -> vault.vectors("v").delete(id)));
            vault.contents().delete(io.kohakuvault.maintenance.Content.Kind.VECTORS, "v");
            fill(vault, 24);
            vault.vectors("v").insert(filled(25), 25);
            assertThat(chunks(file)).isEqualTo(4);
            vault.vectors("v").clear();
            fill(vault, 9);
            assertThat(vault.vectors("v").count()).isEqualTo(9);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }
}
