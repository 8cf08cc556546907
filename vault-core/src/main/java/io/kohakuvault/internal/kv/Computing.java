package io.kohakuvault.internal.kv;

import io.kohakuvault.kv.KvRange;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The keys of a table whose values callers' functions are computing just now. What a function does to its own key would be overwritten by
 * its answer, or would not end. Used with the write lock held.
 */
final class Computing {
    private final KvRows rows;
    private final Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);

    Computing(KvRows rows) {
        this.rows = rows;
    }

    /** Runs a function that answers the value of a key. */
    <T> T run(byte[] key, Supplier<T> function) {
        checkFree(key);
        keys.add(key);
        try {
            return function.get();
        } finally {
            keys.remove(key);
        }
    }

    /** Throws an IllegalStateException when the value of the key is being computed. */
    void checkFree(byte[] key) {
        if (keys.contains(key)) {
            throw new IllegalStateException(
                    rows.where(key)
                            + ": is changed by the function that computes its value; let the function answer the value instead");
        }
    }

    void checkFree(KvRange range) {
        for (byte[] key : keys) {
            if (range.contains(key)) {
                checkFree(key);
            }
        }
    }
}
