package io.kohakuvault.internal.kv;

import io.kohakuvault.kv.KvRange;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of a table whose values callers' functions, or streams, are giving just now. What a function does to its own
 * key would be overwritten by its answer, or would not end. Used with the write lock held.
 */
final class Computing {
    private final Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);

    /** What answers the value of a key. */
    interface Answer<T, X extends Exception> {
        T get() throws X;
    }

    /** Runs it. */
    <T, X extends Exception> T run(KvRows rows, byte[] key, Answer<T, X> function) throws X {
        checkFree(rows, key);
        keys.add(key);
        try {
            return function.get();
        } finally {
            keys.remove(key);
        }
    }

    /** Throws an IllegalStateException when the value of the key is being computed. */
    void checkFree(KvRows rows, byte[] key) {
        if (keys.contains(key)) {
            throw new IllegalStateException(rows.where(key)
                    + ": is changed by the function or stream that gives its value; let that give the value instead");
        }
    }

    void checkFree(KvRows rows, KvRange range) {
        for (byte[] key : keys) {
            if (range.contains(key)) {
                checkFree(rows, key);
            }
        }
    }
}
