package io.kohakuvault.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed loads and backups have left is cleared by the next one, and nobody else's. */
class PartFileTest {
    @TempDir
    Path folder;

    private Path left(String name, Duration age) throws IOException {
        Path part = Files.createFile(folder.resolve(name));
        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minus(age)));
        return part;
    }

    @Test
    void onlyWhatNobodyWritesIsCleared() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        String own = LeftParts.name(folder, "a.db").getFileName().toString();
        String ofTheDead = own.replace("-" + ProcessHandle.current().pid() + "-", "-" + ended.pid() + "-");
        assertThat(ofTheDead).isNotEqualTo(own);
        List<Path> gone = List.of(
                left(ofTheDead, Duration.ZERO),
                left(ofTheDead + "-journal", Duration.ZERO),
                left("a.db.elsewhere-1-x.part", Duration.ofDays(2)));
        List<Path> kept = List.of(
                left(own, Duration.ZERO), // of this process: another thread may be at it
                left("a.db.elsewhere-1-x2.part", Duration.ZERO),
                left(ofTheDead.replaceFirst("a.db", "b.db"), Duration.ofDays(2)),
                left("a.db.txt", Duration.ofDays(2)));
        BulkLoad.create(folder.resolve("a.db"), vault -> vault.kv("kv").put("k", new byte[1]));
        assertThat(gone).allMatch(Files::notExists);
        assertThat(kept).allMatch(Files::exists);
        assertThat(folder.resolve("a.db")).exists();
    }

    /** As a container does that is started again: its first process has the same number each time. */
    @Test
    void aPartOfAnEarlierProcessOfTheSameNumberIsCleared() throws Exception {
        String own = LeftParts.name(folder, "a.db").getFileName().toString();
        Instant began = ProcessHandle.current().info().startInstant().orElseThrow();
        Path earlier = left(
                own.replace(".part", "e.part"),
                Duration.between(began, Instant.now()).plusHours(2));
        // By a file server's clock that is behind.
        Path behind = left(
                own.replace(".part", "b.part"),
                Duration.between(began, Instant.now()).plusMinutes(5));
        Path sinceThen = left(own.replace(".part", "s.part"), Duration.between(began, Instant.now()));
        LeftParts.clear(folder, "a.db");
        assertThat(earlier).doesNotExist();
        assertThat(sinceThen).exists();
        assertThat(behind).exists();
    }

    @Test
    void filesOfOthersThatEndLikeAPartAreLeft() throws Exception {
        Instant longAgo = Instant.now().minus(Duration.ofDays(30));
        List<Path> others = List.of(
                folder.resolve("copy.db.zip.part"),
                folder.resolve("copy.db.part"),
                folder.resolve("copy.db.mine.part"),
                folder.resolve("copy.db.other.1abc-12-xyz.part"));
        for (Path other : others) {
            Files.writeString(other, "a download");
            Files.setLastModifiedTime(other, FileTime.from(longAgo));
        }
        LeftParts.clear(folder, "copy.db");
        assertThat(others).allMatch(Files::exists);
    }

    @Test
    void aLoadThatIsKilledLeavesWhatTheNextOneClears() throws Exception {
        Path file = folder.resolve("k.db");
        ChildJvm child = ChildJvm.start(
                "load",
                System.getProperty("java.class.path"),
                ChildJvm.jvmFlags(),
                folder,
                Killed.class.getName(),
                file.toString());
        assertThat(child.await()).isNotZero();
        try (var found = Files.list(folder)) {
            assertThat(found.map(Path::toString)).anyMatch(name -> name.endsWith(".part"));
        }
        BulkLoad.create(file, vault -> vault.kv("kv").put("k", new byte[1]));
        try (var found = Files.list(folder)) {
            assertThat(found.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("k.db", "load.log");
        }
    }

    /** Is killed within a load. */
    public static final class Killed {
        private Killed() {}

        public static void main(String[] args) {
            BulkLoad.create(Path.of(args[0]), vault -> {
                vault.kv("kv").put("k", new byte[100_000]);
                Runtime.getRuntime().halt(137);
            });
        }
    }
}
