package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    @TempDir
    Path folder;

    @Test
    void rowsWithNullsComeBackAsTheyWere() {
        long seed = 11;
        Random random = new Random(seed);
        Schema schema = Schema.builder()
                .nullableTimestamp("at", TimeUnit.US)
                .nullable("i", DType.I32)
                .nullable("d", DType.F64)
                .nullable("b", DType.BOOL)
                .nullable("s", DType.STR)
                .nullable("y", DType.BYTES)
                .nullable("v", DType.vector(ElementType.F32, 2))
                .column("n", DType.I64)
                .build();
        List<Map<String, Object>> model = new ArrayList<>();
        Path file = folder.resolve("a.db");
        Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096));
        try {
            for (int round = 0; round < 60; round++) {
                Table table = vault.tables().ensure("events", schema);
                RowBatch batch = table.newBatch();
                int rows = 1 + random.nextInt(400);
                boolean withNulls = random.nextInt(3) > 0;
                for (int i = 0; i < rows; i++) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("at", Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000));
                    row.put("i", (long) random.nextInt());
                    row.put("d", random.nextGaussian());
                    row.put("b", random.nextBoolean());
                    row.put("s", "text ".repeat(random.nextInt(5)));
                    row.put("y", new byte[random.nextInt(4)]);
                    row.put("v", new float[] {random.nextFloat(), 1});
                    if (withNulls) {
                        row.replaceAll((k, v) -> random.nextInt(4) == 0 ? null : v);
                    }
                    row.put("n", (long) model.size());
                    batch.add(w -> row.forEach(w::setObject));
                    model.add(row);
                }
                table.append(batch);
                if (random.nextInt(4) == 0) {
                    vault.close();
                    vault = Vault.open(file);
                }
            }
            try (Snapshot snapshot = vault.snapshot()) {
                for (var table :
                        List.of(vault.tables().get("events"), snapshot.tables().get("events"))) {
                    assertThat(table.length()).isEqualTo(model.size());
                    List<Row> rows = table.rows(0, model.size());
                    for (int i = 0; i < rows.size(); i++) {
                        Map<String, Object> expected = model.get(i);
                        int at = i;
                        rows.get(i)
                                .toMap()
                                .forEach((k, v) -> assertThat(v)
                                        .as("row %d, column %s, seed %d", at, k, seed)
                                        .isEqualTo(expected.get(k)));
                    }
                    assertThat(table.rows(5, 7, "n").get(1).toMap()).containsOnlyKeys("n");
                }
            }
        } finally {
            vault.close();
        }
    }

    @Test
    void aRowThatDoesNotFitLeavesNoTrace() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table =
                    vault.tables().ensure("t", s -> s.column("a", DType.I8).nullable("b", DType.STR));
            RowBatch batch = table.newBatch();
            batch.add(r -> r.set("a", 1).set("b", "x"));
            assertThatThrownBy(() -> batch.add(r -> r.set("b", "y").set("a", 300)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'a' (a i8)")
                    .hasMessageContaining("300");
            assertThatThrownBy(() -> batch.add(r -> r.setNull("b"))).hasMessageContaining("'a' is not nullable");
            assertThatThrownBy(() -> batch.add(r -> r.set("c", 1))).hasMessageContaining("no column 'c'");
            assertThatThrownBy(() -> batch.add(r -> r.set("a", 1).set("a", 2))).hasMessageContaining("twice");
            assertThatThrownBy(() -> batch.add(r -> r.set("a", "text"))).hasMessageContaining("does not take String");
            batch.add(r -> r.set("a", 2).set("b", (String) null));
            table.append(batch);
            assertThat(table.rows(0, 2).stream().map(r -> Arrays.asList(r.get("a"), r.get("b"))))
                    .containsExactly(Arrays.asList(1L, "x"), Arrays.asList(2L, null));
            Table other = vault.tables().ensure("u", s -> s.column("x", DType.I8));
            assertThatThrownBy(() -> other.append(batch)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void schemasAreHeldTo() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.tables().ensure("t", s -> s.column("a", DType.I8));
            assertThatThrownBy(() -> vault.tables().ensure("t", s -> s.column("a", DType.I16)))
                    .hasMessageContaining("a i8")
                    .hasMessageContaining("a i16");
            assertThatThrownBy(() -> vault.columns().ensure("t.a", DType.I8))
                    .hasMessageContaining("belongs to a table");
            assertThatThrownBy(() -> vault.columns().delete("t.a")).hasMessageContaining("belongs to a table");
            assertThatThrownBy(() -> vault.tables().get("missing")).isInstanceOf(NoSuchElementException.class);
            vault.columns().ensure("u.a", DType.I8);
            assertThatThrownBy(() -> vault.tables().ensure("u", s -> s.column("a", DType.I8)))
                    .hasMessageContaining("exists already");
            assertThat(vault.tables().list()).containsExactly("t");
            assertThat(vault.tables().delete("t")).isTrue();
            assertThat(vault.tables().delete("t")).isFalse();
            assertThat(vault.columns().contains("t.a")).isFalse();
        }
    }

    @Test
    void valuesOfEveryMeaningComeBack() {
        Schema schema = Schema.builder()
                .nullable("day", new LogicalType.Date())
                .nullable("ms", new LogicalType.Time(TimeUnit.MS))
                .nullable("ns", new LogicalType.Time(TimeUnit.NS))
                .nullable("price", new LogicalType.Decimal(10, 2))
                .nullable("wide", new LogicalType.Decimal(38, 10))
                .nullable("json", new LogicalType.Json())
                .nullable("list", new LogicalType.ListOf())
                .nullable("map", new LogicalType.MapOf())
                .nullable("uuid", new LogicalType.Uuid())
                .nullable("berlin", new LogicalType.Timestamp(TimeUnit.S, "Europe/Berlin"))
                .nullable("any", DType.CBOR)
                .nullable("array", DType.vector(ElementType.I16, 2))
                .build();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("day", LocalDate.of(1969, 12, 31));
        row.put("ms", LocalTime.of(23, 59, 59, 999_000_000));
        row.put("ns", LocalTime.of(23, 59, 59, 999_999_999));
        row.put("price", new BigDecimal("-12345678.90"));
        row.put("wide", new BigDecimal("-1234567890123456789012345678.0123456789"));
        row.put("json", "{}");
        row.put("list", List.of(1L, "a", List.of()));
        row.put("map", Map.of("k", Map.of("x", 1.5)));
        row.put("uuid", UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
        row.put("berlin", Instant.ofEpochSecond(-5));
        row.put("any", true);
        row.put("array", new NumericArray(ElementType.I16, List.of(2), new byte[] {1, 0, 2, 0}));
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().ensure("t", schema);
            table.append(w -> row.forEach(w::setObject));
            table.append(w -> w.set("price", 7L));
            table.append(w -> {});
            for (String[] bad : new String[][] {{"price", "1.234"}, {"price", "123456789.00"}, {"wide", "1e30"}}) {
                assertThatThrownBy(() -> table.append(w -> w.set(bad[0], new BigDecimal(bad[1]))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("column '" + bad[0] + "'")
                        .hasMessageContaining("digits");
            }
            assertThatThrownBy(() -> table.append(w -> w.set("list", Map.of())))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> table.append(w -> w.set("day", LocalTime.NOON)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().get("t");
            assertThat(table.schema()).isEqualTo(schema);
            assertThat(table.rows(0, 1).get(0).toMap()).isEqualTo(row);
            assertThat(table.rows(1, 2).get(0).get("price")).isEqualTo(new BigDecimal("7.00"));
            assertThat(table.rows(2, 3).get(0).toMap().values()).containsOnlyNulls();
            assertThat(vault.columns().longs("t.day").get(0)).isEqualTo(-1);
            assertThat(HexFormat.of().formatHex(vault.columns().bytes("t.uuid").get(0)))
                    .isEqualTo("00112233445566778899aabbccddeeff");
        }
    }

    @Test
    void columnsOfArraysAreAppendedTogether() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.timestamp("ts", TimeUnit.MS)
                                    .column("i", DType.I32)
                                    .column("x", DType.F32)
                                    .nullable("s", DType.STR)
                                    .column("b", DType.BOOL)
                                    .column("v", DType.vector(ElementType.F32, 2)));
            table.appendColumns(c -> c.set("ts", new long[] {1, 2, 3})
                    .set("i", new int[] {4, 5, 6})
                    .set("x", new float[] {1, 2, 3})
                    .set("s", Arrays.asList("a", null, "c"))
                    .set("b", new boolean[] {true, false, true})
                    .set("v", new float[] {1, 2, 3, 4, 5, 6}));
            assertThatThrownBy(() -> table.appendColumns(c -> c.set("ts", new long[] {1, 2})
                            .set("i", new int[] {4})
                            .set("x", new double[] {1, 2})
                            .set("b", new boolean[2])
                            .set("v", new float[4])))
                    .hasMessageContaining("'i' was given 1 values, another one 2");
            assertThatThrownBy(() -> table.appendColumns(c -> c.set("ts", new long[] {1})))
                    .hasMessageContaining("is not nullable");
            record Reading(long at, int i) {}
            table.appendAll(
                    List.of(new Reading(9, 1), new Reading(10, 2)),
                    (reading, w) -> w.set("ts", Instant.ofEpochMilli(reading.at()))
                            .set("i", reading.i())
                            .set("x", 0.5)
                            .set("b", true)
                            .set("v", new float[2]));
            assertThat(table.length()).isEqualTo(5);
            assertThat(table.rows(1, 2).get(0).get("s")).isNull();
            assertThat(table.rows(3, 5).stream().map(r -> r.get("ts")))
                    .containsExactly(Instant.ofEpochMilli(9), Instant.ofEpochMilli(10));
            assertThat(table.present("s", 0, 5).toString()).isEqualTo("{0, 2}");
            assertThat(table.present("i", 1, 5).cardinality()).isEqualTo(4);
        }
    }

    @Test
    void aTableChangesItsShape() {
        Path file = folder.resolve("a.db");
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(4096);
        try (Vault vault = Vault.open(file, options);
                Vault other = Vault.open(file)) {
            Table table =
                    vault.tables().ensure("t", s -> s.column("a", DType.I64).nullable("s", DType.STR));
            Table elsewhere = other.tables().get("t");
            table.appendColumns(c -> c.set("a", new long[100_000]));
            RowBatch stale = elsewhere.newBatch();
            stale.add(r -> r.set("a", 1));
            table.addColumn(SchemaColumn.of("later", DType.F64, true));
            assertThatThrownBy(() -> elsewhere.append(stale)).hasMessageContaining("make a new batch");
            elsewhere.append(r -> r.set("a", 2).set("later", 0.5));
            table.append(r -> r.set("a", 3));
            assertThat(table.rows(99_999, 100_002, "a", "later").stream().map(r -> r.get("later")))
                    .containsExactly(null, 0.5, null);
            assertThatThrownBy(() -> table.addColumn(SchemaColumn.of("later", DType.F64, true)))
                    .hasMessageContaining("already");
            assertThatThrownBy(() -> table.addColumn(SchemaColumn.of("must", DType.F64, false)))
                    .hasMessageContaining("nullable");
            table.renameColumn("later", "x");
            assertThatThrownBy(() -> table.renameColumn("a", "x")).hasMessageContaining("already");
            table.deleteColumn("s");
            assertThat(elsewhere.schema().columns().stream().map(SchemaColumn::name))
                    .containsExactly("a", "x");
            vault.tables().rename("t", "renamed");
            assertThat(table.name()).isEqualTo("renamed");
            table.append(r -> r.set("a", 4).set("x", 1.5));
            assertThat(other.tables().list()).containsExactly("renamed");
            assertThat(other.columns().list().stream().map(c -> c.name())).containsExactly("renamed.a", "renamed.x");
            assertThat(elsewhere.rows(100_002, 100_003).get(0).toMap()).isEqualTo(Map.of("a", 4L, "x", 1.5));
            table.truncate(100_001);
            assertThat(table.rows(100_000, 100_001).get(0).toMap()).isEqualTo(Map.of("a", 2L, "x", 0.5));
            table.truncate(50_001);
            table.append(r -> r.set("a", 5).set("x", 2.5));
            assertThat(table.rows(50_000, 50_002).get(1).toMap()).isEqualTo(Map.of("a", 5L, "x", 2.5));
            assertThat(table.rows(50_000, 50_001).get(0).get("x")).isNull();
            table.deleteColumn("x");
            assertThatThrownBy(() -> table.deleteColumn("a")).hasMessageContaining("only column");
        }
    }

    @Test
    void aForeignAppendToOneColumnAloneIsNoticed() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            Table table =
                    vault.tables().ensure("t", s -> s.column("a", DType.I64).column("b", DType.I64));
            table.append(r -> r.set("a", 1).set("b", 1));
            // What KohakuVault's append to one column comes down to.
            TestSql.run(
                    file,
                    "UPDATE kvault_col_blocks SET row_count = 2, used_bytes = 16 WHERE col_id = (SELECT col_id FROM"
                            + " kvault_col_columns WHERE name = 't.a')",
                    "UPDATE kvault_col_columns SET length = 2 WHERE name = 't.a'");
            assertThatThrownBy(() -> table.append(r -> r.set("a", 2).set("b", 2)))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("column 'b' has 1 rows, 'a' has 2")
                    .hasMessageContaining("truncate");
            assertThat(table.length()).isEqualTo(1);
            assertThat(table.rows(0, 1)).hasSize(1);
            table.truncate(table.length());
            table.append(r -> r.set("a", 2).set("b", 2));
            assertThat(table.rows(1, 2).get(0).toMap()).isEqualTo(Map.of("a", 2L, "b", 2L));
        }
    }

    @Test
    void aRowGivesItsValuesByTheirTypes() {
        UUID id = UUID.randomUUID();
        Instant at = Instant.parse("2026-01-02T03:04:05.006Z");
        try (Vault vault = Vault.open(folder.resolve("row.db"))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("n", DType.U64)
                                    .column("d", DType.F64)
                                    .column("b", DType.BOOL)
                                    .nullable("s", DType.STR)
                                    .nullable("bytes", DType.BYTES)
                                    .nullable("v", DType.parse("vec:f32:2"))
                                    .timestamp("at", TimeUnit.MS)
                                    .nullable("day", new LogicalType.Date())
                                    .nullable("time", new LogicalType.Time(TimeUnit.MS))
                                    .nullable("price", new LogicalType.Decimal(10, 2))
                                    .nullable("id", new LogicalType.Uuid())
                                    .nullable("list", new LogicalType.ListOf())
                                    .nullable("map", new LogicalType.MapOf()));
            table.append(row -> row.set("n", -1L)
                    .set("d", 0.5)
                    .set("b", true)
                    .set("s", "x")
                    .set("bytes", new byte[] {1})
                    .set("v", new float[] {1, 2})
                    .set("at", at)
                    .set("day", LocalDate.of(2026, 1, 2))
                    .set("time", LocalTime.of(3, 4))
                    .set("price", new BigDecimal("1.50"))
                    .setObject("id", id)
                    .set("list", List.of(1L, "a"))
                    .set("map", Map.of("k", 2L)));
            table.append(row -> row.set("n", 2).set("d", 1.0).set("b", false).set("at", at));
            Row row = table.rows(0, 1).get(0);
            assertThat(row.getLong("n")).isEqualTo(-1);
            assertThat(row.getDouble("d")).isEqualTo(0.5);
            assertThat(row.getBoolean("b")).isTrue();
            assertThat(row.getString("s")).isEqualTo("x");
            assertThat(row.getBytes("bytes")).containsExactly(1);
            assertThat(row.getFloats("v")).containsExactly(1, 2);
            assertThat(row.getInstant("at")).isEqualTo(at);
            assertThat(row.getDate("day")).isEqualTo(LocalDate.of(2026, 1, 2));
            assertThat(row.getTime("time")).isEqualTo(LocalTime.of(3, 4));
            assertThat(row.getDecimal("price")).isEqualTo(new BigDecimal("1.50"));
            assertThat(row.getUuid("id")).isEqualTo(id);
            assertThat(row.getList("list")).isEqualTo(List.of(1L, "a"));
            assertThat(row.getMap("map")).isEqualTo(Map.of("k", 2L));
            assertThat(row.isNull("s")).isFalse();
            assertThat(row)
                    .isEqualTo(table.rows(0, 2).get(0))
                    .hasSameHashCodeAs(table.rows(0, 2).get(0));
            assertThat(row.toMap().keySet()).containsExactlyElementsOf(row.columns());
            assertThatThrownBy(() -> row.toMap().put("s", "y")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> row.getLong("s"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 's' holds a String and no Long");
            assertThatThrownBy(() -> row.get("none")).hasMessageContaining("no column 'none'");
            Row second = table.rows(1, 2, "s", "n").get(0);
            assertThat(second.columns()).containsExactly("s", "n");
            assertThat(table.rows(1, 2, "s", "s").get(0).columns()).containsExactly("s");
            assertThat(second.index()).isEqualTo(1);
            assertThat(second.isNull("s")).isTrue();
            assertThat(second.getString("s")).isNull();
            assertThatThrownBy(() -> second.get("d")).hasMessageContaining("no column 'd'");
            Table nulls = vault.tables().ensure("nulls", s -> s.nullable("a", DType.I64));
            nulls.append(filler -> {});
            assertThatThrownBy(() -> nulls.rows(0, 1).get(0).getLong("a"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("row 0: column 'a' is null");
        }
    }
}
