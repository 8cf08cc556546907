package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.Metric;

/**
 * Distances of vectors of whole numbers. sqlite-vec adds up in single precision, which is exact up to 2^24: so far whole
 * numbers are added here, in whatever order, and beyond it floats in the original's order. Four vectors are summed side
 * by side.
 */
final class Int8Distances extends Distances {
    /** The sums of whole numbers up to this are exact in single precision, and so is each sum on the way to them. */
    private static final int EXACT = 1 << 24;

    private final Metric metric;
    private final byte[] query;

    /** The query's product with itself as sqlite-vec adds it up. */
    private final float squared;

    private final boolean squaredIsExact;

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
        this.squaredIsExact = sum <= EXACT;
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
        byte[] vectors = block.bytes();
        int[] sums = new int[8];
        int[] begins = new int[4];
        for (int i = 0; i < count; i += 4) {
            int n = Math.min(4, count - i);
            for (int j = 0; j < 4; j++) {
                begins[j] = at[i + Math.min(j, n - 1)];
            }
            switch (metric) {
                case COSINE -> cosines(vectors, begins, sums);
                case L2 -> squares(vectors, begins, sums);
                case L1 -> differences(vectors, begins, sums);
                default -> products(vectors, begins, sums);
            }
            for (int j = 0; j < n; j++) {
                into[i + j] = switch (metric) {
                    case COSINE -> cosine(vectors, begins[j], sums[j], sums[4 + j]);
                    case L2 -> l2(vectors, begins[j], sums[j]);
                    case L1 -> sums[j];
                    default -> -sums[j];
                };
            }
        }
    }

    private void squares(byte[] b, int[] at, int[] sums) {
        byte[] a = query;
        int b0 = at[0];
        int b1 = at[1];
        int b2 = at[2];
        int b3 = at[3];
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        for (int i = 0; i < a.length; i++) {
            int x = a[i];
            int d0 = x - b[b0 + i];
            int d1 = x - b[b1 + i];
            int d2 = x - b[b2 + i];
            int d3 = x - b[b3 + i];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
    }

    private void differences(byte[] b, int[] at, int[] sums) {
        byte[] a = query;
        int b0 = at[0];
        int b1 = at[1];
        int b2 = at[2];
        int b3 = at[3];
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        for (int i = 0; i < a.length; i++) {
            int x = a[i];
            s0 += Math.abs(x - b[b0 + i]);
            s1 += Math.abs(x - b[b1 + i]);
            s2 += Math.abs(x - b[b2 + i]);
            s3 += Math.abs(x - b[b3 + i]);
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
    }

    private void products(byte[] b, int[] at, int[] sums) {
        byte[] a = query;
        int b0 = at[0];
        int b1 = at[1];
        int b2 = at[2];
        int b3 = at[3];
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        for (int i = 0; i < a.length; i++) {
            int x = a[i];
            s0 += x * b[b0 + i];
            s1 += x * b[b1 + i];
            s2 += x * b[b2 + i];
            s3 += x * b[b3 + i];
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
    }

    private void cosines(byte[] b, int[] at, int[] sums) {
        byte[] a = query;
        int b0 = at[0];
        int b1 = at[1];
        int b2 = at[2];
        int b3 = at[3];
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        int n0 = 0;
        int n1 = 0;
        int n2 = 0;
        int n3 = 0;
        for (int i = 0; i < a.length; i++) {
            int x = a[i];
            int y0 = b[b0 + i];
            int y1 = b[b1 + i];
            int y2 = b[b2 + i];
            int y3 = b[b3 + i];
            s0 += x * y0;
            s1 += x * y1;
            s2 += x * y2;
            s3 += x * y3;
            n0 += y0 * y0;
            n1 += y1 * y1;
            n2 += y2 * y2;
            n3 += y3 * y3;
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
        sums[4] = n0;
        sums[5] = n1;
        sums[6] = n2;
        sums[7] = n3;
    }

    private float l2(byte[] b, int at, int exact) {
        float sum = exact;
        if (exact > EXACT) {
            sum = 0;
            for (int i = 0; i < query.length; i++) {
                float d = query[i] - b[at + i];
                sum += d * d;
            }
        }
        return (float) Math.sqrt(sum);
    }

    /** A product is no greater than the root of the two vectors' own, at each step on the way too. */
    private float cosine(byte[] b, int at, int exactDot, int exactOther) {
        float dot = exactDot;
        float other = exactOther;
        if (!squaredIsExact || exactOther > EXACT) {
            dot = 0;
            other = 0;
            for (int i = 0; i < query.length; i++) {
                dot += query[i] * b[at + i];
                other += b[at + i] * b[at + i];
            }
        }
        return (float) (1 - dot / (Math.sqrt(squared) * Math.sqrt(other)));
    }
}
