package io.kohakuvault.text;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents, for searching and reading. Every call sees the table as it is then, or as the snapshot has it: columns and
 * tokenizer are those of the file. It throws an IllegalArgumentException when something else has the table's name or
 * the handle's options differ from the file, a {@link io.kohakuvault.VaultFormatException} when the table is FTS5's but
 * not one of documents, and, on a snapshot or a read-only vault, a NoSuchElementException when there is no table. On a
 * vault that may be written, a table that is not there yet has no documents. Thread-safe.
 */
public interface TextReader {
    /**
     * The table's name.
     *
     * @return the name
     */
    String name();

    /**
     * The columns of text, in the order of a document's texts.
     *
     * @return their names as the file has them; those of the options where the table is not there yet
     */
    List<String> columns();

    /**
     * How text is cut into words, in FTS5's words.
     *
     * @return {@code unicode61}, {@code porter unicode61}, {@code trigram}, or what else another program has chosen,
     *     with the settings that are not the tokenizer's defaults behind it, between single quotes, which are doubled
     *     inside; that of the options where the table is not there yet
     */
    String tokenizer();

    /**
     * The best documents for a query, best first.
     *
     * @param query what to search for
     * @param k how many at most, at least 0
     * @return the hits; documents of one score by their ids
     * @throws IllegalArgumentException when FTS5 does not take the query's expression, the query is larger than
     *     {@link TextQuery} allows, or it names a column or snippets of one that is not there
     */
    List<TextHit> search(TextQuery query, int k);

    /**
     * How many documents match a query, whatever its offset.
     *
     * @param query what to search for
     * @return at least 0
     * @throws IllegalArgumentException as {@link #search(TextQuery, int)} throws it
     */
    long countMatches(TextQuery query);

    /**
     * Whether there is a document of an id.
     *
     * @param id the id
     * @return whether there is
     */
    boolean exists(long id);

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
     * @throws io.kohakuvault.VaultCorruptException when its value is missing, or one of its texts is no text
     */
    Optional<TextDocument> find(long id);

    /**
     * {@link #find} of a document that is there.
     *
     * @param id its id
     * @return the document
     * @throws NoSuchElementException when there is none
     */
    default TextDocument get(long id) {
        return find(id).orElseThrow(() -> new NoSuchElementException("documents " + name() + ": there is no id " + id));
    }

    /**
     * The documents that were stored with a value, compared as it is stored: by this library equal values are stored
     * alike. Where {@link TextVault#indexValues} was called for the table, only these are read, else all values. Each
     * document has a row of values of its own, as KohakuVault and this library write them: of several that another
     * program has made share one, perhaps not all are found, and deleting one deletes the value of all.
     *
     * @param value the value
     * @return their ids, ascending
     * @throws IllegalArgumentException for what cannot be stored
     */
    List<Long> idsWith(@Nullable Object value);

    /**
     * How many documents there are.
     *
     * @return at least 0
     */
    long count();

    /**
     * The ids of all documents.
     *
     * @return ascending; each iterator starts anew and reads some at a time
     */
    Iterable<Long> ids();

    /**
     * All documents, some at a time: on a live vault those that are there when their part is read. Nothing need be
     * closed.
     *
     * @return by ascending id; each iterator starts anew
     */
    Iterable<TextDocument> scan();
}
