package io.kohakuvault.vector;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What to search for among vectors, and among which. Filters are applied before the k nearest are taken: of those that
 * pass, the k nearest are found. Several filters must all pass. Immutable; start from {@link #of}.
 *
 * <pre>{@code
 * VectorQuery cats = VectorQuery.of(vector)
 *         .withMaxDistance(0.4)
 *         .withValues(value -> value.filter("cat"::equals).isPresent());
 * List<VectorHit> hits = vault.vectors("images").search(cats, 10);
 * }</pre>
 */
public final class VectorQuery {
    /** Most threads that a search uses. */
    public static final int MAX_THREADS = 64;

    private final float @Nullable [] vector;
    private final byte @Nullable [] bytes;
    private final @Nullable Metric metric;
    private final OptionalDouble maxDistance;
    private final int offset;
    private final long @Nullable [] ids;
    private final @Nullable LongPredicate idFilter;
    private final @Nullable Predicate<? super Optional<Object>> valueFilter;
    private final boolean vectors;
    private final int threads;

    private VectorQuery(Settings from) {
        this.vector = from.vector;
        this.bytes = from.bytes;
        this.metric = from.metric;
        this.maxDistance = from.maxDistance;
        this.offset = from.offset;
        this.ids = from.ids;
        this.idFilter = from.idFilter;
        this.valueFilter = from.valueFilter;
        this.vectors = from.vectors;
        this.threads = from.threads;
    }

    /** What a changed copy is made of. */
    private static final class Settings {
        private final float @Nullable [] vector;
        private final byte @Nullable [] bytes;
        private @Nullable Metric metric;
        private OptionalDouble maxDistance = OptionalDouble.empty();
        private int offset;
        private long @Nullable [] ids;
        private @Nullable LongPredicate idFilter;
        private @Nullable Predicate<? super Optional<Object>> valueFilter;
        private boolean vectors;
        private int threads = 1;

        Settings(float @Nullable [] vector, byte @Nullable [] bytes) {
            this.vector = vector;
            this.bytes = bytes;
        }
    }

    private Settings settings() {
        Settings copy = new Settings(vector, bytes);
        copy.metric = metric;
        copy.maxDistance = maxDistance;
        copy.offset = offset;
        copy.ids = ids;
        copy.idFilter = idFilter;
        copy.valueFilter = valueFilter;
        copy.vectors = vectors;
        copy.threads = threads;
        return copy;
    }

    /**
     * The nearest to a vector, by the table's metric.
     *
     * @param vector as many numbers as the table has dimensions, such as {@link VectorKVault#insert(float[], Object)}
     *     takes; copied
     * @return the query
     */
    public static VectorQuery of(float... vector) {
        return new VectorQuery(
                new Settings(Objects.requireNonNull(vector, "vector").clone(), null));
    }

    /**
     * The nearest to a vector, by the table's metric.
     *
     * @param vector as {@link VectorKVault#insert(byte[], Object)} takes it; copied
     * @return the query
     */
    public static VectorQuery of(byte[] vector) {
        return new VectorQuery(
                new Settings(null, Objects.requireNonNull(vector, "vector").clone()));
    }

    /**
     * By another metric than the table's. A table of {@link Metric#COSINE} keeps its vectors at length 1, and queries
     * of it are brought to length 1 too, whatever the metric; those of whole numbers are left as they are.
     *
     * @param other the metric; of vectors of bits {@link Metric#HAMMING}, of others any other: the search refuses
     *     what the table has not
     * @return a changed copy
     */
    public VectorQuery withMetric(Metric other) {
        Settings copy = settings();
        copy.metric = Objects.requireNonNull(other, "metric");
        return new VectorQuery(copy);
    }

    /**
     * Only vectors that are no farther away than this. Under {@link Metric#COSINE} the distance is 1 less the
     * similarity: {@code withMaxDistance(1 - 0.8)} wants a similarity of at least 0.8.
     *
     * @param distance the greatest distance, itself included; by the query's metric
     * @return a changed copy
     * @throws IllegalArgumentException when it is NaN
     */
    public VectorQuery withMaxDistance(double distance) {
        if (Double.isNaN(distance)) {
            throw new IllegalArgumentException("the greatest distance must be a number, but was NaN");
        }
        Settings copy = settings();
        copy.maxDistance = OptionalDouble.of(distance);
        return new VectorQuery(copy);
    }

    /**
     * Leaves the nearest out: the next page of a search for k vectors has the offset k. Pages fit together as long as
     * the table does not change, as in a snapshot.
     *
     * @param hits how many, at least 0
     * @return a changed copy
     * @throws IllegalArgumentException when it is less
     */
    public VectorQuery withOffset(int hits) {
        if (hits < 0) {
            throw new IllegalArgumentException("the offset must be at least 0, but was " + hits);
        }
        Settings copy = settings();
        copy.offset = hits;
        return new VectorQuery(copy);
    }

    /**
     * Only some vectors: where they are few, the others are not even read.
     *
     * @param among their ids, in any order; those that the table has not are passed over
     * @return a changed copy
     */
    public VectorQuery withIds(Collection<Long> among) {
        Settings copy = settings();
        copy.ids = among.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
        return new VectorQuery(copy);
    }

    /**
     * Only vectors whose ids pass: asked once for each vector of the table before the search, by the calling thread.
     *
     * @param passes true for those that may be found
     * @return a changed copy
     */
    public VectorQuery withIds(LongPredicate passes) {
        Settings copy = settings();
        copy.idFilter = Objects.requireNonNull(passes, "passes");
        return new VectorQuery(copy);
    }

    /**
     * Only vectors whose values pass. Asked for those alone that would be among the k nearest, which takes a read each:
     * few where many pass, many where few do. What it throws ends the search. With {@link #withThreads several threads}
     * it is asked by all of them at once. It must not write to the table.
     *
     * @param passes true for those that may be found; it is given an empty one for null
     * @return a changed copy
     */
    public VectorQuery withValues(Predicate<? super Optional<Object>> passes) {
        Settings copy = settings();
        copy.valueFilter = Objects.requireNonNull(passes, "passes");
        return new VectorQuery(copy);
    }

    /**
     * Has hits carry their vectors.
     *
     * @return a changed copy
     */
    public VectorQuery withVectors() {
        Settings copy = settings();
        copy.vectors = true;
        return new VectorQuery(copy);
    }

    /**
     * Shares the search among threads, where the file can be mapped and the table is large enough: not inside a
     * transaction or a batch of the calling thread. The hits are the same.
     *
     * @param count how many, 1 to {@link #MAX_THREADS}; 1 by default, which is the calling one
     * @return a changed copy
     * @throws IllegalArgumentException for another number
     */
    public VectorQuery withThreads(int count) {
        if (count < 1 || count > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be from 1 to " + MAX_THREADS + ", but were " + count);
        }
        Settings copy = settings();
        copy.threads = count;
        return new VectorQuery(copy);
    }

    /**
     * {@return a copy of the vector}
     *
     * @throws IllegalStateException when it was given as {@link #bytes}
     */
    public float[] vector() {
        if (vector == null) {
            throw new IllegalStateException("the query's vector was given as bytes; bytes() has them");
        }
        return vector.clone();
    }

    /** {@return a copy of the vector, if it was given as bytes} */
    public Optional<byte[]> bytes() {
        return Optional.ofNullable(bytes).map(byte[]::clone);
    }

    /** {@return the metric, if it is another than the table's} */
    public Optional<Metric> metric() {
        return Optional.ofNullable(metric);
    }

    /** {@return the greatest distance, if there is one} */
    public OptionalDouble maxDistance() {
        return maxDistance;
    }

    /** {@return how many of the nearest are left out} */
    public int offset() {
        return offset;
    }

    /** {@return a copy of the ids among which is searched, ascending, if only some are} */
    public Optional<long[]> ids() {
        return Optional.ofNullable(ids).map(long[]::clone);
    }

    /** {@return what ids must pass, if anything} */
    public Optional<LongPredicate> idFilter() {
        return Optional.ofNullable(idFilter);
    }

    /** {@return what values must pass, if anything} */
    public Optional<Predicate<? super Optional<Object>>> valueFilter() {
        return Optional.ofNullable(valueFilter);
    }

    /** {@return whether hits carry their vectors} */
    public boolean hasVectors() {
        return vectors;
    }

    /** {@return how many threads may share the search} */
    public int threads() {
        return threads;
    }

    @Override
    public String toString() {
        return "VectorQuery["
                + (bytes != null ? bytes.length + " bytes" : Objects.requireNonNull(vector).length + " numbers")
                + (metric == null ? "" : ", " + metric)
                + (maxDistance.isPresent() ? ", at most " + maxDistance.getAsDouble() + " away" : "")
                + (offset == 0 ? "" : ", from hit " + offset)
                + (ids == null
                        ? ""
                        : ", among " + ids.length + " ids "
                                + Arrays.toString(Arrays.copyOf(ids, Math.min(ids.length, 5))))
                + (idFilter == null ? "" : ", ids filtered")
                + (valueFilter == null ? "" : ", values filtered") + "]";
    }
}
