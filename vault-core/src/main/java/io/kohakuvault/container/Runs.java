package io.kohakuvault.container;

/**
 * One long array of keys or values, in chunks: what is appended never moves what is there. The first chunk begins small
 * and doubles, so that a small tree is small.
 */
abstract class Runs {
    /** The array that holds a chunk. */
    abstract Object chunk(int chunk);

    /** Makes a chunk exist with at least this length, keeping what it has. */
    abstract void reserve(int chunk, int length);

    /** Drops references, so that the collector can have what was removed. */
    abstract void erase(int chunk, int from, int to);

    final void copy(int fromChunk, int from, int toChunk, int to, int length) {
        System.arraycopy(chunk(fromChunk), from, chunk(toChunk), to, length);
    }
}
