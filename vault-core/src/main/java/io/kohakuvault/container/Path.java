package io.kohakuvault.container;

import java.util.Arrays;

/**
 * The way from the root to a leaf, by levels; leaves are level 0. With it the leaf beside is found without a comparison
 * and without pointers between leaves, which a node that moves would have to correct. Holds until the tree's structure
 * changes.
 */
final class Path {
    private final Nodes inner;
    private int height;

    /** The node of each level. */
    int[] node = new int[4];

    /** Which child of the node above it is. */
    int[] index = new int[4];

    Path(Nodes inner) {
        this.inner = inner;
    }

    /** Begins anew at a root. */
    void begin(int root, int newHeight) {
        height = newHeight;
        if (newHeight >= node.length) {
            node = Arrays.copyOf(node, newHeight + 4);
            index = Arrays.copyOf(index, newHeight + 4);
        }
        node[newHeight] = root;
    }

    /** Goes from the node of a level to one of its children. */
    int down(int level, int childIndex) {
        index[level - 1] = childIndex;
        int child = inner.child[node[level]] + childIndex;
        node[level - 1] = child;
        return child;
    }

    /** What {@link #begin} and {@link #down} to the same children gave for a tree that has a new root. */
    void grow(int root) {
        begin(root, height + 1);
        index[height - 1] = 0;
    }

    int leaf() {
        return node[0];
    }

    void toFirst(int level) {
        for (int i = level; i > 0; i--) {
            down(i, 0);
        }
    }

    void toLast(int level) {
        for (int i = level; i > 0; i--) {
            down(i, inner.count[node[i]] - 1);
        }
    }

    boolean toNextLeaf() {
        for (int level = 1; level <= height; level++) {
            if (index[level - 1] + 1 < inner.count[node[level]]) {
                down(level, index[level - 1] + 1);
                toFirst(level - 1);
                return true;
            }
        }
        return false;
    }

    boolean toPreviousLeaf() {
        for (int level = 1; level <= height; level++) {
            if (index[level - 1] > 0) {
                down(level, index[level - 1] - 1);
                toLast(level - 1);
                return true;
            }
        }
        return false;
    }

    /** Whether it leads along the left edge of the tree. */
    boolean isFirst() {
        for (int level = 0; level < height; level++) {
            if (index[level] > 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it leads along the right edge of the tree. */
    boolean isLast() {
        for (int level = 0; level < height; level++) {
            if (index[level] + 1 < inner.count[node[level + 1]]) {
                return false;
            }
        }
        return true;
    }
}
