package io.kohakuvault.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultFilesTest {
    @TempDir
    Path folder;

    private Path vault;

    @BeforeEach
    void makeFile() throws Exception {
        vault = Files.createFile(Files.createDirectory(folder.resolve("data")).resolve("a.db"));
    }

    @Test
    void theFileAndWhatSqliteHasBesideItByAnyWay() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), vault);
        Path linkedFolder = Files.createSymbolicLink(folder.resolve("linked"), vault.getParent());
        Path hardLink = Files.createLink(folder.resolve("hard.db"), vault);
        Path relative = Path.of("").toAbsolutePath().relativize(vault.toAbsolutePath());
        for (Path of : new Path[] {vault, link, relative}) {
            assertThat(VaultFiles.contains(of, vault)).isTrue();
            assertThat(VaultFiles.contains(of, link)).isTrue();
            assertThat(VaultFiles.contains(of, hardLink)).isTrue();
            assertThat(VaultFiles.contains(of, relative)).isTrue();
            for (String suffix : new String[] {"-wal", "-shm", "-journal"}) { // none of them is there
                assertThat(VaultFiles.contains(of, folder.resolve("data/a.db" + suffix)))
                        .isTrue();
                assertThat(VaultFiles.contains(of, linkedFolder.resolve("a.db" + suffix)))
                        .isTrue();
                assertThat(VaultFiles.contains(of, folder.resolve("data/../data/a.db" + suffix)))
                        .isTrue();
            }
        }
    }

    @Test
    void othersAreNot() throws Exception {
        Files.createFile(folder.resolve("b.db"));
        for (String other : new String[] {"b.db", "c.db", "data/a.db2", "data/b.db-wal", "a.db", "none/a.db", "data"}) {
            assertThat(VaultFiles.contains(vault, folder.resolve(other)))
                    .as(other)
                    .isFalse();
        }
        assertThat(VaultFiles.contains(vault, Path.of("/"))).isFalse();
    }

    @Test
    void aVaultThatIsNotThereYet() throws Exception {
        Path later = folder.resolve("later.db");
        assertThat(VaultFiles.contains(later, folder.resolve("data/../later.db-journal")))
                .isTrue();
        assertThat(VaultFiles.contains(later, folder.resolve("later2.db"))).isFalse();
    }

    @Test
    void linksAreFollowedToWhatIsNotThereYet() throws Exception {
        Path last = folder.resolve("data").resolve("a.db-journal");
        Path between = Files.createSymbolicLink(folder.resolve("between"), Path.of("data/a.db-journal"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), between);
        assertThat(VaultFiles.destination(first)).isEqualTo(last);
        assertThat(VaultFiles.contains(vault, first)).isTrue();
        assertThat(VaultFiles.destination(folder.resolve("new"))).isEqualTo(folder.resolve("new"));
        Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        assertThatThrownBy(() -> VaultFiles.destination(circle)).hasMessageContaining("leads nowhere");
    }

    @Test
    void logsAreBesideAFileThatIsThere() {
        assertThat(VaultFiles.isBesideAnother(folder.resolve("data/a.db-wal"))).isTrue();
        assertThat(VaultFiles.isBesideAnother(folder.resolve("data/a.db"))).isFalse();
        assertThat(VaultFiles.isBesideAnother(folder.resolve("data/b-shm"))).isFalse();
    }
}
