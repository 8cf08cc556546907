package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.internal.maintenance.FoundContent;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.Quantization;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import io.kohakuvault.vector.VectorReader;
import io.kohakuvault.vector.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables of whole numbers and of bits that the real sqlite-vec made (src/test/python/vec0_types.py), and what it finds
 * in them.
 */
class Vec0TypesTest {
    private static final JsonNode MANIFEST = Golden.manifest("vec0-types");
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    static List<String> tables() {
        List<String> names = new ArrayList<>();
        MANIFEST.get("tables").fieldNames().forEachRemaining(names::add);
        assertThat(names).hasSize(10);
        return names;
    }

    private static VectorOptions options(JsonNode table) {
        int dimensions = table.get("dimensions").asInt();
        String metric = table.get("metric").asText();
        return table.get("type").asText().equals("bit")
                ? VectorOptions.bits(dimensions)
                : VectorOptions.int8(
                        dimensions, metric.isEmpty() ? Metric.L2 : Metric.valueOf(metric.toUpperCase(Locale.ROOT)));
    }

    private static String text(Object value) {
        return new String((byte[]) value, StandardCharsets.UTF_8);
    }

    private static String describe(List<VectorHit> hits) {
        StringBuilder lines = new StringBuilder();
        hits.forEach(hit -> lines.append(hit.id())
                .append('@')
                .append(hit.distance())
                .append('=')
                .append(text(hit.value().orElseThrow()))
                .append('\n'));
        return lines.toString();
    }

    private static void check(String name, JsonNode table, VectorReader reader) {
        assertThat(reader.dimensions()).isEqualTo(table.get("dimensions").asInt());
        assertThat(reader.metric()).isEqualTo(options(table).metric());
        assertThat(reader.type()).isEqualTo(options(table).type());
        for (JsonNode query : table.get("queries")) {
            byte[] bytes = HEX.parseHex(query.get("query").asText());
            StringBuilder expected = new StringBuilder();
            for (JsonNode hit : query.get("hits")) {
                expected.append(hit.get(0).asLong())
                        .append('@')
                        .append(hit.get(1).asDouble())
                        .append("=value ")
                        .append(hit.get(0).asLong())
                        .append('\n');
            }
            int k = query.get("k").asInt();
            assertThat(describe(reader.search(bytes, k))).as(name).isEqualTo(expected.toString());
            assertThat(describe(reader.search(VectorQuery.of(bytes).withThreads(3), k)))
                    .as(name)
                    .isEqualTo(expected.toString());
        }
        int read = 0;
        for (StoredVector stored : reader.scan()) {
            byte[] expected = HEX.parseHex(
                    table.get("vectors").get(Long.toString(stored.id())).asText());
            assertThat(stored.bytes()).as("%s %d", name, stored.id()).isEqualTo(expected);
            assertThat(stored.vector()).hasSize(reader.dimensions());
            for (int i = 0; i < reader.dimensions(); i++) {
                assertThat(stored.vector()[i])
                        .isEqualTo(
                                reader.type() == VectorType.INT8
                                        ? (float) expected[i]
                                        : Quantization.booleans(expected)[i] ? 1f : 0f);
            }
            assertThat(stored.value().map(Vec0TypesTest::text)).contains("value " + stored.id());
            read++;
        }
        assertThat(read).isEqualTo(table.get("vectors").size()).isEqualTo((int) reader.count());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void searchesFindWhatSqliteVecFindsToTheBit(String name) {
        Path file = Golden.database("vec0-types", folder);
        JsonNode table = MANIFEST.get("tables").get(name);
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot();
                Vault readOnly = Vault.openReadOnly(file)) {
            check(name, table, vault.vectors(name));
            check(name, table, vault.vectors(name, options(table)));
            check(name, table, snapshot.vectors(name));
            check(name, table, readOnly.vectors(name));
            vault.transact(() -> check(name, table, vault.vectors(name)));
            assertThatThrownBy(() ->
                            vault.vectors(name, VectorOptions.l2(options(table).dimensions())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("type=" + options(table).type());
        }
    }

    /** The same vectors in tables of this library's own chunks, and after each was replaced by itself. */
    @ParameterizedTest
    @MethodSource("tables")
    void tablesThatAreMadeHereFindTheSame(String name) {
        JsonNode table = MANIFEST.get("tables").get(name);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors(name, options(table));
            for (int i = 1; i <= table.get("rows").asInt(); i++) {
                JsonNode vector = table.get("vectors").get(Integer.toString(i));
                byte[] value = ("value " + i).getBytes(StandardCharsets.UTF_8);
                int size = options(table).type().bytes(options(table).dimensions());
                byte[] bytes = vector == null ? new byte[size] : HEX.parseHex(vector.asText());
                bytes[0] |= (byte) (vector == null ? 1 : 0);
                assertThat(vectors.insert(bytes, value)).isEqualTo(i);
                if (vector == null) {
                    assertThat(vectors.delete(i)).isTrue();
                } else {
                    assertThat(vectors.updateVector(i, bytes)).isTrue();
                }
            }
            for (JsonNode query : table.get("queries")) {
                List<Double> distances = new ArrayList<>();
                query.get("hits").forEach(hit -> distances.add(hit.get(1).asDouble()));
                assertThat(vectors.search(
                                HEX.parseHex(query.get("query").asText()),
                                query.get("k").asInt()))
                        .extracting(VectorHit::distance)
                        .isEqualTo(distances);
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    @Test
    void theFilesContentsSayWhatTheyAre() {
        try (Vault vault = Vault.open(Golden.database("vec0-types", folder))) {
            assertThat(vault.contents().list())
                    .hasSize(10)
                    .contains(
                            new FoundContent(Content.Kind.VECTORS, "i_cosine", "int8 24 cosine", 57),
                            new FoundContent(Content.Kind.VECTORS, "i_default", "int8 3 l2", 27),
                            new FoundContent(Content.Kind.VECTORS, "b_384", "bit 384 hamming", 57));
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
            assertThat(vault.maintenance().repair()).isEmpty();
            assertThat(vault.contents().delete(Content.Kind.VECTORS, "b_200")).isTrue();
            assertThat(vault.contents().list()).hasSize(9);
        }
    }

    /** sqlite-vec makes such a table, and takes no vector for it. */
    @Test
    void bitsThatFillNoBytesAreRefused() throws Exception {
        Path file = Golden.database("vec0-types", folder);
        TestSql.run(
                file,
                "PRAGMA writable_schema = 1",
                "UPDATE sqlite_master SET sql = replace(sql, 'bit[32]', 'bit[36]') WHERE name = 'b_32'");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.vectors("b_32"))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining("b_32")
                    .hasMessageContaining("36 bits")
                    .hasMessageContaining("multiple of 8");
            assertThat(vault.contents().list())
                    .anyMatch(c -> c.name().equals("b_32") && c.type().contains("not read: "));
        }
    }

    @Test
    void quantizationMakesWhatSqliteVecsFunctionsMake() {
        JsonNode made = MANIFEST.get("quantized");
        byte[] bytes = HEX.parseHex(made.get("floats").asText());
        float[] floats = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        assertThat(HEX.formatHex(Quantization.bits(floats)))
                .isEqualToIgnoringCase(made.get("bits").asText());
        assertThat(HEX.formatHex(Quantization.int8(floats)))
                .isEqualToIgnoringCase(made.get("int8").asText());
        assertThat(Quantization.int8(new float[] {1.5f, -1.5f, 1e10f, -1e10f, Float.POSITIVE_INFINITY}))
                .as("as sqlite-vec 0.1.9 has them")
                .containsExactly(127, -128, 127, -128, 127);
        boolean[] bits = {
            true, false, false, true, false, false, false, true, false, true, false, false, false, false, false, false
        };
        assertThat(Quantization.bits(bits)).containsExactly(0b1000_1001, 0b10);
        assertThat(Quantization.booleans(Quantization.bits(bits))).isEqualTo(bits);
        assertThatThrownBy(() -> Quantization.bits(new float[12])).hasMessageContaining("multiple of 8");
        assertThatThrownBy(() -> Quantization.bits(new boolean[7])).hasMessageContaining("multiple of 8");
        assertThatThrownBy(() -> Quantization.bits(new float[] {1, Float.NaN, 0, 0, 0, 0, 0, 0}))
                .hasMessageContaining("index 1");
        assertThatThrownBy(() -> Quantization.int8(new float[] {1, Float.NaN})).hasMessageContaining("index 1");
    }
}
