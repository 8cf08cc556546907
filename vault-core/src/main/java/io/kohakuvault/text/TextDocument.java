package io.kohakuvault.text;

import java.util.List;
import java.util.Optional;

/**
 * A stored document. Only this library makes one.
 */
public interface TextDocument {
    /** {@return its id} */
    long id();

    /** {@return one text a column of the table} */
    List<String> texts();

    /** {@return what was stored with it; empty for null} */
    Optional<Object> value();
}
