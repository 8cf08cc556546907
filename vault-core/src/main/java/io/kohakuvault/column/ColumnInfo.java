package io.kohakuvault.column;

/**
 * What the directory of columns says of one. Only this library makes one.
 */
public interface ColumnInfo {
    /** {@return full name} */
    String name();

    /** {@return the string that stands in the file; it may be one that this library cannot read} */
    String dtype();

    /** {@return how many elements} */
    long length();

    /** {@return whether it is in the layout of KohakuVault 0.x, which is read but not written} */
    boolean legacy();
}
