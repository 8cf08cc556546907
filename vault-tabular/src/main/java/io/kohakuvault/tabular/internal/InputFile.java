package io.kohakuvault.tabular.internal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Streams of what is named on a command line: a file, a pipe that somebody fills, a device. An interrupt ends a read
 * that waits.
 */
public final class InputFile {
    private InputFile() {}

    /**
     * Opens a file, or a pipe, and waits for whoever fills it.
     *
     * @throws IOException when it is missing, a folder, or may not be read; the message names it
     */
    public static InputStream open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": is a folder; give a file");
        } else if (Files.isRegularFile(path) || !Files.exists(path)) {
            return Files.newInputStream(path);
        }
        // A pipe's end opens when its other end does, and nothing but the process's end interrupts that.
        FutureTask<FileInputStream> opening = new FutureTask<>(() -> new FileInputStream(path.toFile()));
        Thread thread = new Thread(opening, "opens " + path);
        thread.setDaemon(true);
        thread.start();
        try {
            return stream(opening.get().getChannel());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(path + ": interrupted while nobody wrote to it", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(path + ": cannot be opened", e);
        }
    }

    /**
     * Standard input.
     *
     * @throws IOException when there is none: the first file that the JVM opened has its number then, which is one
     *     of its own
     */
    public static InputStream standard() throws IOException {
        Path zero = Path.of("/proc/self/fd/0");
        Path java = Path.of(System.getProperty("java.home")).toRealPath();
        if (Files.isSymbolicLink(zero) && Files.readSymbolicLink(zero).startsWith(java)) {
            throw new IOException("standard input is closed");
        }
        return stream(new FileInputStream(FileDescriptor.in).getChannel());
    }

    /** The JDK's stream of a channel asks where the channel stands, which a pipe cannot say. */
    private static InputStream stream(FileChannel channel) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                return length == 0 ? 0 : channel.read(ByteBuffer.wrap(into, from, length));
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
