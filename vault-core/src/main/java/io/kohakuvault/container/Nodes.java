package io.kohakuvault.container;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The inner nodes of a tree, or its leaves. A node is a number: its keys are the run of {@code width} places that
 * begins at {@code width} times that number. Nodes are handed out and taken back in groups: neighbours, all in one
 * chunk, so that a group is moved or widened by one copy of each array.
 */
final class Nodes {
    private static final int NO_GROUP = -1;

    /** How many entries a node has room for; of an inner node, how many children. */
    final int width;

    final int chunkShift;
    final int chunkMask;
    final Runs keys;

    /** The values of leaves; null for inner nodes. */
    final @Nullable Runs values;

    /** How many entries each node has. Of a free group's first node: the next free group of that size. */
    int[] count = new int[0];

    /** The first child of each inner node: the only pointer it has. Empty for leaves. */
    int[] child = new int[0];

    /** How many nodes the group of a node's children has room for. Empty for leaves. */
    int[] room = new int[0];

    private int used;
    private final int[] free;

    /**
     * Nodes without any.
     *
     * @param largestGroup how many nodes a group can have at most
     */
    Nodes(int width, int chunkShift, int largestGroup, Runs keys, @Nullable Runs values) {
        this.width = width;
        this.chunkShift = chunkShift;
        this.chunkMask = (1 << chunkShift) - 1;
        this.keys = keys;
        this.values = values;
        this.free = new int[largestGroup + 1];
        Arrays.fill(free, NO_GROUP);
        if (largestGroup > 1 << chunkShift) {
            throw new IllegalArgumentException("a group does not fit a chunk");
        }
    }

    int chunk(int node) {
        return node >>> chunkShift;
    }

    /** Where a node's run begins in its chunk. */
    int offset(int node) {
        return (node & chunkMask) * width;
    }

    /** Hands out a group of blank nodes, returns the first. */
    int allocate(int nodes) {
        int first = free[nodes];
        if (first != NO_GROUP) {
            free[nodes] = count[first];
            count[first] = 0;
            return first;
        }
        first = used;
        if ((first & chunkMask) + nodes > chunkMask + 1) {
            first = (first | chunkMask) + 1;
        }
        reserve(first, nodes);
        used = first + nodes;
        return first;
    }

    private void reserve(int first, int nodes) {
        int chunk = chunk(first);
        int within = (first & chunkMask) + nodes;
        // all chunks but the first have their whole size from the beginning
        int length = chunk > 0
                ? chunkMask + 1
                : Math.min(chunkMask + 1, within == 1 ? 1 : Integer.highestOneBit(within - 1) << 1);
        keys.reserve(chunk, length * width);
        if (values != null) {
            values.reserve(chunk, length * width);
        }
        int end = first + nodes;
        if (end > count.length) {
            int capacity = Math.max(end, count.length + (count.length >> 1));
            count = Arrays.copyOf(count, capacity);
            if (values == null) {
                child = Arrays.copyOf(child, capacity);
                room = Arrays.copyOf(room, capacity);
            }
        }
    }

    /** Takes a group back. */
    void free(int first, int nodes) {
        blank(first, nodes);
        count[first] = free[nodes];
        free[nodes] = first;
    }

    /** Makes nodes empty, whatever they have. Their children are not freed. */
    void blank(int first, int nodes) {
        Arrays.fill(count, first, first + nodes, 0);
        int from = offset(first);
        keys.erase(chunk(first), from, from + nodes * width);
        if (values != null) {
            values.erase(chunk(first), from, from + nodes * width);
        } else {
            Arrays.fill(room, first, first + nodes, 0);
        }
    }

    /** Copies nodes with all they have; the two places may overlap. */
    void copy(int from, int to, int nodes) {
        if (nodes == 0) {
            return;
        }
        System.arraycopy(count, from, count, to, nodes);
        copyEntries(from, 0, to, 0, nodes * width);
        if (values == null) {
            System.arraycopy(child, from, child, to, nodes);
            System.arraycopy(room, from, room, to, nodes);
        }
    }

    /** Copies keys, and values if there are any, from one node to another or within one. */
    void copyEntries(int from, int fromIndex, int to, int toIndex, int entries) {
        int source = offset(from) + fromIndex;
        int target = offset(to) + toIndex;
        keys.copy(chunk(from), source, chunk(to), target, entries);
        if (values != null) {
            values.copy(chunk(from), source, chunk(to), target, entries);
        }
    }

    /** Drops the references of some entries of a node. */
    void eraseEntries(int node, int from, int to) {
        int offset = offset(node);
        keys.erase(chunk(node), offset + from, offset + to);
        if (values != null) {
            values.erase(chunk(node), offset + from, offset + to);
        }
    }

    /** How many nodes are in use or were: all that have memory. */
    int used() {
        return used;
    }

    /** How many nodes lie in groups that were taken back. */
    int freeNodes() {
        int nodes = 0;
        for (int size = 1; size < free.length; size++) {
            for (int group = free[size]; group != NO_GROUP; group = count[group]) {
                nodes += size;
            }
        }
        return nodes;
    }
}
