package io.kohakuvault.search;

import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.VectorQuery;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Words and a vector to search for together, and how what they find is fused. Filters and what hits carry are said by
 * the two queries. Immutable; start from {@link #of}.
 */
public final class HybridQuery {
    /** How two ranked lists become one. */
    public enum Method {
        /** A hit scores weight / (60 + rank), added up over the lists that have it. Asks nothing of the scores. */
        RECIPROCAL_RANK,
        /**
         * A hit scores weight × its score, brought to between 0 (the list's last) and 1 (its first), added up. Keeps
         * how much better one is than the next, and so depends on what else was found.
         */
        NORMALISED_SCORES
    }

    private static final int LEAST_CANDIDATES = 100;

    private final TextQuery text;
    private final VectorQuery vector;
    private final Method method;
    private final double textWeight;
    private final double vectorWeight;
    private final int candidates;

    private HybridQuery(
            TextQuery text, VectorQuery vector, Method method, double textWeight, double vectorWeight, int candidates) {
        this.text = Objects.requireNonNull(text, "text");
        this.vector = Objects.requireNonNull(vector, "vector");
        this.method = Objects.requireNonNull(method, "method");
        this.textWeight = textWeight;
        this.vectorWeight = vectorWeight;
        this.candidates = candidates;
        if (text.offset() > 0 || vector.offset() > 0) {
            throw new IllegalArgumentException(
                    "what is fused begins with the first hits of both queries: give them no offset");
        }
    }

    /**
     * Both, weighing 1 each, by {@link Method#RECIPROCAL_RANK}.
     *
     * @param text the words; {@link TextQuery#any} suits questions
     * @param vector the vector
     * @return the query
     * @throws IllegalArgumentException when one has an offset
     */
    public static HybridQuery of(TextQuery text, VectorQuery vector) {
        return new HybridQuery(text, vector, Method.RECIPROCAL_RANK, 1, 1, 0);
    }

    /**
     * Another way to fuse.
     *
     * @param other the way
     * @return a changed copy
     */
    public HybridQuery withMethod(Method other) {
        return new HybridQuery(text, vector, other, textWeight, vectorWeight, candidates);
    }

    /**
     * What a hit of each search counts.
     *
     * @param ofText for the words, finite and at least 0
     * @param ofVector for the vector, likewise
     * @return a changed copy
     * @throws IllegalArgumentException for other numbers, or when both are 0
     */
    public HybridQuery withWeights(double ofText, double ofVector) {
        if (!(ofText >= 0 && ofVector >= 0 && ofText + ofVector > 0 && ofText + ofVector <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "weights must be finite, at least 0 and not both 0, but were " + ofText + " and " + ofVector);
        }
        return new HybridQuery(text, vector, method, ofText, ofVector, candidates);
    }

    /**
     * How many hits of each search are fused: more find what is good in both and best in neither.
     *
     * @param count at least 1; the greater of 100 and 4 k by default
     * @return a changed copy
     * @throws IllegalArgumentException when it is less
     */
    public HybridQuery withCandidates(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("candidates must be at least 1, but were " + count);
        }
        return new HybridQuery(text, vector, method, textWeight, vectorWeight, count);
    }

    /**
     * Only hits whose values pass, of either search, before the best of each are taken.
     *
     * @param passes as for {@link TextQuery#withValues} and {@link VectorQuery#withValues}
     * @return a changed copy
     */
    public HybridQuery withValues(Predicate<? super Optional<Object>> passes) {
        return new HybridQuery(
                text.withValues(passes), vector.withValues(passes), method, textWeight, vectorWeight, candidates);
    }

    /** {@return the words} */
    public TextQuery text() {
        return text;
    }

    /** {@return the vector} */
    public VectorQuery vector() {
        return vector;
    }

    /** {@return how the lists are fused} */
    public Method method() {
        return method;
    }

    /** {@return what a hit of the words counts} */
    public double textWeight() {
        return textWeight;
    }

    /** {@return what a hit of the vector counts} */
    public double vectorWeight() {
        return vectorWeight;
    }

    /**
     * How many hits of each search are fused.
     *
     * @param k how many are wanted in the end
     * @return at least k
     */
    public int candidates(int k) {
        int wanted =
                candidates > 0 ? candidates : (int) Math.min(Integer.MAX_VALUE - 9, Math.max(LEAST_CANDIDATES, 4L * k));
        return Math.max(k, wanted);
    }

    @Override
    public String toString() {
        return "HybridQuery[" + text + " × " + textWeight + ", " + vector + " × " + vectorWeight + ", " + method + "]";
    }
}
