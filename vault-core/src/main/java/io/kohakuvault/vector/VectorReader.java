package io.kohakuvault.vector;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of vectors, for searching. Type, dimensions and metric are those of the table in the file. Thread-safe.
 *
 * <p>Tables that sqlite-vec made are read too when they have what KohakuVault needs, a column {@code vector}
 * and a column {@code value_ref INTEGER}, whatever else they have; one that has partition keys or text ids is refused
 * with a {@link io.kohakuvault.VaultFormatException} that names the reason.
 *
 * <p>Each call sees whether the table is still the one that the handle was made for: when it was dropped, or made anew
 * with other columns, by another connection or because its transaction was rolled back, the call throws {@link
 * IllegalStateException}, and {@code vectors()} answers a new handle.
 */
public interface VectorReader {
    /**
     * The table's name.
     *
     * @return the name
     */
    String name();

    /**
     * How many numbers a vector has.
     *
     * @return from 1 to 8192
     */
    int dimensions();

    /**
     * What the numbers are.
     *
     * @return the type
     */
    VectorType type();

    /**
     * The distance that searches use.
     *
     * @return the metric
     */
    Metric metric();

    /**
     * The k nearest vectors by the table's metric, nearest first; exact. Reads every vector of the table. Vectors of
     * which the distance is
     * infinite come last, and behind them those of which it is no number; the latter can only have been written by
     * other programs.
     *
     * @param query as many numbers as the table has dimensions
     * @param k how many at most, at least 0
     * @return the hits
     * @throws IllegalArgumentException for a query of another length, with a number that is not finite or that the
     *     table's type has not, for cosine without direction, and for a metric that the type has not
     * @throws io.kohakuvault.VaultException when the thread is interrupted, which it stays
     * @throws io.kohakuvault.VaultCorruptException when a chunk, or the value of a hit, is damaged
     */
    default List<VectorHit> search(float[] query, int k) {
        return search(VectorQuery.of(query), k);
    }

    /**
     * {@link #search(float[], int)} for a vector of bytes.
     *
     * @param query as {@link VectorKVault#insert(byte[], Object)} takes it
     * @param k how many at most, at least 0
     * @return the hits
     * @throws IllegalArgumentException for another number of bytes, and as {@link #search(float[], int)} throws it
     * @throws io.kohakuvault.VaultException when the thread is interrupted, which it stays
     * @throws io.kohakuvault.VaultCorruptException when a chunk, or the value of a hit, is damaged
     */
    default List<VectorHit> search(byte[] query, int k) {
        return search(VectorQuery.of(query), k);
    }

    /**
     * The k nearest vectors of those that a query asks for, nearest first; exact. Of vectors at the same distance,
     * those
     * of an earlier chunk come first, and in a chunk those of a later slot, as in sqlite-vec.
     *
     * @param query the vector, filters, and whatever else the query says
     * @param k how many at most, at least 0
     * @return the hits
     * @throws IllegalArgumentException as {@link #search(float[], int)} throws it
     * @throws io.kohakuvault.VaultException when the thread is interrupted, which it stays
     * @throws io.kohakuvault.VaultCorruptException when a chunk, or the value of a hit, is damaged
     */
    default List<VectorHit> search(VectorQuery query, int k) {
        return searchAll(List.of(Objects.requireNonNull(query, "query")), k).get(0);
    }

    /**
     * Several searches in one state of the table, which is read once for all of them. As many threads are used as the
     * query wants that wants most.
     *
     * @param queries what to search for
     * @param k how many hits at most of each, at least 0
     * @return the hits of each query
     * @throws IllegalArgumentException as {@link #search(float[], int)} throws it, for any of them
     * @throws io.kohakuvault.VaultException when the thread is interrupted, which it stays
     * @throws io.kohakuvault.VaultCorruptException when a chunk, or the value of a hit, is damaged
     */
    List<List<VectorHit>> searchAll(List<VectorQuery> queries, int k);

    /**
     * Whether there is a vector of an id.
     *
     * @param id the id
     * @return whether there is
     */
    boolean exists(long id);

    /**
     * The vectors that were stored with a value, compared as it is stored: by this library equal values are stored
     * alike. Where {@link VectorKVault#indexValues} was called for the table, only these are read, else all values.
     * Each
     * vector has a row of values of its own, as KohakuVault and this library write them: of several that another
     * program
     * has made share one, perhaps not all are found, and deleting one deletes the value of all.
     *
     * @param value the value
     * @return their ids, ascending
     * @throws IllegalArgumentException for what cannot be stored
     */
    List<Long> idsWith(@Nullable Object value);

    /**
     * How many vectors there are.
     *
     * @return at least 0
     */
    long count();

    /**
     * The ids of all vectors.
     *
     * @return ascending; each iterator starts anew and reads some at a time
     */
    Iterable<Long> ids();

    /**
     * All vectors, some at a time: on a live vault those that are there when their part is read. Nothing need be
     * closed.
     *
     * @return by ascending id; each iterator starts anew
     */
    Iterable<StoredVector> scan();

    /**
     * A vector as it is stored: floats for cosine of length 1.
     *
     * @param id its id
     * @return the vector with its value; empty when there is no such id
     * @throws io.kohakuvault.VaultCorruptException when it or its value is damaged
     */
    Optional<StoredVector> find(long id);

    /**
     * {@link #find} of a vector that is there.
     *
     * @param id its id
     * @return the vector
     * @throws NoSuchElementException when there is none
     */
    default StoredVector get(long id) {
        return find(id).orElseThrow(() -> new NoSuchElementException("vectors " + name() + ": there is no id " + id));
    }
}
