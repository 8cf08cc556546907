package io.kohakuvault.search;

import org.jspecify.annotations.Nullable;

/**
 * An item that at least one of several searches found.
 *
 * @param item what was found
 * @param score the fused score, higher is better
 * @param <T> what identifies an item across the searches
 */
public record FusedHit<T extends @Nullable Object>(T item, double score) {}
