package io.kohakuvault.maintenance;

/** What a vault holds, of all kinds, and deleting it. Thread-safe. */
public interface Contents extends ContentCatalog {
    /**
     * Deletes something with all that it holds, in a transaction: key-values with their streamed values, documents and
     * vectors with theirs, a table with its columns, what is known of a source's offsets (which fences its claims). The
     * file's pages become free, and are given back by {@link Maintenance#compact}. Handles of it go on to work, as
     * those of something that is not there.
     *
     * @param kind which kind
     * @param name its name
     * @return false when there was none
     * @throws IllegalArgumentException when something of another kind has the name, a column belongs to a table, or
     *     it is one of the older layout, which is migrated first
     * @throws io.kohakuvault.VaultFormatException when another program's table has the name of one beside
     *     documents, and would be deleted with them; nothing has been changed
     * @throws UnsupportedOperationException on a vault that was opened read-only
     */
    boolean delete(Content.Kind kind, String name);
}
