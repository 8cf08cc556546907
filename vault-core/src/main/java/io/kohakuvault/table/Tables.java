package io.kohakuvault.table;

import java.util.Optional;
import java.util.function.Consumer;

/** The tables of a vault. Thread-safe. */
public interface Tables extends TableCatalog {
    @Override
    Optional<Table> find(String name);

    @Override
    Table get(String name);

    /**
     * The table of that name, created where it is missing.
     *
     * @param name any text but the empty one
     * @param schema the columns it has or gets
     * @return the table
     * @throws IllegalArgumentException when it exists with other columns, or a column {@code name.column} exists
     *     already
     */
    Table ensure(String name, Schema schema);

    /**
     * The same with the schema built in place.
     *
     * @param name any text but the empty one
     * @param schema adds the columns
     * @return the table
     */
    default Table ensure(String name, Consumer<Schema.Builder> schema) {
        Schema.Builder builder = Schema.builder();
        schema.accept(builder);
        return ensure(name, builder.build());
    }

    /**
     * Creates a table.
     *
     * @param name any text but the empty one
     * @param schema the columns it gets
     * @return the table
     * @throws IllegalArgumentException when there is a table of that name, or a column {@code name.column}
     */
    Table create(String name, Schema schema);

    /**
     * The same with the schema built in place.
     *
     * @param name any text but the empty one
     * @param schema adds the columns
     * @return the table
     */
    default Table create(String name, Consumer<Schema.Builder> schema) {
        Schema.Builder builder = Schema.builder();
        schema.accept(builder);
        return create(name, builder.build());
    }

    /**
     * Deletes a table with its columns.
     *
     * @param name its name
     * @return false when there was none
     */
    boolean delete(String name);

    /**
     * What {@link #delete} was called before.
     *
     * @param name its name
     * @return false when there was none
     * @deprecated goes with 1.0; use {@link #delete}
     */
    @Deprecated(forRemoval = true)
    default boolean drop(String name) {
        return delete(name);
    }

    /**
     * Gives a table another name, and its columns with it. Handles of it go on to work.
     *
     * @param name its name
     * @param newName any text but the empty one
     * @throws java.util.NoSuchElementException when there is no such table
     * @throws IllegalArgumentException when there is a table, or a column {@code newName.column}, already
     */
    void rename(String name, String newName);
}
