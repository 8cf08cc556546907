package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.duckdb.DuckDBResultSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches into tables. */
class ArrowImportTest {
    @TempDir
    Path folder;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
    }

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    private byte[] stream(Vault vault, String table, ArrowProfile profile) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Snapshot snapshot = vault.snapshot();
                VaultArrowReader reader =
                        VaultArrow.scan(snapshot, table).profile(profile).open(allocator);
                ArrowStreamWriter writer =
                        new ArrowStreamWriter(reader.getVectorSchemaRoot(), null, Channels.newChannel(bytes))) {
            while (reader.loadNextBatch()) {
                writer.writeBatch();
            }
        }
        return bytes.toByteArray();
    }

    private static void assertSame(Table found, Table expected) {
        assertThat(found.schema()).isEqualTo(expected.schema());
        assertThat(found.length()).isEqualTo(expected.length());
        Iterator<Row> rows = expected.scan().iterator();
        for (Row row : found.scan()) {
            assertThat(row).isEqualTo(rows.next());
        }
    }

    /** Every type, with nulls and without, through a stream: into a vault, and as a load. */
    @Test
    void whatAScanHasWrittenIsTheSameTableAgain() throws Exception {
        try (Vault from = Vault.open(folder.resolve("from.db"));
                Vault to = Vault.open(folder.resolve("to.db"))) {
            Table table = ArrowTypesTest.make(from);
            byte[] bytes = stream(from, "t", ArrowProfile.exact());
            try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
                assertThat(ArrowImport.of(reader).into(to, "t")).isEqualTo(table.length());
            }
            assertSame(to.tables().get("t"), table);
            BulkLoad.create(folder.resolve("load.db"), load -> {
                try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
                    ArrowImport.of(reader).into(load, "t");
                }
            });
            try (Vault loaded = Vault.open(folder.resolve("load.db"))) {
                assertSame(loaded.tables().get("t"), table);
            }
            byte[] widened = stream(from, "t", ArrowProfile.duckDb());
            try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(widened), allocator)) {
                ArrowImport.of(reader).withTransactionRows(700).into(to, "widened");
            }
            assertSame(to.tables().get("widened"), table);
        }
    }

    /** Numbers without nulls go in arrays. */
    @Test
    void columnsWithoutNulls() throws Exception {
        try (Vault from = Vault.open(folder.resolve("from.db"));
                Vault to = Vault.open(folder.resolve("to.db"))) {
            Table table = from.tables()
                    .ensure(
                            "t",
                            s -> s.column("i64", DType.I64)
                                    .column("i32", DType.I32)
                                    .column("u8", DType.U8)
                                    .column("u64", DType.U64)
                                    .column("f64", DType.F64)
                                    .column("f32", DType.F32)
                                    .column("f16", DType.F16)
                                    .column("yes", DType.BOOL)
                                    .column("vec", DType.parse("vec:f32:3"))
                                    .column("bytes", DType.parse("vec:u8:2:2"))
                                    .column("at", new LogicalType.Timestamp(LogicalType.TimeUnit.NS, "Europe/Berlin"))
                                    .column("day", new LogicalType.Date())
                                    .column("text", DType.STR)
                                    .column("raw", DType.BYTES)
                                    .column("packed", DType.MSGPACK)
                                    .column("any", DType.parse("vec:f64")));
            from.transact(() -> {
                for (int i = 0; i < 9_000; i++) {
                    int n = i;
                    table.append(row -> row.set("i64", -n)
                            .set("i32", n)
                            .set("u8", n & 0xFF)
                            .set("u64", -n)
                            .set("f64", n / 3.0)
                            .set("f32", n / 4.0)
                            .set("f16", n % 64)
                            .set("yes", n % 2 == 0)
                            .set("vec", new float[] {n, 1, 2})
                            .setObject(
                                    "bytes",
                                    new NumericArray(ElementType.U8, List.of(2, 2), new byte[] {(byte) n, 1, 2, 3}))
                            .set("at", 1_000_000_000L * n)
                            .set("day", n)
                            .set("text", "ü" + n)
                            .set("raw", new byte[n % 5])
                            .setObject("packed", List.of(n, "x"))
                            .setObject(
                                    "any",
                                    new NumericArray(ElementType.F64, List.of(n % 4 + 1), new byte[8 * (n % 4 + 1)])));
                }
            });
            byte[] bytes = stream(from, "t", ArrowProfile.exact());
            try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
                ArrowImport.of(reader).into(to, "t");
            }
            assertSame(to.tables().get("t"), table);
            try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
                assertThat(ArrowImport.of(reader).into(to, "t")).isEqualTo(9_000); // appended
            }
            assertThat(to.tables().get("t").length()).isEqualTo(18_000);
        }
    }

    @Test
    void aQueryOfDuckDbBecomesATable() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"));
                Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement();
                ResultSet result = sql.executeQuery("""
                        SELECT i AS n, CASE WHEN i % 3 = 0 THEN NULL ELSE 'text ' || i END AS t, (i / 4)::DECIMAL(12,3) AS money,
                          TIMESTAMPTZ '2024-01-02 03:04:05+00' + INTERVAL 1 SECOND * i AS at, [i, i + 1] AS list,
                          {'a': i, 'b': 'x'} AS struct, MAP {'k': i::DOUBLE} AS map, i % 2 = 0 AS even, 'blob'::BLOB AS raw,
                          DATE '2024-02-29' AS day, TIME '01:02:03.5' AS clock, i::UTINYINT AS small,
                          uuid '00000000-0000-0001-0000-000000000002' AS id
                        FROM range(200) r(i) ORDER BY i""");
                ArrowReader reader = (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator, 64)) {
            assertThat(ArrowImport.of(reader).into(vault, "t")).isEqualTo(200);
            Table table = vault.tables().get("t");
            assertThat(table.schema().columns().stream()
                            .map(c -> c.name() + " "
                                    + c.logicalType()
                                            .map(LogicalType::token)
                                            .orElse(c.dtype().token())))
                    .contains(
                            "n i64",
                            "t str",
                            "money decimal:12:3",
                            "list list",
                            "struct map",
                            "map map",
                            "even bool",
                            "raw bytes",
                            "day date",
                            "clock time:us",
                            "small u8");
            Row row = table.rows(7, 8).get(0);
            assertThat(row.get("t")).isEqualTo("text 7");
            assertThat(row.get("money")).hasToString("1.750");
            assertThat(row.getInstant("at")).hasToString("2024-01-02T03:04:12Z");
            assertThat(row.get("list")).isEqualTo(List.of(7L, 8L));
            assertThat(row.get("struct")).isEqualTo(Map.of("a", 7L, "b", "x"));
            assertThat(row.get("map")).isEqualTo(Map.of("k", 7.0));
            assertThat(row.get("day")).hasToString("2024-02-29");
            assertThat(row.get("clock")).hasToString("01:02:03.500");
            assertThat(table.rows(6, 7).get(0).isNull("t")).isTrue();
        }
    }

    @Test
    void dictionariesAreDecoded() throws Exception {
        Path file = folder.resolve("d.arrow");
        DictionaryEncoding encoding = new DictionaryEncoding(7, false, null);
        try (VarCharVector words = new VarCharVector("words", allocator);
                VarCharVector plain = new VarCharVector("kind", allocator)) {
            words.allocateNew();
            words.setSafe(0, "click".getBytes(StandardCharsets.UTF_8));
            words.setSafe(1, "key".getBytes(StandardCharsets.UTF_8));
            words.setValueCount(2);
            plain.allocateNew();
            for (int i = 0; i < 10; i++) {
                if (i != 4) {
                    plain.setSafe(i, (i % 2 == 0 ? "click" : "key").getBytes(StandardCharsets.UTF_8));
                }
            }
            plain.setValueCount(10);
            Dictionary dictionary = new Dictionary(words, encoding);
            try (FieldVector encoded = (FieldVector) DictionaryEncoder.encode(plain, dictionary)) {
                DictionaryProvider.MapDictionaryProvider provider =
                        new DictionaryProvider.MapDictionaryProvider(dictionary);
                VectorSchemaRoot root = new VectorSchemaRoot(List.of(encoded.getField()), List.of(encoded), 10);
                try (ArrowFileWriter writer = new ArrowFileWriter(
                        root,
                        provider,
                        Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE)))) {
                    writer.start();
                    writer.writeBatch();
                    writer.end();
                }
            }
        }
        try (Vault vault = Vault.open(folder.resolve("a.db"));
                ArrowFileReader reader = new ArrowFileReader(Files.newByteChannel(file), allocator)) {
            assertThat(ArrowImport.of(reader).into(vault, "t")).isEqualTo(10);
            assertThat(vault.tables().get("t").scan())
                    .extracting(row -> row.get("kind"))
                    .containsExactly("click", "key", "click", "key", null, "key", "click", "key", "click", "key");
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            ArrowTypesTest.make(vault);
            byte[] bytes = stream(vault, "t", ArrowProfile.exact());
            vault.tables()
                    .ensure(
                            "narrow",
                            new Schema(List.of(
                                    vault.tables().get("t").schema().columns().get(0))));
            vault.tables().ensure("other", s -> s.column("money", DType.F64));
            for (Map.Entry<String, String> refused : Map.of(
                            "narrow", "has no column 'big'", "other", "column 'money' of table 'other'")
                    .entrySet()) {
                try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
                    assertThatThrownBy(() -> ArrowImport.of(reader).into(vault, refused.getKey()))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(refused.getValue());
                }
                assertThat(vault.tables().get(refused.getKey()).length()).isZero();
            }
            try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                    Statement sql = duck.createStatement();
                    ResultSet result = sql.executeQuery("SELECT 1 AS a, INTERVAL 1 DAY AS wait");
                    ArrowReader reader = (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator, 64)) {
                assertThatThrownBy(() -> ArrowImport.of(reader).into(vault, "made"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("'wait'");
            }
            assertThat(vault.tables().contains("made")).isFalse();
            assertThatThrownBy(() -> ArrowImport.of(new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator))
                            .withTransactionRows(0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The first batches of a stream that breaks off are not there, when all is one transaction. */
    @Test
    void aStreamThatBreaksOffLeavesNothing() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (BigIntVector n = new BigIntVector("n", allocator);
                    IntVector m = new IntVector("m", allocator)) {
                VectorSchemaRoot root = VectorSchemaRoot.of(n, m);
                try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
                    for (int batch = 0; batch < 3; batch++) {
                        n.allocateNew(1000);
                        m.allocateNew(1000);
                        for (int i = 0; i < 1000; i++) {
                            n.set(i, i);
                            m.set(i, -i);
                        }
                        root.setRowCount(1000);
                        writer.writeBatch();
                    }
                }
            }
            byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 5_000);
            try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(cut), allocator)) {
                assertThatThrownBy(() -> ArrowImport.of(reader).into(vault, "t"))
                        .isInstanceOf(IOException.class);
            }
            assertThat(vault.tables().contains("t")).isFalse();
            try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(cut), allocator)) {
                assertThatThrownBy(() ->
                                ArrowImport.of(reader).withTransactionRows(1000).into(vault, "t"))
                        .isInstanceOf(IOException.class);
            }
            assertThat(vault.tables().get("t").length()).isEqualTo(2_000);
        }
    }
}
