package io.kohakuvault.internal.sqlite;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Finds out why SQLite could not open or write a file, which its result codes do not say. */
final class FileAccess {
    /** A connection takes up to three descriptors. */
    private static final long FEW_DESCRIPTORS = 4;

    private FileAccess() {}

    /** Loads what explains failures while classes can still be loaded: without a free descriptor they cannot. */
    static void load() {
        long unused = freeDescriptors();
    }

    /** How many more files the process may open; many where the system does not say. */
    private static long freeDescriptors() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                    ? system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount()
                    : Long.MAX_VALUE;
        } catch (InternalError e) {
            return 0; // counting them takes one
        }
    }

    /** What stands in the way and what to do about it; the fallback where nothing is found. */
    static String remedy(String file, String fallback) {
        if (freeDescriptors() < FEW_DESCRIPTORS) {
            return "this process has as many files open as it may; close vaults, snapshots and streams, or raise the limit (ulimit -n)";
        }
        Path path = real(file);
        for (String suffix : new String[] {"-wal", "-shm"}) {
            Path beside = Path.of(path + suffix);
            if (Files.exists(beside) && !(Files.isReadable(beside) && Files.isWritable(beside))) {
                return beside + " belongs to " + owner(beside)
                        + " and may not be written by this user; when nobody has the vault open,"
                        + " let that user open it once for writing, or give this user the right to write "
                        + beside.getFileName();
            }
        }
        Path folder = path.toAbsolutePath().getParent();
        if (Files.exists(path) && !Files.isReadable(path)) {
            return path + " belongs to " + owner(path) + " and may not be read by this user";
        }
        if (folder != null && Files.isDirectory(folder) && !Files.isWritable(folder)) {
            return Unlocked.hasLog(path)
                    ? "this user may not write the folder " + folder + ", and " + path.getFileName()
                            + "-wal holds what is not in the file yet: let its owner open the vault once, or copy both files"
                            + " to a folder that may be written"
                    : "this user may not write the folder " + folder + ", in which SQLite keeps its log";
        }
        if (Files.exists(path) && !Files.isWritable(path)) {
            return unwritable(path);
        }
        return fallback;
    }

    /** What is said of a file that may be read and not written. */
    static String unwritable(Path file) {
        try {
            if (Files.getFileStore(file).isReadOnly()) {
                return "stands on a file system that is mounted read-only; open it read-only, or copy it elsewhere";
            }
        } catch (IOException | RuntimeException e) {
            // Not to be had in every container.
        }
        boolean byOwner;
        try {
            byOwner = Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_WRITE);
        } catch (IOException | UnsupportedOperationException e) {
            byOwner = true;
        }
        return byOwner
                ? "may not be written by this user; it belongs to " + owner(file)
                        + ": open it read-only, or have this user given the right to write it"
                : "is read-only, for " + owner(file)
                        + " too, to whom it belongs; open it read-only, or make it writable (chmod u+w)";
    }

    /** The log stands beside the file and not beside a link to it. */
    private static Path real(String file) {
        try {
            return Path.of(file).toRealPath();
        } catch (IOException e) {
            return Path.of(file);
        }
    }

    private static String owner(Path path) {
        try {
            return "user '" + Files.getOwner(path).getName() + "'";
        } catch (IOException | UnsupportedOperationException e) {
            return "another user";
        }
    }
}
