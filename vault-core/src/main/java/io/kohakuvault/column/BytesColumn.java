package io.kohakuvault.column;

/** A column of byte strings. */
public interface BytesColumn extends BytesReader, ElementColumn<byte[]> {}
