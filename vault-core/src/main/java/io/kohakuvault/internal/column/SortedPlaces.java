package io.kohakuvault.internal.column;

import java.util.Arrays;

/** In which order places are looked up so that each block is read once. */
public final class SortedPlaces {
    private SortedPlaces() {}

    /** The places of an array in ascending order of their values. */
    public static int[] ascending(long[] values) {
        int n = values.length;
        int[] order = new int[n];
        boolean sorted = true;
        boolean small = true;
        for (int i = 0; i < n; i++) {
            order[i] = i;
            sorted &= i == 0 || values[i - 1] <= values[i];
            small &= values[i] >>> 31 == 0;
        }
        if (sorted) {
            return order;
        }
        if (small) {
            long[] packed = new long[n];
            for (int i = 0; i < n; i++) {
                packed[i] = values[i] << 32 | i;
            }
            Arrays.sort(packed);
            for (int i = 0; i < n; i++) {
                order[i] = (int) packed[i];
            }
            return order;
        }
        return java.util.stream.IntStream.range(0, n)
                .boxed()
                .sorted(java.util.Comparator.comparingLong(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
