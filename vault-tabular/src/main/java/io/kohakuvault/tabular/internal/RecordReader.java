package io.kohakuvault.tabular.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The records of an input, one after the other. Not thread-safe. */
interface RecordReader extends Closeable {
    /** The names that all records have, in their order; empty where each record brings its own. */
    List<String> heading();

    /**
     * Goes to the next record.
     *
     * @return false at the end
     * @throws RecordException when it cannot be read
     */
    boolean next() throws IOException;

    /** Where the record begins, 1 for the first line of the input. */
    long line();

    /** How many cells the record has. */
    int size();

    /** What cell i is called. */
    String name(int i);

    /** Cell i; valid until the next record. */
    Cell cell(int i);
}
