package io.kohakuvault.column;

/** A column of vectors of 32-bit floats. */
public interface FloatVectorColumn extends FloatVectorReader, ElementColumn<float[]> {}
