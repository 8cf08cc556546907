package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.arrow.ArrowProfile;
import io.kohakuvault.arrow.ArrowScan;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.table.Filter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A table, or a column that belongs to none.
 *
 * @param name its name
 * @param table whether it is a table
 */
record BlockViewSource(String name, boolean table) implements ViewSource {
    @Override
    public String longName() {
        return name + (table ? "_table" : "_column");
    }

    private ArrowScan scan(Snapshot snapshot) {
        ArrowScan scan = table ? VaultArrow.scan(snapshot, name) : VaultArrow.scanColumns(snapshot, name);
        return scan.profile(ArrowProfile.duckDb());
    }

    @Override
    public List<Field> fields(Snapshot snapshot, BufferAllocator allocator) {
        try (ArrowReader reader = scan(snapshot).open(allocator)) {
            return reader.getVectorSchemaRoot().getSchema().getFields();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long rows(Snapshot snapshot) {
        return scan(snapshot).rowCount();
    }

    private static ArrowScan skipping(ArrowScan scan, Filter hint) {
        try {
            return scan.skipping(hint);
        } catch (IllegalArgumentException e) { // columns of its type have no bounds
            return scan;
        }
    }

    @Override
    public ArrowReader open(
            Snapshot snapshot, List<String> columns, RowRange rows, List<Filter> hints, BufferAllocator allocator) {
        ArrowScan scan = scan(snapshot);
        for (Filter hint : hints) {
            scan = skipping(scan, hint);
        }
        scan = scan.columns(columns.toArray(String[]::new));
        return scan.rows(Math.min(rows.from(), scan.rowCount()), Math.min(rows.end(), scan.rowCount()))
                .copied()
                .open(allocator);
    }
}
