package io.kohakuvault.tabular.internal;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.vector.NewVector;
import io.kohakuvault.vector.VectorKVault;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Adds JSON lines to vectors: {@code {"vector": [numbers], "value": …}}. */
public final class VectorLoader extends LineLoader<NewVector> {
    private final String name;
    private final Options options;

    private @Nullable VectorKVault table;

    /**
     * What is said of the table and the lines.
     *
     * @param made of a table that is made
     * @param vectorField the field of the numbers
     * @param valueField the field that is stored with a vector
     */
    public record Options(MadeVectors made, String vectorField, String valueField) {}

    /**
     * A load.
     *
     * @param name the table
     * @param notes hears in a sentence what is worth to know and no failure
     */
    public VectorLoader(TextInput input, String name, Options options, Consumer<String> notes) {
        super(input, options.valueField, notes);
        this.name = name;
        this.options = options;
    }

    @Override
    boolean isThere(Vault vault) {
        return vault.contents().contains(Content.Kind.VECTORS, name);
    }

    @Override
    void open(Vault vault, Map<String, @Nullable Object> first) {
        table = options.made.table(vault, name, isThere(vault) ? 0 : numbers(first).length);
    }

    private float[] numbers(Map<String, @Nullable Object> fields) {
        for (String field : fields.keySet()) {
            if (!field.equals(options.vectorField)) {
                throw new RecordException("the field '" + Cell.shorten(field) + "' is neither the vector ('"
                        + options.vectorField + "') nor the value ('" + valueField() + "')");
            }
        }
        if (!fields.containsKey(options.vectorField)) {
            throw new RecordException("it has no field '" + options.vectorField + "'");
        }
        try {
            return VectorText.floats(fields.get(options.vectorField));
        } catch (RecordException e) {
            throw new RecordException(
                    "what stands under '" + options.vectorField + "' is no vector: " + e.getMessage());
        }
    }

    @Override
    NewVector item(Map<String, @Nullable Object> fields, @Nullable Object value) {
        return new NewVector(numbers(fields), value);
    }

    @Override
    long[] add(List<NewVector> vectors) {
        return vectors.isEmpty() ? new long[0] : Objects.requireNonNull(table).restoreAll(vectors);
    }

    @Override
    String noun() {
        return "vector";
    }
}
