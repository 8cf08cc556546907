package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewestSnapshotTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitOfAnybodyIsNoticedAlsoWhenTheSnapshotIsClosed(boolean readOnly) {
        Path file = folder.resolve("a.db");
        try (Vault writer = Vault.open(file)) {
            writer.kv("kv").putValue("k", 1);
            try (Vault reader = readOnly ? Vault.openReadOnly(file) : Vault.open(file)) {
                reader.snapshot().close(); // read-only, the first one may be what makes the log's index
                Snapshot open = reader.snapshot();
                Snapshot closed = reader.snapshot();
                closed.close();
                assertThat(open.isNewest()).isTrue();
                assertThat(closed.isNewest()).isTrue();
                writer.kv("kv").putValue("k", 2);
                assertThat(open.isNewest()).isFalse();
                assertThat(closed.isNewest()).isFalse();
                open.close();
                Snapshot now = reader.snapshot();
                now.close();
                assertThat(now.isNewest()).isTrue();
                assertThat(writer.maintenance().checkpoint()).isTrue();
                writer.kv("kv").putValue("k", 3); // in a log that starts over
                assertThat(now.isNewest()).isFalse();
            }
        }
    }

    @Test
    void whatATransactionHasNotCommittedDoesNotCount() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.kv("kv").putValue("k", 1);
            Snapshot snapshot = vault.snapshot();
            snapshot.close();
            vault.transact(() -> {
                vault.kv("kv").putValue("k", 2);
                assertThat(snapshot.isNewest()).isTrue();
            });
            assertThat(snapshot.isNewest()).isFalse();
        }
    }

    @Test
    void aFileThatIsGoneIsTold() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").putValue("k", 1);
            Snapshot snapshot = vault.snapshot();
            snapshot.close();
            Files.move(file, folder.resolve("b.db"));
            assertThatThrownBy(() -> {
                        while (snapshot.isNewest()) {
                            Thread.onSpinWait(); // a look at the path is kept for a fraction of a millisecond
                        }
                    })
                    .isInstanceOf(VaultMovedException.class);
            Files.move(folder.resolve("b.db"), file);
        }
    }

    @Test
    void afterTheVaultIsClosedItIsNotKnown() {
        Vault vault = Vault.open(folder.resolve("a.db"));
        vault.kv("kv").putValue("k", 1);
        Snapshot snapshot = vault.snapshot();
        snapshot.close();
        vault.close();
        assertThat(snapshot.isNewest()).isFalse();
    }
}
