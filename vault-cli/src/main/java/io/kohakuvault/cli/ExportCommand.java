package io.kohakuvault.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Row;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Writes a table, column or key-value table as CSV (with a heading) or as JSON, one object a line.",
            "Times are written in ISO 8601, bytes in Base64; nulls are empty in CSV, where an empty text is in quotes, and null in JSON."
        })
final class ExportCommand extends FileCommand {
    private static final int BATCH = 4096;

    /** Forms. */
    enum Format {
        csv,
        jsonl
    }

    @Parameters(index = "1", paramLabel = "NAME", description = "a table, column or key-value table")
    String name;

    @Option(
            names = "--format",
            defaultValue = "csv",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    Format format;

    @Option(names = "--out", paramLabel = "PATH", description = "this file instead of standard output")
    Path target;

    @Option(names = "--hex", description = "keys in hexadecimal digits")
    boolean hex;

    /** Takes rows. */
    private interface Sink {
        void row(Map<String, Object> values) throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        if (target != null) {
            checkTarget(target);
        }
        try (Vault vault = read();
                Snapshot snapshot = vault.snapshot()) {
            Content content = Contents.find(vault, name);
            if (target == null) {
                PrintWriter out = out();
                export(snapshot, content, out);
                out.flush();
            } else {
                replace(target, path -> {
                    try (BufferedWriter out = Files.newBufferedWriter(path)) {
                        export(snapshot, content, out);
                    }
                });
            }
        }
        return 0;
    }

    private void export(Snapshot snapshot, Content content, Writer out) throws IOException {
        List<String> columns = switch (content.kind()) {
            case TABLE ->
                snapshot.tables().get(name).schema().columns().stream()
                        .map(c -> c.name())
                        .toList();
            case COLUMN, LEGACY_COLUMN -> List.of("value");
            case KEY_VALUES -> List.of("key", "value");
            default ->
                throw new IllegalArgumentException(
                        "export writes tables, columns and key-values; 'vault dump FILE --json --name " + name
                                + "' prints " + InfoCommand.kind(content.kind()));
        };
        if (format == Format.jsonl) {
            try (JsonGenerator json = new JsonFactory()
                    .createGenerator(out)
                    .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                    .setRootValueSeparator(null)) {
                rows(snapshot, content, values -> {
                    json.writeStartObject();
                    for (Map.Entry<String, Object> value : values.entrySet()) {
                        json.writeFieldName(value.getKey());
                        write(json, value.getValue());
                    }
                    json.writeEndObject();
                    json.writeRaw('\n');
                });
            }
            return;
        }
        CsvSchema.Builder schema = CsvSchema.builder();
        columns.forEach(schema::addColumn);
        try (SequenceWriter csv = new CsvMapper()
                .configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false)
                .writer(schema.build().withHeader())
                .with(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS)
                .writeValues(out)) {
            if (content.count() == 0) {
                out.write(String.join(",", columns) + "\n");
            }
            rows(snapshot, content, values -> {
                Map<String, Object> texts = new LinkedHashMap<>();
                for (Map.Entry<String, Object> value : values.entrySet()) {
                    texts.put(value.getKey(), text(value.getValue()));
                }
                csv.write(texts);
            });
        }
    }

    private String key(byte[] key) {
        if (hex) {
            return HexFormat.of().formatHex(key);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    file + ": the key x'" + HexFormat.of().formatHex(key) + "' of " + name
                            + " is no text; --hex writes keys in hexadecimal digits",
                    e);
        }
    }

    private void rows(Snapshot snapshot, Content content, Sink sink) throws IOException {
        switch (content.kind()) {
            case TABLE -> {
                var table = snapshot.tables().get(name);
                long length = table.length();
                for (long from = 0; from < length; from += BATCH) {
                    for (Row row : table.rows(from, Math.min(length, from + BATCH))) {
                        sink.row(Contents.values(table.schema(), row));
                    }
                }
            }
            case KEY_VALUES -> {
                for (byte[] key : snapshot.kv(name).keys(KvRange.all())) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("key", key(key));
                    row.put("value", snapshot.kv(name).getValue(key).orElse(null));
                    sink.row(row);
                }
            }
            default -> {
                for (long from = 0; from < content.count(); from += BATCH) {
                    for (Object value : Contents.slice(snapshot, name, from, Math.min(content.count(), from + BATCH))) {
                        Map<String, Object> row = new LinkedHashMap<>();
                        row.put("value", value);
                        sink.row(row);
                    }
                }
            }
        }
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Double number && !Double.isFinite(number)) {
            json.writeString(number.toString());
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number);
        } else if (value instanceof float[] floats) {
            json.writeStartArray();
            for (float number : floats) {
                json.writeNumber(number);
            }
            json.writeEndArray();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                write(json, item);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value == null
                || value instanceof Long
                || value instanceof BigInteger
                || value instanceof Double
                || value instanceof Boolean) {
            TaggedJson.writePlain(json, value);
        } else {
            json.writeString(String.valueOf(text(value)));
        }
    }

    private static Object text(Object value) throws IOException {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        } else if (value instanceof float[] || value instanceof List<?> || value instanceof Map<?, ?>) {
            java.io.StringWriter text = new java.io.StringWriter();
            try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
                write(json, value);
            }
            return text.toString();
        } else if (value instanceof NumericArray array) {
            byte[] bytes = new byte[array.data().remaining()];
            array.data().get(bytes);
            return Base64.getEncoder().encodeToString(bytes);
        }
        return value == null ? null : String.valueOf(value);
    }
}
