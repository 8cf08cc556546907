/**
 * Tables over columns.
 */
@NullMarked
package io.kohakuvault.internal.table;

import org.jspecify.annotations.NullMarked;
