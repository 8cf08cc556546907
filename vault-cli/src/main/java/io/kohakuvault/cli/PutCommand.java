package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.tabular.internal.InputFile;
import io.kohakuvault.tabular.internal.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        description = {
            "Puts a value under a key; the file and the table are made where they are missing.",
            "VALUE is stored as text, with --json as what the JSON says; without VALUE the bytes of --file or of standard input are stored as they are, of any size."
        })
final class PutCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "KEY", description = "the key as text, or with --hex as hexadecimal digits")
    String key;

    @Parameters(index = "2", paramLabel = "VALUE", arity = "0..1", description = "the value")
    String value;

    @Option(names = "--table", defaultValue = "kv", description = "the key-value table (default ${DEFAULT-VALUE})")
    String table;

    @Option(names = "--hex", description = "the key is given in hexadecimal digits")
    boolean hex;

    @Option(names = "--json", description = "VALUE is JSON: a number, list, map, …")
    boolean json;

    @Option(
            names = "--file",
            paramLabel = "PATH",
            description = "the value is the bytes of this file, - for standard input")
    Path source;

    @Override
    protected int run() throws IOException {
        if (value != null && source != null) {
            throw wrong("give VALUE or --file, not both");
        } else if (value == null && json) {
            throw wrong("--json needs a VALUE");
        }
        byte[] bytes = key(key, hex);
        if (value != null) {
            Object decoded = json ? decoded() : value;
            try (Vault vault = write(true)) {
                vault.kv(table).putValue(bytes, decoded);
            }
            return 0;
        }
        // The source first: when it is missing no file is made.
        try (InputStream in = source == null || source.toString().equals("-")
                        ? InputFile.standard()
                        : InputFile.open(source);
                Vault vault = write(true)) {
            vault.kv(table).put(bytes, in);
        }
        return 0;
    }

    private Object decoded() {
        try {
            return JsonTree.parse(value, true);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the value is not stored: " + e.getMessage(), e);
        }
    }
}
