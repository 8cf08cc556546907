package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that Java corrects and the real KohakuVault reads, and the other way round. Run with {@link InteropIT}. */
@Tag("interop")
class InteropTableEditIT {
    @TempDir
    Path folder;

    private final Random random = new Random(11);
    private final List<Values> rows = new ArrayList<>();

    /** A row; null for a null. */
    private record Values(long n, Long small, String text) {}

    private Values values() {
        return new Values(
                random.nextLong(),
                random.nextInt(3) == 0 ? null : (long) random.nextInt(200),
                random.nextInt(3) == 0 ? null : "text " + random.nextInt(1000) + "ü".repeat(random.nextInt(30)));
    }

    private static void fill(RowWriter row, Values values) {
        row.set("n", values.n).setObject("small", values.small).setObject("text", values.text);
    }

    private void edit(Table table) {
        int size = rows.size();
        switch (random.nextInt(5)) {
            case 0 -> {
                for (int i = 0; i < 700; i++) {
                    rows.add(values());
                }
                table.appendAll(rows.subList(size, size + 700), (values, row) -> fill(row, values));
            }
            case 1 -> {
                for (int i = 0; i < 40 && size > 0; i++) {
                    int index = random.nextInt(size);
                    Values values = values();
                    rows.set(index, values);
                    table.set(index, row -> fill(row, values));
                }
            }
            case 2 -> {
                int from = random.nextInt(size + 1);
                int to = Math.min(size, from + random.nextInt(300));
                rows.subList(from, to).clear();
                table.remove(from, to);
            }
            case 3 -> {
                int index = Math.min(size, random.nextInt(400));
                rows.subList(0, index).clear();
                table.removeBefore(index);
            }
            default -> {
                int index = random.nextInt(size + 1);
                Values values = values();
                rows.add(index, values);
                RowBatch batch = table.newBatch();
                batch.add(row -> fill(row, values));
                table.insert(index, batch);
            }
        }
    }

    @Test
    void bothCorrectOneTable() throws Exception {
        Path python = RealKohakuVault.python();
        Path file = folder.resolve("edited.db");
        Path manifest = folder.resolve("manifest.json");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096))) {
            Table table = vault.tables()
                    .create(
                            "t",
                            s -> s.column("n", DType.I64)
                                    .nullable("small", DType.U8)
                                    .nullable("text", DType.STR));
            for (int round = 0; round < 8; round++) {
                for (int i = 0; i < 30; i++) {
                    edit(table);
                }
                List<List<Object>> set = new ArrayList<>();
                for (int i = 0; i < 20 && !rows.isEmpty(); i++) {
                    int index = random.nextInt(rows.size());
                    Values old = rows.get(index);
                    switch (i % 3) {
                        case 0 -> {
                            set.add(List.of("t.n", index, (long) i));
                            rows.set(index, new Values(i, old.small, old.text));
                        }
                        case 1 -> {
                            if (old.small != null) {
                                set.add(List.of("t.small", index, i));
                                rows.set(index, new Values(old.n, (long) i, old.text));
                            }
                        }
                        default -> {
                            // Its texts are left alone: KohakuVault writes a column of variable size anew for it,
                            // without what it does not know of, the nulls.
                        }
                    }
                }
                // What Python is to find is as it was before it sets something.
                Map<String, Object> columns = Map.of(
                        "t.n", vault.columns().longs("t.n").asList(),
                        "t.small", vault.columns().longs("t.small").asList(),
                        "t.text", vault.columns().strings("t.text").asList());
                new ObjectMapper().writeValue(manifest.toFile(), Map.of("columns", columns, "set", set));
                assertThat(RealKohakuVault.run(
                                python.toString(),
                                Path.of("src/test/python/edited.py").toString(),
                                file.toString(),
                                manifest.toString()))
                        .contains("python read and set " + set.size());
                compare(table);
            }
            assertThat(vault.maintenance().verify((done, total) -> true).findings())
                    .isEmpty();
        }
        assertThat(RealKohakuVault.run(
                        python.toString(),
                        Path.of("src/test/python/check_cols.py").toString(),
                        file.toString(),
                        "--strict"))
                .contains(" 0 errors");
    }

    private void compare(Table table) {
        int i = 0;
        for (Row row : table.scan()) {
            Values expected = rows.get(i++);
            assertThat(row.getLong("n")).isEqualTo(expected.n);
            assertThat(row.get("small")).isEqualTo(expected.small);
            assertThat(row.get("text")).isEqualTo(expected.text);
        }
        assertThat(i).isEqualTo(rows.size());
    }
}
