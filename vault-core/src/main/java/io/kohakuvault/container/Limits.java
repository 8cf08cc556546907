package io.kohakuvault.container;

import org.jspecify.annotations.Nullable;

/**
 * The bounds of a range of keys; one that is null is none.
 *
 * @param low the lower bound
 * @param lowInclusive whether the lower bound belongs to the range
 * @param high the upper bound
 * @param highInclusive whether the upper bound belongs to the range
 */
record Limits<K>(
        @Nullable K low, boolean lowInclusive, @Nullable K high, boolean highInclusive) {
    static <K> Limits<K> none() {
        return new Limits<>(null, true, null, true);
    }
}
