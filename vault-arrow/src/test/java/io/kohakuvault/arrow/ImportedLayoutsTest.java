package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.impl.UnionLargeListViewWriter;
import org.apache.arrow.vector.complex.impl.UnionListViewWriter;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layouts of Arrow that other programs write and a scan does not: runs, list views, decimals of 256 bits. */
class ImportedLayoutsTest {
    private static final FieldType INT = FieldType.notNullable(new ArrowType.Int(32, true));

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

    private byte[] stream(FieldVector vector, int rows, DictionaryProvider dictionaries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        VectorSchemaRoot root = new VectorSchemaRoot(List.of(vector.getField()), List.of(vector), rows);
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, dictionaries, Channels.newChannel(bytes))) {
            writer.writeBatch();
        }
        return bytes.toByteArray();
    }

    private SchemaColumn imported(byte[] stream, SchemaColumn... wanted) throws IOException {
        try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
            ArrowImport.of(reader).withColumns(List.of(wanted)).into(vault, "t");
        }
        return vault.tables().get("t").schema().columns().get(0);
    }

    private List<@Nullable Object> values() {
        List<Row> rows = vault.tables().get("t").rows(0, vault.tables().get("t").length());
        return rows.stream().<@Nullable Object>map(row -> row.get("c")).toList();
    }

    /** Runs that end where the numbers say; the values are the caller's. */
    private RunEndEncodedVector runs(FieldVector values, int... ends) {
        IntVector runEnds = new IntVector("run_ends", INT, allocator);
        runEnds.allocateNew(ends.length);
        for (int i = 0; i < ends.length; i++) {
            runEnds.set(i, ends[i]);
        }
        runEnds.setValueCount(ends.length);
        Field field = new Field(
                "c",
                FieldType.notNullable(ArrowType.RunEndEncoded.INSTANCE),
                List.of(runEnds.getField(), values.getField()));
        RunEndEncodedVector runs = new RunEndEncodedVector(field, allocator, runEnds, values, null);
        runs.setValueCount(ends[ends.length - 1]);
        return runs;
    }

    @Test
    void runsAreTheirValues() throws Exception {
        BigIntVector numbers = new BigIntVector("values", allocator);
        numbers.allocateNew(3);
        numbers.set(0, 7);
        numbers.setNull(1);
        numbers.set(2, -1);
        numbers.setValueCount(3);
        try (RunEndEncodedVector runs = runs(numbers, 2, 3, 70)) {
            assertThat(imported(stream(runs, 70, new DictionaryProvider.MapDictionaryProvider()))
                            .toString())
                    .isEqualTo("c i64 null");
        }
        assertThat(values()).startsWith(7L, 7L, null, -1L).hasSize(70).endsWith(-1L, -1L);
    }

    private VarCharVector words(String name, String... words) {
        VarCharVector vector = new VarCharVector(name, allocator);
        for (int i = 0; i < words.length; i++) {
            vector.setSafe(i, words[i].getBytes(StandardCharsets.UTF_8));
        }
        vector.setValueCount(words.length);
        return vector;
    }

    @Test
    void runsOfWordsInADictionaryAreWords() throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(3, false, new ArrowType.Int(32, true));
        try (VarCharVector words = words("w", "click", "key");
                VarCharVector plain = words("values", "key", "click", "key")) {
            Dictionary dictionary = new Dictionary(words, encoding);
            FieldVector encoded = (FieldVector) DictionaryEncoder.encode(plain, dictionary);
            try (RunEndEncodedVector runs = runs(encoded, 1, 3, 4)) {
                byte[] bytes = stream(runs, 4, new DictionaryProvider.MapDictionaryProvider(dictionary));
                assertThat(imported(bytes).dtype()).isEqualTo(DType.STR);
            }
        }
        assertThat(values()).containsExactly("key", "click", "click", "key");
    }

    @Test
    void aValueOfARunIsRefusedByItsRow() throws Exception {
        try (RunEndEncodedVector runs = runs(words("values", "a35c5b3f-6a13-4d0b-9a8e-0d8f2f0a1c11", "none"), 5, 9)) {
            byte[] bytes = stream(runs, 9, new DictionaryProvider.MapDictionaryProvider());
            assertThatThrownBy(() -> imported(bytes, SchemaColumn.of("c", new LogicalType.Uuid(), true)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'c', row 5: ");
        }
        assertThat(vault.tables().contains("t")).isFalse();
    }

    /** Behind the values their buffer goes on with zeros, which are no nulls of anybody's. */
    @Test
    void runsWithoutAValueAreDamageAndNoNulls() throws Exception {
        BigIntVector numbers = new BigIntVector("values", allocator);
        numbers.allocateNew(2);
        numbers.set(0, 7);
        numbers.set(1, 8);
        numbers.setValueCount(2);
        try (RunEndEncodedVector runs = runs(numbers, 2, 3, 70)) {
            byte[] bytes = stream(runs, 70, new DictionaryProvider.MapDictionaryProvider());
            assertThatThrownBy(() -> imported(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'c', row 3: ")
                    .hasMessageContaining("the batch is damaged");
        }
        assertThat(vault.tables().contains("t")).isFalse();
    }

    /** Of an item each where the last one is null; list 1 is null, list 2 is empty. */
    private FieldVector views(boolean large) {
        if (large) {
            LargeListViewVector lists = LargeListViewVector.empty("c", allocator);
            UnionLargeListViewWriter writer = lists.getWriter();
            for (int i = 0; i < 4; i++) {
                writer.setPosition(i);
                if (i != 1) {
                    writer.startListView();
                    for (int j = 0; j < (i == 2 ? 0 : 2); j++) {
                        writer.float4().writeFloat4(i + j / 2f);
                    }
                    writer.endListView();
                }
            }
            lists.setValueCount(4);
            return lists;
        }
        ListViewVector lists = ListViewVector.empty("c", allocator);
        UnionListViewWriter writer = lists.getWriter();
        for (int i = 0; i < 4; i++) {
            writer.setPosition(i);
            if (i != 1) {
                writer.startListView();
                for (int j = 0; j < (i == 2 ? 0 : 2); j++) {
                    writer.float4().writeFloat4(i + j / 2f);
                }
                writer.endListView();
            }
        }
        lists.setValueCount(4);
        return lists;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void listViewsAreLists(boolean large) throws Exception {
        try (FieldVector lists = views(large)) {
            byte[] bytes = stream(lists, 4, new DictionaryProvider.MapDictionaryProvider());
            assertThat(imported(bytes).logicalType()).contains(new LogicalType.ListOf());
            assertThat(values()).containsExactly(List.of(0.0, 0.5), null, List.of(), List.of(3.0, 3.5));
            vault.tables().delete("t");
            assertThatThrownBy(() -> imported(bytes, SchemaColumn.of("c", DType.parse("vec:f32:2"), true)))
                    .hasMessageContaining("column 'c', row 2: a list has 0 numbers");
        }
    }

    /** The rule lets views overlap and come in any order; here both lists have the same items. */
    @Test
    void viewsMayOverlapAndLeadNowhereElse() throws Exception {
        try (ListViewVector lists = ListViewVector.empty("c", allocator)) {
            lists.addOrGetVector(FieldType.nullable(
                    new ArrowType.FloatingPoint(org.apache.arrow.vector.types.FloatingPointPrecision.SINGLE)));
            lists.allocateNew();
            Float4Vector items = (Float4Vector) lists.getDataVector();
            items.allocateNew(3);
            IntStream.range(0, 3).forEach(i -> items.set(i, i));
            items.setValueCount(3);
            lists.setValidity(0, 1);
            lists.getOffsetBuffer().setInt(4L * 0, 1);
            lists.getSizeBuffer().setInt(4L * 0, 2);
            lists.setValidity(1, 1);
            lists.getOffsetBuffer().setInt(4L * 1, 0);
            lists.getSizeBuffer().setInt(4L * 1, 2);
            lists.setValueCount(2);
            items.setValueCount(3);
            byte[] bytes = stream(lists, 2, new DictionaryProvider.MapDictionaryProvider());
            imported(bytes, SchemaColumn.of("c", DType.parse("vec:f32:2"), true));
            assertThat(values()).containsExactly(new float[] {1, 2}, new float[] {0, 1});
            vault.tables().delete("t");
            ByteBuffer damaged = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int sizes = bytes.length - Long.BYTES;
            while (damaged.getLong(sizes) != (2L << 32 | 2)) { // the sizes of both lists, aligned by 8
                sizes -= Long.BYTES;
            }
            damaged.putInt(sizes + Integer.BYTES, -1);
            assertThatThrownBy(() -> imported(bytes)).hasMessageContaining("column 'c', row 1: its list has -1 items");
        }
    }

    @Test
    void decimalsOf256BitsAreTakenAsFarAsTheyFit() throws Exception {
        Map<String, @Nullable String> refusals = new java.util.LinkedHashMap<>();
        refusals.put("12345678901234567890123456789012345.67", null);
        refusals.put("-0.01", null);
        refusals.put("1234567890123456789012345678901234567.89", "column 'c' ");
        for (Map.Entry<String, @Nullable String> each : refusals.entrySet()) {
            try (Decimal256Vector decimals = new Decimal256Vector("c", allocator, 50, 2)) {
                decimals.allocateNew(3);
                decimals.set(0, new BigDecimal("1.50"));
                decimals.setNull(1);
                decimals.set(2, new BigDecimal(each.getKey()));
                decimals.setValueCount(3);
                byte[] bytes = stream(decimals, 3, new DictionaryProvider.MapDictionaryProvider());
                String refusal = each.getValue();
                if (refusal == null) {
                    assertThat(imported(bytes).logicalType()).contains(new LogicalType.Decimal(38, 2));
                    assertThat(values())
                            .isEqualTo(Arrays.asList(new BigDecimal("1.50"), null, new BigDecimal(each.getKey())));
                    vault.tables().delete("t");
                } else {
                    assertThatThrownBy(() -> imported(bytes))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("row 2: ")
                            .hasMessageContaining(refusal);
                    assertThat(vault.tables().contains("t")).isFalse();
                }
            }
        }
        try (Decimal256Vector fine = new Decimal256Vector("c", allocator, 60, 50)) {
            fine.setValueCount(0);
            byte[] bytes = stream(fine, 0, new DictionaryProvider.MapDictionaryProvider());
            assertThatThrownBy(() -> imported(bytes)).hasMessageContaining("column 'c' is Decimal(60, 50, 256)");
        }
    }
}
