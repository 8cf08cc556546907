package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.DoubleColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.LongReader;
import io.kohakuvault.offset.Claim;
import io.kohakuvault.offset.FencedException;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handle never works on anything but what it was made for. */
class HandleTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static void rolledBack(Vault vault, Runnable work) {
        assertThatThrownBy(() -> vault.transact(() -> {
                    work.run();
                    throw new RolledBack();
                }))
                .isInstanceOf(RolledBack.class);
    }

    @Test
    void aColumnThatWasRolledBackIsNotTheNextOneOfItsName() {
        try (Vault vault = Vault.open(file())) {
            vault.columns().ensure("first", DType.I64);
            LongColumn[] stale = new LongColumn[2];
            rolledBack(vault, () -> stale[0] = vault.columns().ensure("x", DType.I64));
            DoubleColumn doubles = vault.columns().ensure("x", DType.F64);
            doubles.append(1.5);
            assertThatThrownBy(() -> stale[0].get(0)).hasMessageContaining("rolled back");
            assertThatThrownBy(() -> stale[0].append(7)).hasMessageContaining("rolled back");
            assertThat(doubles.slice(0, 1)).containsExactly(1.5);
            vault.columns().delete("x");
            rolledBack(vault, () -> stale[1] = vault.columns().ensure("x", DType.I64));
            // Of the same dtype too: it is another column, whatever it is like.
            LongColumn longs = vault.columns().ensure("x", DType.I64);
            assertThatThrownBy(() -> stale[1].append(7)).hasMessageContaining("rolled back");
            assertThatThrownBy(stale[1]::length).hasMessageContaining("rolled back");
            assertThatThrownBy(stale[1]::clear).hasMessageContaining("rolled back");
            assertThat(longs.length()).isZero();
        }
    }

    @Test
    void aHandleOfWhatWasThereBeforeOutlivesARollback() {
        try (Vault vault = Vault.open(file())) {
            vault.columns().ensure("x", DType.I64).append(1);
            vault.tables().ensure("t", s -> s.column("n", DType.I64)).append(r -> r.set("n", 1));
            LongColumn[] column = new LongColumn[1];
            LongReader[] reader = new LongReader[1];
            Table[] table = new Table[2];
            rolledBack(vault, () -> {
                column[0] = vault.columns().ensure("x", DType.I64);
                reader[0] = vault.columns().longs("x");
                table[0] = vault.tables().get("t");
                table[1] = vault.tables().ensure("t", s -> s.column("n", DType.I64));
                column[0].append(2);
                table[0].append(r -> r.set("n", 2));
            });
            column[0].append(3);
            table[0].append(r -> r.set("n", 3));
            table[1].append(r -> r.set("n", 4));
            assertThat(reader[0].slice(0, 2)).containsExactly(1, 3);
            assertThat(vault.columns().longs("t.n").slice(0, 3)).containsExactly(1, 3, 4);
        }
    }

    @Test
    void aTableThatWasRolledBackIsNotTheNextOneOfItsName() {
        try (Vault vault = Vault.open(file())) {
            Table[] stale = new Table[2];
            rolledBack(vault, () -> {
                stale[0] = vault.tables().ensure("t", s -> s.column("n", DType.I64));
                stale[1] = vault.tables().get("t");
            });
            Table table = vault.tables().ensure("t", s -> s.column("n", DType.I64));
            for (Table old : stale) {
                assertThatThrownBy(() -> old.append(r -> r.set("n", 1)))
                        .isInstanceOf(NoSuchElementException.class)
                        .hasMessageContaining("rolled back");
                assertThatThrownBy(old::length).hasMessageContaining("rolled back");
            }
            assertThat(table.length()).isZero();
        }
    }

    @Test
    void aHandleOfABatchThatWasLostSaysSo() {
        try (Vault vault = Vault.open(file())) {
            vault.columns().ensure("first", DType.I64);
            VaultBatch batch = vault.batch(BatchOptions.defaults());
            LongColumn stale = vault.columns().ensure("x", DType.I64);
            assertThatThrownBy(() -> vault.kv("kv").computeIfAbsent("a", k -> {
                        vault.kv("kv").put("b", new byte[1]);
                        throw new RolledBack();
                    }))
                    .isInstanceOf(VaultBatchException.class);
            assertThatThrownBy(batch::close).isInstanceOf(VaultBatchException.class);
            vault.columns().ensure("x", DType.I64);
            assertThatThrownBy(() -> stale.append(1)).hasMessageContaining("rolled back");
        }
    }

    @Test
    void whatAnotherProcessMadeAnewIsNotTheOldOne() {
        try (Vault one = Vault.open(file());
                Vault two = Vault.open(file())) {
            LongColumn column = one.columns().ensure("x", DType.I64);
            LongReader reader = one.columns().longs("x");
            Table table = one.tables().ensure("t", s -> s.column("n", DType.I64));
            column.append(1);
            assertThat(two.columns().delete("x")).isTrue();
            two.columns().ensure("x", DType.F64).append(1.5);
            assertThat(two.tables().delete("t")).isTrue();
            two.tables().ensure("t", s -> s.column("n", DType.F64)).append(r -> r.set("n", 1.5));
            assertThatThrownBy(() -> reader.get(0)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> column.append(2)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> table.append(r -> r.set("n", 2))).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(table::length).isInstanceOf(NoSuchElementException.class);
            assertThat(two.columns().doubles("x").slice(0, 1)).containsExactly(1.5);
        }
    }

    @Test
    void anIdThatWasGivenAgainIsNoticedByItsDtype() throws Exception {
        try (Vault vault = Vault.open(file())) {
            LongColumn column = vault.columns().ensure("x", DType.I64);
            column.append(1);
            TestSql.run(file(), "UPDATE kvault_col_columns SET dtype = 'f64' WHERE name = 'x'");
            assertThatThrownBy(() -> column.get(0)).hasMessageContaining("f64");
            assertThatThrownBy(() -> column.append(2)).hasMessageContaining("f64");
        }
    }

    @Test
    void aColumnThatWasRenamedKeepsItsHandles() {
        try (Vault vault = Vault.open(file());
                Vault other = Vault.open(file())) {
            LongColumn column = vault.columns().ensure("x", DType.I64);
            column.append(1);
            other.columns().rename("x", "y");
            LongColumn anew = other.columns().ensure("x", DType.I64);
            column.append(2);
            assertThat(column.name()).isEqualTo("y");
            assertThat(column.toString()).contains("'y'");
            assertThat(vault.columns().longs("y").slice(0, 2)).containsExactly(1, 2);
            assertThat(anew.length()).isZero();
        }
    }

    @Test
    void aTableOutlivesTheRollbackOfItsRenaming() {
        try (Vault vault = Vault.open(folder.resolve("renamed.db"))) {
            vault.tables().ensure("r", s -> s.column("n", DType.I64)).append(row -> row.set("n", 1));
            Table[] handle = new Table[1];
            rolledBack(vault, () -> {
                handle[0] = vault.tables().get("r");
                vault.tables().rename("r", "s");
                handle[0].append(row -> row.set("n", 2));
                assertThat(handle[0].name()).isEqualTo("s");
            });
            assertThat(handle[0].length()).isEqualTo(1);
            assertThat(handle[0].name()).isEqualTo("r");
            handle[0].append(row -> row.set("n", 3));
            assertThat(vault.columns().longs("r.n").slice(0, 2)).containsExactly(1, 3);
        }
    }

    @Test
    void whatExistsIsOpenedBesideAnotherWriter() {
        try (Vault one = Vault.open(file());
                Vault two = Vault.open(file(), VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(0)))) {
            one.columns().ensure("c", DType.I64).append(1);
            one.tables().ensure("t", s -> s.column("n", DType.I64));
            one.transact(() -> {
                one.kv("kv").put("a", new byte[1]);
                assertThat(two.columns().ensure("c", DType.I64).get(0)).isEqualTo(1);
                assertThat(two.tables()
                                .ensure("t", s -> s.column("n", DType.I64))
                                .length())
                        .isZero();
                assertThatThrownBy(() -> two.columns().ensure("d", DType.I64)).isInstanceOf(VaultBusyException.class);
            });
        }
    }

    @Test
    void aFencedTransactionIsRolledBackThoughItsExceptionIsSwallowed() {
        try (Vault vault = Vault.open(file())) {
            Claim old = vault.offsets().claim("s", "t", 0);
            Claim now = vault.offsets().claim("s", "t", 0);
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.kv("kv").put("a", new byte[1]);
                        try {
                            vault.offsets().advance(old, 5);
                        } catch (FencedException e) {
                            assertThat(e).isInstanceOf(VaultException.class);
                        }
                    }))
                    .isInstanceOf(VaultException.class)
                    .hasRootCauseInstanceOf(FencedException.class);
            assertThat(vault.kv("kv").exists("a")).isFalse();
            vault.transact(() -> vault.offsets().advance(now, 5));
            assertThatThrownBy(() -> vault.offsets().advance(now, 6)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aKeyValueTableThatWasReplacedIsLookedAtAgain() throws Exception {
        try (Vault vault = Vault.open(file())) {
            vault.kv("kv").put("a", new byte[1]);
            assertThat(vault.kv("kv").get("a")).isNotNull();
            TestSql.run(file(), "DROP TABLE kv", "CREATE TABLE kv (key BLOB PRIMARY KEY, other BLOB)");
            assertThatThrownBy(() -> vault.kv("kv").get("a")).hasMessageContaining("[key, other]");
            assertThatThrownBy(() -> vault.kv("kv").put("a", new byte[1])).hasMessageContaining("[key, other]");
            TestSql.run(file(), "DROP TABLE kv");
            assertThat(vault.kv("kv").get("a")).isNull();
            vault.kv("kv").put("a", new byte[2]);
            assertThat(vault.kv("kv").get("a")).hasSize(2);
        }
    }

    @Test
    void aTableThatGotAColumnMeanwhileTakesTheRowAsItIs() {
        try (Vault vault = Vault.open(file())) {
            Table table = vault.tables().ensure("t", s -> s.column("n", DType.I64));
            vault.tables().get("t").addColumn(SchemaColumn.of("extra", DType.STR, true));
            int[] calls = {0};
            table.append(row -> {
                calls[0]++;
                row.set("n", 1).set("extra", "seen");
            });
            assertThat(calls[0]).isEqualTo(1);
            assertThat(table.rows(0, 1).get(0).get("extra")).isEqualTo("seen");
        }
    }
}
