package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultIoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** A new database file that gets its name when it is whole: until then it stands beside it, named {@code .part} at the end. */
public final class PartFile implements AutoCloseable {
    private final Path target;
    private final Path part;

    /** @throws VaultIoException when there is something of the target's name, or no folder for it */
    public PartFile(Path target) {
        this.target = target.toAbsolutePath();
        if (Files.exists(this.target)) {
            throw new VaultIoException(this.target + ": exists already; name a file that does not", null);
        }
        Path folder = this.target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new VaultIoException(this.target + ": there is no folder " + folder, null);
        }
        // Not made here: whoever writes it gives it the permissions of a new file, not those of a temporary one.
        this.part = folder.resolve(Objects.requireNonNull(this.target.getFileName()) + "."
                + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX) + ".part");
    }

    /** Where it is written. */
    public Path path() {
        return part;
    }

    /** Puts it on the disk and gives it its name. All connections to it must be closed. */
    public void finish() {
        try {
            sync(part, StandardOpenOption.WRITE);
            Files.move(part, target);
        } catch (IOException e) {
            throw new VaultIoException(target + ": cannot be written: " + e, e);
        }
        try {
            sync(Objects.requireNonNull(target.getParent()), StandardOpenOption.READ);
        } catch (IOException e) {
            // Not every system opens folders; those write names by themselves.
        }
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /** Deletes what is left of one that was not finished. */
    @Override
    public void close() {
        for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
            try {
                Files.deleteIfExists(Path.of(part + suffix));
            } catch (IOException e) {
                // It is named .part; the failure itself is on its way.
            }
        }
    }
}
