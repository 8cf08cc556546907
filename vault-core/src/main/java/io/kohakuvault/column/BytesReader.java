package io.kohakuvault.column;

/** A column of byte strings, for reading. */
public interface BytesReader extends ElementReader<byte[]> {}
