package io.kohakuvault.internal.text;

import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * A search of which values must pass a caller's predicate. It is asked between reads and never within one, since a
 * snapshot's reads are one at a time: the best are read without it, and four times as many where too few of them pass.
 */
final class FilteredSearch {
    private static final int LEAST_ASKED = 256;

    private FilteredSearch() {}

    /**
     * The best documents whose values pass.
     *
     * @param search answers the best for the query without filter and offset, as many as there are up to a number; what
     *     is answered at last is of one state
     */
    static List<TextHit> run(TextQuery query, int k, IntFunction<List<TextHit>> search) {
        Predicate<? super Optional<Object>> passes = query.valueFilter().orElseThrow();
        long wanted = (long) k + query.offset();
        for (long asked = Math.max(LEAST_ASKED, 2 * wanted); ; asked *= 4) {
            int most = (int) Math.min(Integer.MAX_VALUE, asked);
            List<TextHit> found = search.apply(most);
            List<TextHit> passing = new ArrayList<>();
            for (TextHit hit : found) {
                if (passing.size() < wanted && passes.test(hit.value())) {
                    passing.add(hit);
                }
            }
            if (passing.size() == wanted || found.size() < most || most == Integer.MAX_VALUE) {
                int from = Math.min(query.offset(), passing.size());
                return List.copyOf(passing.subList(from, passing.size()));
            }
        }
    }
}
