package io.kohakuvault.cli;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.spi.VaultFiles;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.tabular.internal.ColumnTypes;
import io.kohakuvault.tabular.internal.InputFile;
import io.kohakuvault.tabular.internal.TableLoader;
import io.kohakuvault.tabular.internal.TextInput;
import io.kohakuvault.tabular.internal.Wording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Appends a CSV file (with a heading) or a file of JSON objects, one a line, to a table, all of it or nothing; with --as JSON lines to documents or vectors.",
            "So are Arrow and Parquet files, which say their types: needs vault-sql.jar beside vault.jar.",
            "A table that is missing is made: its types are inferred from the first 1000 rows and every column may be empty; --types says them instead.",
            "What is compressed with gzip or zstd is decompressed.",
            "Lines of documents are {\"texts\": {column: text}, \"value\": …}, as export writes them, or have their texts as fields: {\"title\": …, \"body\": …, \"value\": …}. Lines of vectors are {\"vector\": [numbers], \"value\": …}. Ids are given anew.",
            "Types: bool, i8 … u64, f16, f32, f64, str, bytes (Base64), timestamp, date, time, decimal:P:S, json, list, map, uuid, vec:f32:N, and what 'vault schema' prints."
        })
final class ImportCommand extends FileCommand {
    private static final String STANDARD_INPUT = "-";
    private static final String ALL = "all";

    @Parameters(index = "1", paramLabel = "TABLE", description = "the table")
    String name;

    @Parameters(
            index = "2",
            paramLabel = "INPUT",
            description =
                    "a .csv, .tsv, .jsonl or .ndjson file, also .gz or .zst, or .arrow or .parquet; - for standard input")
    String input;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}, when the input's name does not tell")
    FileFormat format;

    @Option(
            names = "--types",
            paramLabel = "COLUMN=TYPE",
            description =
                    "types of columns, between commas, for a table that is made; 'not null' may stand behind one. @FILE reads them from a file")
    List<String> types = new ArrayList<>();

    @Option(names = "--delimiter", paramLabel = "CHAR", description = Delimiters.DESCRIPTION)
    String delimiter;

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            description = "a text that means null in CSV, beside an empty field: NA, \\N, …; may be given again")
    List<String> nulls = new ArrayList<>();

    @Option(
            names = "--infer-rows",
            paramLabel = "N|all",
            defaultValue = "1000",
            description = "by how many rows types are inferred (default ${DEFAULT-VALUE})")
    String inferRows;

    @CommandLine.ArgGroup(exclusive = false, heading = "%nOf documents and vectors:%n")
    SearchedOptions searched;

    /** Appends to a file all that there is. */
    @FunctionalInterface
    private interface Filling {
        long fill(Vault vault) throws IOException;
    }

    /** Appends all that an input has. */
    @FunctionalInterface
    interface Loading {
        long load(TextInput source, Vault vault, Runnable heard) throws IOException;
    }

    @Override
    protected int run() throws IOException {
        Loading loading = null;
        Optional<ColumnarFiles> files = Optional.empty();
        if (searched == null && format().isColumnar()) {
            checkColumnar(format());
            files = ColumnarFiles.find();
            if (files.isEmpty()) {
                return elsewhere();
            }
        } else {
            loading = searched == null ? rows() : searched.loading(this);
        }
        FileFaults.checkKind(file, false);
        long count;
        try (Bar bar = new Bar("import", "MiB", 1 << 20)) {
            count = files.isEmpty() ? load(loading, bar) : load(columnar(files.get(), bar));
        } catch (TableLoader.TypesException e) {
            throw wrong(e.getMessage());
        }
        String what = searched == null ? "rows" : count == 1 ? searched.noun() : searched.noun() + "s";
        out().println(String.format(Locale.ROOT, "%,d %s", count, what));
        return 0;
    }

    private void checkColumnar(FileFormat how) throws IOException {
        for (String option : List.of("--types", "--delimiter", "--null", "--infer-rows")) {
            if (isGiven(option)) {
                throw wrong(option + " is for text, and " + how + " says its types itself");
            }
        }
        if (input.equals(STANDARD_INPUT)) {
            if (how == FileFormat.parquet) {
                throw wrong("parquet is read of a file, and not of standard input");
            }
        } else if (VaultFiles.contains(file, Path.of(input))) {
            throw wrong(input + " is the vault itself"); // closing it again would drop SQLite's locks
        }
    }

    private Filling columnar(ColumnarFiles files, Bar bar) {
        Path source = input.equals(STANDARD_INPUT) ? null : Path.of(input);
        return vault -> {
            checkName(vault);
            return files.read(format(), source, vault, name, (done, of) -> {
                Interruption.check();
                bar.at(done, Math.max(done, of));
            });
        };
    }

    private void checkName(Vault vault) {
        Content.Kind kind =
                vault.contents().contains(Content.Kind.DOCUMENTS, name) ? Content.Kind.DOCUMENTS : Content.Kind.VECTORS;
        if (vault.contents().contains(kind, name) && !vault.contents().contains(Content.Kind.TABLE, name)) {
            throw wrong("'" + name + "' holds " + Contents.kind(kind) + ": say --as " + Contents.kind(kind)
                    + ", or another name for a table of rows");
        }
    }

    private Loading rows() throws IOException {
        TableLoader.Options options = new TableLoader.Options(
                format().text().orElseThrow(),
                Delimiters.parse(this, delimiter),
                nulls,
                types(),
                inferRows(),
                Wording.COMMAND);
        return (source, vault, heard) -> {
            checkName(vault);
            return new TableLoader(source, name, options, this::note).load(vault, heard);
        };
    }

    private long load(Loading loading, Bar bar) throws IOException {
        return load(vault -> {
            try (TextInput source = open()) {
                return load(source, loading, vault, bar);
            }
        });
    }

    private long load(Filling filling) throws IOException {
        if (Files.exists(file) || Files.isSymbolicLink(file)) { // a link to what is to be made too
            return append(filling);
        }
        try {
            long[] rows = new long[1];
            BulkLoad.<IOException>create(file, vault -> rows[0] = filling.fill(vault));
            return rows[0];
        } catch (VaultIoException e) {
            if (!Files.exists(file)) {
                throw e;
            } else if (input.equals(STANDARD_INPUT)) {
                throw new VaultIoException(
                        file + ": was made by another program meanwhile; run the import again to append to it", e);
            }
        }
        return append(filling); // somebody else has made it meanwhile
    }

    private long append(Filling filling) throws IOException {
        try (Vault vault = write(true)) {
            return filling.fill(vault);
        }
    }

    private static long load(TextInput source, Loading loading, Vault vault, Bar bar) throws IOException {
        return loading.load(source, vault, () -> {
            Interruption.check();
            bar.at(source.count(), Math.max(source.size(), source.count()));
        });
    }

    private TextInput open() throws IOException {
        return input.equals(STANDARD_INPUT)
                ? TextInput.of("standard input", InputFile.standard())
                : TextInput.of(Path.of(input));
    }

    private FileFormat format() {
        if (format != null) {
            return format;
        } else if (input.equals(STANDARD_INPUT)) {
            throw wrong("standard input does not tell what it is; say which with --format csv, tsv, jsonl or arrow");
        }
        return FileFormat.ofName(Path.of(input))
                .orElseThrow(() -> new IllegalArgumentException(
                        input + ": not .csv, .tsv, .jsonl, .arrow or .parquet; say which with --format"));
    }

    private Map<String, SchemaColumn> types() throws IOException {
        Map<String, SchemaColumn> columns = new LinkedHashMap<>();
        for (String said : types) {
            try {
                Map<String, SchemaColumn> more =
                        ColumnTypes.parse(said.startsWith("@") ? GivenText.ofFile(Path.of(said.substring(1))) : said);
                for (Map.Entry<String, SchemaColumn> column : more.entrySet()) {
                    if (columns.put(column.getKey(), column.getValue()) != null) {
                        throw new IllegalArgumentException("the column '" + column.getKey() + "' stands twice");
                    }
                }
            } catch (IllegalArgumentException e) {
                throw wrong("--types " + e.getMessage());
            }
        }
        return columns;
    }

    private long inferRows() {
        if (inferRows.equalsIgnoreCase(ALL)) {
            return Long.MAX_VALUE;
        } else if (!inferRows.matches("[0-9]{1,15}") || Long.parseLong(inferRows) == 0) {
            throw wrong("--infer-rows " + inferRows + ": it is a number of rows, at least 1, or all");
        }
        return Long.parseLong(inferRows);
    }
}
