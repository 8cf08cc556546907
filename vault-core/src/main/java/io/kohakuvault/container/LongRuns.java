package io.kohakuvault.container;

import java.util.Arrays;

/** Primitive keys. */
final class LongRuns extends Runs {
    long[][] chunks = new long[1][0];

    @Override
    long[] chunk(int chunk) {
        return chunks[chunk];
    }

    @Override
    void reserve(int chunk, int length) {
        if (chunk >= chunks.length) {
            int before = chunks.length;
            chunks = Arrays.copyOf(chunks, Math.max(chunk + 1, 2 * before));
            Arrays.fill(chunks, before, chunks.length, new long[0]);
        }
        if (chunks[chunk].length < length) {
            chunks[chunk] = Arrays.copyOf(chunks[chunk], length);
        }
    }

    @Override
    void erase(int chunk, int from, int to) {
        // numbers keep nothing alive
    }
}
