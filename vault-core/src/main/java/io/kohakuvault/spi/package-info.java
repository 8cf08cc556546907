/**
 * Blocks of a column in a snapshot, for modules that hand them on without decoding values (Arrow, Spark).
 */
@NullMarked
package io.kohakuvault.spi;

import org.jspecify.annotations.NullMarked;
