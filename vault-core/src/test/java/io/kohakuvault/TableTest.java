package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
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
                                .values()
                                .forEach((k, v) -> assertThat(v)
                                        .as("row %d, column %s, seed %d", at, k, seed)
                                        .isEqualTo(expected.get(k)));
                    }
                    assertThat(table.rows(5, 7, "n").get(1).values()).containsOnlyKeys("n");
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
            assertThat(vault.tables().drop("t")).isTrue();
            assertThat(vault.tables().drop("t")).isFalse();
            assertThat(vault.columns().contains("t.a")).isFalse();
        }
    }
}
