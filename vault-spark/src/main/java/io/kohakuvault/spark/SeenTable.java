package io.kohakuvault.spark;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultMovedException;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file's table, by which a task tells whether the rows that it is to read are still those that were
 * planned. Immutable; the list is not changed.
 *
 * @param path the file
 * @param identity which file it was
 * @param rows rows that are read at most: those that the table had; {@link #UNKNOWN} of one that was not opened
 * @param stamp when the file and its log were changed last; null when that says nothing
 * @param columns names of the columns that the fingerprint is of
 * @param fingerprint what the first of these rows held, and the last of them; empty when it is not compared
 * @param shape of the names and types of all columns; 0 when it is not compared
 */
record SeenTable(
        String path,
        String identity,
        long rows,
        FileInfo.@Nullable Stamp stamp,
        ArrayList<String> columns,
        String fingerprint,
        int shape)
        implements Serializable {
    /** Rows that are removed or put in move those of all columns: a few columns show it. */
    private static final int MOST_COLUMNS = 4;

    /** Of an element of these. */
    private static final int MOST_BYTES = 64;

    /** Rows of a table that was not opened: all that it had then, which is known by the stamp alone. */
    static final long UNKNOWN = -1;

    /** A file of which nothing else is known. */
    static SeenTable file(String path, String identity) {
        return new SeenTable(path, identity, 0, null, new ArrayList<>(), "", 0);
    }

    /** A file that was not opened because nobody was writing to it. */
    static SeenTable unopened(String path, String identity, FileInfo.Stamp stamp) {
        return new SeenTable(path, identity, UNKNOWN, stamp, new ArrayList<>(), "", 0);
    }

    /** Whether it is not known what the table held. */
    boolean isUnopened() {
        return rows == UNKNOWN;
    }

    /** What a table is known by. */
    static SeenTable of(OpenTable table, FileInfo.Stamp stamp) {
        ArrayList<String> columns = new ArrayList<>();
        String fingerprint = "";
        try {
            if (table.rows() > 0) {
                columns.addAll(sample(table));
                fingerprint = Fingerprint.of(table, columns, table.rows());
            }
        } catch (VaultException e) {
            columns.clear(); // whoever reads the rows meets it, and says so
        }
        return new SeenTable(
                table.path().toString(), table.identity(), table.rows(), stamp, columns, fingerprint, shape(table));
    }

    /** A few columns of short elements, of a fixed size where there are any. */
    private static List<String> sample(OpenTable table) {
        List<String> fixed = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (SchemaColumn column : table.columns()) {
            if (fixed.size() == MOST_COLUMNS) {
                break;
            } else if (column.dtype().isFixedSize() && column.dtype().elementSizeBytes() <= MOST_BYTES) {
                fixed.add(column.name());
            } else if (others.isEmpty() && fixed.isEmpty()) {
                ColumnBlocks blocks = table.blocks(column.name());
                if (blocks.length() > 0 && blocks.blockBytes(0) + blocks.blockBytes(blocks.length() - 1) < 1 << 20) {
                    others.add(column.name());
                }
            }
        }
        return fixed.isEmpty() ? others : fixed;
    }

    private static int shape(OpenTable table) {
        StringBuilder text = new StringBuilder();
        table.columns().forEach(column -> text.append(column).append('\n'));
        return text.toString().hashCode() | 1;
    }

    /**
     * Throws where the rows of a table are not those that were planned.
     *
     * @throws VaultMovedException names the file and says what is another
     */
    void check(OpenTable table) {
        if (FileInfo.isReplaced(identity, table.identity())) {
            throw moved("another file was put in its place between planning and reading");
        } else if (isUnopened()) {
            if (!isUntouched()) {
                throw moved(
                        "it was written between planning and reading, and with mergeSchema=false nothing says which of"
                                + " its rows were there when the query was planned");
            }
        } else if (rows > table.rows()) {
            throw moved("the table had " + rows + " rows when the query was planned and has " + table.rows()
                    + " now: rows were removed, or it is another file");
        } else if (!isUntouched() && !holdsTheSame(table)) {
            throw moved("rows were removed, inserted or corrected, or columns, between planning and reading");
        }
    }

    private VaultMovedException moved(String what) {
        return new VaultMovedException(path + ": " + what + "; run the query again", null);
    }

    /** Asked behind the snapshot: whoever has written in between would show. */
    private boolean isUntouched() {
        if (stamp == null || identity.isEmpty()) {
            return false;
        }
        try {
            return stamp.isSame(FileInfo.Stamp.of(Path.of(path)));
        } catch (IOException e) {
            return false;
        }
    }

    private boolean holdsTheSame(OpenTable table) {
        return (shape == 0 || shape == shape(table))
                && (fingerprint.isEmpty()
                        || Fingerprint.of(table, columns, rows).equals(fingerprint));
    }
}
