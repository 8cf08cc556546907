package io.kohakuvault.search;

import io.kohakuvault.text.TextHit;
import io.kohakuvault.vector.VectorHit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What words, a vector or both have found. Only this library makes one. */
public interface HybridHit {
    /** {@return the fused score, higher is better; comparable within one search only} */
    double score();

    /** {@return what is stored with the document, or else with the vector; empty for null} */
    Optional<Object> value();

    /** {@return where it stands among what the words have found, from 1; empty where they have not} */
    OptionalInt textRank();

    /** {@return where it stands among what the vector has found, from 1; empty where it has not} */
    OptionalInt vectorRank();

    /** {@return the hit of the words, with its BM25 and snippet; empty where they have not found it} */
    Optional<TextHit> text();

    /** {@return the hit of the vector, with its distance; empty where it has not found it} */
    Optional<VectorHit> vector();

    /**
     * The document's texts, where {@link io.kohakuvault.text.TextQuery#withTexts} asked for them: also those of a
     * document that the vector alone has found, when it is stored with the same value: looked up by it, so call {@link
     * io.kohakuvault.text.TextVault#indexValues} once for the documents.
     *
     * @return one text a column; empty where they were not asked for or there is no such document
     */
    List<String> texts();
}
