package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.NewVector;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents and vectors by a key that is their value, and tables that are emptied. */
class PutAndClearTest {
    @TempDir
    Path folder;

    private Vault vault() {
        return Vault.open(folder.resolve("a.db"));
    }

    private static void verify(Vault vault) {
        assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
    }

    @Test
    void putReplacesWhatHasTheValue() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Integer, Integer> expected = new HashMap<>();
        try (Vault vault = vault()) {
            TextVault texts = vault.text("texts");
            VectorKVault vectors = vault.vectors("vectors", VectorOptions.l2(2));
            assertThat(texts.put("nothing yet", "other")).isEqualTo(1);
            texts.indexValues();
            vectors.indexValues();
            for (int round = 0; round < 40; round++) {
                Map<Integer, Integer> changes = new HashMap<>();
                int ends = random.nextInt(4);
                try {
                    vault.transact(() -> {
                        for (int i = 0; i < 1 + random.nextInt(30); i++) {
                            int key = random.nextInt(60);
                            int version = random.nextInt(1000);
                            changes.put(key, version);
                            texts.put("version" + version, key);
                            vectors.put(new float[] {key, version}, key);
                        }
                        if (ends == 0) {
                            throw new IllegalStateException("rolled back");
                        }
                    });
                    expected.putAll(changes);
                } catch (IllegalStateException e) {
                    assertThat(ends).isZero();
                }
            }
            assertThat(texts.count()).as("seed %d", seed).isEqualTo(expected.size() + 1);
            assertThat(vectors.count()).isEqualTo(expected.size());
            expected.forEach((key, version) -> {
                assertThat(texts.idsWith(key)).hasSize(1);
                assertThat(texts.get(texts.idsWith(key).get(0)).texts()).containsExactly("version" + version);
                assertThat(vectors.get(vectors.idsWith(key).get(0)).vector()).containsExactly(key, version);
            });
            verify(vault);
            long first = texts.insert("one", "twice");
            texts.insert("two", "twice");
            assertThat(texts.put("three", "twice")).isEqualTo(first);
            assertThat(texts.idsWith("twice")).containsExactly(first);
            long nearest = vectors.insert(new float[] {1, 1}, "twice");
            vectors.insert(new float[] {2, 2}, "twice");
            assertThat(vectors.put(new float[] {3, 3}, "twice")).isEqualTo(nearest);
            assertThat(vectors.idsWith("twice")).containsExactly(nearest);
            verify(vault);
        }
    }

    @Test
    void clearKeepsTheTableAndNoIdComesAgain() {
        try (Vault vault = vault()) {
            TextVault texts = vault.text("texts");
            VectorKVault vectors = vault.vectors("vectors", VectorOptions.cosine(512));
            texts.clear(); // there is nothing yet
            vectors.clear();
            assertThat(vault.contents().list()).isEmpty();
            float[] vector = new float[512];
            vector[3] = 1;
            vault.transact(() -> {
                for (int i = 0; i < 100; i++) { // chunks of 32
                    texts.insert("document " + i, i);
                    vectors.insert(vector, i);
                }
            });
            assertThatThrownBy(() -> vault.transact(() -> {
                        texts.clear();
                        vectors.clear();
                        assertThat(texts.count() + vectors.count()).isZero();
                        throw new IllegalStateException("rolled back");
                    }))
                    .hasMessage("rolled back");
            assertThat(vectors.search(vector, 200)).hasSize(100);
            vault.transact(() -> {
                vectors.insert(vector, "in memory");
                texts.clear();
                vectors.clear();
                assertThat(vectors.insert(vector, "after")).isEqualTo(102);
            });
            assertThat(texts.count()).isZero();
            assertThat(texts.search("document", 5)).isEmpty();
            assertThat(vectors.search(vector, 5)).hasSize(1);
            assertThat(texts.insert("again", 1)).isEqualTo(101);
            vault.transact(() -> {
                for (int i = 0; i < 70; i++) {
                    vectors.insert(vector, i);
                }
            });
            assertThat(vectors.search(vector, 500)).hasSize(71);
            texts.optimize();
            texts.rebuild();
            assertThat(texts.search("again", 5)).hasSize(1);
            verify(vault);
        }
    }

    @Test
    void manyVectorsAreAddedTogetherOrNoneIs() {
        try (Vault vault = vault()) {
            VectorKVault vectors = vault.vectors("vectors", VectorOptions.l2(2));
            List<NewVector> many = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                many.add(new NewVector(new float[] {i, 0}, i));
            }
            assertThat(vectors.insertAll(List.of())).isEmpty();
            long[] ids = vectors.insertAll(many);
            assertThat(ids).hasSize(3_000).startsWith(1, 2, 3).isSorted();
            assertThat(vectors.get(ids[2_999]).value()).contains(2_999L);
            List<NewVector> bad = List.of(new NewVector(new float[2], 1), new NewVector(new float[3], 2));
            assertThatThrownBy(() -> vectors.insertAll(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThat(vectors.count()).isEqualTo(3_000);
        }
    }

    @Test
    void vectorsThatWereReadAreRestoredBitByBit() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Vault vault = vault()) {
            for (int dimensions : new int[] {1, 7, 384, 3000}) {
                VectorKVault from = vault.vectors("from" + dimensions, VectorOptions.cosine(dimensions));
                VectorKVault to = vault.vectors("to" + dimensions, VectorOptions.cosine(dimensions));
                for (int i = 0; i < 40; i++) {
                    float[] vector = new float[dimensions];
                    for (int k = 0; k < dimensions; k++) {
                        vector[k] = (float) (random.nextGaussian() + i % 2) * (1 + i);
                    }
                    from.insert(vector, i);
                }
                List<NewVector> read = new ArrayList<>();
                from.scan()
                        .forEach(stored -> read.add(
                                new NewVector(stored.vector(), stored.value().orElse(null))));
                to.restoreAll(read);
                from.scan()
                        .forEach(stored -> assertThat(to.get(stored.id()).vector())
                                .as("seed %d, %d dimensions", seed, dimensions)
                                .containsExactly(stored.vector()));
            }
            VectorKVault few = vault.vectors("few", VectorOptions.cosine(2));
            long longer = few.restoreAll(List.of(new NewVector(new float[] {3, 4}, null)))[0];
            assertThat(few.get(longer).vector()).containsExactly(0.6f, 0.8f);
            assertThatThrownBy(() -> few.restoreAll(List.of(new NewVector(new float[] {0, Float.NaN}, null))))
                    .hasMessageContaining("must hold finite numbers");
            VectorKVault flat = vault.vectors("flat", VectorOptions.l2(2));
            flat.restoreAll(List.of(new NewVector(new float[] {3, -0.0f}, "x")));
            assertThat(flat.get(1).vector()).containsExactly(3, -0.0f);
            assertThat(flat.restoreAll(List.of())).isEmpty();
        }
    }

    /** Another program's documents and vectors may share a value, which stays with the one that is kept. */
    @Test
    void putKeepsASharedValue() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = vault()) {
            vault.text("docs").insert("first", "key");
        }
        TestSql.run(
                file,
                "DELETE FROM docs",
                "INSERT INTO docs (rowid, content, value_ref) VALUES (10, 'second', 1), (11, 'third', '1')");
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            assertThat(docs.idsWith("key")).containsExactly(10L, 11L);
            assertThat(docs.put("new", "key")).isEqualTo(10);
            assertThat(docs.get(10).value()).contains("key");
            assertThat(docs.count()).isEqualTo(1);
            verify(vault);
        }
    }

    @Test
    void aPutThatIsRefusedSpoilsNothing() {
        for (int there = 0; there < 3; there++) {
            try (Vault vault = Vault.open(folder.resolve(there + ".db"))) {
                TextVault docs = vault.text("docs");
                for (int i = 0; i < there; i++) {
                    docs.insert("a text", "key");
                }
                int before = there;
                vault.transact(() -> {
                    vault.kv("kv").putValue("a", 1);
                    assertThatThrownBy(() -> docs.put(List.of("two", "texts"), "key"))
                            .isInstanceOf(IllegalArgumentException.class);
                    assertThat(docs.count()).isEqualTo(before);
                });
                assertThat(vault.kv("kv").exists("a")).isTrue();
            }
        }
    }
}
