package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.Golden;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that readings of the code have found, each as the user would have met it. */
@SuppressWarnings("removal") // what goes with 1.0 is tested until then
class ReadingsTest {
    @TempDir
    Path folder;

    private Vault open() {
        return Vault.open(folder.resolve("a.db"));
    }

    @Test
    void aTableOfSomebodyElseIsNeverTakenForSegments() {
        VaultOptions small = VaultOptions.defaults().withSegmentThresholdBytes(1000);
        try (Vault vault = Vault.open(folder.resolve("a.db"), small)) {
            vault.kv("a_segments").putValue("k", "kept");
            assertThatThrownBy(() -> vault.kv("a").put("k", new ByteArrayInputStream(new byte[5000])))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("a_segments");
            vault.kv("a").put("k", new byte[10]);
            vault.kv("a").delete("k");
            assertThat(vault.kv("a_segments").findValue("k")).contains("kept");
        }
    }

    @Test
    void aStreamOfExactlyTheThresholdAndOneMoreByteComesBack() throws Exception {
        VaultOptions small = VaultOptions.defaults().withSegmentThresholdBytes(1000);
        try (Vault vault = Vault.open(folder.resolve("a.db"), small)) {
            for (int length : new int[] {0, 1, 999, 1000, 1001, 1002}) {
                byte[] value = new byte[length];
                Arrays.fill(value, (byte) length);
                vault.kv("kv").put("k" + length, new ByteArrayInputStream(value));
                assertThat(vault.kv("kv").get("k" + length)).isEqualTo(value);
            }
        }
    }

    @Test
    void rangesNarrowInEitherOrder() {
        assertThat(KvRange.prefix("b").from("a").toString())
                .isEqualTo(KvRange.prefix("b").toString());
        try (Vault vault = open()) {
            for (String key : new String[] {"a", "b1", "b2", "b3", "c"}) {
                vault.kv("kv").put(key, new byte[1]);
            }
            assertThat(vault.kv("kv").count(KvRange.prefix("b").from("a"))).isEqualTo(3);
            assertThat(vault.kv("kv").count(KvRange.prefix("b").from("b2"))).isEqualTo(2);
            assertThat(vault.kv("kv").count(KvRange.prefix("b").below("b2").below("z")))
                    .isEqualTo(1);
        }
    }

    @Test
    void aBatchCannotBeClosedWithinATransactionAndIsStillThereAfterIt() {
        try (Vault vault = open()) {
            VaultBatch batch = vault.batch(BatchOptions.defaults());
            vault.kv("kv").put("a", new byte[1]);
            vault.transact(() -> {
                assertThatThrownBy(batch::close).isInstanceOf(IllegalStateException.class);
                vault.kv("kv").put("b", new byte[1]);
            });
            batch.close();
            assertThat(vault.kv("kv").count()).isEqualTo(2);
        }
    }

    @Test
    void aHandleOfARolledBackTransactionWritesToNothingElse() {
        try (Vault vault = open()) {
            AtomicReference<LongColumn> column = new AtomicReference<>();
            AtomicReference<Table> table = new AtomicReference<>();
            assertThatThrownBy(() -> vault.transact(() -> {
                        column.set(vault.columns().ensure("lost", DType.I64));
                        table.set(vault.tables().ensure("lost table", s -> s.column("v", DType.I64)));
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            vault.columns().ensure("other", DType.I64).append(1); // gets the id that was given back
            Table other = vault.tables().ensure("other table", s -> s.column("v", DType.I64));
            assertThatThrownBy(() -> column.get().append(2)).hasMessageContaining("lost");
            assertThatThrownBy(() -> column.get().length()).hasMessageContaining("lost");
            assertThatThrownBy(() -> table.get().append(r -> r.set("v", 2))).hasMessageContaining("lost table");
            assertThat(vault.columns().longs("other").length()).isEqualTo(1);
            assertThat(other.length()).isZero();
        }
    }

    @Test
    void zerosOfNullsAreFoundByTheColumnAndNotByTheTable() {
        try (Vault vault =
                Vault.open(folder.resolve("a.db"), VaultOptions.defaults().withGuardNewFiles(true))) {
            Table table = vault.tables().ensure("t", s -> s.nullable("v", DType.I64));
            var batch = table.newBatch();
            for (int i = 0; i < 100_000; i++) {
                int n = i;
                batch.add(r -> r.setObject("v", n % 10 == 0 ? null : Long.valueOf(n)));
            }
            table.append(batch);
            assertThat(table.indexesWithin("v", -5L, 0L)).isEmpty();
            assertThat(vault.columns().longs("t.v").indexesWithin(-5, 0)).hasSize(10_000);
        }
    }

    @Test
    void nullsThatWereCutOffDoNotComeBack() {
        try (Vault vault =
                Vault.open(folder.resolve("a.db"), VaultOptions.defaults().withGuardNewFiles(true))) {
            Table table = vault.tables().ensure("t", s -> s.nullable("v", DType.I64));
            var batch = table.newBatch();
            for (int i = 0; i < 1000; i++) {
                int n = i;
                batch.add(r -> r.setObject("v", n < 500 ? Long.valueOf(n) : null));
            }
            table.append(batch);
            table.truncate(500);
            batch.clear();
            for (int i = 500; i < 100_000; i++) {
                int n = i;
                batch.add(r -> r.set("v", n));
            }
            table.append(batch);
            assertThat(table.present("v", 0, 100_000).cardinality()).isEqualTo(100_000);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    @Test
    void aGuardThatIsTakenOffAndPutOnForgetsWhatItKnew() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true))) {
            vault.columns().ensure("c", DType.I64).appendAll(new long[100_000]);
        }
        TestSql.run( // somebody helps himself
                file,
                "DROP INDEX vault_guard",
                "DROP INDEX vault_guard_offsets",
                "UPDATE kvault_col_data SET payload = x'4d' || substr(payload, 2) WHERE block_id = 1");
        try (Vault vault = Vault.open(file)) {
            vault.maintenance().guardColumns(true);
            assertThat(vault.columns().longs("c").indexesWithin(77, 77)).containsExactly(0);
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
    }

    @Test
    void aMissingBlockIsDamageForWritersToo() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("c", DType.I64).appendAll(new long[10_000]);
        }
        TestSql.run(file, "PRAGMA foreign_keys = OFF", "DELETE FROM kvault_col_blocks WHERE block_no = 2");
        try (Vault vault = Vault.open(file)) {
            LongColumn column = vault.columns().ensure("c", DType.I64);
            assertThatThrownBy(() -> column.insert(0, 1)).isInstanceOf(VaultCorruptException.class);
            assertThatThrownBy(() -> column.remove(0)).isInstanceOf(VaultCorruptException.class);
            assertThatThrownBy(() -> column.truncate(1)).isInstanceOf(VaultCorruptException.class);
        }
    }

    @Test
    void wideColumnsAreAddedToLongTables() {
        try (Vault vault = open()) {
            Table table = vault.tables().ensure("t", s -> s.column("v", DType.I8));
            var batch = table.newBatch();
            for (int i = 0; i < 20_000; i++) {
                batch.add(r -> r.set("v", 1));
            }
            table.append(batch);
            table.addColumn(SchemaColumn.of("wide", DType.parse("vec:f32:4096"), true));
            assertThat(table.rows(19_999, 20_000).get(0).get("wide")).isNull();
        }
    }

    @Test
    void decimalsOfAnyExponentAreComparedBeforeTheyAreScaled() {
        try (Vault vault = open()) {
            Table table = vault.tables().ensure("t", s -> s.column("v", new LogicalType.Decimal(10, 2)));
            for (String huge : new String[] {"1E+999999999", "1E-999999999", "123456789", "0.001"}) {
                assertThatThrownBy(() -> table.append(r -> r.set("v", new BigDecimal(huge))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("digits");
            }
            table.append(r -> r.set("v", new BigDecimal("1E+7")));
            table.append(r -> r.set("v", new BigDecimal("12345678.90")));
            assertThat(table.rows(0, 2).get(0).get("v")).isEqualTo(new BigDecimal("10000000.00"));
            assertThat(table.rows(0, 2).get(1).get("v")).isEqualTo(new BigDecimal("12345678.90"));
        }
    }

    @Test
    void unsignedNumbersAreGivenAsBigIntegersToo() {
        try (Vault vault = open()) {
            Table table = vault.tables().ensure("t", s -> s.column("v", DType.U64));
            BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
            table.append(r -> r.setObject("v", most));
            assertThat(table.rows(0, 1).get(0).get("v")).isEqualTo(-1L);
            assertThatThrownBy(() -> table.append(r -> r.setObject("v", most.add(BigInteger.ONE))))
                    .hasMessageContaining("u64");
            assertThatThrownBy(() -> table.append(r -> r.setObject("v", BigInteger.valueOf(-1))))
                    .hasMessageContaining("u64");
        }
    }

    @Test
    void valuesThatAreHugeOrEmptyComeBack() {
        try (Vault vault = open()) {
            BigInteger huge = BigInteger.TEN.pow(1500);
            vault.kv("kv").putValue("huge", huge);
            assertThat(vault.kv("kv").findValue("huge")).contains(huge);
            NumericArray empty = new NumericArray(ElementType.F32, List.of(3, 0), new byte[0]);
            vault.kv("kv").putValue("empty", empty);
            assertThat(vault.kv("kv").findValue("empty")).contains(empty);
        }
    }

    @Test
    void vectorTablesThatLackTablesOfTheirColumnsAreLeftAlone() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.vectors("v", io.kohakuvault.vector.VectorOptions.of(2, io.kohakuvault.vector.Metric.L2))
                    .insert(new float[] {1, 2}, "kept");
        }
        TestSql.run(
                file,
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_master SET sql = replace(sql, 'value_ref', 'tenant TEXT, value_ref') WHERE name = 'v'");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .extracting(Finding::toString)
                    .containsExactly("ERROR vectors v: is not read by this library: its table v_metadatatext00,"
                            + " v_metadatachunks01 is missing; restore the file from a backup");
            vault.maintenance().repair();
        }
        assertThat(TestSql.count(file, "v_values")).isEqualTo(1);
    }

    @Test
    void boundsBetweenTwoValuesOfTheColumnAreNotRounded() {
        try (Vault vault = open()) {
            Table table = vault.tables()
                    .ensure("t", s -> s.timestamp("at", TimeUnit.S).column("f", DType.F32));
            for (int i = 0; i < 5; i++) {
                int n = i;
                table.append(r -> r.set("at", Instant.ofEpochSecond(n)).set("f", 0.1f * n));
            }
            assertThat(table.indexesWithin("at", Instant.ofEpochMilli(1500), Instant.ofEpochMilli(3500)))
                    .containsExactly(2, 3);
            assertThat(table.indexesWithin("at", Instant.ofEpochMilli(1000), Instant.ofEpochMilli(3000)))
                    .containsExactly(1, 2, 3);
            assertThat(table.indexesWithin("f", 0.1, 0.3)).containsExactly(1, 2); // 0.1f is above 0.1, 0.3f above 0.3
            assertThatThrownBy(() -> table.append(r -> r.set("at", 1).set("f", (1L << 24) + 1)))
                    .hasMessageContaining("'f'");
        }
    }

    @Test
    void oneDamagedRowHidesNoOtherColumn() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true))) {
            vault.columns().ensure("bad", DType.I64).appendAll(new long[100_000]);
            vault.columns().ensure("good", DType.I64).append(7);
        }
        TestSql.run(
                file,
                "PRAGMA ignore_check_constraints = ON",
                "UPDATE kvault_col_columns SET elem_size = -1 WHERE name = 'bad'",
                "UPDATE vault_block_ext SET crc32c = NULL");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.columns().list()).hasSize(2);
            assertThat(vault.contents().list()).hasSize(2);
            assertThat(vault.columns().longs("good").get(0)).isEqualTo(7);
            assertThatThrownBy(() -> vault.columns().longs("bad")).isInstanceOf(VaultCorruptException.class);
            vault.maintenance().repair();
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isFalse();
        }
        Path legacy = Golden.database("columns-0x", folder);
        TestSql.run(
                legacy, "PRAGMA ignore_check_constraints = ON", "UPDATE col_meta SET elem_size = -1 WHERE col_id = 1");
        try (Vault vault = Vault.open(legacy)) {
            assertThat(vault.columns().list()).hasSize(79);
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isFalse();
            assertThatThrownBy(vault.maintenance()::migrateLegacyColumns).isInstanceOf(VaultCorruptException.class);
            assertThat(vault.columns().list()).hasSize(79).allMatch(c -> c.legacy());
        }
    }

    @Test
    void repairRemovesNothingFromATableThatIsNamedLikeSegments() {
        try (Vault vault = open()) {
            vault.kv("a").putValue("x", 1);
            vault.kv("a_segments").putValue("mine", "kept");
            assertThat(vault.maintenance().repair()).isEmpty();
            assertThat(vault.kv("a_segments").findValue("mine")).contains("kept");
        }
    }
}
