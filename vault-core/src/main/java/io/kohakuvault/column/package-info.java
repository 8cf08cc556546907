/**
 * Typed, append-friendly columns that are read and written like lists.
 *
 * <pre>{@code
 * LongColumn ids = vault.columns().ensure("ids", DType.I64);
 * ids.appendAll(new long[] {1, 2, 3});
 * long[] first = ids.slice(0, 2);
 * for (long[] batch : ids.batches(10_000)) System.out.println(Arrays.stream(batch).sum());
 * for (long[] rows : ids.indexesBetween(2, 10)) System.out.println(Arrays.toString(rows));
 * Column any = vault.columns().column("ids"); // whatever its dtype is
 * System.out.println(any.dtype() + " " + any.asList());
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods.
 */
@NullMarked
package io.kohakuvault.column;

import org.jspecify.annotations.NullMarked;
