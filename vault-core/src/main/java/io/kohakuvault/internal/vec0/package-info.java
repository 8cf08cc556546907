/**
 * How sqlite-vec's vec0 keeps a table of vectors: what its declaration says, and which ordinary tables hold what.
 */
@NullMarked
package io.kohakuvault.internal.vec0;

import org.jspecify.annotations.NullMarked;
