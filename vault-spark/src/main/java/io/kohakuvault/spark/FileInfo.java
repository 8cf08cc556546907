package io.kohakuvault.spark;

import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What a file's table looked like when a query was planned.
 *
 * @param path the file
 * @param identity which file it was
 * @param stamp when it and its log were changed last
 * @param columns the table's columns; none of one that was not opened
 * @param seen by which it is known again, with the table's rows
 */
record FileInfo(Path path, String identity, Stamp stamp, List<SchemaColumn> columns, SeenTable seen) {
    private static final String HOST = host();

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    /**
     * Sizes and times of a file and its log.
     *
     * @param fileBytes size of the file
     * @param fileTime when it was written, in milliseconds
     * @param logBytes size of the log, -1 when there is none or it is empty
     * @param logTime when it was written
     * @param takenAt when this was looked at
     */
    record Stamp(long fileBytes, long fileTime, long logBytes, long logTime, long takenAt) implements Serializable {
        /** Clocks of file systems are coarse: what was written just before may be written again at the same time. */
        private static final long COARSE_MILLIS = 100;

        /** The coarsest of them count two seconds. */
        private static final long QUIET_MILLIS = 2_000;

        static Stamp of(Path path) throws IOException {
            long now = System.currentTimeMillis();
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            long logBytes = -1;
            long logTime = 0;
            Path log = Path.of(path.toRealPath() + "-wal"); // which stands beside the file and not beside a link to it
            if (Files.exists(log)) {
                try {
                    BasicFileAttributes of = Files.readAttributes(log, BasicFileAttributes.class);
                    if (of.size() > 0) { // readers make an empty one, which says what none says
                        logBytes = of.size();
                        logTime = of.lastModifiedTime().toMillis();
                    }
                } catch (IOException e) {
                    logTime = now; // gone meanwhile: not to be relied on
                }
            }
            return new Stamp(file.size(), file.lastModifiedTime().toMillis(), logBytes, logTime, now);
        }

        /**
         * Whether nobody was writing to the file for a while, and all of it stands in itself. Whatever is written
         * behind this look shows by {@link #isSame}.
         */
        boolean isQuiet() {
            return fileBytes > 0 && logBytes < 0 && logTime == 0 && fileTime + QUIET_MILLIS < takenAt;
        }

        /** Whether nothing was written between this look and a later one. */
        boolean isSame(Stamp later) {
            return fileBytes == later.fileBytes
                    && fileTime == later.fileTime
                    && logBytes == later.logBytes
                    && logTime == later.logTime
                    && Math.max(fileTime, logTime) + COARSE_MILLIS < takenAt;
        }
    }

    /** Which file a path names, among those of this machine; empty where the file system does not say. */
    static String identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null || HOST.isEmpty() ? "" : HOST + " " + key;
    }

    /** Whether two identities say that a path names another file now; those of two machines say nothing. */
    static boolean isReplaced(String before, String now) {
        int host = before.indexOf(' ');
        return host > 0 && now.startsWith(before.substring(0, host + 1)) && !now.equals(before);
    }

    /** A file that was not opened. */
    static FileInfo unopened(Path path, String identity, Stamp stamp) {
        return new FileInfo(path, identity, stamp, List.of(), SeenTable.unopened(path.toString(), identity, stamp));
    }

    /** Whether nothing is known of the table. */
    boolean isUnopened() {
        return seen.isUnopened();
    }

    /** The table's rows, of a file that was opened. */
    long rows() {
        return seen.rows();
    }

    /** Bytes of the file and its log. */
    long bytes() {
        return stamp.fileBytes + Math.max(0, stamp.logBytes);
    }
}
