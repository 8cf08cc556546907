package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Removes keys from a key-value table, all of them or, when one is not there, none.")
final class RemoveCommand extends FileCommand {
    @Parameters(
            index = "1..*",
            paramLabel = "KEY",
            arity = "0..*",
            description = "keys as text, or with --hex as hexadecimal digits")
    List<String> keys = new ArrayList<>();

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "all keys that begin so")
    String prefix;

    @Option(names = "--table", defaultValue = "kv", description = "the key-value table (default ${DEFAULT-VALUE})")
    String table;

    @Option(names = "--hex", description = "keys, and the prefix, are given in hexadecimal digits")
    boolean hex;

    @Override
    int run() throws IOException {
        if (keys.isEmpty() == (prefix == null)) {
            throw wrong(prefix == null ? "say a KEY, or --prefix" : "give keys or --prefix, not both");
        }
        List<byte[]> encoded = keys.stream().map(key -> key(key, hex)).toList();
        KvRange range = prefix == null ? null : KvRange.prefix(key(prefix, hex));
        try (Vault vault = write(false)) {
            KVault kv = vault.kv(table);
            long removed = vault.compute(() -> range == null ? remove(kv, encoded) : kv.deleteAll(range));
            out().println(String.format(Locale.ROOT, "%,d key%s removed", removed, removed == 1 ? "" : "s"));
        }
        return 0;
    }

    private long remove(KVault kv, List<byte[]> encoded) {
        Set<ByteBuffer> removed = new HashSet<>();
        for (int i = 0; i < encoded.size(); i++) {
            if (removed.add(ByteBuffer.wrap(encoded.get(i))) && !kv.delete(encoded.get(i))) {
                throw new NoSuchElementException(
                        file + ": table " + table + " has no key " + keys.get(i) + "; nothing was removed");
            }
        }
        return removed.size();
    }
}
