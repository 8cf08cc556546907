package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.Metric;

/**
 * Distances as sqlite-vec 0.1.6 computes them, bit for bit: single precision, elements in order, no fused multiply-add.
 * Java's arithmetic is strict, so the order of these loops is their contract. A sum waits for each of its additions, so
 * four vectors are summed side by side, each in its own order.
 */
final class FloatDistances extends Distances {
    private final Metric metric;
    private final float[] query;

    /** The query's product with itself, in single precision and in order. */
    private final float squared;

    /**
     * Those from a query.
     *
     * @param query a prepared one, which is not copied
     * @throws IllegalArgumentException for a metric that needs a direction, where it has none
     */
    FloatDistances(Metric metric, float[] query) {
        this.metric = metric;
        this.query = query;
        float sum = 0;
        for (float x : query) {
            sum += x * x;
        }
        this.squared = sum;
        if (metric == Metric.COSINE) {
            checkDirection(squared);
        }
    }

    @Override
    void of(VectorBlock vectors, int[] at, int count, float[] into) {
        float[] block = vectors.floats();
        int fours = count & ~3;
        for (int i = 0; i < fours; i += 4) {
            switch (metric) {
                case COSINE -> cosines(block, at, i, into);
                case L2 -> l2s(block, at, i, into);
                case L1 -> l1s(block, at, i, into);
                default -> dots(block, at, i, into);
            }
        }
        for (int i = fours; i < count; i++) {
            into[i] = switch (metric) {
                case COSINE -> cosine(block, at[i]);
                case L2 -> l2(block, at[i]);
                case L1 -> l1(block, at[i]);
                default -> dot(block, at[i]);
            };
        }
    }

    private void l2s(float[] block, int[] at, int first, float[] into) {
        float[] a = query;
        int b0 = at[first];
        int b1 = at[first + 1];
        int b2 = at[first + 2];
        int b3 = at[first + 3];
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = 0; i < a.length; i++) {
            float x = a[i];
            float d0 = x - block[b0 + i];
            float d1 = x - block[b1 + i];
            float d2 = x - block[b2 + i];
            float d3 = x - block[b3 + i];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        into[first] = (float) Math.sqrt(s0);
        into[first + 1] = (float) Math.sqrt(s1);
        into[first + 2] = (float) Math.sqrt(s2);
        into[first + 3] = (float) Math.sqrt(s3);
    }

    private float l2(float[] block, int at) {
        float sum = 0;
        for (int i = 0; i < query.length; i++) {
            float d = query[i] - block[at + i];
            sum += d * d;
        }
        return (float) Math.sqrt(sum);
    }

    private void l1s(float[] block, int[] at, int first, float[] into) {
        float[] a = query;
        int b0 = at[first];
        int b1 = at[first + 1];
        int b2 = at[first + 2];
        int b3 = at[first + 3];
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        for (int i = 0; i < a.length; i++) {
            double x = a[i];
            s0 += Math.abs(x - block[b0 + i]);
            s1 += Math.abs(x - block[b1 + i]);
            s2 += Math.abs(x - block[b2 + i]);
            s3 += Math.abs(x - block[b3 + i]);
        }
        into[first] = (float) s0;
        into[first + 1] = (float) s1;
        into[first + 2] = (float) s2;
        into[first + 3] = (float) s3;
    }

    private float l1(float[] block, int at) {
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            sum += Math.abs((double) query[i] - block[at + i]);
        }
        return (float) sum;
    }

    private void dots(float[] block, int[] at, int first, float[] into) {
        float[] a = query;
        int b0 = at[first];
        int b1 = at[first + 1];
        int b2 = at[first + 2];
        int b3 = at[first + 3];
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = 0; i < a.length; i++) {
            float x = a[i];
            s0 += x * block[b0 + i];
            s1 += x * block[b1 + i];
            s2 += x * block[b2 + i];
            s3 += x * block[b3 + i];
        }
        into[first] = -s0;
        into[first + 1] = -s1;
        into[first + 2] = -s2;
        into[first + 3] = -s3;
    }

    private float dot(float[] block, int at) {
        float sum = 0;
        for (int i = 0; i < query.length; i++) {
            sum += query[i] * block[at + i];
        }
        return -sum;
    }

    private void cosines(float[] block, int[] at, int first, float[] into) {
        float[] a = query;
        int b0 = at[first];
        int b1 = at[first + 1];
        int b2 = at[first + 2];
        int b3 = at[first + 3];
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float n0 = 0;
        float n1 = 0;
        float n2 = 0;
        float n3 = 0;
        for (int i = 0; i < a.length; i++) {
            float x = a[i];
            float y0 = block[b0 + i];
            float y1 = block[b1 + i];
            float y2 = block[b2 + i];
            float y3 = block[b3 + i];
            s0 += x * y0;
            s1 += x * y1;
            s2 += x * y2;
            s3 += x * y3;
            n0 += y0 * y0;
            n1 += y1 * y1;
            n2 += y2 * y2;
            n3 += y3 * y3;
        }
        into[first] = cosine(s0, n0);
        into[first + 1] = cosine(s1, n1);
        into[first + 2] = cosine(s2, n2);
        into[first + 3] = cosine(s3, n3);
    }

    private float cosine(float[] block, int at) {
        float dot = 0;
        float other = 0;
        for (int i = 0; i < query.length; i++) {
            float y = block[at + i];
            dot += query[i] * y;
            other += y * y;
        }
        return cosine(dot, other);
    }

    private float cosine(float dot, float other) {
        return (float) (1 - dot / (Math.sqrt(squared) * Math.sqrt(other)));
    }

    /**
     * The vector as it is stored and searched with: for cosine divided by its length, which must be a usable number.
     *
     * <p>Numbers that are not finite are refused, because a distance that is no number ends KohakuVault's searches:
     * infinity minus infinity is one. Finite numbers never give one. Under L2 and L1 the distance of two that are very
     * far apart is infinite, which every reader orders behind all others; under cosine a vector of length 1 cannot
     * overflow.
     */
    static float[] prepare(Metric metric, float[] vector) {
        int dimensions = vector.length;
        float sum = 0;
        for (int i = 0; i < dimensions; i++) {
            float x = vector[i];
            if (!Float.isFinite(x)) {
                throw new IllegalArgumentException(
                        "a vector must hold finite numbers, but the one at index " + i + " is " + x);
            }
            sum += x * x;
        }
        if (metric != Metric.COSINE) {
            return vector;
        }
        checkDirection(sum);
        float length = (float) Math.sqrt(sum);
        float[] unit = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            unit[i] = vector[i] / length;
        }
        return unit;
    }

    /**
     * Whether a vector may be what {@link #prepare} has made: the length by which it divides is off by half a unit of
     * float's last place for each number at most.
     */
    static boolean isUnit(float[] vector) {
        double sum = 0;
        for (float x : vector) {
            sum += (double) x * x;
        }
        return Math.abs(sum - 1) <= 0x1p-23 * (vector.length + 2);
    }

    private static void checkDirection(float squared) {
        if (!(squared >= Float.MIN_NORMAL && squared <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "cosine needs a vector with a direction, but the squares of this one add up to " + squared);
        }
    }
}
