package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.maintenance.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is heard of long operations: it never goes back, and saying no ends them. */
class ProgressTest {
    @TempDir
    static Path folder;

    private static Vault vault;

    @BeforeAll
    static void fill() {
        Path file = folder.resolve("a.db");
        BulkLoad.create(file, load -> {
            LongColumn column = load.columns().ensure("n", DType.I64);
            for (int i = 0; i < 20; i++) {
                column.appendAll(new long[100_000]);
            }
            byte[] value = new byte[4000];
            Random random = new Random(1);
            load.transact(() -> {
                for (int i = 0; i < 20_000; i++) {
                    random.nextBytes(value);
                    load.kv("kv").put("key" + i, value);
                }
            });
        });
        vault = Vault.open(file);
    }

    @AfterAll
    static void close() {
        vault.close();
    }

    /** Hears everything, and says no at the n-th call. */
    private static final class Heard implements Progress {
        private final List<Long> done = new ArrayList<>();
        private final int most;
        private int running;
        private long left;

        Heard(int most) {
            this.most = most;
        }

        @Override
        public boolean advanced(long now, long total) {
            assertThat(running++).as("one call at a time").isZero();
            assertThat(total).isGreaterThanOrEqualTo(now);
            done.add(now);
            left = total - now;
            running--;
            return done.size() < most;
        }

        void check() {
            assertThat(done).isNotEmpty().isSorted();
        }
    }

    private static void hears(Consumer<Progress> operation) {
        Heard whole = new Heard(Integer.MAX_VALUE);
        operation.accept(whole);
        whole.check();
        assertThat(whole.left).as("what is left at the end").isZero();
        assertThat(whole.done.get(whole.done.size() - 1)).isPositive();
        Heard first = new Heard(1);
        assertThatThrownBy(() -> operation.accept(first)).isInstanceOf(CancellationException.class);
        assertThat(first.done).as("nothing is said after it was cancelled").hasSize(1);
    }

    @Test
    void verifying() {
        Path small = folder.resolve("small.db");
        try (Vault few = Vault.open(small)) {
            few.kv("kv").put("k", new byte[1]);
            hears(progress -> few.maintenance().verify(progress));
        }
        hears(progress ->
                assertThat(vault.maintenance().verify(progress).isSound()).isTrue());
    }

    @Test
    void backingUp() {
        Path copy = folder.resolve("copy.db");
        hears(progress -> {
            vault.maintenance().backup(copy, progress);
            assertThat(copy.toFile().delete()).isTrue();
        });
        assertThat(Files.exists(copy)).isFalse();
    }

    @Test
    void compacting() {
        hears(progress -> vault.maintenance().compact(0, progress));
        assertThat(vault.columns().longs("n").length()).isEqualTo(2_000_000);
    }

    @Test
    void anInterruptEndsThemAndTheStatusIsKept() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        List<Consumer<Progress>> operations = List.of(
                progress -> vault.maintenance().verify(progress),
                progress -> vault.maintenance().backup(folder.resolve("never.db"), progress),
                progress -> vault.maintenance().compact(0, progress));
        for (Consumer<Progress> operation : operations) {
            Thread thread = new Thread(() -> {
                Thread own = Thread.currentThread();
                try {
                    while (true) { // until the interrupt meets it, which the first call already sends
                        operation.accept((done, total) -> {
                            own.interrupt();
                            return true;
                        });
                        Thread.interrupted();
                    }
                } catch (VaultException e) {
                    thrown.add(e);
                }
            });
            thread.start();
            thread.join();
        }
        assertThat(thrown).hasSize(3).allMatch(VaultInterruptedException.class::isInstance);
        assertThat(Files.exists(folder.resolve("never.db"))).isFalse();
        vault.kv("kv").put("after", new byte[1]);
    }
}
