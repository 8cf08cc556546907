package io.kohakuvault.container;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keys that are objects, or values. */
final class ObjectRuns extends Runs {
    @Nullable
    Object[][] chunks = new @Nullable Object[1][0];

    @Override
    @Nullable
    Object[] chunk(int chunk) {
        return chunks[chunk];
    }

    @Override
    void reserve(int chunk, int length) {
        if (chunk >= chunks.length) {
            int before = chunks.length;
            chunks = Arrays.copyOf(chunks, Math.max(chunk + 1, 2 * before));
            Arrays.fill(chunks, before, chunks.length, new @Nullable Object[0]);
        }
        if (chunks[chunk].length < length) {
            chunks[chunk] = Arrays.copyOf(chunks[chunk], length);
        }
    }

    @Override
    void erase(int chunk, int from, int to) {
        Arrays.fill(chunks[chunk], from, to, null);
    }
}
