package io.kohakuvault.internal.page;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.VaultIoException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The database file, mapped read-only in segments, shared by all vaults of this process that have it open.
 *
 * <p>POSIX locks belong to a process and an inode: closing <em>any</em> descriptor of the database file or of its -shm
 * drops all the locks that SQLite holds on it. So the channels are opened once per file and closed only when the last
 * vault on it has closed its connections. The -wal carries no locks and may be opened and closed at will. For the same
 * reason nothing here may be interruptible: a FileChannel is closed when a thread is interrupted in it, a
 * RandomAccessFile is not. Thread-safe.
 */
public final class PageFile {
    /** A multiple of every page size, so that no page straddles two segments. */
    private static final long SEGMENT_BYTES = 1L << 30;

    @GuardedBy("OPEN")
    private static final Map<Object, PageFile> OPEN = new HashMap<>();

    /** Who opens many files maps many: a thread for each takes longer than the mapping. */
    private static final Executor MAPPING = mapping();

    private final Path path;
    private final Object key;

    @GuardedBy("OPEN")
    private int users;

    /**
     * Nothing is opened any more: nobody would close it, and when the collector does, the locks of whoever has the file
     * open then go with it.
     */
    @GuardedBy("this")
    private boolean released;

    @GuardedBy("this")
    private @Nullable RandomAccessFile database;

    @GuardedBy("this")
    private @Nullable RandomAccessFile sharedMemory;

    @GuardedBy("this")
    private @Nullable Object sharedMemoryKey;

    @GuardedBy("this")
    private @Nullable WalIndex walIndex;

    private volatile @Nullable WalIndex lastIndex;
    private volatile Mapped mapped = new Mapped(List.of(), 0);

    /** What of the file is mapped. Replaced as a whole, so that readers need no lock. */
    private record Mapped(List<MappedByteBuffer> segments, long bytes) {}

    private static Executor mapping() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(null, work, "vault-map", 0, false); // with nothing of whoever came first
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });
    }

    private PageFile(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * The shared handle of a file that this process has open through SQLite; give it back with {@link #release}.
     *
     * @throws VaultIoException when the file is open here under another name
     */
    public static PageFile acquire(Path path) {
        try {
            Path real = path.toRealPath();
            Object key = keyOf(real);
            synchronized (OPEN) {
                for (PageFile other : OPEN.values()) {
                    if (other.path.equals(real) && !other.key.equals(key)) {
                        throw new VaultIoException(
                                path
                                        + ": is another file than the one that this process has open under that name; close the vault"
                                        + " on the old one first, or their logs are mixed up",
                                null);
                    }
                }
                PageFile file = OPEN.computeIfAbsent(key, k -> new PageFile(real, k));
                if (!file.path.equals(real)) {
                    throw new VaultIoException(
                            path + ": is another name (a hard link, or a new name) of " + file.path
                                    + ", which this process has open. SQLite keeps a file's log beside its name, so that under two"
                                    + " names commits are lost: close the other vault first, and always use one name",
                            null);
                }
                file.users++;
                return file;
            }
        } catch (IOException e) {
            throw new VaultIoException(path + ": cannot be looked at: " + e, e);
        }
    }

    /** Whether the path still leads to this file: it may be another one since it was first opened for writing. */
    public boolean isStill(Path named) {
        try {
            return path.equals(named.toRealPath()) && key.equals(keyOf(path));
        } catch (IOException e) {
            throw new VaultIoException(named + ": cannot be looked at: " + e, e);
        }
    }

    private static Object keyOf(Path real) throws IOException {
        Object key = Files.readAttributes(real, BasicFileAttributes.class).fileKey();
        return key == null ? real : key;
    }

    /** To be called after the vault's connections are closed. */
    public void release() {
        synchronized (OPEN) {
            users--;
            if (users > 0) {
                return;
            }
            OPEN.remove(key);
            closeAll();
        }
    }

    private synchronized void closeAll() {
        released = true;
        closeQuietly(database);
        closeQuietly(sharedMemory);
        database = null;
        sharedMemory = null;
        walIndex = null;
        mapped = new Mapped(List.of(), 0); // unmapped by the collector, once no slice of them is reachable
    }

    private static void closeQuietly(@Nullable RandomAccessFile channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // Read-only: nothing of ours can be lost by a failing close.
            }
        }
    }

    /**
     * What to throw for a fault of mapped memory: the page that was mapped is no longer a part of the file. The JVM may
     * raise the error a little later than at the read, so it is caught around whole reads.
     */
    public static VaultIoException shortened(String file, InternalError fault) {
        return new VaultIoException(
                file
                        + ": the file was shortened while it was read: another program writes to it in place. Close the vault, put a whole file"
                        + " in its place, and open it again",
                fault);
    }

    Path wal() {
        return Path.of(path + "-wal");
    }

    /** Length of the file now. */
    synchronized long sizeBytes() throws IOException {
        return database().length();
    }

    /** A read-only, big-endian view of a page (numbered from 1), or null when the file ends before it. */
    @Nullable
    ByteBuffer page(long number, int pageSize) throws IOException {
        long start = (number - 1) * pageSize;
        Mapped now = mapped;
        if (start + pageSize > now.bytes) {
            now = grown(start + pageSize);
        }
        if (start < 0 || start + pageSize > now.bytes) {
            return null;
        }
        MappedByteBuffer segment = now.segments.get((int) (start / SEGMENT_BYTES));
        return segment.slice((int) (start % SEGMENT_BYTES), pageSize);
    }

    private synchronized Mapped grown(long needed) throws IOException {
        Mapped now = mapped;
        RandomAccessFile opened = database();
        long size = opened.length();
        if (size < needed || now.bytes >= needed) {
            return now;
        }
        // The last segment ends where the file ended when it was mapped: map it anew, longer.
        int keep = (int) (now.bytes / SEGMENT_BYTES);
        List<MappedByteBuffer> segments = new ArrayList<>(now.segments.subList(0, keep));
        segments.addAll(map(opened.getChannel(), keep * SEGMENT_BYTES, size));
        now = new Mapped(List.copyOf(segments), size);
        mapped = now;
        return now;
    }

    /** Maps on a thread that nobody can interrupt: see the class comment. */
    private static List<MappedByteBuffer> map(FileChannel channel, long from, long to) throws IOException {
        FutureTask<List<MappedByteBuffer>> task = new FutureTask<>(() -> {
            List<MappedByteBuffer> mapped = new ArrayList<>();
            for (long start = from; start < to; start += SEGMENT_BYTES) {
                mapped.add(channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(SEGMENT_BYTES, to - start)));
            }
            return mapped;
        });
        MAPPING.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IOException("cannot map the file", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @GuardedBy("this")
    private RandomAccessFile database() throws IOException {
        RandomAccessFile file = database;
        if (file == null) {
            if (released) {
                throw new IOException(path + ": the vault is closed");
            }
            file = new RandomAccessFile(path.toFile(), "r");
            database = file;
        }
        return file;
    }

    /** The first bytes of the -shm, where the wal-index header stands; empty when there is no such file. */
    synchronized ByteBuffer walIndexHeader() throws IOException {
        RandomAccessFile file = sharedMemory();
        if (file == null) {
            return ByteBuffer.allocate(0);
        }
        byte[] header = new byte[96];
        file.seek(0);
        int n = file.read(header);
        return ByteBuffer.wrap(header, 0, Math.max(0, n));
    }

    /**
     * The wal-index header, mapped; null when there is none. The same object as long as it is the same -shm, which must
     * be open in SQLite too: nobody truncates it then.
     */
    public synchronized @Nullable WalIndex walIndex() {
        try {
            RandomAccessFile file = sharedMemory();
            if (file != null && walIndex == null && file.length() >= WalIndex.BYTES) {
                walIndex =
                        new WalIndex(map(file.getChannel(), 0, WalIndex.BYTES).get(0));
            }
            return file == null ? null : walIndex;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * How many frames of the -wal are committed, -1 where there is no wal-index.
     *
     * @param lookAgain whether the -shm may be another one since
     */
    public long committedFrames(boolean lookAgain) {
        WalIndex index = lookAgain ? walIndex() : lastIndex;
        lastIndex = index;
        return index == null ? -1 : index.committedFrames();
    }

    @GuardedBy("this")
    private @Nullable RandomAccessFile sharedMemory() throws IOException {
        if (released) {
            return null;
        }
        Path shm = Path.of(path + "-shm");
        Object now;
        try {
            now = Files.readAttributes(shm, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
        RandomAccessFile file = sharedMemory;
        if (file == null || !Objects.equals(now, sharedMemoryKey)) {
            closeQuietly(file); // of a -shm that was deleted since: nobody's locks are on it
            file = new RandomAccessFile(shm.toFile(), "r");
            sharedMemory = file;
            sharedMemoryKey = now;
            walIndex = null;
        }
        return file;
    }
}
