package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.table.Filter;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;

/** What a view reads: a table, a column, key-values, documents or vectors of a snapshot. */
interface ViewSource {
    /** {@return the name that it has in the vault} */
    String name();

    /** {@return what a view is called whose own name is that of another} */
    String longName();

    /** {@return the columns, of types that DuckDB takes} */
    List<Field> fields(Snapshot snapshot, BufferAllocator allocator);

    /** {@return how many rows there are, or -1 where counting them takes reading them} */
    long rows(Snapshot snapshot);

    /**
     * Starts reading.
     *
     * @param columns names of fields, at least one
     * @param rows which of them; only where {@link #rows} knows their number
     * @param hints for which filters rows are wanted: others may be left out
     * @return the batches; the caller closes it
     */
    ArrowReader open(
            Snapshot snapshot, List<String> columns, RowRange rows, List<Filter> hints, BufferAllocator allocator);

    /**
     * Checks that the view is what it was.
     *
     * @param snapshot the state
     * @param before columns as they were
     * @param allocator where buffers are accounted
     * @throws IllegalArgumentException when one is not there any more, or of another type
     */
    default void check(Snapshot snapshot, List<Field> before, BufferAllocator allocator) {
        List<Field> now = fields(snapshot, allocator);
        for (Field field : before) {
            if (!now.contains(field)) {
                throw new IllegalArgumentException("'" + name() + "' does not have its column '" + field.getName()
                        + "' as it was when the statement was prepared");
            }
        }
    }

    /**
     * Rows from one to before another.
     *
     * @param from first row
     * @param end row after the last
     */
    record RowRange(long from, long end) {
        static final RowRange ALL = new RowRange(0, Long.MAX_VALUE);
    }
}
