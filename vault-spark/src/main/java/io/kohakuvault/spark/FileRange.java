package io.kohakuvault.spark;

import java.io.Serializable;

/**
 * Some rows of a file.
 *
 * @param file the file as it was when the reading was planned
 * @param from first row
 * @param to row after the last
 */
record FileRange(SeenTable file, long from, long to) implements Serializable {
    String path() {
        return file.path();
    }

    /** All rows of a file that was not opened when the reading was planned. */
    static FileRange ofUnopened(SeenTable file) {
        return new FileRange(file, 0, Long.MAX_VALUE);
    }

    long rows() {
        return to - from;
    }
}
