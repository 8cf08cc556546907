package io.kohakuvault.tabular.internal;

import io.kohakuvault.Snapshot;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.column.ElementReader;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tables, columns and key-values as text. What is written of tables and columns is read again by a {@link TableLoader}
 * that is given their types.
 */
public final class TextExport {
    private static final String VALUE = "value";

    private final Writer out;
    private final TextFormat format;
    private final char delimiter;
    private final String nullText;

    /**
     * An export.
     *
     * @param delimiter what separates fields, null for the format's own
     * @param nullText what stands for a null in CSV; a text that is the same is in quotes
     */
    public TextExport(Writer out, TextFormat format, @Nullable Character delimiter, String nullText) {
        this.out = out;
        this.format = format;
        this.delimiter = delimiter == null ? format.delimiter() : delimiter;
        this.nullText = nullText;
    }

    private RecordWriter writer(List<String> columns) throws IOException {
        return format == TextFormat.jsonl
                ? RecordWriter.jsonl(out, columns)
                : RecordWriter.csv(out, columns, delimiter, nullText);
    }

    /** Writes rows of a table of a snapshot. */
    public void table(Snapshot snapshot, String table, RowSelection selection) throws IOException {
        rows(
                snapshot,
                table,
                selection,
                selection.columns().stream().map(SchemaColumn::name).toList());
    }

    private void rows(Snapshot snapshot, String table, RowSelection selection, List<String> headings)
            throws IOException {
        List<SchemaColumn> columns = selection.columns();
        List<CellFormat> formats = new ArrayList<>();
        TableReader reader = snapshot.tables().get(table);
        for (SchemaColumn column : columns) {
            Presence presence = new Presence(column.nullable() ? reader : null, column.name());
            ElementReader<byte[]> elements = snapshot.columns().bytes(table + "." + column.name());
            formats.add(new CellFormat(column, row -> presence.of(row) ? elements.get(row) : null));
        }
        RecordWriter records = writer(headings);
        RowValues values = new RowValues(columns, formats);
        selection.forEach(row -> {
            values.row = row;
            records.write(values);
        });
        records.finish();
    }

    private static final class RowValues implements RecordWriter.Values {
        private final List<SchemaColumn> columns;
        private final List<CellFormat> formats;
        private @Nullable Row row;

        RowValues(List<SchemaColumn> columns, List<CellFormat> formats) {
            this.columns = columns;
            this.formats = formats;
        }

        @Override
        public @Nullable String text(int column) {
            Row current = java.util.Objects.requireNonNull(row);
            return formats.get(column).text(current.get(columns.get(column).name()), current.index());
        }

        @Override
        public @Nullable Object json(int column) {
            Row current = java.util.Objects.requireNonNull(row);
            return formats.get(column).json(current.get(columns.get(column).name()), current.index());
        }
    }

    /**
     * Writes the first elements of a column as a table with the one column {@code value}; of a table's column as the
     * table has them.
     */
    public void column(Snapshot snapshot, String name, long limit) throws IOException {
        Optional<TableColumn> owned = TableColumn.of(snapshot, name);
        if (owned.isPresent()) {
            rows(snapshot, owned.get().table(), owned.get().rows(snapshot, limit), List.of(VALUE));
            return;
        }
        SchemaColumn column =
                SchemaColumn.of(VALUE, snapshot.columns().bytes(name).dtype(), false);
        CellFormat cells =
                new CellFormat(column, row -> snapshot.columns().bytes(name).get(row));
        RecordWriter records = writer(List.of(column.name()));
        ColumnElements.forEach(
                snapshot,
                name,
                limit,
                (index, value) -> records.write(new RecordWriter.Values() {
                    @Override
                    public @Nullable String text(int i) {
                        return cells.text(value, index);
                    }

                    @Override
                    public @Nullable Object json(int i) {
                        return cells.json(value, index);
                    }
                }));
        records.finish();
    }

    /**
     * Writes the first entries of a key-value table as {@code key} and {@code value}.
     *
     * @param keys how a key is written
     */
    public void keyValues(KvReader table, long limit, Function<byte[], String> keys) throws IOException {
        RecordWriter records = writer(List.of("key", "value"));
        long left = limit;
        for (byte[] key : table.keys(KvRange.all())) {
            if (left-- <= 0) {
                break;
            }
            String text = keys.apply(key);
            Object value = described(table.findValue(key).orElse(null));
            records.write(new RecordWriter.Values() {
                @Override
                public @Nullable String text(int i) {
                    Object cell = json(i);
                    return cell == null
                            ? null
                            : cell instanceof List || cell instanceof Map ? JsonTree.text(cell) : String.valueOf(cell);
                }

                @Override
                public @Nullable Object json(int i) {
                    return i == 0 ? text : value;
                }
            });
        }
        records.finish();
    }

    /**
     * Writes the first documents of a table as JSON lines, which a {@link DocumentLoader} reads as the same texts and
     * values.
     */
    public void documents(TextReader table, long limit) throws IOException {
        List<String> columns = table.columns();
        Lines lines = new Lines("texts", limit);
        for (TextDocument document : limit > 0 ? table.scan() : List.<TextDocument>of()) {
            Map<String, Object> texts = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                texts.put(columns.get(i), document.texts().get(i));
            }
            if (lines.write(document.id(), texts, document.value())) {
                break;
            }
        }
        lines.records.finish();
    }

    /**
     * Writes the first vectors of a table as JSON lines, which a {@link VectorLoader} reads as the same numbers, bit by
     * bit, and values.
     */
    public void vectors(VectorReader table, long limit) throws IOException {
        Lines lines = new Lines("vector", limit);
        for (StoredVector stored : limit > 0 ? table.scan() : List.<StoredVector>of()) {
            if (lines.write(stored.id(), VectorText.tree(table.type(), stored.vector()), stored.value())) {
                break;
            }
        }
        lines.records.finish();
    }

    /** Lines of an id, what is searched for, and the value that is stored with it. */
    private final class Lines {
        private final RecordWriter records;
        private long left;

        Lines(String searched, long limit) throws IOException {
            this.records = writer(List.of("id", searched, VALUE));
            this.left = limit;
        }

        /** Answers whether it was the last that is wanted. */
        boolean write(long id, Object searched, Optional<Object> value) throws IOException {
            Object tree = ValueJson.tree(value.orElse(null));
            records.write(new RecordWriter.Values() {
                @Override
                public @Nullable String text(int i) {
                    throw new IllegalStateException("these are JSON lines alone");
                }

                @Override
                public @Nullable Object json(int i) {
                    return i == 0 ? (Object) id : i == 1 ? searched : tree;
                }
            });
            return --left == 0;
        }
    }

    /** A value that describes itself as JSON has it for people: bytes in Base64, what JSON does not know as text. */
    public static @Nullable Object described(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        } else if (value instanceof NumericArray array) {
            List<Object> lists = VectorText.tree(array);
            return lists == null ? array.toString() : lists;
        } else if (value instanceof float[] vector) {
            return VectorText.tree(vector, List.of(vector.length));
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>(list.size());
            list.forEach(item -> out.add(described(item)));
            return out;
        } else if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((key, item) -> out.put(String.valueOf(key), described(item)));
            return out;
        }
        return JsonTree.isPlain(value) || value instanceof Double ? value : String.valueOf(value);
    }
}
