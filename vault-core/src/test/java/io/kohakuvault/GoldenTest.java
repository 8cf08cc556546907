package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.codec.DType;
import io.kohakuvault.column.ColumnInfo;
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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real KohakuVault 1.1.0 wrote, read as its manifest says. */
class GoldenTest {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    @Test
    void columnsReadAsTheManifestSays() {
        JsonNode manifest = Golden.manifest("columns-1x");
        int compared = 0;
        try (Vault vault = Vault.open(Golden.database("columns-1x", folder));
                Snapshot snapshot = vault.snapshot()) {
            List<ColumnInfo> infos = vault.columns().list();
            assertThat(infos).hasSize(manifest.get("columns").size());
            for (JsonNode column : manifest.get("columns")) {
                String name = column.get("name").asText();
                String token = column.get("dtype").asText();
                assertThat(infos)
                        .contains(
                                new ColumnInfo(name, token, column.get("length").asLong()));
                if (Set.of("str:utf-16", "str:cp1252").contains(token)) {
                    assertThatThrownBy(() -> vault.columns().bytes(name))
                            .as(token)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("cannot be read");
                    continue;
                }
                List<String> live = read(vault, null, name, token);
                assertThat(read(vault, snapshot, name, token)).as(name).isEqualTo(live);
                if (live.isEmpty() && column.get("length").asLong() > 0) {
                    continue; // a dtype that is read as bytes only
                }
                if (column.has("values")) {
                    assertThat(live).as(name).isEqualTo(texts(column.get("values")));
                } else {
                    List<String> first = texts(column.get("first"));
                    List<String> last = texts(column.get("last"));
                    assertThat(live.subList(0, first.size())).as(name).isEqualTo(first);
                    assertThat(live.subList(live.size() - last.size(), live.size()))
                            .as(name)
                            .isEqualTo(last);
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(60);
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(v -> texts.add(v.isObject() ? vector(v) : v.asText()));
        return texts;
    }

    private static String vector(JsonNode v) {
        return v.get("t").asText() + v.get("v");
    }

    /** The column's elements as the manifest writes them; empty for dtypes of which only the bytes are read. */
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
        } else if (token.startsWith("vec:f32:")) {
            return columns.floatVectors(name).slice(0, raw.size()).stream()
                    .map(v -> {
                        List<String> hex = new ArrayList<>();
                        for (float x : v) {
                            hex.add("\"" + HEX.toHexDigits(Float.floatToRawIntBits(x)) + "\"");
                        }
                        return "f32[" + String.join(",", hex) + "]";
                    })
                    .toList();
        }
        return List.of();
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
