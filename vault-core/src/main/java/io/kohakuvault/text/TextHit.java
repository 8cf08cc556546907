package io.kohakuvault.text;

import java.util.List;
import java.util.Optional;

/**
 * A document that a search found. Only this library makes one.
 */
public interface TextHit {
    /** {@return the document} */
    long id();

    /** {@return BM25 negated: higher is better, comparable within one search only} */
    double score();

    /** {@return what was stored with the document; empty for null} */
    Optional<Object> value();

    /** {@return the part of the text around the hits, when it was asked for} */
    Optional<String> snippet();

    /** {@return one text a column of the table, where {@link TextQuery#withTexts} asked for them; else empty} */
    List<String> texts();
}
