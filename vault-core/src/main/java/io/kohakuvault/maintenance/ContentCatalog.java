package io.kohakuvault.maintenance;

import java.util.List;
import java.util.OptionalLong;

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

    /**
     * Whether the file is the database of another program: it has tables, and none of them is a vault's.
     *
     * @return false where there is no table at all, as in a vault that somebody has just begun with
     */
    boolean isForeign();

    /**
     * What key-values, documents or vectors take of the file, with their indexes and the values beside them: whole
     * pages, which are walked for it. That takes time in proportion to their number, therefore it stops where it is
     * told. A damaged page is a page, and what it led to is not found.
     *
     * @param kind which kind
     * @param name its name, in any case
     * @param mostBytes where to stop, at least 1
     * @return bytes; as many as {@code mostBytes} or more where it has stopped. Empty for other kinds, whose columns
     *     share their pages ({@link io.kohakuvault.Snapshot#blocks} says what their elements take), when nothing has
     *     the name, and where the file keeps SQLite from telling: it has a table that is called {@code dbstat}
     * @throws IllegalArgumentException when {@code mostBytes} is less than 1
     * @throws io.kohakuvault.VaultCorruptException when damaged pages lead out of the file or in a circle
     */
    OptionalLong storedBytes(Content.Kind kind, String name, long mostBytes);
}
