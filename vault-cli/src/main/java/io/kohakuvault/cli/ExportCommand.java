package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.tabular.internal.RowSelection;
import io.kohakuvault.tabular.internal.TableColumn;
import io.kohakuvault.tabular.internal.TargetFile;
import io.kohakuvault.tabular.internal.TextExport;
import io.kohakuvault.tabular.internal.TextFormat;
import io.kohakuvault.tabular.internal.TextOutput;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Writes a table, column or key-value table as CSV (with a heading) or as JSON, one object a line; documents and vectors always as JSON.",
            "Tables and columns also as Arrow and Parquet: needs vault-sql.jar beside vault.jar.",
            "Times are written in ISO 8601, bytes in Base64; nulls are empty in CSV, where an empty text is in quotes, and null in JSON.",
            "What is exported is imported with the types or options that 'vault schema' prints, and is the same again."
        })
final class ExportCommand extends FileCommand {
    /** What the column of a column is called. */
    private static final String VALUE = "value";

    @Parameters(index = "1", paramLabel = "NAME", description = "what 'vault ls' lists")
    String name;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; when not given what the name of --out tells, else csv")
    FileFormat format;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            description = "this file instead of standard output, which is -; compressed when it ends with .gz or .zst")
    Path target;

    @Option(names = "--delimiter", paramLabel = "CHAR", description = Delimiters.DESCRIPTION)
    String delimiter;

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "what stands for a null in CSV, for example NA or \\N (default: nothing)")
    String nullText;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            description = "columns of a table, between commas, in this order")
    String columns;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description =
                    "rows of a table: 'column=value', also == != < <= > >=, or 'column is null', 'column is not null'; several must all hold")
    List<String> where = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "ROWS", description = "how many at most")
    Long limit;

    @Option(names = "--hex", description = "keys in hexadecimal digits")
    boolean hex;

    @Override
    protected int run() throws IOException {
        if (limit != null && limit < 0) {
            throw wrong("--limit " + limit + ": how many rows cannot be negative");
        }
        Path file = target == null || target.toString().equals("-") ? null : target;
        if (file != null) {
            checkTarget(file);
        }
        FileFormat named = format != null ? format : file == null ? null : ofName(file);
        if (named != null && named.isColumnar()) {
            return columnar(named, file);
        }
        TextFormat how = named == null ? null : named.text().orElseThrow();
        Character separator = Delimiters.parse(this, delimiter);
        char between = separator != null ? separator : how == null ? TextFormat.csv.delimiter() : how.delimiter();
        if (nullText.indexOf(between) >= 0 || nullText.matches("(?s).*[\"\r\n].*")) {
            throw wrong("--null '" + nullText + "': a delimiter, a quote or a line end cannot stand in it");
        }
        try (Vault vault = read();
                Snapshot snapshot = vault.snapshot()) {
            Content content = Contents.find(vault, name);
            Selections.check(this, content, columns, where);
            TextFormat written = format(content, how);
            if (file == null) {
                write(snapshot, content, new TextExport(checked(out()), written, separator, nullText));
                out().flush();
            } else {
                TargetFile.replace(
                        file,
                        path -> {
                            try (Writer out = TextOutput.of(path, file)) {
                                write(snapshot, content, new TextExport(checked(out), written, separator, nullText));
                            }
                        },
                        Interruption::check);
            }
        }
        return 0;
    }

    private int columnar(FileFormat how, Path file) throws IOException {
        for (String option : List.of("--delimiter", "--null", "--hex")) {
            if (isGiven(option)) {
                throw wrong(option + " is for text, and not for " + how);
            }
        }
        if (file == null && how == FileFormat.parquet) {
            throw wrong("parquet is written to a file: say which with --out");
        } else if (file == null && Terminal.isOutput()) {
            throw wrong("arrow is not for a terminal: say --out, or pipe it to who reads it");
        }
        Optional<ColumnarFiles> files = ColumnarFiles.find();
        if (files.isEmpty()) {
            return elsewhere();
        }
        try (Vault vault = read();
                Snapshot snapshot = vault.snapshot()) {
            Content content = Contents.find(vault, name);
            Selections.check(this, content, columns, where);
            ColumnarFiles.Rows rows = rows(snapshot, content, how);
            if (file == null) {
                out().flush();
                files.get().write(rows, StandardStreams.bytes());
            } else {
                TargetFile.replace(file, path -> files.get().write(how, rows, path, file), Interruption::check);
            }
        }
        return 0;
    }

    private ColumnarFiles.Rows rows(Snapshot snapshot, Content content, FileFormat how) throws IOException {
        long most = limit == null ? Long.MAX_VALUE : limit;
        Optional<TableColumn> owned = TableColumn.of(snapshot, name);
        if (content.kind() == Content.Kind.TABLE) {
            List<String> names = columns == null ? List.of() : Selections.names(this, columns);
            new RowSelection(snapshot.tables().get(name), names, where, most); // says what is not there
            return new ColumnarFiles.Rows(snapshot, name, true, names, null, wanted(snapshot, most), most);
        } else if (content.kind() == Content.Kind.COLUMN) {
            return owned.map(column -> new ColumnarFiles.Rows(
                            snapshot, column.table(), true, List.of(column.column()), VALUE, null, most))
                    .orElseGet(() -> new ColumnarFiles.Rows(snapshot, name, false, List.of(), VALUE, null, most));
        } else if (content.kind() == Content.Kind.LEGACY_COLUMN) {
            throw new IllegalArgumentException(
                    "'" + name + "' is a column of KohakuVault 0.x; 'vault migrate' makes one of it that " + how
                            + " is written of");
        }
        throw wrong("'" + name + "' holds " + Contents.kind(content.kind())
                + ", which are exported as text, not as " + how + "; 'vault sql " + file
                + " \"SELECT …\" --out' writes what a query makes of them");
    }

    /** The rows that the conditions hold for; null where there are none. */
    private BitSet wanted(Snapshot snapshot, long most) throws IOException {
        if (where.isEmpty()) {
            return null;
        }
        TableReader table = snapshot.tables().get(name);
        if (table.length() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("'" + name + "' has " + table.length()
                    + " rows, of which --where chooses for text alone; 'vault sql' has a WHERE");
        }
        SchemaColumn read = table.schema().columns().stream()
                .filter(column -> column.dtype().isFixedSize())
                .findFirst()
                .orElse(table.schema().columns().get(0));
        BitSet wanted = new BitSet();
        new RowSelection(table, List.of(read.name()), where, most).forEach(row -> {
            Interruption.check();
            wanted.set((int) row.index());
        });
        return wanted;
    }

    /** By the name; null for one without an ending, as of a pipe. */
    private static FileFormat ofName(Path file) {
        FileFormat named = FileFormat.ofName(file).orElse(null);
        if (named == null && String.valueOf(file.getFileName()).indexOf('.') > 0) {
            throw new IllegalArgumentException(
                    file + ": not .csv, .tsv, .jsonl, .arrow or .parquet; say with --format what it shall be");
        }
        return named;
    }

    /** CSV where nothing says another; what has structure has no form but JSON. */
    private TextFormat format(Content content, TextFormat said) {
        boolean structured = content.kind() == Content.Kind.DOCUMENTS || content.kind() == Content.Kind.VECTORS;
        if (structured && said != null && said != TextFormat.jsonl) {
            throw wrong("'" + name + "' holds " + Contents.kind(content.kind())
                    + ", which are exported as jsonl, not as " + said);
        }
        return said != null ? said : structured ? TextFormat.jsonl : TextFormat.csv;
    }

    /** Ends with the command that was interrupted. */
    private static Writer checked(Writer out) {
        return new java.io.FilterWriter(out) {
            @Override
            public void write(String text, int from, int length) throws IOException {
                Interruption.check();
                out.write(text, from, length);
            }

            @Override
            public void write(char[] text, int from, int length) throws IOException {
                Interruption.check();
                out.write(text, from, length);
            }
        };
    }

    private void write(Snapshot snapshot, Content content, TextExport export) throws IOException {
        long most = limit == null ? Long.MAX_VALUE : limit;
        switch (content.kind()) {
            case TABLE ->
                export.table(
                        snapshot,
                        name,
                        new RowSelection(
                                snapshot.tables().get(name),
                                columns == null ? List.of() : Selections.names(this, columns),
                                where,
                                most));
            case COLUMN, LEGACY_COLUMN -> export.column(snapshot, name, most);
            case KEY_VALUES -> export.keyValues(snapshot.kv(name), most, this::key);
            case DOCUMENTS -> export.documents(snapshot.text(name), most);
            case VECTORS -> export.vectors(snapshot.vectors(name), most);
            case OFFSETS -> throw new IllegalArgumentException("'" + name + "' is shown by 'vault offsets'");
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
}
