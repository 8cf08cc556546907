package io.kohakuvault.cli;

import io.kohakuvault.tabular.internal.DocumentLoader;
import io.kohakuvault.tabular.internal.MadeVectors;
import io.kohakuvault.tabular.internal.VectorLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What import is told of documents and vectors. */
final class SearchedOptions {
    /** What lines become. */
    enum Kind {
        documents,
        vectors
    }

    @Option(
            names = "--as",
            paramLabel = "KIND",
            description = "what the lines become, instead of rows: ${COMPLETION-CANDIDATES}")
    Kind kind;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            description =
                    "columns of text of a table that is made, between commas (default: those that the first line has)")
    String columns;

    @ArgGroup(exclusive = false)
    TokenizerOptions tokenizer = new TokenizerOptions();

    @Option(
            names = "--vector-type",
            paramLabel = "TYPE",
            description =
                    "the numbers of a table of vectors that is made: ${COMPLETION-CANDIDATES} (default f32); int8 are whole ones from -128 to 127, bit 0 and 1")
    MadeTables.Numbers type;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            description =
                    "the distance of a table of vectors that is made: ${COMPLETION-CANDIDATES} (default cosine, of bit hamming)")
    MadeTables.Distance metric;

    @Option(
            names = "--text-field",
            paramLabel = "FIELD",
            description = "the field of lines that is the text of a table of one column, when it is not named like it")
    String textField;

    @Option(
            names = "--vector-field",
            paramLabel = "FIELD",
            description = "the field that is the vector (default: vector)")
    String vectorField;

    @Option(
            names = "--value-field",
            paramLabel = "FIELD",
            defaultValue = "value",
            description = "the field that is stored as the value (default: ${DEFAULT-VALUE})")
    String valueField;

    String noun() {
        return kind == Kind.documents ? "document" : "vector";
    }

    ImportCommand.Loading loading(ImportCommand command) {
        check(command);
        if (kind == Kind.vectors) {
            VectorLoader.Options options = new VectorLoader.Options(
                    new MadeVectors(MadeTables.Numbers.of(type), MadeTables.Distance.of(metric)),
                    vectorField == null ? "vector" : vectorField,
                    valueField);
            return (source, vault, heard) ->
                    new VectorLoader(source, command.name, options, command::note).load(vault, heard);
        }
        DocumentLoader.Options options = new DocumentLoader.Options(
                columns == null ? List.of() : Selections.names(command, columns),
                tokenizer.isGiven() ? tokenizer.options(command) : null,
                textField,
                valueField);
        return (source, vault, heard) ->
                new DocumentLoader(source, command.name, options, command::note).load(vault, heard);
    }

    private void check(ImportCommand command) {
        if (kind == null) {
            throw command.wrong(first() + " is for documents and vectors: say --as documents or --as vectors");
        } else if (kind == Kind.vectors && (columns != null || tokenizer.isGiven() || textField != null)) {
            throw command.wrong(
                    (columns != null ? "--columns" : tokenizer.first().orElse("--text-field"))
                            + " is for documents, and vectors have no texts");
        } else if (kind == Kind.documents && (metric != null || type != null || vectorField != null)) {
            throw command.wrong((metric != null ? "--metric" : type != null ? "--vector-type" : "--vector-field")
                    + " is for vectors");
        } else if (!command.types.isEmpty() || !command.nulls.isEmpty() || command.delimiter != null) {
            throw command.wrong("--types, --null and --delimiter are for rows of tables, not for " + kind);
        }
        FileFormat format = command.format != null
                ? command.format
                : FileFormat.ofName(Path.of(command.input)).orElse(FileFormat.jsonl);
        if (format != FileFormat.jsonl) {
            throw command.wrong(kind + " are imported from jsonl, not from " + format);
        }
    }

    /** The first of these options that was given, without --as. */
    private String first() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("--columns", columns);
        tokenizer.first().ifPresent(option -> given.put(option, true));
        given.put("--vector-type", type);
        given.put("--metric", metric);
        given.put("--text-field", textField);
        given.put("--vector-field", vectorField);
        return given.entrySet().stream()
                .filter(option -> option.getValue() != null)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("--value-field");
    }
}
