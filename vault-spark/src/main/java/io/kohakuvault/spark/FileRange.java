package io.kohakuvault.spark;

import java.io.Serializable;

/**
 * Some rows of a file.
 *
 * @param path the file
 * @param identity which file it was when the reading was planned
 * @param from first row
 * @param to row after the last
 * @param plannedRows rows that the table had then
 */
record FileRange(String path, String identity, long from, long to, long plannedRows) implements Serializable {
    static FileRange of(FileInfo file, long from, long to) {
        return new FileRange(file.path().toString(), file.identity(), from, to, file.rows());
    }

    long rows() {
        return to - from;
    }
}
