/**
 * Blocks of a column in a snapshot, for modules that hand them on without decoding values (Arrow, Spark). Not for
 * applications: this package may change in any version.
 *
 * <pre>{@code
 * for (ColumnBlocks column : snapshot.blocks().table("flights")) {
 *     for (long row = 0; row < column.length(); ) {
 *         try (BlockView block = column.block(row)) {
 *             System.out.println(column.name() + " " + block.rows() + " rows, " + block.origin());
 *             row = column.blockEnd(row);
 *         }
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.kohakuvault.spi;

import org.jspecify.annotations.NullMarked;
