package io.kohakuvault.text;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Documents with full-text search. Its tables in the file are made by the first write. A mutating call is its own
 * transaction unless the caller is in one. Thread-safe.
 *
 * <p>A document's id is higher than that of every document before it, also of those that were deleted since: an id that
 * is kept elsewhere never names another document later. (KohakuVault in Python gives the last one's again once it is
 * deleted.)
 *
 * <pre>{@code
 * TextVault notes = vault.text("notes");
 * long id = notes.insert("Remember the milk", "note 1");
 * notes.search(TextQuery.any("milk bread"), 5).forEach(hit -> System.out.println(hit.id() + " " + hit.score()));
 * notes.delete(id);
 * }</pre>
 */
public interface TextVault extends TextReader {
    /**
     * Adds a document to a table of one column.
     *
     * @param text the text
     * @param value what to store with it, as {@link io.kohakuvault.kv.KVault#putValue} takes it
     * @return the document's id
     */
    default long insert(String text, @Nullable Object value) {
        return insert(List.of(Objects.requireNonNull(text, "text")), value);
    }

    /**
     * Adds a document.
     *
     * @param texts one text a column
     * @param value what to store with it, as {@link io.kohakuvault.kv.KVault#putValue} takes it
     * @return the document's id
     * @throws IllegalArgumentException when there are not as many texts as columns, or one holds half a surrogate pair
     */
    long insert(List<String> texts, @Nullable Object value);

    /**
     * Adds many documents in one transaction, which takes less time than adding them one by one in it.
     *
     * @param documents the texts and values
     * @return their ids, rising, in the order of the documents
     * @throws IllegalArgumentException when one has another number of texts than the table has columns; none is added
     */
    long[] insertAll(List<NewDocument> documents);

    /**
     * Removes a document.
     *
     * @param id the document
     * @return false when there was none
     */
    boolean delete(long id);

    /**
     * Puts other texts in the place of a document's, under its id and with its value.
     *
     * @param id the document
     * @param texts one text a column
     * @return false when there was none
     * @throws IllegalArgumentException as {@link #insert(List, Object)} throws it
     */
    boolean updateTexts(long id, List<String> texts);

    /**
     * Stores another value with a document.
     *
     * @param id the document
     * @param value what to store with it, as {@link io.kohakuvault.kv.KVault#putValue} takes it
     * @return false when there was none
     * @throws IllegalArgumentException for what cannot be stored
     * @throws io.kohakuvault.VaultCorruptException when it refers to no value; nothing is changed then
     */
    boolean updateValue(long id, @Nullable Object value);

    /**
     * Replaces the texts of the document that is stored with a value, or adds one: with a key as the value, documents
     * by
     * key. Call {@link #indexValues} once for such a table.
     *
     * @param texts one text a column
     * @param value what it is stored with
     * @return the document's id; of several that are stored with the value, the first one's: the others are deleted
     * @throws IllegalArgumentException as {@link #insert(List, Object)} throws it
     */
    long put(List<String> texts, @Nullable Object value);

    /**
     * {@link #put(List, Object)} for a table of one column.
     *
     * @param text the text
     * @param value what it is stored with
     * @return the document's id
     */
    default long put(String text, @Nullable Object value) {
        return put(List.of(Objects.requireNonNull(text, "text")), value);
    }

    /**
     * Removes all documents. The table stays, and no id is given again, unless another program has made the table of
     * values without AUTOINCREMENT.
     */
    void clear();

    /**
     * Merges what FTS5's index has gathered into one piece: searches read less then. It writes the index anew, which
     * takes as long as its size says; FTS5 merges by itself as documents come.
     */
    void optimize();

    /** Makes FTS5's index anew from the documents, such as when it was damaged. */
    void rebuild();

    /**
     * Makes an index of the documents' values, by which {@link #idsWith} finds them without reading all. It takes about
     * as much room as the values; further writes keep it, those of other programs too. Makes the table where it is not
     * there yet; does nothing where the index is.
     */
    void indexValues();
}
