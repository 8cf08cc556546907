package io.kohakuvault.spark;

import io.kohakuvault.table.SchemaColumn;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * How columns are found by their names.
 *
 * @param isCaseSensitive whether those are others that differ in upper and lower case
 */
record ColumnNames(boolean isCaseSensitive) implements Serializable {
    /** As the session of this thread has it, on the driver. */
    static ColumnNames ofSession() {
        return new ColumnNames(SourceOptions.isCaseSensitive());
    }

    /** The column of that name: the same one where there is one, else one that differs in case, where that may be. */
    Optional<SchemaColumn> find(List<SchemaColumn> columns, String name) {
        return find(columns, SchemaColumn::name, name);
    }

    /** The same of what has names in another way. */
    <T> Optional<T> find(List<T> columns, Function<T, String> nameOf, String name) {
        Optional<T> same = columns.stream()
                .filter(column -> nameOf.apply(column).equals(name))
                .findFirst();
        return same.isPresent() || isCaseSensitive
                ? same
                : columns.stream()
                        .filter(column -> nameOf.apply(column).equalsIgnoreCase(name))
                        .findFirst();
    }

    /** What names have in common that are of one column. */
    String key(String name) {
        return isCaseSensitive ? name : name.toLowerCase(Locale.ROOT);
    }
}
