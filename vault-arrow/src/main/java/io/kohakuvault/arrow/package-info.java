/**
 * Column slices of a snapshot as Arrow batches. Start at {@link io.kohakuvault.arrow.VaultArrow}.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = VaultArrow.allocator();
 *         VaultArrowReader batches =
 *                 VaultArrow.scan(snapshot, "flights").columns("departed", "delay").open(allocator)) {
 *     while (batches.loadNextBatch()) {
 *         System.out.println(batches.getVectorSchemaRoot().getRowCount()); // points into the mapped file
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.kohakuvault.arrow;

import org.jspecify.annotations.NullMarked;
