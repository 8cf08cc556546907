package io.kohakuvault.container;

import org.jspecify.annotations.Nullable;

/**
 * Takes entries of a tree whose keys are primitive.
 *
 * @param <V> the values
 */
@FunctionalInterface
public interface LongEntryConsumer<V extends @Nullable Object> {
    /**
     * Takes one entry. May change the tree's values, not its keys.
     *
     * @param key the key
     * @param value its value, null if that was stored
     */
    void accept(long key, V value);
}
