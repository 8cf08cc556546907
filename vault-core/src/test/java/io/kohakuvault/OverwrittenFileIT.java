package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongReader;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another program shortens the file in place, as {@code cp} over it does, while a process reads it in every way: no JVM
 * ends by that.
 */
class OverwrittenFileIT {
    private static final int ROWS = 2_000_000;

    @TempDir
    Path folder;

    /** Reads on three threads until each has noticed. Arguments: the file, a file to be made when reading has begun. */
    public static final class Reader {
        private Reader() {}

        public static void main(String[] args) throws Exception {
            Vault vault = Vault.openReadOnly(Path.of(args[0]));
            AtomicInteger read = new AtomicInteger();
            Thread[] threads = {
                new Thread(() ->
                        untilNoticed(read, () -> vault.columns().longs("c").slice(0, ROWS))),
                new Thread(() -> untilNoticed(read, () -> snapshot(vault))),
                new Thread(() -> untilNoticed(read, () -> vault.kv("kv").get("k")))
            };
            for (Thread thread : threads) {
                thread.start();
            }
            while (read.get() < 20) {
                Thread.onSpinWait();
            }
            Files.createFile(Path.of(args[1]));
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println("all noticed");
            Runtime.getRuntime().halt(0); // what SQLite makes of such a file on closing is not what this is about
        }

        private static void snapshot(Vault vault) {
            try (Snapshot snapshot = vault.snapshot()) {
                LongReader column = snapshot.columns().longs("c");
                long rows = 0;
                for (long[] batch : column.batches(4096)) {
                    rows += batch.length;
                }
                if (rows != ROWS) {
                    throw new VaultCorruptException("other rows: " + rows, null);
                }
            }
        }

        private static void untilNoticed(AtomicInteger read, Runnable reading) {
            while (true) {
                try {
                    reading.run();
                    read.incrementAndGet();
                } catch (RuntimeException | InternalError e) {
                    System.out.println(e.toString().lines().findFirst().orElse(""));
                    return;
                }
            }
        }
    }

    @Test
    void noJvmEndsWhenItsFileIsShortened() throws Exception {
        Path file = folder.resolve("a.db");
        BulkLoad.create(file, vault -> {
            vault.columns().ensure("c", DType.I64).appendAll(new long[ROWS]);
            vault.kv("kv").put("k", new byte[10_000_000]);
        });
        Path small = folder.resolve("small.db");
        BulkLoad.create(small, vault -> vault.columns().ensure("c", DType.I64).append(1));
        Path begun = folder.resolve("begun");
        ChildJvm child = ChildJvm.start(
                "reader",
                System.getProperty("java.class.path"),
                ChildJvm.jvmFlags(),
                folder,
                Reader.class.getName(),
                file.toString(),
                begun.toString());
        Await.until("the reader has begun", () -> Files.exists(begun), child::tail);
        Files.write(file, Files.readAllBytes(small)); // truncates and writes anew
        assertThat(child.await()).as(child.tail()).isZero();
        assertThat(child.tail()).contains("all noticed");
    }
}
