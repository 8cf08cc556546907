package io.kohakuvault.tabular.internal;

import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gathers which types keep all values of each column of a sample, without keeping the values. Not thread-safe. */
final class TypeInference {
    private final Map<String, Evidence> columns = new LinkedHashMap<>();
    private final List<Evidence> byPlace = new ArrayList<>();

    private static final class Evidence {
        private final String name;
        private int types = -1;
        /** A text that stands for a null in other programs, when one was among the values. */
        private @Nullable String marker;

        Evidence(String name) {
            this.name = name;
        }
    }

    /** @param heading the columns that are known already, in their order */
    TypeInference(List<String> heading) {
        heading.forEach(this::column);
    }

    private Evidence column(String name) {
        return columns.computeIfAbsent(name, Evidence::new);
    }

    /** Takes a record's values into account. */
    void add(RecordReader record) {
        for (int i = 0; i < record.size(); i++) {
            Evidence column = i < byPlace.size() ? byPlace.get(i) : null;
            if (column == null || !column.name.equals(record.name(i))) {
                column = column(record.name(i));
                if (i < byPlace.size()) {
                    byPlace.set(i, column);
                } else {
                    byPlace.add(column);
                }
            }
            Cell cell = record.cell(i);
            boolean known = column.types == InferredType.TEXT.bit() && cell.isField();
            if (!known && cell.kind() != Cell.Kind.NULL && !cell.isEmptyField()) {
                int types = Meaning.types(cell);
                if (types == InferredType.TEXT.bit() && column.marker == null) {
                    column.marker = NullMarkers.of(cell).orElse(null);
                    types = column.marker == null ? types : -1; // looked at in the end
                } else if (types == InferredType.TEXT.bit() && cell.text().equals(column.marker)) {
                    types = -1;
                }
                column.types &= types;
            }
        }
    }

    /**
     * A table's columns and, for those whose type was not said, what was inferred. A column without a value is one of
     * text.
     *
     * @param said columns whose types are given
     * @param wording what notes advise
     * @param notes hears of columns that are text for the sake of a text that may mean null
     */
    Map<SchemaColumn, @Nullable InferredType> columns(
            Map<String, SchemaColumn> said, Wording wording, Consumer<String> notes) {
        Map<SchemaColumn, @Nullable InferredType> schema = new LinkedHashMap<>();
        Map<String, List<String>> marked = new LinkedHashMap<>();
        columns.forEach((name, evidence) -> {
            SchemaColumn given = said.get(name);
            if (given != null) {
                schema.put(given, null);
                return;
            }
            InferredType type = first(evidence.types);
            if (evidence.marker != null && type != InferredType.TEXT) {
                marked.computeIfAbsent(evidence.marker, m -> new ArrayList<>()).add(name);
                type = InferredType.TEXT;
            }
            schema.put(type.column(name), type);
        });
        marked.forEach((marker, names) -> notes.accept("'" + marker + "' makes text of "
                + (names.size() == 1
                        ? "column '" + names.get(0) + "'"
                        : names.size() + " columns (" + Cell.shorten(String.join(", ", names)) + ")")
                + "; when it means that there is no value, say "
                + wording.nulls().formatted(marker)));
        said.forEach((name, column) -> schema.putIfAbsent(column, null));
        return schema;
    }

    private static InferredType first(int types) {
        if (types == -1) {
            return InferredType.TEXT;
        }
        for (InferredType type : InferredType.values()) {
            if ((types & type.bit()) != 0) {
                return type;
            }
        }
        return InferredType.TEXT;
    }
}
