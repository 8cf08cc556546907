package io.kohakuvault.column;

/** A column of text. */
public interface StrColumn extends StrReader, ElementColumn<String> {}
