package io.kohakuvault.arrow;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.spi.ColumnBlocks;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Arrow over a vault. The JVM needs {@code --add-opens=java.base/java.nio=ALL-UNNAMED}, on JDK 24 and later also
 * {@code --sun-misc-unsafe-memory-access=allow}; where one is missing, every method here says which.
 */
public final class VaultArrow {
    private VaultArrow() {}

    /**
     * An allocator without a limit.
     *
     * @return a root allocator, to be closed after everything allocated from it
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static BufferAllocator allocator() {
        JvmFlags.check();
        return new RootAllocator();
    }

    /**
     * A scan of a table's columns.
     *
     * @param snapshot the state to read; it may be closed before the batches are
     * @param table the table
     * @return the scan, to be narrowed and opened
     * @throws java.util.NoSuchElementException when there is no such table
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static ArrowScan scan(Snapshot snapshot, String table) {
        JvmFlags.check();
        return new ArrowScan(
                snapshot.blocks(),
                snapshot.path(),
                "table '" + table + "'",
                snapshot.blocks().table(table));
    }

    /**
     * A scan of loose columns side by side.
     *
     * @param snapshot the state to read; it may be closed before the batches are
     * @param names full names of columns of one length
     * @return the scan, to be narrowed and opened
     * @throws java.util.NoSuchElementException when there is no such column
     * @throws IllegalArgumentException when the columns differ in length
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static ArrowScan scanColumns(Snapshot snapshot, String... names) {
        JvmFlags.check();
        List<ColumnBlocks> columns = new ArrayList<>();
        for (String name : names) {
            columns.add(snapshot.blocks().column(name));
        }
        return new ArrowScan(snapshot.blocks(), snapshot.path(), "columns " + List.of(names), columns);
    }

    /**
     * Follows a table: its rows from one on, and then those that are appended, by whomever.
     *
     * @param vault the vault; it may not be closed before the follower
     * @param table the table
     * @param fromRow the first row to be handed out, from 0 to the table's length
     * @return the follower, to be closed
     * @throws java.util.NoSuchElementException when there is no such table
     * @throws IndexOutOfBoundsException when the table has fewer rows
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static ArrowFollower follow(Vault vault, String table, long fromRow) {
        return follow(vault, table, fromRow, FollowCheck.PLACE);
    }

    /**
     * Follows a table: its rows from one on, and then those that are appended, by whomever, and tells when rows that
     * were handed out are others now.
     *
     * @param vault the vault; it may not be closed before the follower
     * @param table the table
     * @param fromRow the first row to be handed out, from 0 to the table's length
     * @param check how much of what was handed out is compared
     * @return the follower, to be closed
     * @throws java.util.NoSuchElementException when there is no such table
     * @throws IndexOutOfBoundsException when the table has fewer rows
     * @throws IllegalStateException when a JVM flag is missing; the message names it
     */
    public static ArrowFollower follow(Vault vault, String table, long fromRow, FollowCheck check) {
        JvmFlags.check();
        return new ArrowFollower(vault, table, fromRow, check);
    }
}
