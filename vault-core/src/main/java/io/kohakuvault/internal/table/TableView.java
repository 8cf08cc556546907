package io.kohakuvault.internal.table;

import io.kohakuvault.VaultException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.BlockAccess;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Tails;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A table of a live vault or, without a file to write to, of a snapshot. */
final class TableView implements Table {
    private final BlockAccess access;
    private final @Nullable SqliteFile file;
    private final @Nullable Tails tails;
    private final String name;
    private final List<TableColumn> columns;
    private final Schema schema;

    TableView(
            BlockAccess access,
            @Nullable SqliteFile file,
            @Nullable Tails tails,
            String name,
            List<TableColumn> columns) {
        this.access = access;
        this.file = file;
        this.tails = tails;
        this.name = name;
        this.columns = columns;
        this.schema = new Schema(columns.stream().map(TableColumn::schema).toList());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public long length() {
        return access.blocks(reader -> record(reader, columns.get(0)).length());
    }

    private ColumnRecord record(BlockReader reader, TableColumn column) {
        return reader.column(column.colId())
                .orElseThrow(() -> new NoSuchElementException("table '" + name + "' was dropped"));
    }

    @Override
    public List<Row> rows(long from, long to, String... names) {
        List<TableColumn> wanted = names.length == 0
                ? columns
                : List.of(names).stream().map(this::column).toList();
        return access.blocks(reader -> {
            Objects.checkFromToIndex(from, to, record(reader, columns.get(0)).length());
            List<Map<String, @Nullable Object>> values = new ArrayList<>();
            for (long row = from; row < to; row++) {
                values.add(new LinkedHashMap<>());
            }
            for (TableColumn column : wanted) {
                read(reader, column, from, to, values);
            }
            List<Row> rows = new ArrayList<>(values.size());
            for (int i = 0; i < values.size(); i++) {
                rows.add(new Row(from + i, values.get(i)));
            }
            return rows;
        });
    }

    private TableColumn column(String wanted) {
        return columns.stream()
                .filter(c -> c.schema().name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("table '" + name + "' has no column '" + wanted
                        + "', it has "
                        + schema.columns().stream().map(SchemaColumn::name).toList()));
    }

    private void read(
            BlockReader reader, TableColumn column, long from, long to, List<Map<String, @Nullable Object>> values) {
        int[] at = {0};
        SchemaColumn schemaColumn = column.schema();
        reader.visit(record(reader, column), from, to, (block, first, last) -> {
            byte[] validity = schemaColumn.nullable() ? reader.validity(block.entry()) : null;
            for (int i = first; i < last; i++) {
                boolean present = validity == null || (validity[i >> 3] >> (i & 7) & 1) != 0;
                values.get(at[0]++).put(schemaColumn.name(), present ? value(schemaColumn, block, i) : null);
            }
        });
    }

    private static Object value(SchemaColumn column, BlockData block, int i) {
        DType dtype = column.dtype();
        if (dtype instanceof DType.IntegerType type) {
            long value = ElementCodec.getLong(block, type, i);
            return column.logicalType().orElse(null) instanceof LogicalType.Timestamp t
                    ? Timestamps.toInstant(value, t.unit())
                    : (Object) value;
        } else if (dtype instanceof DType.FloatingType type) {
            return ElementCodec.getDouble(block, type, i);
        } else if (dtype instanceof DType.BooleanType) {
            return block.payload().get(i) != 0;
        } else if (dtype instanceof DType.StringType type) {
            return ElementCodec.getString(block, type, i);
        } else if (dtype instanceof DType.VectorType type && type.element() == ElementType.F32 && type.isFixedSize()) {
            return ElementCodec.getFloats(block, type, i);
        }
        return ElementCodec.getBytes(block, dtype, i);
    }

    @Override
    public void append(Consumer<RowWriter> filler) {
        RowBatch batch = newBatch();
        batch.add(filler);
        append(batch);
    }

    @Override
    public RowBatch newBatch() {
        return new RowBuffer(name, schema.columns());
    }

    @Override
    public void append(RowBatch batch) {
        if (!(batch instanceof RowBuffer rows) || !rows.schema().equals(schema.columns())) {
            throw new IllegalArgumentException("the batch was not made by table '" + name + "' (use its newBatch())");
        }
        SqliteFile f = file;
        if (f == null) {
            throw new UnsupportedOperationException("table '" + name + "' is read-only in a snapshot");
        }
        if (rows.rows() > 0) {
            f.run(() -> {
                write(f.writer().session(), rows);
            });
        }
    }

    private void write(Session session, RowBuffer rows) {
        Tails t = Objects.requireNonNull(tails);
        long length = -1;
        for (int i = 0; i < columns.size(); i++) {
            TableColumn column = columns.get(i);
            long own = t.length(session, column.colId(), column.schema().nullable());
            if (length >= 0 && own != length) {
                throw new VaultException(
                        session.file() + ": table '" + name + "' cannot be written: column '"
                                + column.schema().name() + "' has "
                                + own + " rows, '" + columns.get(0).schema().name() + "' has " + length
                                + "; something else has written to one of them alone, cut the longer one back",
                        null);
            }
            length = own;
        }
        for (int i = 0; i < columns.size(); i++) {
            TableColumn column = columns.get(i);
            Elements elements = rows.elements(i);
            t.append(session, column.colId(), column.schema().nullable(), elements);
        }
    }

    @Override
    public String toString() {
        return "table '" + name + "'";
    }
}
