package io.kohakuvault.internal.text;

import io.kohakuvault.text.TextDocument;
import java.util.List;
import java.util.Optional;

/** What the public type stands for, as it was read. */
public record StoredDocument(long id, List<String> texts, Optional<Object> value) implements TextDocument {
    /** Copies the list. */
    public StoredDocument {
        texts = List.copyOf(texts);
    }
}
