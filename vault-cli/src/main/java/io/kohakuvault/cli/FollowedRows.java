package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.tabular.internal.ColumnElements;
import io.kohakuvault.tabular.internal.RowSelection;
import io.kohakuvault.tabular.internal.TableColumn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

/** The rows of a table, or the elements of a column, in one state of the file. */
abstract class FollowedRows implements FollowedPlace.Rows {
    /** Takes what is to be shown of a row. */
    interface Reader {
        void accept(long index, List<String> cells);
    }

    /** What is asked for. */
    record Selection(String name, List<String> columns, List<String> where) {}

    /** @throws NoSuchElementException when there is no such table or column */
    static FollowedRows of(Snapshot snapshot, Content.Kind kind, Selection selection) {
        String name = selection.name();
        if (kind == Content.Kind.TABLE) {
            TableReader table = snapshot.tables().get(name);
            RowSelection rows = new RowSelection(table, selection.columns(), selection.where(), Long.MAX_VALUE);
            return new OfTable(
                    table,
                    rows,
                    "row ",
                    rows.columns().stream().map(ShownRows.Heading::of).toList());
        }
        TableColumn owned = TableColumn.of(snapshot, name).orElse(null);
        if (owned == null) {
            return new OfColumn(snapshot, name, snapshot.columns().bytes(name).dtype());
        }
        RowSelection rows = owned.rows(snapshot, Long.MAX_VALUE);
        return new OfTable(
                snapshot.tables().get(owned.table()),
                rows,
                "element ",
                List.of(ShownRows.Heading.of(name, rows.columns().get(0))));
    }

    abstract List<ShownRows.Heading> headings();

    /** What a row is called before its number. */
    abstract String place();

    /** Reads those rows of a range that are asked for. */
    abstract void read(long from, long to, Reader reader) throws IOException;

    /** What marks are made of: those of rows with another one cannot be compared. */
    abstract List<SchemaColumn> marked();

    private static final class OfTable extends FollowedRows {
        private final TableReader table;
        private final RowSelection rows;
        private final String place;
        private final List<ShownRows.Heading> headings;
        private List<SchemaColumn> marked;

        OfTable(TableReader table, RowSelection rows, String place, List<ShownRows.Heading> headings) {
            this.table = table;
            this.rows = rows;
            this.place = place;
            this.headings = headings;
            List<SchemaColumn> all = table.schema().columns();
            List<SchemaColumn> small = all.stream().filter(OfTable::isSmall).toList();
            this.marked = small.isEmpty() ? all : small;
        }

        /** Rows are looked at whenever something is committed; what may be large is left out of that. */
        private static boolean isSmall(SchemaColumn column) {
            return column.dtype() instanceof DType.IntegerType
                    || column.dtype() instanceof DType.FloatingType
                    || column.dtype() instanceof DType.BooleanType
                    || column.dtype() instanceof DType.StringType;
        }

        @Override
        public long length() {
            return table.length();
        }

        @Override
        List<ShownRows.Heading> headings() {
            return headings;
        }

        @Override
        String place() {
            return place;
        }

        @Override
        void read(long from, long to, Reader reader) throws IOException {
            rows.forEach(from, to, row -> reader.accept(row.index(), cells(row)));
        }

        private List<String> cells(Row row) {
            return rows.columns().stream()
                    .map(column -> DisplayValue.of(row.get(column.name()), column.dtype()))
                    .toList();
        }

        @Override
        List<SchemaColumn> marked() {
            return marked;
        }

        @Override
        boolean markBy(List<SchemaColumn> columns) {
            if (!table.schema().columns().containsAll(columns)) {
                return false;
            }
            marked = columns;
            return true;
        }

        @Override
        public long[] marks(long from, long to) {
            RowSelection marks = new RowSelection(
                    table, marked.stream().map(SchemaColumn::name).toList(), List.of(), Long.MAX_VALUE);
            long[] answer = new long[Math.toIntExact(to - from)];
            try {
                marks.forEach(from, to, row -> {
                    long mark = 0;
                    for (SchemaColumn column : marked) {
                        mark = mixed(mark, row.get(column.name()));
                    }
                    answer[(int) (row.index() - from)] = mark;
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e); // nothing here does
            }
            return answer;
        }
    }

    /** Whether marks can be made of these columns again; they are from now on. */
    abstract boolean markBy(List<SchemaColumn> columns);

    private static final class OfColumn extends FollowedRows {
        private final Snapshot snapshot;
        private final String name;
        private final DType dtype;

        OfColumn(Snapshot snapshot, String name, DType dtype) {
            this.snapshot = snapshot;
            this.name = name;
            this.dtype = dtype;
        }

        @Override
        public long length() {
            return ColumnElements.length(snapshot, name);
        }

        @Override
        List<ShownRows.Heading> headings() {
            return List.of(ShownRows.Heading.of(name, column()));
        }

        private SchemaColumn column() {
            return SchemaColumn.of("value", dtype, false);
        }

        @Override
        String place() {
            return "element ";
        }

        @Override
        void read(long from, long to, Reader reader) throws IOException {
            ColumnElements.forEach(
                    snapshot,
                    name,
                    from,
                    to,
                    (index, value) -> reader.accept(index, List.of(DisplayValue.of(value, dtype))));
        }

        @Override
        List<SchemaColumn> marked() {
            return List.of(column());
        }

        @Override
        boolean markBy(List<SchemaColumn> columns) {
            return columns.equals(marked());
        }

        @Override
        public long[] marks(long from, long to) {
            long[] answer = new long[Math.toIntExact(to - from)];
            try {
                ColumnElements.forEach(
                        snapshot, name, from, to, (index, value) -> answer[(int) (index - from)] = mixed(0, value));
            } catch (IOException e) {
                throw new UncheckedIOException(e); // nothing here does
            }
            return answer;
        }
    }

    private static long mixed(long mark, Object value) {
        return (Long.rotateLeft(mark, 21) ^ hash(value)) * 0x9E3779B97F4A7C15L;
    }

    /** The same for values that are the same, arrays within lists too. */
    private static long hash(Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.hashCode(bytes);
        } else if (value instanceof float[] floats) {
            return Arrays.hashCode(floats);
        } else if (value instanceof List<?> list) {
            long hash = 1;
            for (Object element : list) {
                hash = mixed(hash, element);
            }
            return hash;
        } else if (value instanceof Map<?, ?> map) {
            long hash = 2;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                hash += mixed(hash(entry.getKey()), entry.getValue());
            }
            return hash;
        } else if (value instanceof String text) {
            long hash = text.length();
            for (int i = 0; i < text.length(); i++) {
                hash = hash * 0x100000001B3L + text.charAt(i);
            }
            return hash;
        }
        return value instanceof Long number ? number : Objects.hashCode(value);
    }
}
