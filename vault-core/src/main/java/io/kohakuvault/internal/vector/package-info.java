/**
 * Vectors over the shadow tables of vec0.
 */
@NullMarked
package io.kohakuvault.internal.vector;

import org.jspecify.annotations.NullMarked;
