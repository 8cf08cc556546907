package io.kohakuvault.internal.column;

import io.kohakuvault.column.ColumnInfo;

/** What the public type stands for, as it was read. */
public record ListedColumn(String name, String dtype, long length, boolean legacy) implements ColumnInfo {}
