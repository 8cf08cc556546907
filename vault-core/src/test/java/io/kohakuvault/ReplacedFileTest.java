package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.maintenance.VaultStats;
import io.kohakuvault.spi.ColumnBlocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a vault does when its path has come to name another file, or none: nothing is acknowledged that nobody will
 * find.
 */
class ReplacedFileTest {
    @TempDir
    Path folder;

    private Path file(String name, long value) {
        Path file = folder.resolve(name);
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").putValue("a", value);
            vault.columns().ensure("n", DType.I64).append(value);
        }
        return file;
    }

    /** Reads look at the path at most five times a millisecond. */
    private static void pause() {
        LockSupport.parkNanos(1_000_000);
    }

    private static void refusesEverything(Vault vault, LongColumn column) {
        pause();
        assertThatThrownBy(() -> vault.maintenance().compact(0, Progress.none()))
                .isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.maintenance().repair()).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.maintenance().guardColumns(true)).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(vault.maintenance()::checkpoint).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.maintenance().backup(vault.path().resolveSibling("copy.db"), Progress.none()))
                .isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.maintenance().stats()).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.kv("kv").put("b", new byte[1])).isInstanceOf(VaultMovedException.class);
        assertThatThrownBy(() -> vault.kv("kv").get("a")).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.kv("kv").count()).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> column.get(0)).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> column.append(2)).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(vault::snapshot).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.transact(() -> vault.kv("kv").put("b", new byte[1])))
                .isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> vault.maintenance().verify(Progress.none())).isInstanceOf(VaultIoException.class);
    }

    @Test
    void aFileThatWasReplacedTakesNothingMore() {
        Path file = file("a.db", 1);
        Path other = file("b.db", 2);
        try (Vault vault = Vault.open(file)) {
            LongColumn column = vault.columns().ensure("n", DType.I64);
            assertThat(column.get(0)).isEqualTo(1);
            move(other, file);
            refusesEverything(vault, column);
        }
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.kv("kv").findValue("a")).contains(2L);
            assertThat(vault.kv("kv").exists("b")).isFalse();
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    @Test
    void aFileThatWasDeletedOrRenamedTakesNothingMore() throws Exception {
        Path file = file("a.db", 1);
        try (Vault vault = Vault.open(file)) {
            LongColumn column = vault.columns().ensure("n", DType.I64);
            move(file, folder.resolve("rotated.db"));
            refusesEverything(vault, column);
            move(folder.resolve("rotated.db"), file);
            vault.kv("kv").putValue("b", 3L); // it is the same file again
            assertThat(vault.kv("kv").findValue("b")).contains(3L);
            Files.delete(file);
            refusesEverything(vault, column);
        }
    }

    @Test
    void aLinkThatWasPointedElsewhereIsNotFollowed() throws Exception {
        Path one = file("one.db", 1);
        Path two = file("two.db", 2);
        Path link = folder.resolve("link.db");
        Files.createSymbolicLink(link, one);
        try (Vault vault = Vault.open(link);
                Vault reader = Vault.openReadOnly(link)) {
            LongColumn column = vault.columns().ensure("n", DType.I64);
            Files.delete(link);
            Files.createSymbolicLink(link, two);
            refusesEverything(vault, column);
            assertThatThrownBy(() -> reader.kv("kv").get("a")).isInstanceOf(VaultIoException.class);
        }
        try (Vault vault = Vault.open(two)) {
            assertThat(vault.columns().longs("n").length()).isEqualTo(1);
        }
    }

    @Test
    void aSnapshotAndABatchNoticeItToo() {
        Path file = file("a.db", 1);
        Path other = file("b.db", 2);
        Vault vault = Vault.open(file);
        VaultBatch batch = vault.batch(BatchOptions.defaults());
        vault.kv("kv").put("b", new byte[1]);
        Snapshot snapshot = vault.snapshot();
        ColumnBlocks blocks = snapshot.blocks().column("n");
        blocks.block(0).close();
        vault.kv("kv").put("c", new byte[1]);
        move(other, file);
        pause();
        assertThatThrownBy(() -> blocks.block(0)).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> snapshot.kv("kv").get("a")).isInstanceOf(VaultIoException.class);
        assertThat(snapshot.liveBuffers()).isZero();
        snapshot.close();
        assertThatThrownBy(batch::close)
                .isInstanceOf(VaultBatchException.class)
                .hasMessageContaining("1 calls")
                .hasRootCauseInstanceOf(VaultIoException.class);
        vault.close();
    }

    @Test
    void twoNamesOfAnOpenFileAreToldApart() throws Exception {
        Path file = file("a.db", 1);
        Path link = folder.resolve("hard.db");
        Files.createLink(link, file);
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> Vault.open(link))
                    .isInstanceOf(VaultIoException.class)
                    .hasMessageContaining("hard link")
                    .hasMessageContaining("a.db");
            vault.kv("kv").put("b", new byte[1]);
        }
        try (Vault vault = Vault.open(link)) {
            assertThat(vault.kv("kv").exists("b")).isTrue();
        }
    }

    @Test
    void anotherFileUnderTheNameOfAnOpenOneIsRefused() {
        Path file = file("a.db", 1);
        Path other = file("b.db", 2);
        try (Vault vault = Vault.open(file)) {
            move(other, file);
            assertThatThrownBy(() -> Vault.open(file))
                    .isInstanceOf(VaultIoException.class)
                    .hasMessageContaining("another file than the one that this process has open");
            assertThat(vault.path()).isEqualTo(file);
        }
    }

    @Test
    void sizesAreThoseOfTheFileBehindALink() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path file = elsewhere.resolve("a.db");
        Path link = folder.resolve("link.db");
        Files.createSymbolicLink(link, file);
        try (Vault vault = Vault.open(link)) {
            vault.kv("kv").put("x", new byte[100_000]);
            VaultStats stats = vault.maintenance().stats();
            assertThat(stats.walBytes()).isPositive().isEqualTo(Files.size(Path.of(file + "-wal")));
            assertThat(stats.fileBytes()).isEqualTo(Files.size(file));
        }
    }

    @Test
    void whatIsNoFileIsNamed() throws Exception {
        assertThatThrownBy(() -> Vault.open(Path.of(":memory:")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temporary folder");
        assertThatThrownBy(() -> Vault.open(folder.resolve("no").resolve("a.db")))
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("there is no folder");
        assertThatThrownBy(() -> Vault.openReadOnly(folder.resolve("a.db")))
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("no such file");
        Path pipe = folder.resolve("pipe.db");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo here");
        assertThatThrownBy(() -> Vault.open(pipe))
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("pipe");
    }

    /** The collector would close it, and with that drop the locks of whoever has the file open by then. */
    @Test
    void aClosedVaultOpensNothingAnyMore() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "no /proc here");
        Path file = file("a.db", 1);
        Vault vault = Vault.open(file);
        LongColumn column = vault.columns().ensure("n", DType.I64);
        try (Vault other = Vault.open(file)) {
            other.kv("kv").putValue("a", 2); // keeps the log
            vault.close();
        }
        Files.write(Path.of(file + "-shm"), new byte[32768]);
        assertThatThrownBy(vault::snapshot)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> vault.kv("kv").get("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> column.get(0)).isInstanceOf(IllegalStateException.class);
        try (Stream<Path> open = Files.list(descriptors)) {
            assertThat(open.map(ReplacedFileTest::target)).noneMatch(path -> path.startsWith(file.toString()));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // it was closed meanwhile
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
