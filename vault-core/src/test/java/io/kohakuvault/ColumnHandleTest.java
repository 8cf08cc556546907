package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.LongReader;
import io.kohakuvault.column.ValueColumn;
import io.kohakuvault.testkit.Golden;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handles of columns over rollbacks and renames, and names that two layouts would share. */
class ColumnHandleTest {
    @TempDir
    Path folder;

    private static void rolledBack(Vault vault, Runnable work) {
        assertThatThrownBy(() -> vault.transact(() -> {
                    work.run();
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");
    }

    @Test
    void aColumnOutlivesTheRollbackOfItsRenaming() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("a", DType.I64).append(1);
            AtomicReference<LongColumn> taken = new AtomicReference<>();
            AtomicReference<LongReader> read = new AtomicReference<>();
            rolledBack(vault, () -> {
                taken.set(vault.columns().ensure("a", DType.I64));
                read.set(vault.columns().longs("a"));
                vault.columns().rename("a", "b");
                assertThat(taken.get().length()).isEqualTo(1);
                assertThat(read.get().get(0)).isEqualTo(1);
            });
            taken.get().append(2);
            assertThat(taken.get().slice(0, 2)).containsExactly(1, 2);
            assertThat(read.get().length()).isEqualTo(2);
            assertThat(taken.get().name()).isEqualTo("a");
        }
    }

    /** With nothing of the format in the file before, and nothing after. */
    @Test
    void aFirstColumnThatWasRolledBackIsSaidToBeSo() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            AtomicReference<LongColumn> gone = new AtomicReference<>();
            rolledBack(vault, () -> gone.set(vault.columns().ensure("x", DType.I64)));
            for (Runnable call : List.<Runnable>of(
                    () -> gone.get().length(),
                    () -> gone.get().append(1),
                    () -> gone.get().clear(),
                    () -> gone.get().get(0))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(NoSuchElementException.class)
                        .hasMessageContaining("rolled back; open it again");
            }
            // Inside of a transaction, it spoils nothing.
            vault.transact(() -> {
                vault.kv("kv").put("k", new byte[1]);
                assertThatThrownBy(() -> gone.get().append(1)).isInstanceOf(NoSuchElementException.class);
            });
            assertThat(vault.kv("kv").exists("k")).isTrue();
        }
    }

    @Test
    void nothingTakesTheNameOfAColumnInTheOlderLayout() throws Exception {
        try (Vault vault = Vault.open(Golden.database("columns-0x", folder))) {
            String old = vault.columns().list().stream()
                    .filter(column -> column.legacy())
                    .findFirst()
                    .orElseThrow()
                    .name();
            vault.columns().ensure("x", DType.I64);
            assertThatThrownBy(() -> vault.columns().rename("x", old))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining(old);
            assertThat(vault.columns().contains("x")).isTrue();
        }
    }

    @Test
    void whatACodecDoesNotTakeIsNotLost() {
        Codec<Long> strict = Codec.of(number -> number, value -> (Long) value);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            ValueColumn column = vault.columns().ensure("v", DType.MSGPACK);
            column.append("no number");
            List<Long> list = column.asList(strict);
            assertThatThrownBy(() -> list.remove(0)).isInstanceOf(ClassCastException.class);
            assertThatThrownBy(() -> list.set(0, 5L)).isInstanceOf(ClassCastException.class);
            assertThat(column.get(0)).isEqualTo("no number");
            assertThat(list.add(7L)).isTrue();
            assertThat(list.get(1)).isEqualTo(7L);
        }
    }
}
