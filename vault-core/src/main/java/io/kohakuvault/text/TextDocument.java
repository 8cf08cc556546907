package io.kohakuvault.text;

import java.util.List;
import java.util.Optional;

/**
 * A stored document.
 *
 * @param id its id
 * @param texts one text a column of the table
 * @param value what was stored with it; empty for null
 */
public record TextDocument(long id, List<String> texts, Optional<Object> value) {
    /** Copies the list. */
    public TextDocument {
        texts = List.copyOf(texts);
    }
}
