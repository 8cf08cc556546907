package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.column.ColumnInfo;
import io.kohakuvault.internal.column.ListedColumn;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real KohakuVault 1.1.0 wrote, read as its manifest says. */
class GoldenTest {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    @Test
    void columnsReadAsTheManifestSays() {
        try (Vault vault = Vault.open(Golden.database("columns-1x", folder))) {
            assertThat(compare(vault, Golden.manifest("columns-1x"), false)).isEqualTo(95);
        }
    }

    /** How many columns were compared, live and in a snapshot, value by value. */
    static int compare(Vault vault, JsonNode manifest, boolean legacy) {
        int compared = 0;
        try (Snapshot snapshot = vault.snapshot()) {
            List<ColumnInfo> infos = vault.columns().list();
            assertThat(infos).hasSize(manifest.get("columns").size());
            for (JsonNode column : manifest.get("columns")) {
                String name = column.get("name").asText();
                String token = column.get("dtype").asText();
                assertThat(infos)
                        .contains(new ListedColumn(
                                name, token, column.get("length").asLong(), legacy));
                List<String> live = read(vault, null, name, token);
                assertThat(read(vault, snapshot, name, token)).as(name).isEqualTo(live);
                if (column.has("values")) {
                    assertThat(live).as(name).isEqualTo(texts(column.get("values"), token));
                } else {
                    List<String> first = texts(column.get("first"), token);
                    List<String> last = texts(column.get("last"), token);
                    assertThat(live.subList(0, first.size())).as(name).isEqualTo(first);
                    assertThat(live.subList(live.size() - last.size(), live.size()))
                            .as(name)
                            .isEqualTo(last);
                }
                compared++;
            }
        }
        return compared;
    }

    @Test
    void columnsOfTheOlderLayoutReadAndMigrate() throws Exception {
        JsonNode manifest = Golden.manifest("columns-0x");
        Path file = Golden.database("columns-0x", folder);
        try (Vault vault = Vault.open(file)) {
            int compared = compare(vault, manifest, true);
            assertThat(compared).isEqualTo(79);
            String name = manifest.get("columns").get(0).get("name").asText();
            String refusal = "column '" + name + "' is in the layout of KohakuVault 0.x: migrate it first";
            assertThatThrownBy(() -> vault.columns().ensure(name, DType.I64))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining(refusal);
            assertThatThrownBy(() -> vault.columns().delete(name)).hasMessageContaining(refusal);
            assertThatThrownBy(() -> vault.columns().rename(name, "x")).hasMessageContaining(refusal);
            assertThat(vault.columns().longs(name).take(3, 0, 3)).isEqualTo(new long[] {
                vault.columns().longs(name).get(3),
                vault.columns().longs(name).get(0),
                vault.columns().longs(name).get(3)
            });

            vault.columns().ensure("unrelated", DType.I64).append(1);
            TestSql.run(file, "UPDATE kvault_col_columns SET name = '" + name + "'");
            assertThatThrownBy(vault.maintenance()::migrateLegacyColumns)
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining("[" + name + "]");
            assertThat(vault.columns().delete(name)).isTrue();

            assertThat(vault.maintenance().migrateLegacyColumns())
                    .isEqualTo(manifest.get("columns").size());
            assertThat(compare(vault, manifest, false)).isEqualTo(compared);
            assertThat(vault.maintenance().migrateLegacyColumns()).isZero();
            assertThat(TestSql.count(file, "col_meta")).isZero();
            vault.columns().ensure(name, DType.I64).append(7);
        }
    }

    @Test
    void migrationIsAllOrNothing() throws Exception {
        Path file = Golden.database("columns-0x", folder);
        // An entry of an index that 0.8 has overwritten.
        TestSql.run(
                file,
                "UPDATE col_chunks SET data = zeroblob(4) || x'ffffff7f' || zeroblob(4) || substr(data, 13) WHERE chunk_idx ="
                        + " 0 AND col_id = (SELECT col_id FROM col_meta WHERE name = 'str_idx')");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.columns().strings("str").get(0))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("element 0 of column 'str'");
            assertThat(vault.columns().strings("str").get(1)).isNotEmpty();
            assertThatThrownBy(vault.maintenance()::migrateLegacyColumns).isInstanceOf(VaultCorruptException.class);
            assertThat(vault.columns().list()).allMatch(ColumnInfo::legacy);
        }
    }

    private static List<String> texts(JsonNode values, String token) {
        boolean packed = token.startsWith("msg") || token.startsWith("messagepack") || token.startsWith("cbor");
        List<String> texts = new ArrayList<>();
        values.forEach(v -> texts.add(packed ? Tagged.ofPlain(v) : v.isObject() ? array(v) : v.asText()));
        return texts;
    }

    private static String array(JsonNode v) {
        List<String> numbers = new ArrayList<>();
        v.get("v").forEach(n -> numbers.add(n.asText()));
        return v.get("t").asText() + v.get("shape") + numbers;
    }

    /** An array as the manifest writes it: floats by their bits. */
    private static String text(NumericArray array) {
        ByteBuffer data = array.data();
        List<String> numbers = new ArrayList<>();
        while (data.hasRemaining()) {
            numbers.add(
                    switch (array.element()) {
                        case BOOL -> Boolean.toString(data.get() != 0);
                        case I8 -> Byte.toString(data.get());
                        case U8 -> Integer.toString(data.get() & 0xFF);
                        case I16 -> Short.toString(data.getShort());
                        case U16 -> Integer.toString(data.getShort() & 0xFFFF);
                        case F16 -> HEX.toHexDigits(data.getShort());
                        case I32 -> Integer.toString(data.getInt());
                        case U32 -> Integer.toUnsignedString(data.getInt());
                        case F32 -> HEX.toHexDigits(data.getInt());
                        case I64 -> Long.toString(data.getLong());
                        case U64 -> Long.toUnsignedString(data.getLong());
                        case F64 -> HEX.toHexDigits(data.getLong());
                    });
        }
        return array.element().token() + array.shape().toString().replace(" ", "") + numbers;
    }

    /** The column's elements as the manifest writes them. */
    private static List<String> read(Vault vault, Snapshot snapshot, String name, String token) {
        var columns = snapshot == null ? vault.columns() : snapshot.columns();
        List<byte[]> raw = columns.bytes(name).slice(0, columns.bytes(name).length());
        DType dtype = DType.parse(token);
        if (dtype instanceof DType.IntegerType type) {
            long[] values = columns.longs(name).slice(0, raw.size());
            List<String> out = new ArrayList<>();
            for (long v : values) {
                out.add(type == DType.U64 || token.equals("u64") ? Long.toUnsignedString(v) : Long.toString(v));
            }
            return out;
        } else if (dtype instanceof DType.FloatingType || dtype instanceof DType.BytesType) {
            boolean number = dtype instanceof DType.FloatingType;
            return raw.stream()
                    .map(b -> HEX.formatHex(number ? reversed(b) : b))
                    .toList();
        } else if (dtype instanceof DType.BooleanType) {
            List<String> out = new ArrayList<>();
            for (boolean b : columns.booleans(name).slice(0, raw.size())) {
                out.add(Boolean.toString(b));
            }
            return out;
        } else if (dtype instanceof DType.StringType) {
            return columns.strings(name).slice(0, raw.size());
        } else if (dtype instanceof DType.VectorType) {
            if (token.startsWith("vec:f32:")) {
                assertThat(columns.floatVectors(name).slice(0, raw.size())).hasSize(raw.size());
            }
            return columns.arrays(name).slice(0, raw.size()).stream()
                    .map(GoldenTest::text)
                    .toList();
        }
        return columns.values(name).slice(0, raw.size()).stream()
                .map(Tagged::of)
                .toList();
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }

    @Test
    void textSearchesFindWhatTheOriginalFound() {
        JsonNode text = Golden.manifest("kv-text-vector").get("text");
        int compared = 0;
        try (Vault vault = Vault.open(Golden.database("kv-text-vector", folder))) {
            for (JsonNode query : text.get("queries")) {
                boolean phrase = query.get("mode").asText().equals("phrase");
                if (!query.path("column").isNull() || !query.has("results")) {
                    continue;
                }
                String table = query.get("table").asText();
                List<String> columns = new ArrayList<>();
                text.get("tables").get(table).get("columns").forEach(c -> columns.add(c.asText()));
                TextOptions options = TextOptions.defaults().withColumns(columns.toArray(String[]::new));
                String q = query.get("query").asText();
                if (q.indexOf('\0') >= 0) {
                    continue;
                }
                TextQuery wanted = phrase ? TextQuery.phrase(q) : TextQuery.fts5(q);
                List<TextHit> hits =
                        vault.text(table, options).search(wanted, query.get("k").asInt());
                List<String> expected = new ArrayList<>();
                query.get("results").forEach(r -> {
                    if (r.has("score_bits")) {
                        expected.add(r.get("score_bits").asText());
                    }
                });
                assertThat(hits.stream()
                                .map(h -> HEX.toHexDigits(Double.doubleToRawLongBits(h.score())))
                                .toList())
                        .as("%s in %s", q, table)
                        .isEqualTo(expected);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(50);
    }

    @Test
    void vectorSearchesFindWhatTheOriginalFoundBitForBit() {
        JsonNode vectors = Golden.manifest("kv-text-vector").get("vector");
        int compared = 0;
        try (Vault small = Vault.open(Golden.database("kv-text-vector", folder));
                Vault wide = Vault.open(Golden.database("vector384", folder));
                Snapshot a = small.snapshot();
                Snapshot b = wide.snapshot()) {
            for (JsonNode query : vectors.get("queries")) {
                String table = query.get("table").asText();
                String database = vectors.get("tables").get(table).path("file").asText(table);
                VectorReader reader = (database.contains("384") ? b : a).vectors(table);
                ByteBuffer bytes = ByteBuffer.wrap(
                                HEX.parseHex(query.get("query").asText()))
                        .order(ByteOrder.LITTLE_ENDIAN);
                float[] q = new float[bytes.remaining() / 4];
                bytes.asFloatBuffer().get(q);
                List<VectorHit> hits = reader.search(q, query.get("k").asInt());
                List<String> expected = new ArrayList<>();
                query.get("results")
                        .forEach(r -> expected.add(r.get("id").asText() + " "
                                + r.get("distance_bits").asText()));
                assertThat(hits.stream()
                                .map(h -> h.id() + " " + HEX.toHexDigits(Float.floatToRawIntBits((float) h.distance())))
                                .toList())
                        .as(table)
                        .isEqualTo(expected);
                compared++;
            }
        }
        assertThat(compared).isEqualTo(60);
    }
}
