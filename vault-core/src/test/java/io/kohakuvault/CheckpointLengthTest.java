package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log stays bounded too where each copy leaves many frames: those of large commits, and those that readers keep. */
class CheckpointLengthTest {
    private static final int PAGE_BYTES = 4096;

    @TempDir
    Path folder;

    private Vault open() {
        return Vault.open(folder.resolve("a.db"), VaultOptions.defaults().withPageSizeBytes(PAGE_BYTES));
    }

    private long logFrames() throws IOException {
        return Files.size(folder.resolve("a.db-wal")) / (PAGE_BYTES + 24);
    }

    /** In little time; SQLite writes no page whose content stays. */
    private static void fill(byte[] value, int i) {
        for (int at = 0; at < value.length; at += PAGE_BYTES / 2) {
            value[at] = (byte) i;
        }
    }

    /** While one is copied back beside the writer, the next is added: there is never less to copy. */
    @Test
    void ofAWriterOfLargeCommits() throws IOException {
        byte[] large = new byte[5_000 * PAGE_BYTES];
        try (Vault vault = open()) {
            for (int i = 0; i < 12; i++) {
                fill(large, i);
                vault.kv("kv").put("key " + i % 2, large);
            }
            assertThat(vault.kv("kv").get("key 1")).isEqualTo(large);
            assertThat(logFrames()).isLessThan(6 * 5_000);
        }
    }

    /** None of them stays, but there is always one that keeps the last commits from being copied back. */
    @Test
    void besideSnapshotsThatOverlap() throws Exception {
        int commits = 800;
        int frames = 600;
        try (Vault vault = open()) {
            vault.kv("kv").put("k", new byte[1]);
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> readers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread reader = new Thread(() -> {
                    while (!stop.get()) {
                        try (Snapshot snapshot = vault.snapshot()) {
                            assertThat(snapshot.kv("kv").get("k")).hasSize(1);
                            LockSupport.parkNanos(10_000_000);
                        }
                    }
                });
                reader.start();
                readers.add(reader);
            }
            long most = 0;
            try {
                byte[] value = new byte[frames * PAGE_BYTES];
                for (int i = 0; i < commits; i++) {
                    fill(value, i);
                    vault.kv("kv").put("key " + i % 2, value);
                    most = Math.max(most, logFrames());
                }
            } finally {
                stop.set(true);
                for (Thread reader : readers) {
                    reader.join();
                }
            }
            System.out.printf("%d frames written beside snapshots, the log had %d at most%n", commits * frames, most);
            assertThat(most).isLessThan(commits * frames / 3);
        }
    }
}
