package io.kohakuvault.text;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A document to be added.
 *
 * @param texts one for each column of the table
 * @param value what to store with it; as {@link io.kohakuvault.kv.KVault#putValue(byte[], Object)} takes it
 */
public record NewDocument(List<String> texts, @Nullable Object value) {
    /** Copies the list. */
    public NewDocument {
        texts.forEach(text -> Objects.requireNonNull(text, "a text of a document"));
        texts = List.copyOf(texts);
    }
}
