package io.kohakuvault.column;

/** A column of text, for reading. */
public interface StrReader extends ElementReader<String> {}
