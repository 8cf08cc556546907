package io.kohakuvault.connect.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A file system of its own in memory, which can be made full. Where none can be mounted, a folder that cannot. */
final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "256m";
    private static final int CHUNK = 1 << 20;

    private final Path folder;
    private final boolean mounted;
    private final Thread unmount = new Thread(this::unmount, "unmount");

    private SmallDisk(Path folder, boolean mounted) {
        this.folder = folder;
        this.mounted = mounted;
        if (mounted) {
            Runtime.getRuntime().addShutdownHook(unmount);
        }
    }

    /** Mounts one on a folder where that is possible: on Linux, as root. */
    static SmallDisk mount(Path folder) {
        return new SmallDisk(folder, run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", folder.toString()));
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Path folder() {
        return folder;
    }

    boolean isMounted() {
        return mounted;
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    /** Leaves nothing free. */
    void fill() {
        try (FileChannel file = FileChannel.open(ballast(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int size = CHUNK; size > 0; size /= 2) {
                ByteBuffer zeros = ByteBuffer.allocate(size);
                try {
                    while (true) {
                        file.write(zeros.clear());
                    }
                } catch (IOException e) {
                    // full, but for less than this
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void free() {
        try {
            Files.delete(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unmount() {
        // Lazily: of a run that has failed, processes may have files open.
        run("umount", "-l", folder.toString());
    }

    @Override
    public void close() {
        if (mounted) {
            unmount();
            Runtime.getRuntime().removeShutdownHook(unmount);
        }
    }
}
