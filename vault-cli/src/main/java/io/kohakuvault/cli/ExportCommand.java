package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.tabular.internal.RowSelection;
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
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Writes a table, column or key-value table as CSV (with a heading) or as JSON, one object a line; documents and vectors always as JSON.",
            "Times are written in ISO 8601, bytes in Base64; nulls are empty in CSV, where an empty text is in quotes, and null in JSON.",
            "What is exported is imported with the types or options that 'vault schema' prints, and is the same again."
        })
final class ExportCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "NAME", description = "what 'vault ls' lists")
    String name;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; when not given what the name of --out tells, else csv")
    TextFormat format;

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
        TextFormat how = format != null ? format : file == null ? null : ofName(file);
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

    /** By the name; null for one without an ending, as of a pipe. */
    private static TextFormat ofName(Path file) {
        TextFormat named = TextFormat.ofName(file).orElse(null);
        if (named == null && String.valueOf(file.getFileName()).indexOf('.') > 0) {
            throw new IllegalArgumentException(
                    file + ": neither .csv nor .tsv nor .jsonl; say with --format what it shall be");
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
