package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.tabular.internal.TargetFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = {
            "Writes the value under a key: text as it is, numbers, lists and maps as JSON, bytes as they are.",
            "With --raw or --out the stored bytes, those of a value that describes itself with its header."
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

    @Option(
            names = "--out",
            paramLabel = "PATH",
            description = "write the stored bytes to this file, of any size; - for standard output")
    Path target;

    @Override
    protected int run() throws IOException {
        byte[] bytes = key(key, hex);
        if (target != null && target.toString().equals("-")) {
            target = null;
            raw = true;
        } else if (target != null) {
            checkTarget(target);
        }
        try (Vault vault = read()) {
            if (!vault.kv(table).exists(bytes)) {
                throw new NoSuchElementException(file + ": table " + table + " has no key " + key);
            }
            if (raw || target != null) {
                try (InputStream in = vault.kv(table).newInputStream(bytes)) {
                    if (target == null) {
                        copy(in, StandardStreams.bytes());
                    } else {
                        TargetFile.replace(
                                target,
                                path -> {
                                    try (OutputStream to = Files.newOutputStream(path)) {
                                        copy(in, to);
                                    }
                                },
                                Interruption::check);
                    }
                }
            } else {
                Object value = vault.kv(table).findValue(bytes).orElse(null);
                if (value instanceof byte[] plain) {
                    print(plain);
                } else {
                    out().println(DisplayValue.whole(value));
                }
            }
        }
        return 0;
    }

    private void print(byte[] plain) throws IOException {
        if (Terminal.isOutput()) {
            out().println(new String(plain, StandardCharsets.UTF_8));
        } else {
            StandardStreams.bytes().write(plain);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] piece = new byte[1 << 16];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            Interruption.check();
            out.write(piece, 0, n);
        }
    }
}
