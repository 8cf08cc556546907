/**
 * Sorted maps in memory: a cache-sensitive B+ tree, for any keys and for {@code long}, and a concurrent skip list. They
 * know nothing of files; what is in them is gone with the process.
 *
 * <pre>{@code
 * LongCsbTree<String> byTime = new LongCsbTree<>();
 * byTime.put(1_700_000_000_000L, "first");
 * byTime.put(1_700_000_060_000L, "second");
 * byTime.forEachInRange(1_700_000_000_000L, 1_700_000_030_000L, (time, what) -> System.out.println(what)); // first
 * }</pre>
 */
@NullMarked
package io.kohakuvault.container;

import org.jspecify.annotations.NullMarked;
