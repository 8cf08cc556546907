package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = {
            "Writes the value under a key: text and other values as text, or the bytes as they are.",
            "Without --raw or --out a value that describes itself is shown decoded."
        })
final class GetCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "KEY", description = "the key as text, or with --hex as hexadecimal digits")
    String key;

    @Option(names = "--table", defaultValue = "kv", description = "the key-value table (default ${DEFAULT-VALUE})")
    String table;

    @Option(names = "--hex", description = "the key is given in hexadecimal digits")
    boolean hex;

    @Option(names = "--raw", description = "write the stored bytes to standard output, of any size")
    boolean raw;

    @Option(names = "--out", paramLabel = "PATH", description = "write the stored bytes to this file, of any size")
    Path target;

    @Override
    public Integer call() throws IOException {
        byte[] bytes = key(key, hex);
        if (target != null) {
            checkTarget(target);
        }
        try (Vault vault = read()) {
            if (!vault.kv(table).exists(bytes)) {
                throw new NoSuchElementException(file + ": table " + table + " has no key " + key);
            }
            if (raw || target != null) {
                try (InputStream in = vault.kv(table).newInputStream(bytes)) {
                    if (target == null) {
                        in.transferTo(System.out);
                        System.out.flush();
                    } else {
                        replace(target, path -> {
                            try (OutputStream to = Files.newOutputStream(path)) {
                                in.transferTo(to);
                            }
                        });
                    }
                }
            } else {
                Object value = vault.kv(table).getValue(bytes).orElse(null);
                if (value instanceof byte[] plain) {
                    System.out.write(plain);
                    System.out.flush();
                    return 0;
                }
                out().println(value instanceof String text ? text : Text.of(value));
            }
        }
        return 0;
    }
}
