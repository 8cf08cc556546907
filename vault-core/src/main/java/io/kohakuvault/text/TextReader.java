package io.kohakuvault.text;

import java.util.List;
import java.util.Optional;

/** Documents, for searching and reading. Thread-safe. */
public interface TextReader {
    /**
     * The table's name.
     *
     * @return the name
     */
    String name();

    /**
     * The best documents for a query, best first.
     *
     * @param query what to search for
     * @param k how many at most, at least 0
     * @return the hits
     * @throws IllegalArgumentException when the query is no valid FTS5 expression
     */
    List<TextHit> search(TextQuery query, int k);

    /**
     * The best documents for a phrase: {@code search(TextQuery.phrase(text), k)}.
     *
     * @param phrase the words in their order
     * @param k how many at most
     * @return the hits
     */
    default List<TextHit> search(String phrase, int k) {
        return search(TextQuery.phrase(phrase), k);
    }

    /**
     * A document.
     *
     * @param id the document
     * @return its texts and value, or empty when there is none
     */
    Optional<TextDocument> get(long id);

    /**
     * How many documents there are.
     *
     * @return at least 0
     */
    long count();

    /**
     * The ids of all documents.
     *
     * @return ascending
     */
    List<Long> ids();
}
