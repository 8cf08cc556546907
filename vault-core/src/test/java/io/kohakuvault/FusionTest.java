package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kohakuvault.search.FusedHit;
import io.kohakuvault.search.Fusion;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FusionTest {
    private static final double FIRST = 1.0 / 61;
    private static final double SECOND = 1.0 / 62;
    private static final double THIRD = 1.0 / 63;

    @TempDir
    Path folder;

    private static <T> List<Double> scores(List<FusedHit<T>> hits) {
        return hits.stream().map(FusedHit::score).toList();
    }

    @Test
    void whatSeveralListsAgreeOnComesFirst() {
        List<FusedHit<String>> hits = Fusion.reciprocalRank(List.of(List.of("a", "b", "c"), List.of("b", "d")), 3);
        assertThat(hits.stream().map(FusedHit::item)).containsExactly("b", "a", "d");
        assertThat(hits.get(0).score()).isEqualTo(SECOND + FIRST);
        assertThat(Fusion.reciprocalRank(List.of(List.of("a", "b", "a")), 5))
                .extracting(FusedHit::item, FusedHit::score)
                .containsExactly(tuple("a", FIRST), tuple("b", SECOND));
        assertThatThrownBy(() -> Fusion.reciprocalRank(List.of(List.of("a")), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listsCountByTheirWeights() {
        List<List<String>> lists = List.of(List.of("a", "b"), List.of("c", "b"));
        assertThat(Fusion.<String>reciprocalRank(lists, List.of(1.0, 2.5), item -> item, 5))
                .extracting(FusedHit::item, FusedHit::score)
                .containsExactly(tuple("b", SECOND + 2.5 / 62), tuple("c", 2.5 / 61), tuple("a", FIRST));
        assertThat(Fusion.<String>reciprocalRank(lists, List.of(1.0, 0.0), item -> item, 5))
                .extracting(FusedHit::item, FusedHit::score)
                .containsExactly(tuple("a", FIRST), tuple("b", SECOND), tuple("c", 0.0));
        for (List<Double> wrong : List.of(List.of(1.0), List.of(1.0, -1.0), List.of(1.0, Double.NaN))) {
            assertThatThrownBy(() -> Fusion.<String>reciprocalRank(lists, wrong, item -> item, 5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2 rankings")
                    .hasMessageContaining(wrong.toString());
        }
    }

    @Test
    void arraysAreOneItemWhenTheirContentIsOne() {
        List<FusedHit<byte[]>> hits = Fusion.reciprocalRank(
                List.of(List.of(new byte[] {1, 2}, new byte[] {3}), List.of(new byte[] {3}, new byte[0])), 5);
        assertThat(scores(hits)).containsExactly(SECOND + FIRST, FIRST, SECOND);
        assertThat(hits.get(0).item()).containsExactly(3);
        assertThat(scores(Fusion.<Object>reciprocalRank(
                        List.of(
                                List.of(new long[] {1}, new String[][] {{"a"}, {"b"}}),
                                List.of(new String[][] {{"a"}, {"b"}}, new int[] {1})),
                        5)))
                .as("of one type and content")
                .containsExactly(SECOND + FIRST, FIRST, SECOND);
    }

    @Test
    void contentIsComparedInsideListsMapsAndOptionals() {
        List<Object> one =
                List.of(List.of(new byte[] {1}, "x"), Map.of("k", new byte[] {2}), Optional.of(new byte[] {3}));
        List<Object> two =
                List.of(Optional.of(new byte[] {3}), Map.of("k", new byte[] {2}), List.of(new byte[] {1}, "x"));
        assertThat(scores(Fusion.reciprocalRank(List.of(one, two), 5)))
                .containsExactly(FIRST + THIRD, THIRD + FIRST, SECOND + SECOND);
    }

    @Test
    void itemsThatNameNothingAreEachAnItem() {
        for (Object nothing : Arrays.asList(null, Optional.empty(), "")) {
            List<Object> ranking = new ArrayList<>();
            ranking.add("a");
            ranking.add(nothing);
            ranking.add(nothing);
            assertThat(scores(Fusion.reciprocalRank(List.of(ranking, ranking), 9)))
                    .as("%s", nothing)
                    .containsExactly(FIRST + FIRST, SECOND, SECOND, THIRD, THIRD);
        }
    }

    @Test
    void aKeyOfTheCallersIdentifiesItems() {
        record Found(String where, Object key) {}
        List<FusedHit<Found>> hits = Fusion.reciprocalRank(
                List.of(
                        List.of(new Found("text", "x"), new Found("text", new byte[] {7})),
                        List.of(new Found("vector", new byte[] {7}), new Found("vector", Optional.empty()))),
                Found::key,
                9);
        assertThat(hits.stream().map(h -> h.item().where())).containsExactly("text", "text", "vector");
        assertThat(scores(hits)).containsExactly(SECOND + FIRST, FIRST, SECOND);
        List<FusedHit<Number>> numbers =
                Fusion.reciprocalRank(List.of(List.of(1, 2), List.of(2.0, 3.0)), Number::intValue, 1);
        assertThat(numbers).extracting(FusedHit::item, FusedHit::score).containsExactly(tuple(2, SECOND + FIRST));
    }

    @Test
    void hitsOfTextAndVectorsFuseByTheirValues() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            var docs = vault.text("docs");
            var vectors = vault.vectors("vectors", VectorOptions.l2(2));
            docs.insert("brown fox", null);
            docs.insert("fox fox fox", null);
            docs.insert("red fox in the snow", new byte[] {1});
            vectors.insert(new float[] {1, 1}, null);
            vectors.insert(new float[] {2, 2}, new byte[] {1});
            vectors.insert(new float[] {3, 3}, null);
            List<FusedHit<Optional<Object>>> hits = Fusion.reciprocalRank(
                    List.of(
                            docs.search("fox", 5).stream().map(TextHit::value).toList(),
                            vectors.search(new float[] {0, 0}, 5).stream()
                                    .map(VectorHit::value)
                                    .toList()),
                    9);
            assertThat(hits).hasSize(5);
            assertThat(hits.get(0).item()).contains(new byte[] {1});
            assertThat(scores(hits)).containsExactly(THIRD + SECOND, FIRST, FIRST, SECOND, THIRD);
        }
    }
}
