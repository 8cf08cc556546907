package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultIoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/**
 * A new database file that gets its name when it is whole: until then it stands beside it, named {@code .part} at the
 * end.
 */
public final class PartFile implements AutoCloseable {
    private static final List<String> LOGS = List.of("-wal", "-journal");
    private static final int LONG_NAME_BYTES = 200;

    private final Path target;
    private final Path folder;
    private final Path part;

    /**
     * @throws VaultIoException when there is something of the target's name, or a log of such a file, or no folder for
     * it
     */
    public PartFile(Path target) {
        this.target = target.toAbsolutePath();
        checkFree();
        Path parent = this.target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new VaultIoException(this.target + ": there is no folder " + parent, null);
        }
        this.folder = parent;
        String name = Objects.requireNonNull(this.target.getFileName()).toString();
        // Not made here: whoever writes it gives it the permissions of a new file, not those of a temporary one.
        String base = name.getBytes(StandardCharsets.UTF_8).length > LONG_NAME_BYTES ? "vault" : name;
        LeftParts.clear(folder, base);
        this.part = LeftParts.name(folder, base);
    }

    private void checkFree() {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new VaultIoException(target + ": exists already; name a file that does not", null);
        }
        for (String suffix : LOGS) {
            Path log = Path.of(target + suffix);
            if (isNotEmpty(log)) {
                throw new VaultIoException(
                        log + ": was left of another file " + target.getFileName()
                                + ", and SQLite would take it for a part of the new one; delete it, or name another file",
                        null);
            }
        }
    }

    private static boolean isNotEmpty(Path file) {
        try {
            return Files.exists(file) && Files.size(file) > 0;
        } catch (IOException e) {
            throw new VaultIoException(file + ": cannot be looked at: " + e, e);
        }
    }

    /** Where it is written. */
    public Path path() {
        return part;
    }

    /** Puts it on the disk and gives it its name. All connections to it must be closed. */
    public void finish() {
        for (String suffix : LOGS) {
            if (isNotEmpty(Path.of(part + suffix))) {
                throw new VaultIoException(
                        target + ": a part of it could not be written (" + suffix
                                + "); make room on the disk and try again",
                        null);
            }
        }
        checkFree();
        try {
            sync(part, StandardOpenOption.WRITE);
            name();
        } catch (IOException e) {
            throw new VaultIoException(target + ": cannot be written: " + e, e);
        }
        try {
            sync(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            // Not every system syncs folders; those write names by themselves. SQLite does not mind either.
        }
    }

    /** A link fails when there is something by now, where a move would take its place. */
    private void name() throws IOException {
        try {
            Files.createLink(target, part);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) { // a file system without links
            Files.move(part, target);
        }
    }

    /** An interrupt closes the channel that is synced: then it is done again, and the interrupt handed on. */
    private static void sync(Path path, StandardOpenOption how) throws IOException {
        boolean interrupted = false;
        boolean synced = false;
        try {
            while (!synced) {
                try (FileChannel channel = FileChannel.open(path, how)) {
                    channel.force(true);
                    synced = true;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Deletes what is left of one that was not finished. */
    @Override
    public void close() {
        LeftParts.delete(part);
    }
}
