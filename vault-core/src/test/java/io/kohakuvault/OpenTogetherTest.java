package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who opens a file first makes it; all others wait for that, and no one is told that it is busy. */
class OpenTogetherTest {
    private static final int OPENERS = 6;
    private static final int FILES = 40;

    @TempDir
    Path folder;

    @Test
    void aNewFileIsOpenedByManyAtOnce() throws Exception {
        ExecutorService openers = Executors.newFixedThreadPool(OPENERS);
        try {
            for (int i = 0; i < FILES; i++) {
                Path file = folder.resolve(i + ".db");
                CyclicBarrier start = new CyclicBarrier(OPENERS);
                List<Future<Void>> opened = new ArrayList<>();
                for (int opener = 0; opener < OPENERS; opener++) {
                    int page = opener % 2 == 0 ? 4096 : 32_768;
                    String key = "k" + opener;
                    opened.add(openers.submit(() -> {
                        start.await();
                        try (Vault vault =
                                Vault.open(file, VaultOptions.defaults().withPageSizeBytes(page))) {
                            vault.kv("kv").put(key, new byte[] {1});
                        }
                        return null;
                    }));
                }
                for (Future<Void> each : opened) {
                    each.get();
                }
                try (Vault vault = Vault.openReadOnly(file)) {
                    for (int opener = 0; opener < OPENERS; opener++) {
                        assertThat(vault.kv("kv").find("k" + opener)).isPresent();
                    }
                }
            }
        } finally {
            openers.shutdownNow();
        }
    }
}
