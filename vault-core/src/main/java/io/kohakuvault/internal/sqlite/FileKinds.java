package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Refuses what cannot be a database file, before SQLite opens it. */
final class FileKinds {
    private FileKinds() {}

    static void check(Path file, OpenMode mode) {
        String path = file.toAbsolutePath().toString();
        if (file.toString().equals(":memory:")) {
            throw new IllegalArgumentException(
                    "a vault is a file: ':memory:' would make one of that name. For a vault that nothing is left of, open a file in a"
                            + " new temporary folder (Files.createTempDirectory) and delete it afterwards");
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.exists(file) ? Files.readAttributes(file, BasicFileAttributes.class) : null;
        } catch (IOException e) {
            throw new VaultIoException(path + ": cannot be looked at: " + e, e);
        }
        if (attributes == null) {
            checkMissing(file, path, mode);
        } else if (attributes.isDirectory()) {
            throw new VaultIoException(path + ": this is a folder; give the path of a file", null);
        } else if (!attributes.isRegularFile()) {
            throw new VaultIoException(
                    path + ": this is a pipe, a socket or a device and no file; give the path of a file", null);
        } else if (mode != OpenMode.READ && !Files.isWritable(file)) {
            // SQLite would open it for reading and make a log beside it that may not be written either.
            throw new VaultIoException(path + ": " + FileAccess.unwritable(file), null);
        }
    }

    private static void checkMissing(Path file, String path, OpenMode mode) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.exists(file)) {
            if (mode == OpenMode.READ) {
                throw new VaultIoException(path + ": this link leads to no file", null);
            }
        } else if (mode == OpenMode.READ) {
            throw new VaultIoException(path + ": no such file; it is opened read-only and so not created", null);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new VaultIoException(path + ": there is no folder " + folder + "; make it first", null);
        }
    }
}
