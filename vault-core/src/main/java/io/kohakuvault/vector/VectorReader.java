package io.kohakuvault.vector;

import java.util.List;
import java.util.Optional;

/** Vectors, for searching. Thread-safe. */
public interface VectorReader {
    /**
     * The table's name.
     *
     * @return the name
     */
    String name();

    /**
     * The k nearest vectors, nearest first; exact. Reads every vector of the table.
     *
     * @param query as many numbers as the table has dimensions
     * @param k how many at most, at least 0
     * @return the hits
     * @throws IllegalArgumentException for a query of another length, with NaN or, for cosine, without direction
     */
    List<VectorHit> search(float[] query, int k);

    /**
     * How many vectors there are.
     *
     * @return at least 0
     */
    long count();

    /**
     * The ids of all vectors.
     *
     * @return ascending
     */
    List<Long> ids();

    /**
     * A vector as it is stored: for cosine of length 1.
     *
     * @param id its id
     * @return the vector with its value; empty when there is no such id
     * @throws io.kohakuvault.VaultCorruptException when it or its value is damaged
     */
    Optional<StoredVector> get(long id);
}
