package io.kohakuvault.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.kohakuvault.BulkLoad;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Appends a CSV file (with a heading) or a file of JSON objects, one a line, to a table, all of it or nothing.",
            "A table that is missing is made: its types are inferred from the first 1000 rows and every column may be empty; --types says them instead.",
            "Types: bool, i8 … u64, f32, f64, str, bytes (Base64), timestamp, date, time, decimal:P:S, json, list, map, uuid."
        })
final class ImportCommand extends FileCommand {
    private static final int SAMPLE_ROWS = 1000;
    private static final int BATCH_ROWS = 8192;

    @Parameters(index = "1", paramLabel = "TABLE", description = "the table")
    String name;

    @Parameters(index = "2", paramLabel = "INPUT", description = "a .csv, .jsonl or .ndjson file")
    Path input;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}, when the input's name does not tell")
    ExportCommand.Format format;

    @Option(
            names = "--types",
            paramLabel = "COLUMN=TYPE",
            split = ",",
            description = "types of columns, for a table that is made")
    Map<String, String> types = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        types.forEach((column, type) -> {
            try {
                Inference.parse(column, type);
            } catch (IllegalArgumentException e) {
                throw wrong("--types " + column + "=" + type + ": " + e.getMessage());
            }
        });
        long rows = 0;
        if (Files.exists(file)) {
            try (Vault vault = write(false, VaultOptions.defaults())) {
                rows = load(vault);
            }
        } else {
            long[] loaded = new long[1];
            BulkLoad.<IOException>create(file, vault -> loaded[0] = load(vault));
            rows = loaded[0];
        }
        out().printf("%,d rows%n", rows);
        return 0;
    }

    private long load(Vault vault) throws IOException {
        long size = Files.size(input);
        try (Counting bytes = new Counting(Files.newInputStream(input));
                MappingIterator<Map<String, Object>> records = records(bytes);
                Bar bar = new Bar("import", "MiB", 1 << 20)) {
            List<Map<String, Object>> sample = new ArrayList<>();
            while (sample.size() < SAMPLE_ROWS && more(records, sample.size())) {
                sample.add(next(records, sample.size()));
            }
            checkHeading(records, sample);
            return vault.compute(() ->
                    load(vault, sample, records, () -> bar.at(bytes.count, Math.max(size, bytes.count))));
        }
    }

    /** Jackson takes the last of columns of one name. */
    private void checkHeading(MappingIterator<?> records, List<Map<String, Object>> sample) {
        if (!(records.getParserSchema() instanceof CsvSchema schema)) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        for (CsvSchema.Column column : schema) {
            if (!names.add(column.getName())) {
                throw new IllegalArgumentException(
                        input + ": two columns have the heading '" + column.getName() + "'; rename one");
            }
        }
        for (String said : types.keySet()) {
            if (!sample.isEmpty() && !names.contains(said)) {
                throw wrong("--types " + said + ": " + input + " has no such column, it has " + names);
            }
        }
    }

    private MappingIterator<Map<String, Object>> records(InputStream bytes) {
        String lower = String.valueOf(input.getFileName()).toLowerCase(Locale.ROOT);
        ExportCommand.Format how = format != null
                ? format
                : lower.endsWith(".csv")
                        ? ExportCommand.Format.csv
                        : lower.endsWith(".jsonl") || lower.endsWith(".ndjson") ? ExportCommand.Format.jsonl : null;
        if (how == null) {
            throw new IllegalArgumentException(input + ": neither .csv nor .jsonl; say which with --format");
        }
        try {
            return records(how, bytes);
        } catch (IOException e) { // a CSV file without a heading
            throw unreadable(0, e);
        }
    }

    private static MappingIterator<Map<String, Object>> records(ExportCommand.Format how, InputStream bytes)
            throws IOException {
        return how == ExportCommand.Format.csv
                // An empty field is a null, an empty one in quotes is an empty text.
                ? new CsvMapper()
                        .readerForMapOf(Object.class)
                        .with(CsvParser.Feature.EMPTY_UNQUOTED_STRING_AS_NULL)
                        .with(CsvParser.Feature.SKIP_EMPTY_LINES)
                        .with(CsvSchema.emptySchema().withHeader().withStrictHeaders(true))
                        .readValues(bytes)
                : new ObjectMapper()
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .readerForMapOf(Object.class)
                        .readValues(bytes);
    }

    private boolean more(MappingIterator<?> records, long row) {
        try {
            return records.hasNextValue();
        } catch (IOException e) {
            throw unreadable(row, e);
        }
    }

    private Map<String, Object> next(MappingIterator<Map<String, Object>> records, long row) {
        try {
            return records.nextValue();
        } catch (IOException e) {
            throw unreadable(row, e);
        }
    }

    private IllegalArgumentException unreadable(long row, IOException e) {
        String why = e.getMessage() == null
                ? e.toString()
                : e.getMessage().lines().findFirst().orElse("").replaceFirst(" at \\[Source:.*", "");
        return new IllegalArgumentException(
                input + ": row " + (row + 1) + " cannot be read: " + why + "; nothing was imported", e);
    }

    private long load(
            Vault vault, List<Map<String, Object>> sample, MappingIterator<Map<String, Object>> records, Runnable heard)
            throws IOException {
        Table table;
        Map<String, Predicate<Object>> exact = Map.of();
        if (vault.tables().list().contains(name)) {
            if (!types.isEmpty()) {
                throw wrong("--types is for a new table, but " + file + " has a table '" + name + "'");
            }
            table = vault.tables().get(name);
        } else {
            if (sample.isEmpty()) {
                throw new IllegalArgumentException(
                        input + ": has no rows, so the columns of a new table are not known");
            }
            Schema.Builder schema = Schema.builder();
            Inference inference = new Inference(types);
            inference.columns(sample).forEach(schema::add);
            exact = inference.exact();
            table = vault.tables().ensure(name, schema.build());
        }
        Cells cells = new Cells(table.schema(), exact);
        RowBatch batch = table.newBatch();
        long rows = 0;
        for (int i = 0; i < sample.size() || more(records, rows); i++) {
            Map<String, Object> record = i < sample.size() ? sample.get(i) : next(records, rows);
            try {
                batch.add(row -> cells.fill(row, record));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        input + ": row " + (rows + 1) + ": " + e.getMessage() + "; nothing was imported, see --types",
                        e);
            }
            rows++;
            if (batch.rows() == BATCH_ROWS) {
                table.append(batch);
                batch.clear();
                heard.run();
            }
        }
        table.append(batch);
        return rows;
    }

    /** Counts what has been read. */
    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream source) {
            super(source);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = super.read(target, offset, length);
            count += Math.max(0, n);
            return n;
        }
    }
}
