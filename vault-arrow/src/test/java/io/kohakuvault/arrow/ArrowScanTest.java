package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.ChildJvm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowScanTest {
    @TempDir
    Path folder;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
    }

    @AfterEach
    void nothingLeaks() {
        allocator.close(); // throws when a buffer is still out
    }

    private static Table fill(Vault vault, int rows, long seed) {
        Random random = new Random(seed);
        Table table = vault.tables()
                .ensure(
                        "events",
                        s -> s.timestamp("ts", TimeUnit.MS)
                                .column("n", DType.I64)
                                .nullable("i8", DType.I8)
                                .nullable("u16", DType.U16)
                                .nullable("f32", DType.F32)
                                .nullable("flag", DType.BOOL)
                                .column("yes", DType.BOOL)
                                .nullable("text", DType.STR)
                                .column("raw", DType.BYTES)
                                .nullable("vec", DType.vector(ElementType.F32, 48)));
        RowBatch batch = table.newBatch();
        for (int i = 0; i < rows; i++) {
            int n = i;
            batch.add(r -> {
                r.set("ts", Instant.ofEpochMilli(1_700_000_000_000L + n))
                        .set("n", n)
                        .set("yes", n % 3 == 0);
                r.set("raw", new byte[random.nextInt(20)]);
                if (random.nextInt(5) > 0) {
                    float[] v = new float[48];
                    v[0] = n;
                    r.set("i8", (byte) n)
                            .set("u16", n & 0xFFFF)
                            .set("f32", n / 2f)
                            .set("flag", n % 2 == 0)
                            .set("vec", v);
                }
                if (random.nextInt(3) > 0) {
                    r.set("text", "text " + "x".repeat(random.nextInt(100)) + n);
                }
            });
        }
        table.append(batch);
        return table;
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 32768})
    void batchesHoldWhatTheTableHolds(int pageSize) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(pageSize))) {
            fill(vault, 12_345, 1);
        }
        for (boolean inWal : List.of(false, true)) {
            try (Vault vault = Vault.open(file)) {
                if (inWal) {
                    fill(vault, 4_321, 2);
                }
                long length = vault.tables().get("events").length();
                for (int[] batchRows : new int[][] {{1, 100_000}, {1024, 65_536}, {100_000, 100_000}, {7, 500}}) {
                    compare(vault, 0, length, batchRows);
                    compare(vault, 777, Math.min(length, 9_999), batchRows);
                }
                compare(vault, 5, 5, new int[] {1, 1});
            }
        }
    }

    private void compare(Vault vault, long from, long to, int[] batchRows) throws Exception {
        try (Snapshot snapshot = vault.snapshot()) {
            List<Row> expected = snapshot.tables().get("events").rows(from, to);
            List<Map<String, Object>> found = new ArrayList<>();
            try (VaultArrowReader reader = VaultArrow.scan(snapshot, "events")
                    .rows(from, to)
                    .batchRows(batchRows[0], batchRows[1])
                    .open(allocator)) {
                while (reader.loadNextBatch()) {
                    read(reader.getVectorSchemaRoot(), found);
                }
                assertThat(reader.stats().rows()).isEqualTo(to - from);
            }
            assertThat(found).hasSize(expected.size());
            for (int i = 0; i < found.size(); i++) {
                Map<String, Object> row = found.get(i);
                expected.get(i)
                        .toMap()
                        .forEach((name, value) ->
                                assertThat(row.get(name)).as(name).isEqualTo(value));
            }
        }
    }

    /** A batch's rows as the table's own reading gives them. */
    private static void read(VectorSchemaRoot root, List<Map<String, Object>> rows) {
        for (int i = 0; i < root.getRowCount(); i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (FieldVector vector : root.getFieldVectors()) {
                Object value = vector.getObject(i);
                if (value instanceof FixedSizeListVector || value instanceof List) {
                    List<?> list = (List<?>) value;
                    float[] floats = new float[list.size()];
                    for (int j = 0; j < floats.length; j++) {
                        floats[j] = (Float) list.get(j);
                    }
                    value = floats;
                } else if (value instanceof Character c) {
                    value = (long) c;
                } else if (value instanceof Float f) {
                    value = (double) f;
                } else if (value instanceof Byte || value instanceof Integer || value instanceof Short) {
                    value = ((Number) value).longValue();
                } else if (value instanceof org.apache.arrow.vector.util.Text) {
                    value = value.toString();
                }
                row.put(vector.getName(), vector.getName().equals("ts") ? Instant.ofEpochMilli((Long) value) : value);
            }
            rows.add(row);
        }
    }

    @Test
    void mappedBlocksAreNotCopiedAndOutliveTheSnapshotWhileAWriterGoesOn() throws Exception {
        Path file = folder.resolve("a.db");
        long[] values = new Random(1).longs(100_000).toArray();
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("v", DType.I64).appendAll(values);
        }
        try (Vault vault = Vault.open(file)) {
            Snapshot snapshot = vault.snapshot();
            VaultArrowReader reader = VaultArrow.scanColumns(snapshot, "v").open(allocator);
            snapshot.close();
            assertThatThrownBy(vault::close).isInstanceOf(IllegalStateException.class);
            vault.columns().ensure("v", DType.I64).set(5, 0);
            vault.columns().ensure("v", DType.I64).append(1);
            try (reader) {
                long before = allocator.getAllocatedMemory();
                int at = 0;
                while (reader.loadNextBatch()) {
                    BigIntVector v = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                    assertThat(v.getDataBufferAddress() % 64).isZero();
                    for (int i = 0; i < v.getValueCount(); i++) {
                        assertThat(v.get(i)).isEqualTo(values[at++]);
                    }
                    // The block counts as allocated, its bytes are the file's; nothing else was taken but
                    // the shared bitmap.
                    assertThat(allocator.getAllocatedMemory() - before).isLessThan(2 * 32_768);
                }
                assertThat(at).isEqualTo(values.length);
                assertThat(reader.stats().mappedBlocks())
                        .isEqualTo(reader.stats().batches())
                        .isEqualTo(25);
                assertThat(reader.stats().copiedBlocks()).isZero();
                assertThat(reader.stats().joinedBytes()).isZero();
            }
        }
    }

    @Test
    void joiningIsBoundedByBytesHoweverTheColumnBegins() throws Exception {
        try (Vault vault =
                Vault.open(folder.resolve("a.db"), VaultOptions.defaults().withPageSizeBytes(4096))) {
            Table table = vault.tables().ensure("t", s -> s.nullable("body", DType.STR));
            RowBatch batch = table.newBatch();
            for (int i = 0; i < 500; i++) {
                batch.add(r -> {});
            }
            for (int i = 0; i < 200; i++) {
                batch.add(r -> r.set("body", "x".repeat(100_000)));
            }
            table.append(batch);
            try (BufferAllocator small = allocator.newChildAllocator("small", 0, 6_000_000);
                    Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader = VaultArrow.scan(snapshot, "t").open(small)) {
                while (reader.loadNextBatch()) {
                    assertThat(reader.getVectorSchemaRoot().getRowCount()).isPositive();
                }
                assertThat(reader.stats().rows()).isEqualTo(700);
            }
        }
    }

    @Test
    void anAllocatorsLimitLeaksNothing() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("v", DType.I64).appendAll(new long[20_000]);
        }
        try (Vault vault = Vault.open(file);
                BufferAllocator small = allocator.newChildAllocator("small", 0, 20_000);
                Snapshot snapshot = vault.snapshot()) {
            try (VaultArrowReader reader = VaultArrow.scanColumns(snapshot, "v").open(small)) {
                assertThatThrownBy(reader::loadNextBatch).isInstanceOf(OutOfMemoryException.class);
            }
            assertThat(snapshot.liveBuffers()).isZero();
        }
    }

    @Test
    void aTablesColumnKeepsItsNullsUnderItsFullName() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.tables()
                    .ensure("t", s -> s.nullableTimestamp("at", TimeUnit.MS))
                    .append(r -> {});
            try (Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader =
                            VaultArrow.scanColumns(snapshot, "t.at").open(allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(reader.getVectorSchemaRoot().getVector(0).isNull(0)).isTrue();
                assertThat(reader.getVectorSchemaRoot()
                                .getSchema()
                                .getFields()
                                .get(0)
                                .getType()
                                .toString())
                        .contains("Timestamp");
            }
        }
    }

    @Test
    void ipcRoundTrips() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            fill(vault, 3_000, 3);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<Map<String, Object>> written = new ArrayList<>();
            try (Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader =
                            VaultArrow.scan(snapshot, "events").open(allocator);
                    ArrowStreamWriter writer = new ArrowStreamWriter(reader.getVectorSchemaRoot(), null, out)) {
                while (reader.loadNextBatch()) {
                    read(reader.getVectorSchemaRoot(), written);
                    writer.writeBatch();
                }
            }
            List<Map<String, Object>> back = new ArrayList<>();
            try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(out.toByteArray()), allocator)) {
                while (reader.loadNextBatch()) {
                    read(reader.getVectorSchemaRoot(), back);
                }
            }
            assertThat(back).hasSameSizeAs(written);
            for (int i = 0; i < back.size(); i++) {
                assertThat(back.get(i).values().toArray())
                        .usingRecursiveComparison()
                        .isEqualTo(written.get(i).values().toArray());
            }
        }
    }

    @Test
    void duckDbQueriesBatches() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            fill(vault, 20_000, 4);
            List<Row> rows = vault.tables().get("events").rows(0, 20_000);
            try (Snapshot snapshot = vault.snapshot();
                    DuckDBConnection duck =
                            DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class)) {
                DuckDbArrow.register(
                        duck, "events", VaultArrow.scan(snapshot, "events").open(allocator), allocator);
                try (var statement = duck.createStatement();
                        ResultSet result = statement.executeQuery(
                                "SELECT count(*), sum(n), count(text), sum(length(text)), count(*) FILTER (WHERE flag), max(ts)::VARCHAR, "
                                        + "sum(vec[1]), count(*) FILTER (WHERE yes) FROM events")) {
                    result.next();
                    assertThat(result.getLong(1)).isEqualTo(20_000);
                    assertThat(result.getLong(2)).isEqualTo(19_999L * 20_000 / 2);
                    assertThat(result.getLong(3))
                            .isEqualTo(rows.stream()
                                    .filter(r -> r.get("text") != null)
                                    .count());
                    assertThat(result.getLong(4))
                            .isEqualTo(rows.stream()
                                    .filter(r -> r.get("text") != null)
                                    .mapToLong(r -> ((String) r.get("text")).length())
                                    .sum());
                    assertThat(result.getLong(5))
                            .isEqualTo(rows.stream()
                                    .filter(r -> Boolean.TRUE.equals(r.get("flag")))
                                    .count());
                    assertThat(result.getString(6)).startsWith("2023-11-14");
                    assertThat(result.getDouble(7))
                            .isEqualTo(rows.stream()
                                    .filter(r -> r.get("vec") != null)
                                    .mapToDouble(r -> (Long) r.get("n"))
                                    .sum());
                    assertThat(result.getLong(8)).isEqualTo(6_667);
                }
            }
        }
    }

    @Test
    void textsInOtherEncodingsAreUtf8AndWrongScansRefused() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("a", DType.I64).append(1);
            vault.columns().ensure("b", DType.I64);
            for (String encoding : List.of("cp1252", "latin1", "utf-16", "utf_8_sig", "utf-8")) {
                vault.columns()
                        .ensure(encoding, (DType.StringType) DType.parse("str:" + encoding))
                        .append("é");
            }
            try (Snapshot snapshot = vault.snapshot()) {
                for (String encoding : List.of("cp1252", "latin1", "utf-16", "utf_8_sig")) { // bytes that are not UTF-8
                    try (VaultArrowReader reader =
                            VaultArrow.scanColumns(snapshot, encoding).open(allocator)) {
                        assertThat(reader.loadNextBatch()).isTrue();
                        assertThat(reader.getVectorSchemaRoot().getVector(0).getObject(0))
                                .as(encoding)
                                .hasToString("é");
                    }
                }
                VaultArrow.scanColumns(snapshot, "utf-8").open(allocator).close();
                assertThatThrownBy(() -> VaultArrow.scanColumns(snapshot, "a", "b"))
                        .hasMessageContaining("'b' has 0");
                assertThatThrownBy(() -> VaultArrow.scanColumns(snapshot, "a").columns("z"))
                        .hasMessageContaining("'z'");
                assertThatThrownBy(() -> VaultArrow.scanColumns(snapshot, "a").rows(0, 2))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> VaultArrow.scan(snapshot, "missing"))
                        .isInstanceOf(java.util.NoSuchElementException.class);
            }
        }
    }

    /** Run in a JVM of its own, without our flags. */
    public static final class WithoutFlags {
        private WithoutFlags() {}

        public static void main(String[] args) {
            try {
                VaultArrow.allocator().close();
            } catch (IllegalStateException e) {
                System.out.println("SAID: " + e.getMessage());
            }
        }
    }

    @Test
    void aMissingFlagIsNamedInOneSentence() {
        List<List<String>> flags = new ArrayList<>(List.of(List.of()));
        boolean two = Runtime.version().feature() >= 24;
        List<String> expected = new ArrayList<>(List.of(
                "--add-opens=java.base/java.nio=ALL-UNNAMED" + (two ? " --sun-misc-unsafe-memory-access=allow" : "")));
        if (two) {
            flags.add(List.of("--add-opens=java.base/java.nio=ALL-UNNAMED"));
            expected.add("--sun-misc-unsafe-memory-access=allow");
        }
        for (int i = 0; i < flags.size(); i++) {
            try (ChildJvm child = ChildJvm.start(
                    "flags" + i,
                    System.getProperty("java.class.path"),
                    flags.get(i),
                    folder,
                    WithoutFlags.class.getName())) {
                assertThat(child.await()).isZero();
                assertThat(child.tail()).contains("SAID: start the JVM with " + expected.get(i));
            }
        }
    }
}
