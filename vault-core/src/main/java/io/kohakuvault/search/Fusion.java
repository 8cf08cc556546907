package io.kohakuvault.search;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts ranked lists of different searches together. Scores of different searches cannot be compared, ranks can.
 *
 * <p>Reciprocal rank fusion: Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
 * Rank Learning Methods", SIGIR 2009. An item scores the sum of 1 / (60 + rank) over the lists that hold it, ranks from
 * 1.
 *
 * <p>Two items are one when their keys are equal. Arrays are equal when their contents are, also inside lists, maps and
 * Optionals. A key that names nothing (null, an empty Optional, the empty text) equals no other: each item that has one
 * is an item of its own.
 */
public final class Fusion {
    /** The constant of the paper: keeps the first ranks of one list from deciding alone. */
    static final int RANK_CONSTANT = 60;

    private Fusion() {}

    /**
     * Fuses ranked lists of items that are their own keys, such as the values of hits: {@code
     * hits.stream().map(TextHit::value).toList()}. Ties keep the order in which items first appear.
     *
     * @param rankings each best first; an item that stands in one twice counts by its better rank
     * @param k how many hits at most, at least 0
     * @param <T> what identifies an item across the lists
     * @return the hits, best first
     */
    public static <T extends @Nullable Object> List<FusedHit<T>> reciprocalRank(
            List<? extends List<T>> rankings, int k) {
        return Fusion.<T>reciprocalRank(rankings, item -> item, k);
    }

    /**
     * Fuses ranked lists of items that a key identifies. Ties keep the order in which items first appear.
     *
     * @param rankings each best first; an item that stands in one twice counts by its better rank
     * @param key what identifies an item across the lists; called once for each item of a list
     * @param k how many hits at most, at least 0
     * @param <T> the items
     * @return the hits, best first; of items with one key, the one that comes first in the first list that has it
     */
    public static <T extends @Nullable Object> List<FusedHit<T>> reciprocalRank(
            List<? extends List<? extends T>> rankings, Function<? super T, ? extends @Nullable Object> key, int k) {
        return reciprocalRank(rankings, Collections.nCopies(rankings.size(), 1.0), key, k);
    }

    /**
     * Fuses ranked lists that do not count the same: an item scores the sum of weight / (60 + rank).
     *
     * @param rankings each best first; an item that stands in one twice counts by its better rank
     * @param weights what each list counts, finite and at least 0; what stands only in lists that count 0 comes last
     * @param key what identifies an item across the lists; called once for each item of a list
     * @param k how many hits at most, at least 0
     * @param <T> the items
     * @return the hits, best first; of items with one key, the one that comes first in the first list that has it
     * @throws IllegalArgumentException when there are not as many weights as lists, or one is no such number
     */
    public static <T extends @Nullable Object> List<FusedHit<T>> reciprocalRank(
            List<? extends List<? extends T>> rankings,
            List<Double> weights,
            Function<? super T, ? extends @Nullable Object> key,
            int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must be at least 0, but was " + k);
        }
        if (weights.size() != rankings.size()
                || !weights.stream().allMatch(weight -> weight >= 0 && weight <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("there must be a weight for each of the " + rankings.size()
                    + " rankings, finite and at least 0, but they were " + weights);
        }
        Map<Object, FusedHit<T>> hits = new LinkedHashMap<>();
        for (int i = 0; i < rankings.size(); i++) {
            List<? extends T> ranking = rankings.get(i);
            Set<Object> seen = new HashSet<>();
            int rank = 0;
            for (T item : ranking) {
                rank++;
                Object identity = Identity.of(key.apply(item));
                if (seen.add(identity)) {
                    FusedHit<T> before = hits.get(identity);
                    double score = weights.get(i) / (RANK_CONSTANT + rank);
                    hits.put(
                            identity,
                            before == null
                                    ? new Fused<>(item, score)
                                    : new Fused<>(before.item(), before.score() + score));
                }
            }
        }
        return hits.values().stream()
                .sorted(Comparator.comparingDouble((FusedHit<T> h) -> h.score()).reversed())
                .limit(k)
                .toList();
    }
}
