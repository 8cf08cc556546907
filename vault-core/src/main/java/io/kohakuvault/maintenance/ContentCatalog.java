package io.kohakuvault.maintenance;

import java.util.List;

/** What a file holds, of all kinds. Thread-safe. */
public interface ContentCatalog {
    /**
     * Everything with its count: keys, documents and vectors are counted for it, which takes time in proportion to
     * their number.
     *
     * @return by kind, then in the order of creation or by name
     */
    List<Content> list();

    /**
     * The names of one kind, without counting anything.
     *
     * @param kind which kind
     * @return their names; of columns those of tables too
     */
    List<String> names(Content.Kind kind);

    /**
     * Whether something of a kind is there.
     *
     * @param kind which kind
     * @param name its name; for key-values, documents and vectors case does not count, as in SQL
     * @return true when it exists
     */
    boolean contains(Content.Kind kind, String name);
}
