package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.LongPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        description = {
            "Removes keys from a key-value table, all of them or, when one is not there, none.",
            "Where --table names documents or vectors, KEYs are their ids."
        })
final class RemoveCommand extends FileCommand {
    @Parameters(
            index = "1..*",
            paramLabel = "KEY",
            arity = "0..*",
            description = "keys as text, or with --hex as hexadecimal digits")
    List<String> keys = new ArrayList<>();

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "all keys that begin so")
    String prefix;

    @Option(names = "--table", defaultValue = "kv", description = "the table (default ${DEFAULT-VALUE})")
    String table;

    @Option(names = "--hex", description = "keys, and the prefix, are given in hexadecimal digits")
    boolean hex;

    @Override
    protected int run() throws IOException {
        if (keys.isEmpty() == (prefix == null)) {
            throw wrong(prefix == null ? "say a KEY, or --prefix" : "give keys or --prefix, not both");
        } else if (prefix != null && prefix.isEmpty()) { // of a variable that is not set, for one
            throw wrong("--prefix '': every key begins so; 'vault drop' removes a whole table");
        }
        try (Vault vault = write(false)) {
            if (vault.contents().contains(Content.Kind.DOCUMENTS, table)) {
                TextVault texts = vault.text(table);
                return removed("document", vault.compute(() -> removeIds("documents", texts::delete)));
            } else if (vault.contents().contains(Content.Kind.VECTORS, table)) {
                VectorKVault vectors = vault.vectors(table);
                return removed("vector", vault.compute(() -> removeIds("vectors", vectors::delete)));
            }
            List<byte[]> encoded = keys.stream().map(key -> key(key, hex)).toList();
            KvRange range = prefix == null ? null : KvRange.prefix(key(prefix, hex));
            KVault kv = vault.kv(table);
            return removed("key", vault.compute(() -> range == null ? remove(kv, encoded) : kv.deleteAll(range)));
        }
    }

    private int removed(String what, long count) {
        out().println(String.format(Locale.ROOT, "%,d %s%s removed", count, what, count == 1 ? "" : "s"));
        return 0;
    }

    private long removeIds(String kind, LongPredicate deletion) {
        if (prefix != null || hex) {
            throw wrong((hex ? "--hex" : "--prefix") + " is for keys, and '" + table + "' holds " + kind
                    + ", which are removed by id");
        }
        Set<Long> removed = new HashSet<>();
        for (String key : keys) {
            long id;
            try {
                id = Long.parseLong(key);
            } catch (NumberFormatException e) {
                throw wrong("'" + key + "' is no id, and '" + table + "' holds " + kind);
            }
            if (removed.add(id) && !deletion.test(id)) {
                throw new NoSuchElementException(
                        file + ": " + kind + " " + table + ": there is no id " + id + "; nothing was removed");
            }
        }
        return removed.size();
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
