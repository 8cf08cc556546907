package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.ReadAccess;
import java.util.function.Function;

/** Reads of blocks against one consistent state of the file. Thread-safe. */
public interface BlockAccess extends ReadAccess {
    /** Runs the work in one read transaction with a reader of that transaction's columns and blocks. */
    <T> T blocks(Function<BlockReader, T> work);
}
