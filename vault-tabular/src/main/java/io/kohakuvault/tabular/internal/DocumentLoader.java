package io.kohakuvault.tabular.internal;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds JSON lines to documents: {@code {"texts": {column: text}, "value": …}} as {@link TextExport} writes them, or
 * with the texts as fields of the line.
 */
public final class DocumentLoader extends LineLoader<NewDocument> {
    private static final String TEXTS = "texts";

    private final String name;
    private final Options options;

    private @Nullable TextVault table;
    private List<String> columns = List.of();

    /**
     * What is said of the table and the lines.
     *
     * @param columns of a table that is made; none for those that the first line has
     * @param tokenizer options whose tokenizer, with its settings, a table gets that is made; null for unicode61
     * @param textField the field that is the text of a table of one column, null for one that is named like it
     * @param valueField the field that is stored with a document
     */
    public record Options(
            List<String> columns,
            @Nullable TextOptions tokenizer,
            @Nullable String textField,
            String valueField) {}

    /**
     * A load.
     *
     * @param name the table
     * @param notes hears in a sentence what is worth to know and no failure
     */
    public DocumentLoader(TextInput input, String name, Options options, Consumer<String> notes) {
        super(input, options.valueField, notes);
        this.name = name;
        this.options = options;
    }

    @Override
    boolean isThere(Vault vault) {
        return vault.contents().contains(Content.Kind.DOCUMENTS, name);
    }

    @Override
    void open(Vault vault, Map<String, @Nullable Object> first) {
        boolean there = isThere(vault);
        columns = there ? vault.text(name).columns() : !options.columns.isEmpty() ? options.columns : columnsOf(first);
        if (there && !options.columns.isEmpty() && !options.columns.equals(columns)) {
            throw new IllegalArgumentException(
                    "table " + name + " is there and has the columns " + columns + ", not " + options.columns);
        }
        if (options.textField != null && columns.size() != 1) {
            throw new IllegalArgumentException("the field '" + options.textField
                    + "' is the text of a table of one column, but " + name + " has " + columns);
        }
        TextOptions made = (options.tokenizer == null ? TextOptions.defaults() : options.tokenizer)
                .withColumns(columns.toArray(String[]::new));
        // A table that is there keeps its tokenizer unless one is said, which it must have then.
        table = there && options.tokenizer == null ? vault.text(name) : vault.text(name, made);
    }

    private List<String> columnsOf(Map<String, @Nullable Object> first) {
        if (options.textField != null) {
            return TextOptions.defaults().columns();
        }
        List<String> names = new ArrayList<>();
        texts(first).keySet().forEach(field -> names.add(String.valueOf(field)));
        if (names.isEmpty()) {
            throw new RecordException("it has no texts, so the columns of a new table are not known");
        }
        return names;
    }

    /** The fields that are texts. */
    private static Map<?, ?> texts(Map<String, @Nullable Object> fields) {
        if (fields.get(TEXTS) instanceof Map<?, ?> texts) {
            fields.keySet().stream()
                    .filter(field -> !field.equals(TEXTS))
                    .findFirst()
                    .ifPresent(field -> {
                        throw new RecordException("beside its texts it has the field '" + Cell.shorten(field)
                                + "', which is not the value");
                    });
            return texts;
        }
        return fields;
    }

    @Override
    NewDocument item(Map<String, @Nullable Object> fields, @Nullable Object value) {
        Map<?, ?> said = texts(fields);
        for (Object field : said.keySet()) {
            if (!(options.textField == null ? columns.contains(field) : field.equals(options.textField))) {
                throw new RecordException("the field '" + Cell.shorten(String.valueOf(field))
                        + "' is neither a column of text (" + String.join(", ", columns) + ") nor the value");
            }
        }
        if (said.isEmpty()) {
            throw new RecordException("it has no text");
        }
        List<String> texts = new ArrayList<>();
        for (String column : columns) {
            String field = options.textField == null ? column : options.textField;
            Object text = said.get(field);
            if (text != null && !(text instanceof String)) {
                throw new RecordException("what stands under '" + field + "' is no text");
            }
            texts.add(text == null ? "" : text.toString());
        }
        return new NewDocument(texts, value);
    }

    @Override
    long[] add(List<NewDocument> documents) {
        return documents.isEmpty() ? new long[0] : Objects.requireNonNull(table).insertAll(documents);
    }

    @Override
    String noun() {
        return "document";
    }
}
