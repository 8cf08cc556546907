package io.kohakuvault.tabular.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes records of one shape. Not thread-safe; the writer below it stays open. */
interface RecordWriter {
    /** Writes a record: a value for each column, as {@link CellFormat} has them. */
    void write(Values values) throws IOException;

    /** Ends what is buffered here. */
    void finish() throws IOException;

    /** The values of a record. */
    interface Values {
        /** For CSV; null for a null. */
        @Nullable
        String text(int column);

        /** For JSON; null for a null. */
        @Nullable
        Object json(int column);
    }

    /** CSV with its heading, which is written at once. */
    static RecordWriter csv(Writer out, List<String> columns, char delimiter, String nullText) throws IOException {
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            // Quoted where the name could be taken for more than one, or its beginning for a mark of the encoding.
            boolean odd = name.chars().anyMatch(c -> c == ';' || c == '|' || c == '\t' || c == ',' || c == '\uFEFF');
            field(out, name, delimiter, odd ? name : nullText);
            out.write(i + 1 < columns.size() ? delimiter : '\n');
        }
        return new RecordWriter() {
            @Override
            public void write(Values values) throws IOException {
                for (int i = 0; i < columns.size(); i++) {
                    String text = values.text(i);
                    if (text == null) {
                        out.write(nullText);
                    } else {
                        field(out, text, delimiter, nullText);
                    }
                    out.write(i + 1 < columns.size() ? delimiter : '\n');
                }
            }

            @Override
            public void finish() {}
        };
    }

    private static void field(Writer out, String text, char delimiter, String nullText) throws IOException {
        boolean quotes = text.isEmpty() || text.equals(nullText);
        for (int i = 0; i < text.length() && !quotes; i++) {
            char c = text.charAt(i);
            quotes = c == delimiter || c == '"' || c == '\n' || c == '\r';
        }
        if (!quotes) {
            out.write(text);
            return;
        }
        out.write('"');
        int from = 0;
        for (int quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote + 1)) {
            out.write(text, from, quote + 1 - from);
            from = quote;
        }
        out.write(text, from, text.length() - from);
        out.write('"');
    }

    /** JSON objects, one a line. */
    static RecordWriter jsonl(Writer out, List<String> columns) throws IOException {
        JsonGenerator json = JsonTree.FACTORY
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                .setRootValueSeparator(null);
        return new RecordWriter() {
            @Override
            public void write(Values values) throws IOException {
                json.writeStartObject();
                for (int i = 0; i < columns.size(); i++) {
                    json.writeFieldName(columns.get(i));
                    JsonTree.write(json, values.json(i));
                }
                json.writeEndObject();
                json.writeRaw('\n');
            }

            @Override
            public void finish() throws IOException {
                json.close();
            }
        };
    }
}
