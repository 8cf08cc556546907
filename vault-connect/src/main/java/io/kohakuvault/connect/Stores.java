package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The tables of one file that records go to, each once, however many topics have it. Not thread-safe. */
final class Stores {
    private final Vault vault;
    private final Function<String, List<SchemaColumn>> columns;
    private final Map<TableKey, TableTarget> tables = new HashMap<>();
    private final Map<String, KVault> kv = new HashMap<>();
    private final Map<String, TextVault> text = new HashMap<>();
    private final Map<String, VectorKVault> vectors = new HashMap<>();

    /** Topics with settings of their own may want other columns of the same table. */
    private record TableKey(String name, TableConfig config) {}

    /**
     * @param columns what rows of all topics need in a table, by its name, as far as the settings say
     */
    Stores(Vault vault, Function<String, List<SchemaColumn>> columns) {
        this.vault = vault;
        this.columns = columns;
    }

    TableTarget table(String name, TableConfig config) {
        return tables.computeIfAbsent(
                new TableKey(name, config), k -> new TableTarget(vault, name, config, columns.apply(name)));
    }

    KVault kv(String name) {
        return kv.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> vault.kv(name));
    }

    /** A table that is there with these columns may have any tokenizer: the settings say none. */
    TextVault documents(String name, TextOptions options) {
        return text.computeIfAbsent(name.toLowerCase(Locale.ROOT) + options.columns(), n -> {
            TextVault asItIs = vault.text(name);
            return asItIs.columns().equals(options.columns()) ? asItIs : vault.text(name, options);
        });
    }

    VectorKVault vectors(String name, VectorOptions options) {
        return vectors.computeIfAbsent(name.toLowerCase(Locale.ROOT) + options, n -> vault.vectors(name, options));
    }
}
