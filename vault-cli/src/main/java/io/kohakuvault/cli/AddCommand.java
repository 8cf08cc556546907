package io.kohakuvault.cli;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.tabular.internal.JsonTree;
import io.kohakuvault.tabular.internal.MadeVectors;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = {
            "Adds a document, or with --vector a vector, and prints its id; the file and the table are made where they are missing.",
            "A document has a TEXT for each column of its table; without TEXT, the one of standard input, as it is.",
            "Many at once are added by 'vault import --as documents' and '--as vectors'; 'vault rm --table' removes by id."
        })
final class AddCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "TABLE", description = "a table of documents or vectors")
    String name;

    @Parameters(index = "2..*", paramLabel = "TEXT", arity = "0..*", description = "a text for each column")
    List<String> texts = new ArrayList<>();

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            description = "the columns of the texts, between commas; others of the table get the empty text")
    String columns;

    @Mixin
    TokenizerOptions tokenizer;

    @Option(
            names = "--vector",
            paramLabel = "VECTOR",
            description = "a JSON list of numbers, @FILE with one, or - for standard input")
    String vector;

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

    @Option(names = "--value", paramLabel = "VALUE", description = "what to store with it (default: null)")
    String value;

    @Option(names = "--json", description = "VALUE is JSON: a number, list, map, …")
    boolean json;

    @Option(
            names = "--replace",
            description = "in the place of the one that is stored with the same VALUE, if there is one")
    boolean replace;

    @Override
    protected int run() throws IOException {
        if (value == null && (json || replace)) {
            throw wrong((json ? "--json" : "--replace") + " needs a --value");
        } else if (vector != null && (!texts.isEmpty() || columns != null || tokenizer.isGiven())) {
            throw wrong("--vector is for vectors, which have no texts");
        } else if (vector == null && (metric != null || type != null)) {
            throw wrong((metric != null ? "--metric" : "--vector-type") + " is for vectors: give one with --vector");
        }
        Object stored = json ? decoded() : value;
        if (vector != null) {
            float[] numbers = GivenText.vector(this, vector);
            return added(vault -> add(vault, numbers, stored));
        }
        if (texts.isEmpty()) {
            texts = List.of(GivenText.ofStandardInput());
        }
        List<String> names = columns == null ? List.of() : Selections.names(this, columns);
        if (!names.isEmpty() && names.size() != texts.size()) {
            throw wrong("--columns " + columns + ": give a text for each, there are " + texts.size());
        }
        return added(vault -> add(vault, names, stored));
    }

    /** A new file is there when what it is made for is in it. */
    private int added(ToLongFunction<Vault> adding) throws IOException {
        long[] id = new long[1];
        if (Files.exists(file) || Files.isSymbolicLink(file)) {
            try (Vault vault = write(true)) {
                id[0] = vault.<Long, RuntimeException>compute(() -> adding.applyAsLong(vault));
            }
        } else {
            BulkLoad.create(file, vault -> id[0] = adding.applyAsLong(vault));
        }
        out().println(id[0]);
        return 0;
    }

    private Object decoded() {
        try {
            return JsonTree.parse(value, true);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--value: " + e.getMessage(), e);
        }
    }

    private long add(Vault vault, float[] numbers, Object stored) {
        VectorKVault table = new MadeVectors(MadeTables.Numbers.of(type), MadeTables.Distance.of(metric))
                .table(vault, name, numbers.length);
        return replace ? table.put(numbers, stored) : table.insert(numbers, stored);
    }

    private long add(Vault vault, List<String> names, Object stored) {
        boolean there = vault.contents().contains(Content.Kind.DOCUMENTS, name);
        List<String> all = there
                ? vault.text(name).columns()
                : names.isEmpty() ? TextOptions.defaults().columns() : names;
        List<String> row = new ArrayList<>(Collections.nCopies(all.size(), ""));
        for (int i = 0; i < texts.size(); i++) {
            int column = names.isEmpty() ? i : all.indexOf(names.get(i));
            if (column < 0) {
                throw new IllegalArgumentException(
                        "table " + name + " has no column " + names.get(i) + " of text; it has " + all);
            } else if (column >= all.size() || (names.isEmpty() && texts.size() != all.size())) {
                throw wrong("give a TEXT for each column of " + name + ", " + all + ", there are " + texts.size()
                        + (there ? "" : "; --columns names those of a new table"));
            }
            row.set(column, texts.get(i));
        }
        TextVault table = there && !tokenizer.isGiven()
                ? vault.text(name)
                : vault.text(name, tokenizer.options(this).withColumns(all.toArray(String[]::new)));
        return replace ? table.put(row, stored) : table.insert(row, stored);
    }
}
