package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.search.FusedHit;
import io.kohakuvault.search.Fusion;
import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextAndVectorTest {
    @TempDir
    Path folder;

    @Test
    void textIsFoundByPhraseAllAndAny() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault docs = vault.text("docs");
            assertThat(docs.search("anything", 5)).isEmpty();
            long a = docs.insert("The quick brown fox", Map.of("n", 1L));
            long b = docs.insert("brown and quick, it's a \"dog\"", "dog");
            long c = docs.insert("nothing here", null);
            assertThat(ids(docs.search("quick brown", 5))).containsExactly(a);
            assertThat(ids(docs.search(TextQuery.all("quick brown"), 5))).containsExactlyInAnyOrder(a, b);
            assertThat(ids(docs.search(TextQuery.any("fox here"), 5))).containsExactlyInAnyOrder(a, c);
            assertThat(ids(docs.search(TextQuery.all("it's \"dog\" -- ?!"), 5))).containsExactly(b);
            assertThat(docs.search(TextQuery.all("?! --"), 5)).isEmpty();
            assertThat(docs.search("quick brown", 1).get(0).value()).contains(Map.of("n", 1L));
            assertThat(docs.search("nothing", 1).get(0).value()).isEmpty();
            assertThat(docs.search(TextQuery.phrase("fox").withSnippets(3), 1)
                            .get(0)
                            .snippet())
                    .contains("…quick brown **fox**");
            assertThat(docs.search(
                                    TextQuery.phrase("fox")
                                            .withSnippets(Snippets.of(4)
                                                    .withColumn(0)
                                                    .withMarks("'||'", "\"")
                                                    .withEllipsis("')")),
                                    1)
                            .get(0)
                            .snippet())
                    .contains("The quick brown '||'fox\"");
            assertThatThrownBy(() -> docs.search(TextQuery.fts5("a AND"), 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(docs.find(b).orElseThrow().value()).contains("dog");
            assertThat(docs.delete(a)).isTrue();
            assertThat(docs.delete(a)).isFalse();
            assertThat(docs.count()).isEqualTo(2);

            TextVault two = vault.text(
                    "two",
                    TextOptions.defaults().withColumns("title", "body").withTokenizer(TextOptions.Tokenizer.PORTER));
            two.insert(List.of("Running", "shoes"), 1L);
            assertThat(two.search("run", 5)).hasSize(1);
            assertThatThrownBy(() -> two.insert("one", 1L)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TextOptions.defaults().withColumns("rank"))
                    .isInstanceOf(IllegalArgumentException.class);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.text("docs").search("brown", 5)).hasSize(1);
                assertThatThrownBy(() -> snapshot.text("missing")).isInstanceOf(NoSuchElementException.class);
            }
        }
    }

    private static List<Long> ids(List<TextHit> hits) {
        return hits.stream().map(TextHit::id).toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"COSINE", "L2", "L1"})
    void nearestVectorsAreFoundExactly(Metric metric) {
        long seed = 3;
        Random random = new Random(seed);
        int dimensions = 24;
        record Item(long id, float[] vector) {}
        List<Item> items = new ArrayList<>();
        Path file = folder.resolve(metric + ".db");
        Vault vault = Vault.open(file);
        try {
            for (int round = 0; round < 12; round++) {
                VectorKVault vectors = vault.vectors("vecs", VectorOptions.of(dimensions, metric));
                Vault v = vault;
                vault.transact(() -> {
                    for (int i = 0; i < 200; i++) {
                        float[] vector = vector(random, dimensions);
                        items.add(new Item(vectors.insert(vector, "value " + items.size()), vector));
                    }
                    if (!items.isEmpty()) {
                        assertThat(vectors.delete(items.remove(random.nextInt(items.size()))
                                        .id()))
                                .isTrue();
                    }
                    assertThat(v.vectors("vecs", VectorOptions.of(dimensions, metric))
                                    .count())
                            .isEqualTo(items.size());
                });
                if (round % 4 == 3) {
                    vault.close();
                    vault = Vault.open(file);
                }
            }
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.of(dimensions, metric));
            for (int q = 0; q < 20; q++) {
                float[] query = vector(random, dimensions);
                List<Long> expected = items.stream()
                        .sorted(Comparator.comparingDouble(i -> distance(metric, query, i.vector())))
                        .limit(5)
                        .map(Item::id)
                        .toList();
                List<VectorHit> hits = vectors.search(query, 5);
                assertThat(hits.stream().map(VectorHit::id).toList())
                        .as("seed %d", seed)
                        .isEqualTo(expected);
                assertThat(hits.get(0).value()).isPresent();
            }
            assertThatThrownBy(() -> vectors.insert(new float[dimensions + 1], 1))
                    .isInstanceOf(IllegalArgumentException.class);
            float[] bad = new float[dimensions];
            bad[0] = Float.NaN;
            assertThatThrownBy(() -> vectors.insert(bad, 1)).hasMessageContaining("NaN");
            if (metric == Metric.COSINE) {
                assertThatThrownBy(() -> vectors.insert(new float[dimensions], 1))
                        .hasMessageContaining("direction");
            }
        } finally {
            vault.close();
        }
    }

    private static float[] vector(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static double distance(Metric metric, float[] a, float[] b) {
        double dot = 0, aa = 0, bb = 0, l1 = 0, l2 = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
            l1 += Math.abs((double) a[i] - b[i]);
            l2 += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return switch (metric) {
            case COSINE -> 1 - dot / Math.sqrt(aa * bb);
            case L2 -> l2;
            case L1 -> l1;
            case DOT -> -dot;
            case HAMMING -> throw new IllegalArgumentException("of bits alone");
        };
    }

    @Test
    void fusionRanksWhatSeveralListsAgreeOn() {
        List<FusedHit<String>> hits = Fusion.reciprocalRank(List.of(List.of("a", "b", "c"), List.of("b", "d")), 3);
        assertThat(hits.stream().map(FusedHit::item)).containsExactly("b", "a", "d");
        assertThat(hits.get(0).score()).isEqualTo(1.0 / 62 + 1.0 / 61);
    }
}
