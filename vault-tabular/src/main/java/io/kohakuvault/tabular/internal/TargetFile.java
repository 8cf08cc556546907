package io.kohakuvault.tabular.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.concurrent.ThreadLocalRandom;

/** A file that is written: what stands there is replaced when all is written, and stays when that fails. */
public final class TargetFile {
    private TargetFile() {}

    /** Writes a file. */
    @FunctionalInterface
    public interface Writing {
        /** Writes all of it to a path. */
        void to(Path path) throws IOException;
    }

    /**
     * Writes a file beside its place and then gives it its name; a pipe or a device is written as it is.
     *
     * @param check asked before the file gets its name; what it throws leaves what was there
     * @throws IOException when it cannot be written; it names the file
     */
    public static void replace(Path target, Writing writing, Runnable check) throws IOException {
        try {
            write(target, writing, check);
        } catch (FileSystemException e) { // says which file
            throw e;
        } catch (IOException e) {
            throw new IOException(target + ": " + (e.getMessage() == null ? "cannot be written" : e.getMessage()), e);
        }
    }

    private static void write(Path target, Writing writing, Runnable check) throws IOException {
        boolean there = Files.exists(target);
        if (there ? !Files.isRegularFile(target) : Files.isSymbolicLink(target)) {
            writing.to(target); // a pipe or a device, or a link to what is to be made
            return;
        }
        Path real = there ? target.toRealPath() : target.toAbsolutePath();
        Path part = real.resolveSibling(real.getFileName() + "."
                + Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX) + ".part");
        try {
            Files.createFile(part);
        } catch (FileSystemException e) {
            writing.to(target); // no room beside it for another name: in its place, or the failure names the target
            return;
        }
        try {
            if (there && Files.getFileStore(real).supportsFileAttributeView(PosixFileAttributeView.class)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(real));
            }
            writing.to(part);
            check.run();
            rename(part, real);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void rename(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) { // its name belongs to another file system, or somebody has it open
            try (OutputStream to = Files.newOutputStream(target)) {
                Files.copy(part, to);
            }
        }
    }
}
