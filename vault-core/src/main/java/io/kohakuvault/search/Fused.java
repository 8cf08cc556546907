package io.kohakuvault.search;

import org.jspecify.annotations.Nullable;

/** What the public type stands for, as it was read. */
record Fused<T extends @Nullable Object>(T item, double score) implements FusedHit<T> {}
