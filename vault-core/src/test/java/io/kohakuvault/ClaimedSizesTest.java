package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged cells that claim more bytes than there are, in a sparse file that is long enough for the claim: each way of
 * reading answers with a VaultException, and nothing is allocated on the claim's word.
 */
class ClaimedSizesTest {
    private static final int PAGE = 4096;
    private static final int LEAF = 0x0D;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {900_000_000L, 3_221_225_472L})
    void nothingIsAllocatedOnTheWordOfACell(long claimed) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(PAGE))) {
            vault.columns().ensure("b", DType.BYTES).appendAll(List.of(new byte[100_000]));
            for (int i = 0; i < 20; i++) {
                vault.kv("kv").put("q" + i, new byte[9]);
            }
            vault.kv("kv").put("k", new byte[100_000]);
        }
        assertThat(claim(file, claimed)).isEqualTo(2);
        List<Consumer<Vault>> reads = List.of(
                vault -> vault.columns().bytes("b").get(0),
                vault -> vault.kv("kv").get("k"),
                vault -> {
                    for (KvEntry entry : vault.kv("kv").scan(KvRange.all())) {
                        assertThat(entry.key()).isNotNull();
                    }
                },
                vault -> inSnapshot(
                        vault, snapshot -> snapshot.columns().bytes("b").get(0)),
                vault -> inSnapshot(vault, snapshot -> {
                    for (int i = 0; i < 40; i++) {
                        assertThat(snapshot.kv("kv").exists("q" + i % 20))
                                .isTrue(); // then keys are found in the mapped file
                    }
                    snapshot.kv("kv").get("k");
                }));
        for (Consumer<Vault> read : reads) {
            try (Vault vault = Vault.open(file)) {
                for (int i = 0; i < 40; i++) {
                    assertThat(vault.kv("kv").exists("q" + i % 20)).isTrue();
                }
                long before = allocated();
                assertThatThrownBy(() -> read.accept(vault)).isInstanceOf(VaultCorruptException.class);
                assertThat(allocated() - before).isLessThan(32 << 20);
            }
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static void inSnapshot(Vault vault, Consumer<Snapshot> read) {
        try (Snapshot snapshot = vault.snapshot()) {
            read.accept(snapshot);
        }
    }

    /**
     * Lets the cells of both large records claim another size, and makes the file as long as that. Answers how many
     * were changed.
     */
    private static int claim(Path file, long claimed) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer pages = ByteBuffer.wrap(bytes);
        int changed = 0;
        for (int page = PAGE; page < bytes.length; page += PAGE) {
            if (bytes[page] != LEAF) {
                continue;
            }
            for (int i = 0; i < (pages.getShort(page + 3) & 0xFFFF); i++) {
                int cell = page + (pages.getShort(page + 8 + 2 * i) & 0xFFFF);
                int[] at = {cell};
                if (varint(bytes, at) < 90_000) {
                    continue;
                }
                byte rowid = bytes[at[0]++];
                boolean isKeyValue = bytes[at[0] + 1] != 0; // of a block the first column is NULL, the rowid
                ByteArrayOutputStream record = new ByteArrayOutputStream();
                writeVarint(record, claimed, 5);
                record.write(rowid);
                if (isKeyValue) {
                    long header = 7;
                    record.write((int) header);
                    record.write(14); // a key of one byte
                    writeVarint(record, 2 * (claimed - header - 1) + 12, 5);
                    record.write('k');
                } else {
                    long header = 8;
                    long offsets = 16;
                    record.write((int) header);
                    record.write(0);
                    writeVarint(record, 2 * (claimed - header - offsets) + 12, 5);
                    writeVarint(record, 2 * offsets + 12, 1);
                }
                System.arraycopy(record.toByteArray(), 0, bytes, cell, record.size());
                changed++;
            }
        }
        Files.write(file, bytes);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            long pageCount = (Math.max(claimed, bytes.length) >> 12) + 2048;
            sparse.setLength(pageCount * PAGE);
            sparse.seek(28);
            sparse.writeInt((int) pageCount);
        }
        return changed;
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        byte next;
        do {
            next = bytes[at[0]++];
            value = value << 7 | (next & 0x7F);
        } while (next < 0);
        return value;
    }

    private static void writeVarint(ByteArrayOutputStream to, long value, int length) {
        for (int i = length - 1; i >= 0; i--) {
            int part = (int) (value >>> (7 * i)) & 0x7F;
            to.write(i > 0 ? part | 0x80 : part);
        }
    }
}
