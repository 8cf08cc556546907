/**
 * k-nearest-neighbour search over sqlite-vec's tables, in plain Java.
 */
@NullMarked
package io.kohakuvault.vector;

import org.jspecify.annotations.NullMarked;
