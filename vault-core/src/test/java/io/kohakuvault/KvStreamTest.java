package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvUpload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values as streams: in one BLOB and in segments. */
class KvStreamTest {
    @TempDir
    Path folder;

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static long segments(Vault vault) {
        return TestSql.count(vault.path(), "big_segments");
    }

    @Test
    void streamsOfEverySizeComeBack() throws IOException {
        VaultOptions options = VaultOptions.defaults().withSegmentThresholdBytes(2_000_000);
        try (Vault vault = Vault.open(folder.resolve("a.db"), options)) {
            KVault kv = vault.kv("big");
            for (int size : new int[] {0, 1, 9, 10, 2_000_000, 2_000_001, 2 << 20, (2 << 20) + 1, 5_000_000}) {
                byte[] value = bytes(size, size);
                assertThat(kv.put("k", new ByteArrayInputStream(value))).isEqualTo(size);
                assertThat(kv.get("k")).as("size %d", size).isEqualTo(value);
                assertThat((byte[]) kv.findValue("k").orElseThrow()).isEqualTo(value);
                try (InputStream in = kv.newInputStream("k")) {
                    assertThat(in.readAllBytes()).isEqualTo(value);
                }
                try (SeekableByteChannel channel = kv.newChannel("k")) {
                    assertThat(channel.size()).isEqualTo(size);
                    Random random = new Random(size);
                    for (int i = 0; i < 30; i++) {
                        int at = random.nextInt(size + 1);
                        ByteBuffer part = ByteBuffer.allocate(Math.min(size - at, random.nextInt(100)));
                        channel.position(at).read(part);
                        assertThat(part.array()).isEqualTo(Arrays.copyOfRange(value, at, at + part.capacity()));
                    }
                    assertThat(channel.position(size).read(ByteBuffer.allocate(1)))
                            .isEqualTo(-1);
                }
                assertThat(kv.prefix("k").iterator().next().value()).isEqualTo(value);
            }
            assertThat(segments(vault)).isEqualTo(5);
            kv.put("k", new byte[] {1});
            assertThat(segments(vault)).as("a put removes the old segments").isZero();
            kv.put("k", new ByteArrayInputStream(bytes(3_000_000, 1)));
            assertThat(kv.delete("k")).isTrue();
            assertThat(segments(vault)).isZero();
            assertThatThrownBy(() -> kv.newInputStream("k")).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void anUploadIsThereWhenItIsCommittedAndNotBefore() throws IOException {
        VaultOptions options = VaultOptions.defaults().withSegmentThresholdBytes(1_000_000);
        try (Vault vault = Vault.open(folder.resolve("a.db"), options)) {
            KVault kv = vault.kv("big");
            kv.put("k", new byte[] {1});
            byte[] value = bytes(4_000_000, 3);
            try (KvUpload upload = kv.newUpload("k")) {
                upload.stream().write(value, 0, 3_999_000);
                upload.stream().write(value[3_999_000]);
                upload.stream().write(value, 3_999_001, 999);
                assertThat(kv.get("k")).containsExactly(1);
                upload.commit();
                assertThatThrownBy(() -> upload.stream().write(1)).isInstanceOf(IllegalStateException.class);
            }
            assertThat(kv.get("k")).isEqualTo(value);
            try (KvUpload upload = kv.newUpload("k")) {
                upload.stream().write(value);
            }
            assertThat(kv.get("k")).as("abandoned").isEqualTo(value);
            assertThat(segments(vault)).isEqualTo(4);
            // A stream around it that is closed before the commit.
            try (KvUpload upload = kv.newUpload("zipped")) {
                try (OutputStream zip = new GZIPOutputStream(upload.stream())) {
                    zip.write(value);
                }
                assertThat(kv.exists("zipped")).isFalse();
                assertThatThrownBy(() -> upload.stream().write(1)).isInstanceOf(IOException.class);
                upload.commit();
            }
            try (InputStream zipped = new GZIPInputStream(kv.newInputStream("zipped"))) {
                assertThat(zipped.readAllBytes()).isEqualTo(value);
            }
            KvUpload tiny = kv.newUpload("tiny");
            tiny.stream().write(7);
            tiny.commit();
            assertThat(kv.get("tiny")).containsExactly(7);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(p -> p.getFileName().toString()).toList()).isEqualTo(List.of("a.db"));
        }
    }

    @Test
    void aStreamThatFailsLeavesTheOldValueWhole() throws IOException {
        VaultOptions options = VaultOptions.defaults().withSegmentThresholdBytes(1_000_000);
        try (Vault vault = Vault.open(folder.resolve("a.db"), options)) {
            KVault kv = vault.kv("big");
            byte[] old = bytes(2_500_000, 4);
            kv.put("k", new ByteArrayInputStream(old));
            InputStream failing = new InputStream() {
                private int given;

                @Override
                public int read() throws IOException {
                    if (given++ > 3_000_000) {
                        throw new IOException("the line is dead");
                    }
                    return 5;
                }
            };
            assertThatThrownBy(() -> kv.put("k", failing)).hasMessage("the line is dead");
            assertThatThrownBy(() -> kv.put("other", failing)).hasMessage("the line is dead");
            assertThat(kv.get("k")).isEqualTo(old);
            assertThat(kv.exists("other")).isFalse();
            assertThat(segments(vault)).isEqualTo(3);
        }
    }

    @Test
    void aStreamReadsTheValueThatWasThereWhenItWasOpened() throws IOException {
        VaultOptions options = VaultOptions.defaults().withSegmentThresholdBytes(1_000_000);
        Path file = folder.resolve("a.db");
        Vault vault = Vault.open(file, options);
        KVault kv = vault.kv("big");
        byte[] old = bytes(3_500_000, 5);
        kv.put("k", new ByteArrayInputStream(old));
        InputStream in = kv.newInputStream("k");
        byte[] begin = in.readNBytes(10);
        kv.put("k", new ByteArrayInputStream(bytes(3_500_000, 6)));
        assertThatThrownBy(vault::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a stream of");
        assertThat(begin).isEqualTo(Arrays.copyOf(old, 10));
        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(old, 10, old.length));
        in.close();
        assertThatThrownBy(() -> vault.transact(() -> {
                    kv.put("k", new byte[] {1});
                    kv.newInputStream("k").close();
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside of the transaction");
        vault.close();
    }

    @Test
    void segmentsThatSomebodyElseHasDeletedAreMissed() throws Exception {
        Path file = folder.resolve("a.db");
        VaultOptions options = VaultOptions.defaults().withSegmentThresholdBytes(0);
        try (Vault vault = Vault.open(file, options)) {
            vault.kv("big").put("k", new ByteArrayInputStream(bytes(3_000_000, 7)));
        }
        TestSql.run(file, "DELETE FROM big_segments WHERE segment = 1");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.kv("big").get("k"))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("segment");
            try (InputStream in = vault.kv("big").newInputStream("k")) {
                assertThatThrownBy(in::readAllBytes)
                        .isInstanceOf(VaultCorruptException.class)
                        .hasMessageContaining("segment 1 of 3");
            }
            vault.kv("big").put("k", new byte[] {1});
            assertThat(vault.kv("big").get("k")).containsExactly(1);
        }
    }
}
