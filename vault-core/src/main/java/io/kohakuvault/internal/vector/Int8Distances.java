package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.Metric;

/**
 * Distances of vectors of whole numbers. sqlite-vec adds up in single precision, which is exact up to 2^24: so far
 * whole numbers are added here, in whatever order, and beyond it floats in the original's order.
 *
 * <p>Where vectors are a multiple of four numbers, four are taken from an int each: the compiler makes vector
 * instructions of such loops, which it does not of loops over bytes. They take a fifth of the time.
 */
final class Int8Distances extends Distances {
    /** The sums of whole numbers up to this are exact in single precision, and so is each sum on the way to them. */
    private static final int EXACT = 1 << 24;

    private final Metric metric;
    private final byte[] query;

    /** Each fourth number of the query, from the first, the second and so on; empty where vectors are no words. */
    private final int[][] fourths;

    private final int[] zeros;

    /** The query's product with itself as sqlite-vec adds it up. */
    private final float squared;

    /**
     * Those from a query.
     *
     * @param query not copied
     * @throws IllegalArgumentException for a metric that needs a direction, where it has none
     */
    Int8Distances(Metric metric, byte[] query) {
        this.metric = metric;
        this.query = query;
        if (metric == Metric.COSINE) {
            checkDirection(query);
        }
        float sum = 0;
        for (byte x : query) {
            sum += x * x;
        }
        this.squared = sum;
        this.zeros = new int[query.length / 4];
        this.fourths = new int[VectorBlock.isInWords(query.length) ? 4 : 0][query.length / 4];
        for (int i = 0; i < 4 * zeros.length && fourths.length > 0; i++) {
            fourths[i & 3][i >> 2] = query[i];
        }
    }

    /** Throws for zeros alone. */
    static void checkDirection(byte[] vector) {
        for (byte x : vector) {
            if (x != 0) {
                return;
            }
        }
        throw new IllegalArgumentException("cosine needs a vector with a direction, but this one is 0 everywhere");
    }

    @Override
    void of(VectorBlock block, int[] at, int count, float[] into) {
        if (fourths.length > 0) {
            words(block.words(), at, count, into);
        } else {
            bytes(block.bytes(), at, count, into);
        }
    }

    private void words(int[] b, int[] at, int count, float[] into) {
        int[] a0 = fourths[0];
        int[] a1 = fourths[1];
        int[] a2 = fourths[2];
        int[] a3 = fourths[3];
        for (int i = 0; i < count; i++) {
            int from = at[i];
            into[i] = switch (metric) {
                case COSINE -> {
                    int dot = products(a0, a1, a2, a3, b, from);
                    int other = squares(zeros, zeros, zeros, zeros, b, from);
                    yield isExact(other) ? cosine(dot, other) : cosine(unpacked(b, from), 0);
                }
                case L2 -> {
                    int sum = squares(a0, a1, a2, a3, b, from);
                    yield sum <= EXACT ? (float) Math.sqrt(sum) : l2(unpacked(b, from), 0);
                }
                case L1 -> differences(a0, a1, a2, a3, b, from);
                default -> -products(a0, a1, a2, a3, b, from);
            };
        }
    }

    /** The sum of the squares of differences. */
    private static int squares(int[] a0, int[] a1, int[] a2, int[] a3, int[] b, int from) {
        int sum = 0;
        for (int i = 0; i < a0.length; i++) {
            int four = b[from + i];
            int d0 = (four << 24 >> 24) - a0[i];
            int d1 = (four << 16 >> 24) - a1[i];
            int d2 = (four << 8 >> 24) - a2[i];
            int d3 = (four >> 24) - a3[i];
            sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
        }
        return sum;
    }

    private static int products(int[] a0, int[] a1, int[] a2, int[] a3, int[] b, int from) {
        int sum = 0;
        for (int i = 0; i < a0.length; i++) {
            int four = b[from + i];
            sum += (four << 24 >> 24) * a0[i]
                    + (four << 16 >> 24) * a1[i]
                    + (four << 8 >> 24) * a2[i]
                    + (four >> 24) * a3[i];
        }
        return sum;
    }

    private static int differences(int[] a0, int[] a1, int[] a2, int[] a3, int[] b, int from) {
        int sum = 0;
        for (int i = 0; i < a0.length; i++) {
            int four = b[from + i];
            sum += Math.abs((four << 24 >> 24) - a0[i])
                    + Math.abs((four << 16 >> 24) - a1[i])
                    + Math.abs((four << 8 >> 24) - a2[i])
                    + Math.abs((four >> 24) - a3[i]);
        }
        return sum;
    }

    /** The numbers of one vector. */
    private byte[] unpacked(int[] words, int from) {
        byte[] numbers = new byte[query.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (byte) (words[from + (i >> 2)] >> (8 * (i & 3)));
        }
        return numbers;
    }

    private void bytes(byte[] b, int[] at, int count, float[] into) {
        for (int i = 0; i < count; i++) {
            int from = at[i];
            into[i] = switch (metric) {
                case COSINE -> {
                    int dot = 0;
                    int other = 0;
                    for (int j = 0; j < query.length; j++) {
                        int y = b[from + j];
                        dot += query[j] * y;
                        other += y * y;
                    }
                    yield isExact(other) ? cosine(dot, other) : cosine(b, from);
                }
                case L2 -> {
                    int sum = 0;
                    for (int j = 0; j < query.length; j++) {
                        int d = query[j] - b[from + j];
                        sum += d * d;
                    }
                    yield sum <= EXACT ? (float) Math.sqrt(sum) : l2(b, from);
                }
                case L1 -> {
                    int sum = 0;
                    for (int j = 0; j < query.length; j++) {
                        sum += Math.abs(query[j] - b[from + j]);
                    }
                    yield sum;
                }
                default -> {
                    int sum = 0;
                    for (int j = 0; j < query.length; j++) {
                        sum += query[j] * b[from + j];
                    }
                    yield -sum;
                }
            };
        }
    }

    private float l2(byte[] b, int from) {
        float sum = 0;
        for (int i = 0; i < query.length; i++) {
            float d = query[i] - b[from + i];
            sum += d * d;
        }
        return (float) Math.sqrt(sum);
    }

    /** A product is no greater than the root of the two vectors' own, at each step on the way too. */
    private boolean isExact(int other) {
        return squared <= EXACT && other <= EXACT;
    }

    private float cosine(byte[] b, int from) {
        float dot = 0;
        float other = 0;
        for (int i = 0; i < query.length; i++) {
            dot += query[i] * b[from + i];
            other += b[from + i] * b[from + i];
        }
        return cosine(dot, other);
    }

    private float cosine(float dot, float other) {
        return (float) (1 - dot / (Math.sqrt(squared) * Math.sqrt(other)));
    }
}
