package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts as numbers of a dictionary, and bool as bytes: what is handed out on request. */
class ArrowDictionaryTest {
    private static final int ROWS = 30_000;

    @TempDir
    Path folder;

    private BufferAllocator allocator;
    private Vault vault;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
        vault = Vault.open(folder.resolve("v.db"));
        Table table = vault.tables()
                .ensure(
                        "t",
                        s -> s.column("n", DType.I64)
                                .nullable("city", DType.STR)
                                .column("latin", DType.parse("str:latin1"))
                                .nullable("flag", DType.BOOL));
        var batch = table.newBatch();
        for (int i = 0; i < ROWS; i++) {
            int n = i;
            batch.add(row -> {
                row.set("n", n).set("latin", "é" + n % 7);
                if (n % 4 != 0) {
                    row.set("city", n % 11 == 0 ? "" : "city " + n % 11).set("flag", n % 3 == 0);
                }
            });
        }
        table.append(batch);
        vault.maintenance().checkpoint();
    }

    @AfterEach
    void nothingLeaks() {
        vault.close();
        allocator.close();
    }

    /** Values as texts, dictionaries decoded. */
    private static List<List<String>> rows(ArrowReader reader) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        while (reader.loadNextBatch()) {
            List<ValueVector> vectors = new ArrayList<>();
            List<ValueVector> decoded = new ArrayList<>();
            for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                var encoding = vector.getField().getDictionary();
                if (encoding == null) {
                    vectors.add(vector);
                } else {
                    decoded.add(DictionaryEncoder.decode(vector, reader.lookup(encoding.getId())));
                    vectors.add(decoded.get(decoded.size() - 1));
                }
            }
            for (int i = 0; i < reader.getVectorSchemaRoot().getRowCount(); i++) {
                int row = i;
                rows.add(vectors.stream()
                        .map(vector -> String.valueOf(vector.getObject(row)))
                        .toList());
            }
            decoded.forEach(ValueVector::close);
        }
        return rows;
    }

    private List<List<String>> rows(ArrowScan scan) throws Exception {
        try (VaultArrowReader reader = scan.open(allocator)) {
            return rows(reader);
        }
    }

    @Test
    void everyWayOfReadingGivesTheSameTexts() throws Exception {
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan plain = VaultArrow.scan(snapshot, "t").columns("city", "n", "latin");
            ArrowScan encoded = plain.dictionaries("city", "latin");
            for (ArrowProfile profile : List.of(ArrowProfile.exact(), ArrowProfile.spark())) {
                assertThat(rows(encoded.profile(profile))).isEqualTo(rows(plain.profile(profile)));
            }
            assertThat(rows(encoded.copied(1000))).isEqualTo(rows(plain));
            Filter filter = Filter.where("n", 10_000, 10_100);
            assertThat(rows(encoded.where(filter))).isEqualTo(rows(plain.where(filter)));
            long[] some =
                    IntStream.range(0, 500).mapToLong(i -> (i * 7919L) % ROWS).toArray();
            assertThat(rows(encoded.take(some))).isEqualTo(rows(plain.take(some)));
            assertThat(rows(encoded.rows(100, 100))).isEmpty();
            assertThat(rows(encoded.dictionaries())).isEqualTo(rows(plain));
            try (VaultArrowReader reader = encoded.open(allocator)) {
                assertThat(reader.getVectorSchemaRoot()
                                .getVector("city")
                                .getField()
                                .getType())
                        .isEqualTo(new ArrowType.Int(32, true));
                assertThat(reader.lookup(0).getVector().getValueCount()).isEqualTo(11);
                assertThat(reader.getDictionaryIds()).containsExactlyInAnyOrder(0L, 1L);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(IpcFormat.class)
    void ipcKeepsDictionariesAndMakesTheSameTable(IpcFormat format) throws Exception {
        Path plain = folder.resolve("plain.arrow");
        Path path = folder.resolve("encoded.arrow");
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t");
            ArrowExport.of(scan, allocator).withFormat(format).to(plain);
            ArrowExport.of(scan.dictionaries("city", "latin"), allocator)
                    .withFormat(format)
                    .to(path);
        }
        assertThat(Files.size(path)).isLessThan(Files.size(plain) * 7 / 10);
        try (var in = Files.newByteChannel(path);
                ArrowReader reader = format == IpcFormat.FILE
                        ? new ArrowFileReader(in, allocator)
                        : new ArrowStreamReader(in, allocator)) {
            ArrowImport.of(reader).into(vault, "back");
        }
        Table back = vault.tables().get("back");
        assertThat(back.schema()).isEqualTo(vault.tables().get("t").schema());
        try (Snapshot snapshot = vault.snapshot()) {
            assertThat(rows(VaultArrow.scan(snapshot, "back"))).isEqualTo(rows(VaultArrow.scan(snapshot, "t")));
        }
    }

    @Test
    void duckDbTakesBoth() throws Exception {
        try (Snapshot snapshot = vault.snapshot();
                DuckDBConnection duck =
                        DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
                Statement sql = duck.createStatement()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t")
                    .profile(ArrowProfile.duckDb().withBool8())
                    .dictionaries("city", "latin");
            DuckDbArrow.register(duck, "t", scan.open(allocator), allocator);
            sql.execute("CREATE TABLE copy AS SELECT * FROM t");
            try (ResultSet found = sql.executeQuery("SELECT count(DISTINCT city), count(city), count(DISTINCT latin),"
                    + " count(*) FILTER (flag), count(*) FILTER (NOT flag), count(*) FILTER (latin = 'é3' AND n % 7 = 3),"
                    + " count(*) FILTER (city = 'city ' || n % 11), any_value(typeof(flag)) FROM copy")) {
                found.next();
                int present = ROWS - ROWS / 4;
                long yes = IntStream.range(0, ROWS)
                        .filter(n -> n % 4 != 0 && n % 3 == 0)
                        .count();
                assertThat(found.getLong(1)).isEqualTo(11);
                assertThat(found.getLong(2)).isEqualTo(present);
                assertThat(found.getLong(3)).isEqualTo(7);
                assertThat(found.getLong(4)).isEqualTo(yes);
                assertThat(found.getLong(5)).isEqualTo(present - yes);
                assertThat(found.getLong(6))
                        .isEqualTo(
                                IntStream.range(0, ROWS).filter(n -> n % 7 == 3).count());
                assertThat(found.getLong(7))
                        .isEqualTo(IntStream.range(0, ROWS)
                                .filter(n -> n % 4 != 0 && n % 11 != 0)
                                .count());
                assertThat(found.getString(8)).isEqualTo("BOOLEAN");
            }
        }
    }

    @Test
    void boolGoesByAddressAsBytes() throws Exception {
        ArrowProfile bytes = ArrowProfile.exact().withBool8();
        assertThat(bytes)
                .isNotEqualTo(ArrowProfile.exact())
                .isEqualTo(ArrowProfile.exact().withBool8());
        Path path = folder.resolve("flags.arrow");
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t").columns("flag").profile(bytes);
            try (VaultArrowReader reader = scan.open(allocator)) {
                int row = 0;
                while (reader.loadNextBatch()) {
                    TinyIntVector flags =
                            (TinyIntVector) reader.getVectorSchemaRoot().getVector(0);
                    for (int i = 0; i < flags.getValueCount(); i++, row++) {
                        assertThat(flags.isNull(i)).isEqualTo(row % 4 == 0);
                        if (row % 4 != 0) {
                            assertThat(flags.get(i)).isEqualTo((byte) (row % 3 == 0 ? 1 : 0));
                        }
                    }
                    Field field = flags.getField();
                    assertThat(field.getMetadata()).containsEntry("ARROW:extension:name", "arrow.bool8");
                }
                assertThat(reader.stats().columns().get(0).rowsByAddress()).isEqualTo(ROWS);
            }
            ArrowExport.of(scan, allocator).to(path);
        }
        try (var in = Files.newByteChannel(path);
                ArrowReader reader = new ArrowFileReader(in, allocator)) {
            ArrowImport.of(reader).into(vault, "back");
        }
        assertThat(vault.tables().get("back").schema().columns().get(0).dtype()).isEqualTo(DType.BOOL);
        try (Snapshot snapshot = vault.snapshot()) {
            assertThat(rows(VaultArrow.scan(snapshot, "back")))
                    .isEqualTo(rows(VaultArrow.scan(snapshot, "t").columns("flag")));
        }
    }

    @Test
    void whatIsNoTextOrTooMuchIsRefusedByName() throws Exception {
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t");
            assertThatThrownBy(() -> scan.dictionaries("n")).hasMessageContaining("'n' is i64");
            assertThatThrownBy(() -> scan.dictionaries("none")).hasMessageContaining("'none'");
            try (BufferAllocator small = allocator.newChildAllocator("small", 0, 8_000);
                    VaultArrowReader reader =
                            scan.columns("city").dictionaries("city").open(small)) {
                assertThatThrownBy(reader::loadNextBatch).isInstanceOf(OutOfMemoryException.class);
                small.setLimit(Long.MAX_VALUE);
                assertThat(rows((ArrowReader) reader)).isEqualTo(rows(scan.columns("city")));
            }
        }
        Table many = vault.tables().ensure("many", s -> s.column("id", DType.STR));
        many.appendColumns(c -> c.set(
                "id", IntStream.rangeClosed(0, 1 << 20).mapToObj(i -> "" + i).toList()));
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "many").dictionaries("id");
            assertThatThrownBy(() -> scan.open(allocator))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'id'")
                    .hasMessageContaining("dictionaries(");
        }
    }
}
