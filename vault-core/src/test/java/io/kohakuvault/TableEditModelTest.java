package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.TableReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table that is corrected at random, beside a plain list of rows. */
class TableEditModelTest {
    @TempDir
    private Path folder;

    /** What the table should hold. */
    private final List<Map<String, Object>> rows = new ArrayList<>();

    private final Map<String, SchemaColumn> columns = new LinkedHashMap<>();

    private Random random = new Random(0);

    private Object value(SchemaColumn column) {
        if (column.nullable() && random.nextInt(4) == 0) {
            return null;
        }
        if (column.logicalType().orElse(null) instanceof LogicalType.Timestamp) {
            return Instant.ofEpochMilli(random.nextInt(2000) - 1000);
        }
        DType dtype = column.dtype();
        if (dtype instanceof DType.IntegerType) {
            return (long) random.nextInt(100);
        } else if (dtype instanceof DType.FloatingType) {
            return random.nextInt(50) / 4.0;
        } else if (dtype instanceof DType.BooleanType) {
            return random.nextBoolean();
        } else if (dtype instanceof DType.StringType type && type.isFixedSize()) {
            return "f" + random.nextInt(20);
        } else if (dtype instanceof DType.StringType) {
            return "text " + random.nextInt(50) + "x".repeat(random.nextInt(10) == 0 ? 3000 : random.nextInt(40));
        } else if (dtype instanceof DType.BytesType) {
            byte[] bytes = new byte[random.nextInt(60)];
            Arrays.fill(bytes, (byte) random.nextInt(3));
            return bytes;
        }
        return List.of((long) random.nextInt(9), "a");
    }

    private Map<String, Object> row() {
        Map<String, Object> row = new HashMap<>();
        columns.values().forEach(column -> row.put(column.name(), value(column)));
        return row;
    }

    private static void fill(RowWriter writer, Map<String, Object> values) {
        values.forEach(writer::setObject);
    }

    private void add(SchemaColumn column) {
        columns.put(column.name(), column);
    }

    @ParameterizedTest
    @CsvSource({"1, 4096, false", "2, 4096, false", "3, 4096, true", "4, 32768, true", "5, 4096, true", "6, 8192, false"
    })
    void aCorrectedTableIsTheListThatWasCorrectedAlike(int seed, int pageSize, boolean guarded) {
        random = new Random(seed);
        VaultOptions options =
                VaultOptions.defaults().withPageSizeBytes(pageSize).withGuardNewFiles(guarded);
        add(SchemaColumn.of("id", DType.I64, false));
        add(SchemaColumn.of("small", DType.U8, true));
        add(SchemaColumn.of("f", DType.F32, true));
        add(SchemaColumn.of("at", new LogicalType.Timestamp(TimeUnit.MS, null), true));
        add(SchemaColumn.of("flag", DType.BOOL, false));
        add(SchemaColumn.of("name", DType.STR, true));
        add(SchemaColumn.of("code", DType.parse("str:8"), true));
        add(SchemaColumn.of("raw", DType.BYTES, false));
        add(SchemaColumn.of("any", DType.MSGPACK, true));
        Path file = folder.resolve("a.db");
        try (Vault one = Vault.open(file, options);
                Vault two = Vault.open(file, options)) {
            one.tables().create("t", builder -> columns.values().forEach(builder::add));
            Table[] tables = {one.tables().get("t"), two.tables().get("t")};
            append(tables[0], 3000);
            for (int step = 0; step < 220; step++) {
                int who = random.nextInt(2);
                if (random.nextInt(3) == 0) {
                    int steps = 1 + random.nextInt(5);
                    (who == 0 ? one : two).transact(() -> {
                        for (int i = 0; i < steps; i++) {
                            step(tables[who]);
                        }
                    });
                } else {
                    step(tables[who]);
                }
                if (step % 10 == 0) {
                    check(tables[random.nextInt(2)]);
                }
            }
            Snapshot before = one.snapshot();
            List<Map<String, Object>> then = List.copyOf(rows);
            Map<BlockView, byte[]> held = blocks(before);
            for (int step = 0; step < 40; step++) {
                step(tables[step % 2]);
            }
            check(tables[0]);
            List<Map<String, Object>> now = List.copyOf(rows);
            rows.clear();
            rows.addAll(then);
            checkRows(before.tables().get("t")); // whatever columns were added and deleted since
            rows.clear();
            rows.addAll(now);
            held.forEach((view, bytes) -> {
                byte[] seen = new byte[bytes.length];
                view.payload().get(0, seen);
                assertThat(seen).isEqualTo(bytes);
                view.close();
            });
            before.close();
            assertThat(one.maintenance().verify((done, total) -> true).findings())
                    .isEmpty();
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            check(vault.tables().get("t"));
        }
    }

    /** All blocks of the table as a snapshot has them, most of them in the mapped file, with their bytes now. */
    private static Map<BlockView, byte[]> blocks(Snapshot snapshot) {
        Map<BlockView, byte[]> held = new IdentityHashMap<>();
        for (ColumnBlocks column : snapshot.blocks().table("t")) {
            for (long row = 0; row < column.length(); row = column.blockEnd(row)) {
                BlockView view = column.block(row);
                byte[] bytes = new byte[view.payload().remaining()];
                view.payload().get(0, bytes);
                held.put(view, bytes);
            }
        }
        return held;
    }

    private void step(Table table) {
        int size = rows.size();
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> append(table, random.nextInt(random.nextInt(4) == 0 ? 2000 : 100));
            case 3, 4, 5 -> {
                for (int i = random.nextInt(5); i > 0 && size > 0; i--) {
                    int index = random.nextInt(size);
                    Map<String, Object> change = row();
                    change.keySet().removeIf(name -> random.nextInt(3) > 0);
                    table.set(index, writer -> fill(writer, change));
                    Map<String, Object> changed = new HashMap<>(rows.get(index));
                    changed.putAll(change);
                    rows.set(index, changed);
                }
            }
            case 6, 7 -> {
                int from = random.nextInt(size + 1);
                int to = Math.min(size, from + random.nextInt(random.nextInt(5) == 0 ? 2000 : 8));
                table.remove(from, to);
                rows.subList(from, to).clear();
            }
            case 8 -> {
                int index = Math.min(size, random.nextInt(4) == 0 ? 504 * random.nextInt(9) : random.nextInt(400));
                table.removeBefore(index);
                rows.subList(0, index).clear();
            }
            case 9 -> {
                int index = random.nextInt(size + 1);
                RowBatch batch = table.newBatch();
                List<Map<String, Object>> more = new ArrayList<>();
                for (int i = random.nextInt(20); i > 0; i--) {
                    Map<String, Object> row = row();
                    more.add(row);
                    batch.add(writer -> fill(writer, row));
                }
                table.insert(index, batch);
                rows.addAll(index, more);
            }
            case 10 -> {
                int length = size / 2 + random.nextInt(size + 10);
                if (random.nextInt(4) == 0) {
                    table.truncate(length);
                    rows.subList(Math.min(size, length), size).clear();
                }
            }
            case 11 -> {
                Case some = condition();
                if (some.filter.conditions().isEmpty()) {
                    return;
                }
                Filter filter = some.filter.and(Filter.where("id", 0, 30));
                List<Map<String, Object>> before = List.copyOf(rows);
                rows.removeIf(row -> some.expected.test(row) && (Long) row.get("id") < 30);
                assertThat(table.removeIf(filter)).as(filter.toString()).isEqualTo(before.size() - rows.size());
            }
            default -> changeColumns(table);
        }
    }

    private void append(Table table, int count) {
        List<Map<String, Object>> more = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            more.add(row());
        }
        table.appendAll(more, (row, writer) -> fill(writer, row));
        rows.addAll(more);
    }

    private void changeColumns(Table table) {
        if (columns.size() < 11) {
            String name = "added" + random.nextInt(1000);
            if (columns.containsKey(name)) {
                return;
            }
            SchemaColumn column = random.nextBoolean()
                    ? SchemaColumn.of(name, DType.I32, random.nextBoolean())
                    : SchemaColumn.of(name, DType.STR, random.nextBoolean());
            Object fixed = value(column);
            boolean computed = random.nextBoolean();
            if (computed) {
                table.addColumn(column, row -> of(column, row.getLong("id"), row.index()));
            } else {
                table.addColumn(column, fixed);
            }
            add(column);
            for (int i = 0; i < rows.size(); i++) {
                Map<String, Object> row = new HashMap<>(rows.get(i));
                row.put(name, computed ? of(column, (Long) row.get("id"), i) : fixed);
                rows.set(i, row);
            }
        } else {
            String name = columns.keySet().stream()
                    .filter(column -> column.startsWith("added"))
                    .findFirst()
                    .orElseThrow();
            table.deleteColumn(name);
            columns.remove(name);
            for (int i = 0; i < rows.size(); i++) {
                Map<String, Object> row = new HashMap<>(rows.get(i));
                row.remove(name);
                rows.set(i, row);
            }
        }
    }

    private static Object of(SchemaColumn column, long id, long index) {
        if (column.nullable() && index % 3 == 0) {
            return null;
        }
        return column.dtype().equals(DType.STR) ? "row " + id : (Object) (id + index);
    }

    private static boolean same(Object a, Object b) {
        return Objects.deepEquals(a, b);
    }

    private void checkRows(TableReader table) {
        assertThat(table.length()).isEqualTo(rows.size());
        int i = 0;
        for (Row row : table.scan()) {
            Map<String, Object> expected = rows.get(i);
            assertThat(row.index()).isEqualTo(i++);
            for (String name : expected.keySet()) {
                assertThat(same(row.get(name), expected.get(name)))
                        .as("row %d column %s: %s, not %s", row.index(), name, row.get(name), expected.get(name))
                        .isTrue();
            }
        }
        assertThat(i).isEqualTo(rows.size());
    }

    private void check(TableReader table) {
        checkRows(table);
        for (int i = 0; i < 6; i++) {
            checkFilter(table);
        }
        if (!rows.isEmpty()) {
            long[] some = random.ints(20, 0, rows.size()).asLongStream().toArray();
            List<Row> taken = table.rows(some, "name", "id");
            for (int i = 0; i < some.length; i++) {
                assertThat(taken.get(i).index()).isEqualTo(some[i]);
                assertThat(taken.get(i).get("name"))
                        .isEqualTo(rows.get((int) some[i]).get("name"));
            }
        }
        assertThatThrownBy(() -> table.rows(new long[] {rows.size()})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private record Case(Filter filter, Predicate<Map<String, Object>> expected) {}

    private Case condition() {
        List<SchemaColumn> all = List.copyOf(columns.values());
        SchemaColumn column = all.get(random.nextInt(all.size()));
        String name = column.name();
        int kind = random.nextInt(10);
        if (kind == 0) {
            return new Case(Filter.isNull(name), row -> row.get(name) == null);
        } else if (kind == 1) {
            return new Case(Filter.isNotNull(name), row -> row.get(name) != null);
        }
        Object a = value(SchemaColumn.of(name, column.dtype(), false));
        Object b = value(SchemaColumn.of(name, column.dtype(), false));
        if (column.logicalType().isPresent()) {
            a = Instant.ofEpochMilli(random.nextInt(2000) - 1000).plusNanos(random.nextInt(3) * 400_000);
            b = Instant.ofEpochMilli(random.nextInt(2000) - 1000).plusNanos(random.nextInt(3) * 400_000);
        }
        if (column.dtype() instanceof DType.PackedType) {
            return new Case(Filter.all(), row -> true);
        }
        boolean ordered = column.dtype() instanceof DType.IntegerType
                || column.dtype() instanceof DType.FloatingType
                || column.dtype().equals(DType.STR)
                || column.dtype().equals(DType.BYTES);
        Object low = random.nextInt(4) == 0 ? null : a;
        Object high = random.nextInt(4) == 0 ? null : b;
        if (ordered && kind < 7) {
            return new Case(
                    Filter.where(name, low, high),
                    row -> row.get(name) != null
                            && (low == null || compare(row.get(name), low) >= 0)
                            && (high == null || compare(row.get(name), high) < 0));
        }
        Object wanted = rows.isEmpty() || random.nextBoolean()
                ? a
                : Objects.requireNonNullElse(
                        rows.get(random.nextInt(rows.size())).get(name), a);
        return new Case(Filter.equal(name, wanted), row -> same(row.get(name), wanted));
    }

    private static int compare(Object a, Object b) {
        return a instanceof byte[] x
                ? Arrays.compareUnsigned(x, (byte[]) b)
                : a instanceof Long x
                        ? Long.compare(x, (Long) b)
                        : a instanceof Double x
                                ? Double.compare(x, (Double) b)
                                : a instanceof String x
                                        ? x.compareTo((String) b)
                                        : ((Instant) a).compareTo((Instant) b);
    }

    private void checkFilter(TableReader table) {
        Case first = condition();
        Case second = condition();
        Filter filter = random.nextBoolean() ? first.filter : first.filter.and(second.filter);
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            boolean holds =
                    first.expected.test(rows.get(i)) && (filter == first.filter || second.expected.test(rows.get(i)));
            if (holds) {
                expected.add((long) i);
            }
        }
        List<Long> found = new ArrayList<>();
        table.indexes(filter).forEach(batch -> {
            assertThat(batch).isNotEmpty();
            Arrays.stream(batch).forEach(found::add);
        });
        assertThat(found).as(filter.toString()).isEqualTo(expected);
        assertThat(table.count(filter)).as(filter.toString()).isEqualTo(expected.size());
        found.clear();
        table.scan(filter, "name").forEach(row -> {
            assertThat(row.get("name")).isEqualTo(rows.get((int) row.index()).get("name"));
            found.add(row.index());
        });
        assertThat(found).as(filter.toString()).isEqualTo(expected);
    }

    @Test
    void whatCannotBeCorrectedChangesNothing() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table =
                    vault.tables().create("t", b -> b.column("x", DType.U8).nullable("s", DType.STR));
            for (int i = 0; i < 3; i++) {
                int x = i;
                table.append(row -> row.set("x", x).set("s", "s" + x));
            }
            assertThatThrownBy(() -> table.set(3, row -> row.set("x", 1)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.set(-1, row -> row.set("x", 1)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.set(0, row -> row.set("s", "new").set("x", 256)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("256");
            assertThatThrownBy(() -> table.set(0, row -> row.setNull("x")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not nullable");
            assertThatThrownBy(() -> table.set(0, row -> row.set("y", 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no column 'y'");
            assertThatThrownBy(() -> table.remove(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.remove(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.removeBefore(4)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.insert(4, table.newBatch())).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.addColumn(SchemaColumn.of("n", DType.I8, false), (Object) null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> table.addColumn(SchemaColumn.of("n", DType.I8, false), row -> 100 * row.index()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("200");
            assertThatThrownBy(() -> table.addColumn(SchemaColumn.of("n", DType.I8, false), row -> {
                        table.append(writer -> writer.set("x", 1).set("n", 1));
                        return 1;
                    }))
                    .isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> table.count(Filter.where("x", "a", null)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'x'");
            assertThatThrownBy(() -> table.indexes(Filter.equal("y", 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no column 'y'");
            assertThat(table.schema().columns()).hasSize(2);
            assertThat(table.rows(0, 3).stream().map(row -> row.getString("s"))).containsExactly("s0", "s1", "s2");
            assertThat(vault.maintenance().verify((done, total) -> true).findings())
                    .isEmpty();
        }
    }

    @Test
    void aBlockThatWasTheTailIsCorrectedAfterAppends() {
        for (boolean guarded : new boolean[] {false, true}) {
            Path file = folder.resolve("tail" + guarded + ".db");
            VaultOptions options =
                    VaultOptions.defaults().withPageSizeBytes(4096).withGuardNewFiles(guarded);
            try (Vault vault = Vault.open(file, options)) {
                Table table =
                        vault.tables().create("t", b -> b.column("x", DType.I64).nullable("s", DType.STR));
                for (int round = 0; round < 5; round++) {
                    RowBatch batch = table.newBatch();
                    for (int i = 0; i < 700; i++) {
                        batch.add(row -> row.set("x", 1).set("s", "some text"));
                    }
                    table.append(batch);
                    int index = 700 * round;
                    table.set(0, row -> row.set("x", 2).set("s", "other"));
                    table.set(Math.max(0, index - 100), row -> row.set("x", 3).setNull("s"));
                    table.set(index + 600, row -> row.set("x", 4).set("s", "more"));
                }
                assertThat(table.count(Filter.equal("x", 3))).isEqualTo(4);
                assertThat(table.count(Filter.isNull("s"))).isEqualTo(4);
                assertThat(vault.maintenance().verify((done, total) -> true).findings())
                        .isEmpty();
                vault.transact(() -> {
                    table.set(1, row -> row.set("x", 77).set("s", "zzz"));
                    table.set(900, row -> row.set("x", -77));
                });
                vault.maintenance().guardColumns(!guarded);
                table.set(2, row -> row.set("x", 78));
                assertThat(vault.maintenance().verify((done, total) -> true).findings())
                        .isEmpty();
            }
        }
    }

    @Test
    void lengthsAndBlocksThatAreHeldDoNotGoStale() {
        try (Vault vault =
                Vault.open(folder.resolve("a.db"), VaultOptions.defaults().withPageSizeBytes(4096))) {
            Table table =
                    vault.tables().create("t", b -> b.column("x", DType.I64).nullable("s", DType.STR));
            RowBatch batch = table.newBatch();
            for (int i = 0; i < 700; i++) {
                batch.add(row -> row.set("x", 1).set("s", "some text"));
            }
            table.append(batch);
            table.set(0, row -> row.set("x", 2).set("s", "a")); // looks how long the columns are
            table.append(batch);
            table.set(600, row -> row.set("x", 3).set("s", "b")); // in what was the last block then
            vault.transact(() -> {
                table.set(1399, row -> row.set("x", 4).set("s", "c")); // in the last block, which is then appended to
                table.append(row -> row.set("x", 5).set("s", "d"));
                table.set(1399, row -> row.set("s", "e"));
                table.set(1400, row -> row.set("x", 6));
                table.append(row -> row.set("x", 7).set("s", "f"));
            });
            List<String> found = new ArrayList<>();
            for (Row row : table.rows(new long[] {0, 600, 1399, 1400, 1401})) {
                found.add(row.getLong("x") + row.getString("s"));
            }
            assertThat(found).containsExactly("2a", "3b", "4e", "6d", "7f");
            assertThat(table.count(Filter.equal("x", 1))).isEqualTo(1397);
            assertThat(vault.maintenance().verify((done, total) -> true).findings())
                    .isEmpty();
        }
    }

    @Test
    void theGuardIsTakenAwayInATransactionThatHasCorrected() throws Exception {
        Path file = folder.resolve("g.db");
        try (Vault vault =
                Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true).withPageSizeBytes(4096))) {
            Table table = vault.tables().create("t", b -> b.column("x", DType.I64));
            table.appendColumns(columns -> columns.set("x", new long[2000]));
            table.set(5, row -> row.set("x", 9));
            vault.maintenance().guardColumns(false);
            assertThat(TestSql.number(file, "SELECT count(*) FROM vault_block_ext WHERE crc32c IS NOT NULL"))
                    .isZero();
        }
    }

    @Test
    void rowsOfMegabytesAreScannedWithAFilter() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table =
                    vault.tables().create("t", b -> b.column("a", DType.I64).column("b", DType.BYTES));
            byte[] large = new byte[12 << 20];
            for (int i = 0; i < 110; i++) { // more than the memory that tests have
                table.append(row -> row.set("a", 1).set("b", large));
            }
            long count = 0;
            for (Row row : table.scan(Filter.equal("a", 1))) {
                count += row.getBytes("b").length;
            }
            assertThat(count).isEqualTo(110L * (12 << 20));
        }
    }

    @Test
    void rowsThatAreRemovedWhileTheyAreScannedAreNotVisited() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables().create("t", b -> b.column("x", DType.I64));
            table.appendColumns(columns -> columns.set("x", new long[20_000]));
            for (Filter filter : List.of(Filter.all(), Filter.equal("x", 0))) {
                int visited = 0;
                for (Row row : filter.conditions().isEmpty() ? table.scan("x") : table.scan(filter, "x")) {
                    if (visited++ == 0) {
                        table.truncate(10_000);
                    }
                    assertThat(row.index()).isLessThan(20_000);
                }
                assertThat(visited).isBetween(1, 20_000);
            }
            assertThatThrownBy(() -> table.set(20_000, row -> {})).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aFillerThatChangesTheColumnsIsRefused() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables().create("t", b -> b.column("x", DType.I64));
            assertThatThrownBy(() -> table.append(row -> {
                        table.addColumn(SchemaColumn.of("n", DType.I64, true));
                        row.set("x", 5);
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("changed the table's columns");
            assertThat(table.length()).isZero();
            assertThat(table.schema().columns()).hasSize(1);
        }
    }

    @Test
    void numbersAreComparedExactly() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables()
                    .create(
                            "t",
                            b -> b.column("u", DType.U64)
                                    .column("d", new LogicalType.Decimal(10, 2))
                                    .column("f", DType.F64));
            double[] floats = {-0.0, 0.0, Double.NaN, Double.POSITIVE_INFINITY, 0.1};
            long[] unsigned = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE};
            String[] decimals = {"0.00", "-1.25", "1.25", "1.26", "99999999.99"};
            for (int i = 0; i < 5; i++) {
                int k = i;
                table.append(row -> row.set("u", unsigned[k])
                        .set("d", new java.math.BigDecimal(decimals[k]))
                        .set("f", floats[k]));
            }
            assertThat(rows(table, Filter.where("u", new java.math.BigInteger("9223372036854775808"), null)))
                    .containsExactly(2, 4);
            assertThat(rows(table, Filter.where("u", null, 1))).containsExactly(0);
            assertThat(rows(table, Filter.where("u", -5, 0.5))).containsExactly(0);
            assertThat(rows(table, Filter.equal("u", 1.5))).isEmpty();
            assertThat(rows(table, Filter.where("d", 1.25, new java.math.BigDecimal("1.259"))))
                    .containsExactly(2);
            assertThat(rows(table, Filter.equal("d", new java.math.BigDecimal("1.250"))))
                    .containsExactly(2);
            assertThat(rows(table, Filter.where("d", 2, 1e30))).containsExactly(4);
            assertThat(rows(table, Filter.equal("f", 0))).containsExactly(0, 1);
            assertThat(rows(table, Filter.where("f", 0.1, Double.POSITIVE_INFINITY)))
                    .containsExactly(4);
            assertThat(rows(table, Filter.where("f", new java.math.BigDecimal("0.1"), null)))
                    .containsExactly(3, 4);
            assertThat(rows(table, Filter.where("f", null, null))).containsExactly(0, 1, 3, 4);
            assertThat(rows(table, Filter.where("f", null, Double.NEGATIVE_INFINITY)))
                    .isEmpty();
            assertThat(rows(table, Filter.whereThrough("f", null, 0.1))).containsExactly(0, 1, 4);
            assertThat(rows(table, Filter.where("d", null, new java.math.BigDecimal("1E-2147483640"))))
                    .containsExactly(0, 1);
            assertThat(rows(table, Filter.where("d", new java.math.BigDecimal("-1E-2147483640"), null)))
                    .containsExactly(0, 2, 3, 4);
            assertThat(rows(table, Filter.where("d", null, new java.math.BigDecimal("1E+2147483640"))))
                    .hasSize(5);
        }
    }

    private static List<Integer> rows(Table table, Filter filter) {
        List<Integer> found = new ArrayList<>();
        table.indexes(filter).forEach(batch -> Arrays.stream(batch).forEach(row -> found.add((int) row)));
        return found;
    }
}
