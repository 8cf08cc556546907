package io.kohakuvault.column;

/**
 * What the directory of columns says of one.
 *
 * @param name full name
 * @param dtype the string that stands in the file; it may be one that this library cannot read
 * @param length how many elements
 * @param legacy whether it is in the layout of KohakuVault 0.x, which is read but not written
 */
public record ColumnInfo(String name, String dtype, long length, boolean legacy) {}
