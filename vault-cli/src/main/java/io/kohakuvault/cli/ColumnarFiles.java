package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Arrow and Parquet, which another jar reads and writes; found by {@link ServiceLoader}. Called by one thread; what
 * takes long asks {@link Interruption#check()}.
 */
public interface ColumnarFiles {
    /**
     * Rows that are exported.
     *
     * @param snapshot where they are
     * @param name the table, or the full name of a column of no table
     * @param isTable which of both it is
     * @param columns the table's columns, in this order; empty for all
     * @param as how the only column is called; null for what it is called
     * @param wanted the rows by number; null for all
     * @param limit how many at most
     */
    record Rows(
            Snapshot snapshot,
            String name,
            boolean isTable,
            List<String> columns,
            String as,
            BitSet wanted,
            long limit) {}

    /**
     * Writes rows to a file.
     *
     * @param format arrow or parquet
     * @param rows what to write
     * @param target where: a file that is there and empty, or a pipe
     * @param named what the target is called in the end; it tells the forms of Arrow apart
     * @throws IOException when it cannot be written
     * @throws IllegalArgumentException when a column cannot be said so; the message names it
     */
    void write(FileFormat format, Rows rows, Path target, Path named) throws IOException;

    /**
     * Writes rows as a stream of Arrow.
     *
     * @param rows what to write
     * @param out where; it stays open
     * @throws IOException when it cannot be written
     * @throws IllegalArgumentException when a column cannot be said so; the message names it
     */
    void write(Rows rows, OutputStream out) throws IOException;

    /**
     * Appends what an input holds to a table, which is made where it is missing.
     *
     * @param format arrow or parquet
     * @param input a file, or for Arrow a pipe; null for standard input, which gives Arrow alone
     * @param vault the file of the table
     * @param table the table
     * @param heard hears how many bytes of how many are read
     * @return how many rows were appended
     * @throws IOException when it cannot be read; the message names it
     * @throws IllegalArgumentException when a column does not fit; the message names it
     */
    long read(FileFormat format, Path input, Vault vault, String table, Heard heard) throws IOException;

    /** Hears how far something is. */
    @FunctionalInterface
    interface Heard {
        /**
         * Is told.
         *
         * @param done bytes so far
         * @param of all of them, 0 when that is not known
         */
        void at(long done, long of);
    }

    /** Those that are here; empty in the jar without DuckDB and Arrow. */
    static Optional<ColumnarFiles> find() {
        return ServiceLoader.load(ColumnarFiles.class).findFirst();
    }
}
