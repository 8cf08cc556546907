package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.table.SchemaColumn;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the catalog says of tables in one state of the file, read once: a table may have a thousand columns.
 * Thread-safe.
 */
final class KnownTables {
    private final Map<String, List<Column>> tables = new ConcurrentHashMap<>();

    record Column(ColumnRecord record, SchemaColumn schema) {}

    /**
     * The columns of a table in order.
     *
     * @throws java.util.NoSuchElementException when there is no such table
     */
    static List<Column> columns(Hold hold, String name) {
        Map<String, List<Column>> tables = hold.memo(KnownTables.class, KnownTables::new).tables;
        List<Column> known = tables.get(name);
        if (known == null) {
            known = hold.read(session -> List.copyOf(TableCatalogRows.columns(
                    session,
                    TableDirectory.existing(session, name),
                    (record, schema) -> new Column(BlockTables.checked(session, record), schema))));
            tables.put(name, known);
        }
        return known;
    }
}
