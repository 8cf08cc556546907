package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.sql.ViewSource.RowRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBTableFunctionState;
import org.jspecify.annotations.Nullable;

/**
 * The table function behind each view: {@code vault_rows(name, fingerprint)} answers the columns that a query names, as
 * often as it names the view, on as many threads as DuckDB has. Its columns stand in an order of its own, cheap ones
 * first, since DuckDB counts rows by the first one.
 */
final class ViewFunction
        implements DuckDBTableFunction<ViewFunction.Bound, ViewFunction.Scan, ViewFunction.ThreadState> {
    static final String NAME = "vault_rows";

    /** How its columns are called, with their places: of names case would not count. */
    static final String COLUMN = "c";

    /** Stands in the error of a view that is not what it was made of any more. */
    static final String CHANGED = "has other columns than its view; VaultSql.refresh() makes it anew";

    /** Rows that a thread takes at a time. */
    private static final long RANGE = 1 << 18;

    private final VaultSql vault;

    ViewFunction(VaultSql vault) {
        this.vault = vault;
    }

    /** Fields in the order of the function. */
    static List<Field> ordered(List<Field> fields) {
        List<Field> ordered = new ArrayList<>(fields);
        ordered.sort(Comparator.comparing(field -> !Transport.of(field).isSmall()));
        return ordered;
    }

    /** A use of the function in a statement. */
    record Bound(
            ViewSource source, List<Field> fields, @Nullable Execution execution) {}

    @Override
    public Bound bind(DuckDBTableFunctionBindInfo info) throws Exception {
        ViewSource source = vault.source(info.getParameter(0).getString());
        Execution execution = Execution.current();
        try (VaultSql.Use use = vault.use(execution)) {
            List<Field> now = source.fields(use.snapshot(), vault.allocator());
            if (!Views.fingerprint(now).equals(info.getParameter(1).getString())) {
                throw new IllegalStateException("'" + source.name() + "' " + CHANGED);
            }
            List<Field> fields = ordered(now);
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                try (DuckDBLogicalType type = Transport.of(field).type(field)) {
                    info.addResultColumn(COLUMN + i, type);
                }
            }
            long rows = source.rows(use.snapshot());
            if (rows >= 0) {
                info.setCardinality(rows, true);
            }
            return new Bound(source, fields, execution);
        }
    }

    @Override
    public Scan init(DuckDBTableFunctionInitInfo info) {
        Bound bound = info.getBindData();
        List<Field> fields = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        List<Transport> transports = new ArrayList<>();
        for (int i = 0; i < info.getColumnCount(); i++) {
            Field field = bound.fields.get((int) info.getColumnIndex(i));
            fields.add(field);
            columns.add(field.getName());
            transports.add(Transport.of(field));
        }
        VaultSql.Use use = vault.use(bound.execution);
        long rows;
        try {
            bound.source.check(use.snapshot(), fields, vault.allocator());
            rows = bound.source.rows(use.snapshot());
        } catch (NoSuchElementException | IllegalArgumentException e) {
            use.close();
            throw new IllegalStateException(e.getMessage() + ": '" + bound.source.name() + "' " + CHANGED, e);
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
        info.setMaxThreads(rows < 0 ? 1 : Math.max(1, Math.min(64, (rows + RANGE - 1) / RANGE)));
        return new Scan(use, bound.source, columns, transports, rows);
    }

    @Override
    public ThreadState localInit(DuckDBTableFunctionInitInfo info) {
        return new ThreadState();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out) throws Exception {
        Scan scan = info.getInitData();
        ThreadState state = info.getLocalInitData();
        if (!state.hasRows(scan, vault)) {
            return 0;
        }
        return state.write(scan, out);
    }

    /** A scan, of one execution. */
    static final class Scan implements DuckDBTableFunctionState {
        private final VaultSql.Use use;
        private final ViewSource source;
        private final List<String> columns;
        private final List<Transport> transports;
        private final long rows;
        private final AtomicLong next = new AtomicLong();

        Scan(VaultSql.Use use, ViewSource source, List<String> columns, List<Transport> transports, long rows) {
            this.use = use;
            this.source = source;
            this.columns = columns;
            this.transports = transports;
            this.rows = rows;
        }

        /** The next rows for a thread, or null. */
        @Nullable
        ArrowReader next(VaultSql vault) {
            Snapshot snapshot = use.snapshot();
            if (rows < 0) {
                return next.getAndIncrement() == 0
                        ? source.open(snapshot, columns, RowRange.ALL, List.of(), vault.allocator())
                        : null;
            }
            long from = next.getAndAdd(RANGE);
            return from >= rows
                    ? null
                    : source.open(
                            snapshot,
                            columns,
                            new RowRange(from, Math.min(rows, from + RANGE)),
                            List.of(),
                            vault.allocator());
        }

        @Override
        public void close() {
            use.close();
        }
    }

    /** How far a thread is in its rows. */
    static final class ThreadState implements DuckDBTableFunctionState {
        private @Nullable ArrowReader reader;
        private int at;
        private int count;

        boolean hasRows(Scan scan, VaultSql vault) throws IOException {
            while (at >= count) {
                ArrowReader current = reader;
                if (current == null) {
                    current = scan.next(vault);
                    reader = current;
                    if (current == null) {
                        return false;
                    }
                }
                at = 0;
                if (current.loadNextBatch()) {
                    count = current.getVectorSchemaRoot().getRowCount();
                } else {
                    count = 0;
                    close();
                }
            }
            return true;
        }

        long write(Scan scan, DuckDBDataChunkWriter out) throws IOException {
            ArrowReader current = Objects.requireNonNull(reader);
            VectorSchemaRoot root = current.getVectorSchemaRoot();
            int rows = (int) Math.min(out.capacity(), count - at);
            for (int i = 0; i < scan.transports.size(); i++) {
                scan.transports.get(i).write(root.getVector(i), at, rows, out.vector(i));
            }
            at += rows;
            return rows;
        }

        @Override
        public void close() throws IOException {
            ArrowReader current = reader;
            reader = null;
            if (current != null) {
                current.close();
            }
        }
    }
}
