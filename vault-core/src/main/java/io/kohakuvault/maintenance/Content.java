package io.kohakuvault.maintenance;

/**
 * Something that a file holds. Only this library makes one.
 */
public interface Content {
    /** {@return what it is} */
    Kind kind();

    /** {@return its name} */
    String name();

    /**
     * {@return what its elements are: a dtype, the columns of documents, dimensions and metric of vectors and, where a
     * table of them is not read, why; empty where there is nothing to say}
     */
    String type();

    /** {@return keys, elements, rows, documents, vectors or partitions} */
    long count();

    /** Kinds of contents. */
    enum Kind {
        /** A key-value table. */
        KEY_VALUES,
        /** A column, one of a table's too. */
        COLUMN,
        /** A column in the layout of KohakuVault 0.x. */
        LEGACY_COLUMN,
        /** A table of columns. */
        TABLE,
        /** A table of documents. */
        DOCUMENTS,
        /** A table of vectors. */
        VECTORS,
        /** Offsets of a source. */
        OFFSETS
    }
}
