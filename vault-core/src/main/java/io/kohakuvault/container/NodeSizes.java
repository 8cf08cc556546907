package io.kohakuvault.container;

/**
 * How large the nodes of a tree are.
 *
 * @param leaf entries of a leaf, at least 2
 * @param inner children of an inner node, at least 4
 * @param chunkShift nodes of a chunk, as a power of two; a chunk holds at least {@code inner} nodes
 */
record NodeSizes(int leaf, int inner, int chunkShift) {
    NodeSizes {
        if (leaf < 2 || inner < 4) {
            throw new IllegalArgumentException("nodes are too small: " + leaf + ", " + inner);
        }
    }

    /**
     * What measured best, of 16 to 128 entries. The keys of a leaf take eight cache lines, those of an inner node four;
     * a search looks at one key of each line and then at one line. Larger leaves make scans faster, larger inner nodes
     * make groups larger, and so what a split moves. A chunk of 256 KiB is no humongous object for G1.
     */
    static NodeSizes usual() {
        return new NodeSizes(64, 32, 9);
    }
}
