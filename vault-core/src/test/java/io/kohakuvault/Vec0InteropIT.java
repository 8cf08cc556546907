package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real sqlite-vec 0.1.9 and KohakuVault read and write on in tables that Java has written to and made. Run by
 * {@code mvn -Pinterop verify}; skipped, with the reason, where Python or the packages cannot be had.
 */
@Tag("interop")
class Vec0InteropIT {
    @TempDir
    Path folder;

    @Test
    void theirOwnProgramsReadTablesThatJavaWroteTo() throws Exception {
        Path python = RealKohakuVault.python("apsw==3.54.1.0", "sqlite-vec==0.1.9");
        Path file = Golden.database("vec0", folder);
        Random random = new Random(1);
        try (Vault vault = Vault.open(file)) {
            for (String table :
                    List.of("plain", "defaults", "manhattan", "aux", "number_key", "spelled", "shortened")) {
                VectorKVault vectors = vault.vectors(table);
                for (int i = 0; i < 30; i++) {
                    vectors.insert(new float[] {1, i, 2, 3}, i);
                    if (i % 4 == 0) {
                        assertThat(vectors.delete(Ids.of(vectors).get(i))).isTrue();
                    }
                }
            }
            for (String table : List.of("meta_first", "meta_every", "two_vectors")) {
                VectorKVault vectors = vault.vectors(table);
                Ids.of(vectors).stream().skip(6).forEach(vectors::delete);
            }
            make(vault, "java_l2", VectorOptions.of(384, Metric.L2), random);
            make(vault, "java_cosine", VectorOptions.of(384, Metric.COSINE), random);
            make(vault, "java_l1", VectorOptions.of(20, Metric.L1), random);
        }
        String said = RealKohakuVault.run(
                python.toString(), Path.of("src/test/python/vec0_check.py").toString(), file.toString());
        System.out.println("vec0 interop: " + said.strip());
        assertThat(said).contains("0 differences");
        try (Vault vault = Vault.open(file)) {
            for (String table : List.of("java_l2", "java_cosine", "java_l1")) {
                VectorKVault vectors = vault.vectors(table);
                assertThat(vectors.count()).isEqualTo(table.equals("java_l1") ? 150 - 15 + 90 : 150 - 15 - 36 + 90);
                float[] query = new float[vectors.dimensions()];
                query[0] = 99;
                query[1] = 1;
                assertThat(vectors.search(query, 1).get(0).value()).contains("python 99");
                vectors.insert(query, "java again");
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .noneMatch(f -> f.severity() == Finding.Severity.ERROR);
        }
    }

    /** What sqlite-vec finds in tables of whole numbers and bits is what Java finds, whoever has written last. */
    @ParameterizedTest
    @ValueSource(strings = {"0.1.6", "0.1.9"})
    void smallVectorsGoBothWays(String version) throws Exception {
        Path python = RealKohakuVault.python("apsw==3.54.1.0", "sqlite-vec==" + version);
        Path file = Golden.database("vec0-types", folder);
        Map<String, VectorOptions> made = Map.of(
                "java_i_l2", VectorOptions.int8(384, Metric.L2),
                "java_i_l1", VectorOptions.int8(40, Metric.L1),
                "java_i_cosine", VectorOptions.int8(384, Metric.COSINE),
                "java_i_long", VectorOptions.int8(1500, Metric.L2),
                "java_i_refilled", VectorOptions.int8(4096, Metric.L2), // 16 a chunk
                "java_b", VectorOptions.bits(384),
                "java_b_24", VectorOptions.bits(24));
        Random random = new Random(4);
        try (Vault vault = Vault.open(file)) {
            made.forEach((table, options) -> write(vault.vectors(table, options), random));
            List.of("i_l2", "i_cosine", "b_32", "b_200", "i_long_cosine")
                    .forEach(table -> write(vault.vectors(table), random));
        }
        assertThat(TestSql.number(
                        file,
                        "SELECT count(*) FROM java_i_refilled_rowids a JOIN java_i_refilled_rowids b"
                                + " ON b.rowid < a.rowid AND b.chunk_id > a.chunk_id"))
                .as("vectors in older chunks than older ones")
                .isPositive();
        int hits = compare(python, file);
        small(python, file, "change");
        hits += compare(python, file);
        small(python, file, "kohaku");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.vectors("java_b").search(new byte[48], 1000))
                    .filteredOn(hit -> hit.value()
                            .filter(value -> new String((byte[]) value, StandardCharsets.UTF_8).startsWith("python"))
                            .isPresent())
                    .hasSize(40);
            made.keySet().forEach(table -> write(vault.vectors(table), random));
        }
        hits += compare(python, file);
        System.out.println("vec0 interop: sqlite-vec " + version + " and Java find the same " + hits + " hits");
        assertThat(hits).isGreaterThan(10_000);
    }

    /** Adds, deletes and replaces; in tables of small chunks, what is deleted leaves room in older ones. */
    private static void write(VectorKVault vectors, Random random) {
        int bytes = vectors.type().bytes(vectors.dimensions());
        for (int i = 0; i < 120; i++) {
            byte[] vector = new byte[bytes];
            random.nextBytes(vector);
            long id = vectors.insert(vector, ("java " + i).getBytes(StandardCharsets.UTF_8));
            if (i % 10 == 0) {
                assertThat(vectors.delete(id)).isTrue();
            } else if (i % 7 == 0) {
                random.nextBytes(vector);
                assertThat(vectors.updateVector(id, vector)).isTrue();
            }
        }
        List<Long> ids = Ids.of(vectors);
        for (int i = 0; i < 60; i += 2) {
            assertThat(vectors.delete(ids.get(i))).isTrue();
        }
        for (int i = 0; i < 40; i++) {
            byte[] vector = new byte[bytes];
            random.nextBytes(vector);
            vectors.insert(vector, ("java again " + i).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String small(Path python, Path file, String part) throws Exception {
        return RealKohakuVault.run(
                python.toString(),
                Path.of("src/test/python/vec0_small_check.py").toString(),
                file.toString(),
                part);
    }

    private static int compare(Path python, Path file) throws Exception {
        JsonNode said = new ObjectMapper().readTree(small(python, file, "search"));
        int compared = 0;
        try (Vault vault = Vault.open(file)) {
            for (var table : said.properties()) {
                for (JsonNode query : table.getValue()) {
                    List<String> theirs = new ArrayList<>();
                    query.get("hits")
                            .forEach(hit -> theirs.add(
                                    hit.get(0).asLong() + " " + hit.get(1).asDouble()));
                    assertThat(vault.vectors(table.getKey())
                                    .search(
                                            HexFormat.of()
                                                    .parseHex(query.get("query").asText()),
                                            1000))
                            .as(table.getKey())
                            .extracting(hit -> hit.id() + " " + hit.distance())
                            .isEqualTo(theirs);
                    compared += theirs.size();
                }
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
        return compared;
    }

    private static void make(Vault vault, String name, VectorOptions options, Random random) {
        VectorKVault vectors = vault.vectors(name, options);
        vault.transact(() -> {
            for (int i = 1; i <= 150; i++) {
                float[] vector = new float[options.dimensions()];
                for (int j = 0; j < vector.length; j++) {
                    vector[j] = (float) random.nextGaussian();
                }
                assertThat(vectors.insert(vector, "java " + i)).isEqualTo(i);
            }
        });
        for (int i = 10; i <= 150; i += 10) {
            assertThat(vectors.delete(i)).isTrue();
        }
        for (int i = 81; i <= 120 && options.dimensions() == 384; i++) { // a chunk, which is removed
            assertThat(vectors.delete(i)).isEqualTo(i % 10 != 0);
        }
    }
}
