/**
 * The ledger of what a source has delivered: the base of exactly-once writing.
 */
@NullMarked
package io.kohakuvault.offset;

import org.jspecify.annotations.NullMarked;
