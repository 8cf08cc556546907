package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.Metric;

/**
 * Distances as sqlite-vec 0.1.6 computes them, bit for bit: single precision, elements in order, no fused multiply-add.
 * Java's arithmetic is strict, so the order of these loops is their contract.
 */
final class Distances {
    private Distances() {}

    static float of(Metric metric, float[] query, float[] block, int at) {
        return switch (metric) {
            case COSINE -> cosine(query, block, at);
            case L2 -> l2(query, block, at);
            case L1 -> l1(query, block, at);
        };
    }

    private static float l2(float[] a, float[] b, int at) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            float d = a[i] - b[at + i];
            sum += d * d;
        }
        return (float) Math.sqrt(sum);
    }

    private static float l1(float[] a, float[] b, int at) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((double) a[i] - (double) b[at + i]);
        }
        return (float) sum;
    }

    private static float cosine(float[] a, float[] b, int at) {
        float dot = 0;
        float aa = 0;
        float bb = 0;
        for (int i = 0; i < a.length; i++) {
            float x = a[i];
            float y = b[at + i];
            dot += x * y;
            aa += x * x;
            bb += y * y;
        }
        return (float) (1 - dot / (Math.sqrt(aa) * Math.sqrt(bb)));
    }

    /**
     * The vector as it is stored and searched with: for cosine divided by its length, which must be a usable number.
     *
     * <p>Numbers that are not finite are refused, because a distance that is no number ends KohakuVault's searches:
     * infinity minus infinity is one. Finite numbers never give one. Under L2 and L1 the distance of two that are very
     * far apart is infinite, which every reader orders behind all others; under cosine a vector of length 1 cannot
     * overflow.
     */
    static float[] prepare(Metric metric, float[] vector, int dimensions) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException(
                    "a vector of the table has " + dimensions + " numbers, but this one has " + vector.length);
        }
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
            return vector.clone();
        }
        if (!(sum >= Float.MIN_NORMAL && sum <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "cosine needs a vector with a direction, but the squares of this one add up to " + sum);
        }
        float length = (float) Math.sqrt(sum);
        float[] unit = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            unit[i] = vector[i] / length;
        }
        return unit;
    }
}
