package io.kohakuvault.search;

import org.jspecify.annotations.Nullable;

/**
 * An item that at least one of several searches found. Only this library makes one.
 *
 * @param <T> what identifies an item across the searches
 */
public interface FusedHit<T extends @Nullable Object> {
    /** {@return what was found} */
    T item();

    /** {@return the fused score, higher is better} */
    double score();
}
