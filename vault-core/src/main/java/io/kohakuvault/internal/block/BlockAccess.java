package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import java.util.function.BiFunction;

/** Reads of blocks against one consistent state of the file. Thread-safe. */
public interface BlockAccess extends ReadAccess {
    /** Runs the work in one read transaction with a reader of that transaction's blocks. */
    <T> T blocks(BiFunction<Session, BlockReader, T> work);
}
