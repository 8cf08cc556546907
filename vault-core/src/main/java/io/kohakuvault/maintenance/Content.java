package io.kohakuvault.maintenance;

import io.kohakuvault.codec.Utf8;
import io.kohakuvault.internal.sqlite.SqlNames;

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
        OFFSETS;

        /**
         * Checks whether contents of this kind can have a name, before there is a file to ask. A name that passes may
         * still be taken in a file.
         *
         * @param name the name
         * @throws IllegalArgumentException when they cannot; says why
         */
        public void checkName(String name) {
            switch (this) {
                case KEY_VALUES -> SqlNames.checkTable("the name of a key-value table", name);
                case DOCUMENTS -> SqlNames.checkTable("the name of a table of documents", name);
                case VECTORS -> SqlNames.checkTable("the name of a table of vectors", name);
                default -> {
                    if (name.isEmpty()) {
                        throw new IllegalArgumentException("a name must not be empty");
                    }
                    Utf8.check(name);
                }
            }
        }
    }
}
