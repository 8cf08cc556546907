package io.kohakuvault.column;

import io.kohakuvault.codec.NumericArray;

/**
 * A column of arrays of numbers: vectors of any element type and, for {@code vec:T} without dimensions, of any shape;
 * for reading.
 */
public interface ArrayReader extends ElementReader<NumericArray> {}
