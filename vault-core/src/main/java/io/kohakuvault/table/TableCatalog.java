package io.kohakuvault.table;

import java.util.List;
import java.util.Optional;

/** The tables of a file, for reading. Thread-safe. */
public interface TableCatalog {
    /**
     * Names of all tables.
     *
     * @return in the order of their creation
     */
    List<String> list();

    /**
     * Whether there is a table.
     *
     * @param name its name
     * @return true when it exists
     */
    boolean contains(String name);

    /**
     * A table that may be missing.
     *
     * @param name its name
     * @return its reader; empty when there is none
     */
    Optional<? extends TableReader> find(String name);

    /**
     * A table.
     *
     * @param name its name
     * @return its reader
     * @throws java.util.NoSuchElementException when there is none
     */
    TableReader get(String name);
}
