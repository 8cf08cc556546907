package io.kohakuvault.search;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts ranked lists of different searches together. Scores of different searches cannot be compared, ranks can.
 *
 * <p>Reciprocal rank fusion: Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
 * Methods", SIGIR 2009. An item scores the sum of 1 / (60 + rank) over the lists that hold it, ranks from 1.
 */
public final class Fusion {
    /** The constant of the paper: keeps the first ranks of one list from deciding alone. */
    private static final int RANK_CONSTANT = 60;

    private Fusion() {}

    /**
     * Fuses ranked lists. Ties keep the order in which items first appear.
     *
     * @param rankings each best first; an item that stands in one twice counts by its better rank
     * @param k how many hits at most, at least 0
     * @param <T> what identifies an item across the lists
     * @return the hits, best first
     */
    public static <T> List<FusedHit<T>> reciprocalRank(List<? extends List<T>> rankings, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must be at least 0, but was " + k);
        }
        Map<T, Double> scores = new LinkedHashMap<>();
        for (List<T> ranking : rankings) {
            Map<T, Integer> ranks = new HashMap<>();
            for (int i = 0; i < ranking.size(); i++) {
                if (ranks.putIfAbsent(ranking.get(i), i + 1) == null) {
                    scores.merge(ranking.get(i), 1.0 / (RANK_CONSTANT + i + 1), Double::sum);
                }
            }
        }
        return scores.entrySet().stream()
                .map(e -> new FusedHit<>(e.getKey(), e.getValue()))
                .sorted(Comparator.comparingDouble((FusedHit<T> h) -> h.score()).reversed())
                .limit(k)
                .toList();
    }
}
