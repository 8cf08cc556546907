package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A value far larger than the heap goes in and out. 5 GB with {@code -Pchaos}. */
class KvStreamIT {
    @TempDir
    Path folder;

    /** Puts, reads and seeks. Arguments: file, MiB, file to tell in that all was right. */
    public static final class Streamer {
        private Streamer() {}

        public static void main(String[] args) throws Exception {
            long size = Long.parseLong(args[1]) << 20;
            try (Vault vault = Vault.open(Path.of(args[0]))) {
                long put = vault.kv("media").put("film", new Pattern(size));
                require(put == size, "put " + put);
                Pattern expected = new Pattern(size);
                byte[] found = new byte[1 << 16];
                byte[] wanted = new byte[1 << 16];
                long total = 0;
                try (InputStream in = vault.kv("media").newInputStream("film")) {
                    for (int n = in.readNBytes(found, 0, found.length);
                            n > 0;
                            n = in.readNBytes(found, 0, found.length)) {
                        require(expected.readNBytes(wanted, 0, n) == n, "longer than was put");
                        require(java.util.Arrays.equals(found, 0, n, wanted, 0, n), "differs behind " + total);
                        total += n;
                    }
                }
                require(total == size, "read " + total);
                SplittableRandom random = new SplittableRandom(1);
                try (SeekableByteChannel channel = vault.kv("media").newChannel("film")) {
                    for (int i = 0; i < 200; i++) {
                        long at = random.nextLong(size);
                        ByteBuffer one = ByteBuffer.allocate(1);
                        channel.position(at).read(one);
                        require(one.get(0) == Pattern.at(at), "byte " + at);
                    }
                }
            }
            Files.writeString(
                    Path.of(args[2]),
                    "right, with a heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }

    /** Bytes that tell their place. */
    private static final class Pattern extends InputStream {
        private final long size;
        private long position;

        Pattern(long size) {
            this.size = size;
        }

        static byte at(long position) {
            return (byte) ((position * 0x9E3779B97F4A7C15L) >>> 56);
        }

        @Override
        public int read() {
            return position < size ? at(position++) & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int n = (int) Math.min(length, size - position);
            for (int i = 0; i < n; i++) {
                target[offset + i] = at(position++);
            }
            return n > 0 || length == 0 ? n : -1;
        }
    }

    @Test
    void aValueFarLargerThanTheHeapGoesInAndOut() throws IOException {
        String mebibytes = System.getProperty("vault.stream.mebibytes", "200");
        Path told = folder.resolve("told");
        List<String> flags = new ArrayList<>(ChildJvm.jvmFlags());
        flags.add("-Xmx64m");
        ChildJvm child = ChildJvm.start(
                "streamer",
                System.getProperty("java.class.path"),
                flags,
                folder,
                Streamer.class.getName(),
                folder.resolve("a.db").toString(),
                mebibytes,
                told.toString());
        Await.until(
                "the stream is through",
                Duration.ofMinutes(30), // five gigabytes where CI has more time
                () -> Files.exists(told) || !child.isAlive(),
                child::tail);
        assertThat(told).as(child.tail()).exists();
        System.out.println(mebibytes + " MiB in and out: " + Files.readString(told));
        child.close();
    }
}
