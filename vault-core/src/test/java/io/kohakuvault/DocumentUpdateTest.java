package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents and vectors are changed where they stand. */
class DocumentUpdateTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    @Test
    void aDocumentGetsOtherTextsAndAnotherValue() {
        try (Vault vault = Vault.open(file())) {
            TextVault notes = vault.text("notes", TextOptions.defaults().withColumns("title", "body"));
            assertThat(notes.updateTexts(1, List.of("a", "b"))).isFalse();
            assertThat(notes.updateValue(1, "x")).isFalse();
            long first = notes.insert(List.of("one", "apple"), "a");
            long second = notes.insert(List.of("two", "pear"), "b");
            assertThat(notes.updateTexts(first, List.of("uno", "quince"))).isTrue();
            assertThat(notes.updateValue(first, List.of(1, 2))).isTrue();
            assertThat(notes.search("apple", 5)).isEmpty();
            assertThat(notes.search(TextQuery.phrase("quince"), 5))
                    .singleElement()
                    .satisfies(hit -> {
                        assertThat(hit.id()).isEqualTo(first);
                        assertThat(hit.value()).contains(List.of(1L, 2L));
                    });
            assertThat(notes.get(first).texts()).containsExactly("uno", "quince");
            assertThat(notes.get(second).texts()).containsExactly("two", "pear");
            assertThat(notes.updateTexts(99, List.of("a", "b"))).isFalse();
            assertThat(notes.updateValue(99, "x")).isFalse();
            assertThatThrownBy(() -> notes.updateTexts(first, List.of("alone")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[title, body]");
            assertThatThrownBy(() -> notes.updateValue(first, new Object()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.transact(() -> {
                        notes.updateTexts(second, List.of("dos", "pera"));
                        throw new IllegalStateException("taken back");
                    }))
                    .hasMessage("taken back");
            assertThat(notes.get(second).texts()).containsExactly("two", "pear");
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    /** Whoever puts the same again, as a message that is delivered twice, writes nothing into the index of words. */
    @Test
    void theSameTextsLeaveTheIndexAsItIs() throws Exception {
        try (Vault vault = Vault.open(file())) {
            TextVault notes = vault.text("notes", TextOptions.defaults().withColumns("title", "body"));
            notes.put(List.of("one", "apple"), "a");
            notes.put(List.of("two", ""), "b");
            List<String> before = TestSql.strings(file(), "SELECT hex(block) FROM notes_data ORDER BY id");
            assertThat(notes.put(List.of("one", "apple"), "a")).isEqualTo(1);
            assertThat(notes.put(List.of("two", ""), "b")).isEqualTo(2);
            assertThat(notes.updateTexts(1, List.of("one", "apple"))).isTrue();
            assertThat(notes.updateTexts(3, List.of("one", "apple"))).isFalse();
            assertThat(TestSql.strings(file(), "SELECT hex(block) FROM notes_data ORDER BY id"))
                    .isEqualTo(before);
            assertThat(notes.updateTexts(1, List.of("one", "Apple"))).isTrue();
            assertThat(notes.get(1).texts()).containsExactly("one", "Apple");
            assertThat(notes.updateTexts(2, List.of("", "two"))).isTrue();
            assertThat(notes.search(TextQuery.all("two").withColumns("body"), 5))
                    .hasSize(1);
            assertThat(notes.search(TextQuery.all("two").withColumns("title"), 5))
                    .isEmpty();
        }
    }

    @Test
    void aValueThatIsMissingIsTold() throws Exception {
        try (Vault vault = Vault.open(file())) {
            vault.text("notes").insert("one", "a");
            vault.vectors("v", VectorOptions.l2(2)).insert(new float[] {1, 2}, "a");
        }
        TestSql.run(file(), "DELETE FROM notes_values", "DELETE FROM v_values");
        try (Vault vault = Vault.open(file())) {
            assertThatThrownBy(() -> vault.text("notes").updateValue(1, "b"))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("document 1");
            assertThatThrownBy(() -> vault.vectors("v").updateValue(1, "b"))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("vector 1");
            assertThat(vault.vectors("v").updateVector(1, new float[] {5, 6})).isTrue();
        }
    }

    /** Inserts, updates and deletes in transactions of many, some of them taken back, over several chunks. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void vectorsAreAsAModelHasThem(long seed) {
        Random random = new Random(seed);
        TreeMap<Long, float[]> vectors = new TreeMap<>();
        TreeMap<Long, Object> values = new TreeMap<>();
        try (Vault vault = Vault.open(file())) {
            VectorKVault store = vault.vectors("v", VectorOptions.l2(40));
            for (int round = 0; round < 40; round++) {
                TreeMap<Long, float[]> vectorsBefore = new TreeMap<>(vectors);
                TreeMap<Long, Object> valuesBefore = new TreeMap<>(values);
                boolean takenBack = random.nextInt(5) == 0;
                try {
                    vault.transact(() -> {
                        for (int i = random.nextInt(150); i >= 0; i--) {
                            step(store, random, vectors, values);
                        }
                        if (takenBack) {
                            throw new IllegalStateException("taken back");
                        }
                    });
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessage("taken back");
                    vectors.clear();
                    vectors.putAll(vectorsBefore);
                    values.clear();
                    values.putAll(valuesBefore);
                }
                check(store, vectors, values);
            }
            assertThat(vectors.size()).isGreaterThan(100);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
        try (Vault vault = Vault.openReadOnly(file())) {
            check(vault.vectors("v"), vectors, values);
        }
    }

    private static float[] vector(Random random) {
        float[] vector = new float[40];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = random.nextFloat();
        }
        return vector;
    }

    private static void step(
            VectorKVault store, Random random, TreeMap<Long, float[]> vectors, TreeMap<Long, Object> values) {
        Long id = vectors.isEmpty() || random.nextInt(20) == 0
                ? Long.valueOf(1 + random.nextInt(3_000))
                : new ArrayList<>(vectors.keySet()).get(random.nextInt(vectors.size()));
        boolean there = vectors.containsKey(id);
        switch (random.nextInt(6)) {
            case 0 -> {
                assertThat(store.delete(id)).isEqualTo(there);
                vectors.remove(id);
                values.remove(id);
            }
            case 1 -> {
                float[] vector = vector(random);
                assertThat(store.updateVector(id, vector)).isEqualTo(there);
                vectors.computeIfPresent(id, (k, v) -> vector);
            }
            case 2 -> {
                Object value = "value" + random.nextInt();
                assertThat(store.updateValue(id, value)).isEqualTo(there);
                values.computeIfPresent(id, (k, v) -> value);
            }
            default -> {
                float[] vector = vector(random);
                Object value = (long) random.nextInt(1_000);
                long made = store.insert(vector, value);
                vectors.put(made, vector);
                values.put(made, value);
            }
        }
    }

    private static void check(VectorReader store, TreeMap<Long, float[]> vectors, TreeMap<Long, Object> values) {
        TreeMap<Long, Object> found = new TreeMap<>();
        for (StoredVector vector : store.scan()) {
            found.put(vector.id(), vector.value().orElseThrow());
            assertThat(vector.vector()).as("vector " + vector.id()).containsExactly(vectors.get(vector.id()));
        }
        assertThat(found).isEqualTo(values);
        assertThat(store.count()).isEqualTo(vectors.size());
        if (!vectors.isEmpty()) {
            List<VectorHit> hits = store.search(vectors.lastEntry().getValue(), 1);
            assertThat(hits.get(0).distance()).isZero();
        }
    }

    @Test
    void asManyTextsAsSqliteHasColumns() {
        List<String> names = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1990; i++) {
            names.add("c" + i);
            texts.add("word" + i);
        }
        try (Vault vault = Vault.open(file())) {
            TextVault wide = vault.text("wide", TextOptions.defaults().withColumns(names.toArray(String[]::new)));
            long id = wide.insert(texts, "value");
            assertThat(wide.updateTexts(id, texts)).isTrue();
            texts.set(1989, "other");
            assertThat(wide.updateTexts(id, texts)).isTrue();
            assertThat(wide.search("other", 1)).hasSize(1);
            assertThat(wide.search("word1989", 1)).isEmpty();
        }
    }

    /** Numbers are gathered in memory: that a part of a call was done counts all the same. */
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 99}) // in a chunk that is not in memory, and in the one that is
    void aVectorThatAFailedCallHasChangedIsNotCommitted(int index) {
        try (Vault vault = Vault.open(file())) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(2048));
            long[] ids = new long[100];
            vault.transact(() -> {
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = vectors.insert(new float[2048], i);
                }
            });
            float[] other = new float[2048];
            other[0] = 2;
            assertThatThrownBy(() -> vault.transact(() -> {
                        assertThatThrownBy(() -> vault.transact(() -> {
                                    vectors.updateVector(ids[index], other);
                                    throw new IllegalStateException("half done");
                                }))
                                .hasMessage("half done");
                    }))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("half done");
            assertThat(vectors.get(ids[index]).vector()).isEqualTo(new float[2048]);
        }
    }
}
