package io.kohakuvault.arrow;

import io.kohakuvault.spi.VaultFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A file that is there whole or not at all. */
final class ExportTarget {
    private ExportTarget() {}

    /** Writes a file and answers how many rows are in it. */
    @FunctionalInterface
    interface Content {
        /** Writes to a file that is there, and empty. */
        long write(Path part) throws IOException;
    }

    /**
     * Writes beside the target and takes its place then.
     *
     * @param vault what must not be written over, nor what SQLite keeps beside it; null for nothing
     */
    static long write(Path target, boolean overwrites, @Nullable Path vault, Content content) throws IOException {
        if (vault != null) {
            if (VaultFiles.contains(vault, target)) {
                throw new IllegalArgumentException(target + " is the vault itself");
            }
        }
        boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        if (there && !overwrites) {
            throw exists(target);
        } else if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FileSystemException(target.toString(), null, "is no file; export to a stream");
        }
        Path place = VaultFiles.destination(target);
        Path folder = place.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(target.toString(), null, "the folder " + folder + " is not there");
        }
        Path part = folder.resolve(place.getFileName() + "."
                + Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX) + ".part");
        Files.createFile(part);
        try {
            long rows = content.write(part);
            if (!overwrites) {
                name(part, place, target);
            } else {
                replace(part, place);
            }
            return rows;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static FileAlreadyExistsException exists(Path target) {
        return new FileAlreadyExistsException(target.toString(), null, "is there already; withOverwriting replaces it");
    }

    /** A link fails when there is something by now, where a move would take its place. */
    private static void name(Path part, Path place, Path target) throws IOException {
        try {
            Files.createLink(place, part);
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (IOException | UnsupportedOperationException e) { // a file system without links
            Files.move(part, place);
        }
    }

    private static void replace(Path part, Path place) throws IOException {
        if (Files.exists(place) && Files.getFileStore(place).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(place));
        }
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
