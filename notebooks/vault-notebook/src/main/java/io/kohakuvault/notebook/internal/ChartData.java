package io.kohakuvault.notebook.internal;

import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import java.lang.reflect.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Rows for a chart: all of them, or every nth where they are more than a chart can show. */
public interface ChartData {
    /** {@return the names of the columns} */
    List<String> names();

    /**
     * Reads rows.
     *
     * @param columns names, all of which there are
     * @param most how many rows to keep at most, at least 2
     */
    Sample read(List<String> columns, int most);

    /** Rows of {@code every}th number, and how many there are in all. */
    record Sample(List<Object[]> rows, long every, long all) {}

    static ChartData of(TableReader table) {
        return new ChartData() {
            @Override
            public List<String> names() {
                return table.schema().columns().stream().map(SchemaColumn::name).toList();
            }

            @Override
            public Sample read(List<String> columns, int most) {
                VaultRows.chosen(table, columns);
                long length = table.length();
                long every = Math.max(1, (length + most - 1) / most);
                long[] indexes = new long[(int) ((length + every - 1) / every)];
                Arrays.setAll(indexes, i -> i * every);
                List<Object[]> rows = new ArrayList<>();
                String[] asked = columns.stream().distinct().toArray(String[]::new);
                for (Row row : table.rows(indexes, asked)) {
                    rows.add(columns.stream().map(row::get).toArray());
                }
                return new Sample(rows, every, length);
            }
        };
    }

    static ChartData of(VectorSchemaRoot batch) {
        return new ChartData() {
            @Override
            public List<String> names() {
                return batch.getSchema().getFields().stream()
                        .map(f -> f.getName())
                        .toList();
            }

            @Override
            public Sample read(List<String> columns, int most) {
                ArrowRows.checkOpen(batch);
                List<FieldVector> vectors =
                        columns.stream().map(batch::getVector).toList();
                int length = batch.getRowCount();
                int every = Math.max(1, (length + most - 1) / most);
                List<Object[]> rows = new ArrayList<>();
                for (int row = 0; row < length; row += every) {
                    int at = row;
                    rows.add(vectors.stream().map(v -> ArrowRows.value(v, at)).toArray());
                }
                return new Sample(rows, every, length);
            }
        };
    }

    /** Reads the result to its end. */
    static ChartData of(ResultSet result) throws SQLException {
        ResultRows.checkOpen(result);
        ResultSetMetaData about = result.getMetaData();
        List<String> names = new ArrayList<>();
        for (int c = 1; c <= about.getColumnCount(); c++) {
            names.add(about.getColumnLabel(c));
        }
        return new ChartData() {
            @Override
            public List<String> names() {
                return names;
            }

            @Override
            public Sample read(List<String> columns, int most) {
                int[] places = columns.stream().mapToInt(names::indexOf).toArray();
                List<Object[]> rows = new ArrayList<>();
                long every = 1;
                long all = 0;
                try {
                    for (; result.next(); all++) {
                        if (all % every != 0) {
                            continue;
                        }
                        if (rows.size() == most) {
                            List<Object[]> half = new ArrayList<>();
                            for (int i = 0; i < rows.size(); i += 2) {
                                half.add(rows.get(i));
                            }
                            rows = half;
                            every *= 2;
                            if (all % every != 0) {
                                continue;
                            }
                        }
                        rows.add(ResultRows.row(result, places));
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException("the result cannot be read: " + e.getMessage(), e);
                }
                return new Sample(rows, every, all);
            }
        };
    }

    /** Columns as arrays or lists of one length. */
    static ChartData of(Map<String, ?> columns) {
        long length = -1;
        for (Map.Entry<String, ?> column : columns.entrySet()) {
            long own = length(column.getKey(), column.getValue());
            if (length >= 0 && own != length) {
                throw new IllegalArgumentException("columns of a chart are of one length, but \"" + column.getKey()
                        + "\" has " + own + " elements and another " + length);
            }
            length = own;
        }
        int rowCount = (int) Math.max(0, length);
        return new ChartData() {
            @Override
            public List<String> names() {
                return List.copyOf(columns.keySet());
            }

            @Override
            public Sample read(List<String> names, int most) {
                int every = Math.max(1, (rowCount + most - 1) / most);
                List<Object[]> rows = new ArrayList<>();
                for (int row = 0; row < rowCount; row += every) {
                    int at = row;
                    rows.add(names.stream()
                            .map(name -> {
                                Object column = columns.get(name);
                                return column instanceof List<?> list ? list.get(at) : Array.get(column, at);
                            })
                            .toArray());
                }
                return new Sample(rows, every, rowCount);
            }
        };
    }

    private static long length(String name, Object column) {
        if (column instanceof List<?> list) {
            return list.size();
        }
        if (column.getClass().isArray()) {
            return Array.getLength(column);
        }
        throw new IllegalArgumentException("the column \"" + name + "\" of a chart is an array or a List, but was a "
                + column.getClass().getName());
    }
}
