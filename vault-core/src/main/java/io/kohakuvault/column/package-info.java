/**
 * Typed, append-friendly columns that are read and written like lists.
 */
@NullMarked
package io.kohakuvault.column;

import org.jspecify.annotations.NullMarked;
