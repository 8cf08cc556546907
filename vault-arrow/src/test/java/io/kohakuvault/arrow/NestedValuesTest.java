package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.duckdb.DuckDBResultSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands within lists, structs and maps, and texts and bytes of other layouts, on their way into tables. */
class NestedValuesTest {
    @TempDir
    Path folder;

    private BufferAllocator allocator;
    private Vault vault;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
        vault = Vault.open(folder.resolve("v.db"));
    }

    @AfterEach
    void nothingLeaks() {
        vault.close();
        allocator.close();
    }

    private Object ofDuckDb(String expression) throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement();
                ResultSet result = sql.executeQuery("SELECT " + expression + " AS c");
                ArrowReader reader = (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator, 64)) {
            ArrowImport.of(reader).into(vault, "t");
        }
        Table table = vault.tables().get("t");
        Object value = table.rows(0, 1).get(0).get("c");
        vault.tables().delete("t");
        return value;
    }

    /** A type that MessagePack does not have is text that says it, and not the number that it is stored as. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[DATE '2024-01-02', NULL] | [2024-01-02, null]",
                "[TIMESTAMP '2024-01-02 03:04:00'] | [2024-01-02T03:04:00]",
                "[TIMESTAMP_S '1924-01-02 03:04:05'] | [1924-01-02T03:04:05]",
                "[TIMESTAMP_NS '2024-01-02 03:04:05.123456789'] | [2024-01-02T03:04:05.123456789]",
                "[TIMESTAMPTZ '2024-01-02 03:04:05.5+02'] | [2024-01-02T01:04:05.500Z]",
                "[TIME '01:02:03.000004'] | [01:02:03.000004]",
                "[1.50::DECIMAL(10,2)] | [1.50]",
                "{'d': 1.50::DECIMAL(10,2), 'l': [DATE '2024-01-02']} | {d=1.50, l=[2024-01-02]}",
                "MAP {'k': TIME '01:02:03'} | {k=01:02:03}",
                "['\\x00\\xFF'::BLOB] | [AP8=]",
                "['b'::ENUM('a','b'), NULL, 'a'] | [b, null, a]",
                "{'e': 'b'::ENUM('a','b')} | {e=b}",
                "MAP {'b'::ENUM('a','b'): 1} | {b=1}",
                "[[['b'::ENUM('a','b')]]] | [[[b]]]",
                "[170141183460469231731687303715884105::HUGEINT] | [170141183460469231731687303715884105]",
                "[18446744073709551615::UBIGINT] | [18446744073709551615]",
            })
    void whatIsInsideKeepsItsMeaning(String expression, String said) throws Exception {
        assertThat(ofDuckDb(expression)).hasToString(said);
    }

    /** Whatever rows there are, and none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[INTERVAL 1 DAY] | holds values of Interval",
                "[]::INTERVAL[] | holds values of Interval",
                "{'a': [{'b': INTERVAL 1 DAY}]} | holds values of Interval",
                "[union_value(k := 1)] | holds values of Union",
                "MAP {1: 'x'} | maps with keys of Int",
                "[MAP {DATE '2024-01-02': 'x'}] | maps with keys of Date",
            })
    void whatIsInsideAndCannotStayIsRefusedByName(String expression, String said) {
        assertThatThrownBy(() -> ofDuckDb(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column 'c'")
                .hasMessageContaining(said);
        assertThat(vault.tables().contains("t")).isFalse();
    }

    private byte[] stream(DictionaryProvider dictionaries, FieldVector vector) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        VectorSchemaRoot root = VectorSchemaRoot.of(vector);
        root.setRowCount(vector.getValueCount());
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, dictionaries, Channels.newChannel(bytes))) {
            writer.start();
            writer.writeBatch();
            writer.end();
        }
        return bytes.toByteArray();
    }

    private List<Object> imported(byte[] stream) throws IOException {
        try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
            ArrowImport.of(reader).into(vault, "t");
        }
        Object[] values = new Object[(int) vault.tables().get("t").length()];
        for (Row row : vault.tables().get("t").scan()) {
            values[(int) row.index()] = row.isNull("c") ? null : row.get("c");
        }
        return Arrays.asList(values);
    }

    @Test
    void dictionariesWithinListsAreDecoded() throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(3, false, new ArrowType.Int(8, true));
        Field item = new Field("item", new FieldType(true, new ArrowType.Int(8, true), encoding), null);
        Field field = new Field("c", FieldType.nullable(ArrowType.List.INSTANCE), List.of(item));
        try (VarCharVector words = new VarCharVector("words", allocator);
                ListVector lists = (ListVector) field.createVector(allocator)) {
            words.setSafe(0, "click".getBytes(StandardCharsets.UTF_8));
            words.setSafe(1, "key".getBytes(StandardCharsets.UTF_8));
            words.setValueCount(2);
            TinyIntVector numbers = (TinyIntVector) lists.getDataVector();
            for (int i = 0; i < 3; i++) {
                lists.startNewValue(i);
                numbers.setSafe(2 * i, i % 2);
                numbers.setNull(2 * i + 1);
                lists.endValue(i, 2);
            }
            lists.setNull(3);
            lists.setValueCount(4);
            byte[] bytes = stream(new DictionaryProvider.MapDictionaryProvider(new Dictionary(words, encoding)), lists);
            assertThat(imported(bytes))
                    .containsExactly(
                            Arrays.asList("click", null),
                            Arrays.asList("key", null),
                            Arrays.asList("click", null),
                            null);
        }
    }

    /** Polars writes texts and bytes so. */
    @Test
    void viewsAreTextsAndBytes() throws Exception {
        String longer = "ü".repeat(40);
        try (ViewVarCharVector texts = new ViewVarCharVector("c", allocator);
                ViewVarBinaryVector raw = new ViewVarBinaryVector("c", allocator)) {
            texts.setSafe(0, "a".getBytes(StandardCharsets.UTF_8));
            texts.setSafe(1, longer.getBytes(StandardCharsets.UTF_8));
            texts.setValueCount(3);
            raw.setSafe(0, new byte[] {1});
            raw.setSafe(1, new byte[50]);
            raw.setValueCount(3);
            assertThat(imported(stream(new DictionaryProvider.MapDictionaryProvider(), texts)))
                    .containsExactly("a", longer, null);
            vault.tables().delete("t");
            assertThat(imported(stream(new DictionaryProvider.MapDictionaryProvider(), raw)))
                    .containsExactly(new byte[] {1}, new byte[50], null);
        }
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws Exception {
        try (VarCharVector texts = new VarCharVector("c", allocator)) {
            texts.setSafe(0, "\uFFFD".getBytes(StandardCharsets.UTF_8)); // which is one
            texts.setValueCount(1);
            assertThat(imported(stream(new DictionaryProvider.MapDictionaryProvider(), texts)))
                    .containsExactly("\uFFFD");
            texts.setSafe(1, new byte[] {'a', (byte) 0xFF});
            texts.setValueCount(2);
            byte[] bytes = stream(new DictionaryProvider.MapDictionaryProvider(), texts);
            assertThatThrownBy(() -> imported(bytes)).hasMessageContaining("column 'c', row 1", "UTF-8");
            assertThat(vault.tables().get("t").length()).isEqualTo(1);
        }
    }

    @Test
    void aKeyThatStandsTwiceIsNotLost() throws Exception {
        try (MapVector maps = MapVector.empty("c", allocator, false)) {
            UnionMapWriter writer = maps.getWriter();
            writer.setPosition(0);
            writer.startMap();
            for (int i = 0; i < 2; i++) {
                writer.startEntry();
                writer.key().varChar().writeVarChar("k");
                writer.value().integer().writeInt(i);
                writer.endEntry();
            }
            writer.endMap();
            maps.setValueCount(1);
            byte[] bytes = stream(new DictionaryProvider.MapDictionaryProvider(), maps);
            assertThatThrownBy(() -> imported(bytes)).hasMessageContaining("column 'c', row 0", "'k' stands twice");
        }
    }

    @Test
    void listsOfNothingAreRefusedByName() throws Exception {
        Field item = Field.nullable("item", new ArrowType.Int(32, true));
        Field field = new Field("c", FieldType.nullable(new ArrowType.FixedSizeList(0)), List.of(item));
        try (FieldVector lists = field.createVector(allocator)) {
            byte[] bytes = stream(new DictionaryProvider.MapDictionaryProvider(), lists);
            assertThatThrownBy(() -> imported(bytes)).hasMessageContaining("column 'c' is FixedSizeList(0)");
        }
    }
}
