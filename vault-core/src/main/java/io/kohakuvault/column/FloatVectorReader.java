package io.kohakuvault.column;

/** A column of vectors of 32-bit floats, for reading. */
public interface FloatVectorReader extends ElementReader<float[]> {}
