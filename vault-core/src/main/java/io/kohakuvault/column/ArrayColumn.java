package io.kohakuvault.column;

import io.kohakuvault.codec.NumericArray;

/**
 * A column of arrays of numbers: vectors of any element type and, for {@code vec:T} without dimensions, of any shape.
 */
public interface ArrayColumn extends ArrayReader, ElementColumn<NumericArray> {}
