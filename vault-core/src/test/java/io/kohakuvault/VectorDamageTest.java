package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that must not get into a table of vectors, tables that are damaged, and searches that are to end. */
class VectorDamageTest {
    @TempDir
    Path folder;

    private static float[] vector(float... numbers) {
        return numbers;
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"COSINE", "L2", "L1"})
    void numbersThatAreNotFiniteAreRefusedWhereverTheyComeIn(Metric metric) {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.of(3, metric));
            vectors.insert(vector(1, 2, 3), 1);
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                List<Runnable> calls = List.of(
                        () -> vectors.insert(vector(1, bad, 0), 2),
                        () -> vectors.check(vector(1, bad, 0)),
                        () -> vectors.search(vector(0, bad, 1), 1),
                        () -> vectors.search(vector(0, bad, 1), 0));
                for (Runnable call : calls) {
                    assertThatThrownBy(call::run)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("index 1")
                            .hasMessageContaining(Float.toString(bad));
                }
            }
            assertThat(vectors.count()).isEqualTo(1);
        }
    }

    /**
     * What is allowed in gives no distance that is no number, whatever is searched with: that is what ends
     * KohakuVault's searches.
     */
    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"COSINE", "L2", "L1"})
    void noTwoVectorsThatAreTakenAreWithoutADistance(Metric metric) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        float[] extremes = {
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            0,
            -0f,
            1,
            1.9e19f,
            1e-19f
        };
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.of(5, metric));
            List<float[]> queries = new ArrayList<>();
            vault.transact(() -> {
                for (int i = 0; i < 300; i++) {
                    float[] vector = new float[5];
                    for (int j = 0; j < 5; j++) {
                        vector[j] = extremes[random.nextInt(extremes.length)];
                    }
                    try {
                        vectors.insert(vector, i);
                        queries.add(vector);
                    } catch (IllegalArgumentException e) {
                        assertThat(metric).isEqualTo(Metric.COSINE);
                    }
                }
            });
            assertThat(queries).isNotEmpty();
            for (float[] query : queries) {
                assertThat(vectors.search(query, 300))
                        .as("seed %d", seed)
                        .hasSize(queries.size())
                        .noneMatch(hit -> Double.isNaN(hit.distance()));
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    private Path twoChunks() {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(2048)); // 8 in a chunk
            for (int i = 0; i < 12; i++) {
                vectors.insert(filled(i), i);
            }
        }
        return file;
    }

    private static float[] filled(int i) {
        float[] vector = new float[2048];
        vector[0] = i;
        return vector;
    }

    /** Vector 3 is in slot 2 of chunk 1, vector 10 in slot 1 of chunk 2, which inserts fill. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE v_chunks SET size = 2147483640; search get insert delete",
                "UPDATE v_chunks SET size = -8; search get insert delete",
                "UPDATE v_chunks SET size = 'many'; search get insert delete",
                "UPDATE v_chunks SET validity = x''; search get insert delete",
                "UPDATE v_chunks SET validity = x'ffff'; search get insert delete",
                "UPDATE v_chunks SET validity = 1; search get insert delete",
                "UPDATE v_chunks SET rowids = substr(rowids, 1, 63); search get insert delete",
                "UPDATE v_chunks SET rowids = 'x'; search get insert delete",
                "UPDATE v_vector_chunks00 SET vectors = substr(vectors, 2); search get insert delete",
                "UPDATE v_vector_chunks00 SET vectors = vectors || x'00'; search get insert delete",
                "DELETE FROM v_vector_chunks00; search get insert delete",
                "UPDATE v_metadatachunks00 SET data = zeroblob(72); search get insert delete",
                "DELETE FROM v_metadatachunks00; search get insert delete",
                "UPDATE v_rowids SET chunk_offset = 3 WHERE rowid = 3; search get delete",
                "UPDATE v_rowids SET chunk_offset = -1 WHERE rowid = 3; search get delete",
                "UPDATE v_rowids SET chunk_offset = 9223372036854775807 WHERE rowid = 3; search get delete",
                "UPDATE v_rowids SET chunk_id = 2 WHERE rowid = 3; search get delete",
                "UPDATE v_rowids SET chunk_id = 99 WHERE rowid = 3; search get delete",
                "DELETE FROM v_rowids WHERE rowid = 3; search",
                "UPDATE v_chunks SET validity = x'fb' WHERE chunk_id = 1; get delete",
                "UPDATE v_chunks SET rowids = zeroblob(64) WHERE chunk_id = 1; search get delete",
                "DELETE FROM v_values WHERE id = 3; search get"
            })
    void damageIsToldAndNothingIsChanged(String damage, String calls) throws Exception {
        Path file = twoChunks();
        TestSql.run(file, damage);
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v");
            for (String call : calls.strip().split(" ")) {
                assertThatThrownBy(() -> {
                            switch (call) {
                                case "search" -> vectors.search(filled(2), 3);
                                case "get" -> vectors.get(3);
                                case "insert" -> vectors.insert(filled(20), 20);
                                default -> vectors.delete(3);
                            }
                        })
                        .as(call)
                        .isInstanceOf(VaultCorruptException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("v");
            }
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isFalse();
            assertThat(vault.contents().list()).hasSize(1);
        }
        assertThat(TestSql.number(file, "SELECT count(*) + coalesce(max(id), 0) FROM v_values"))
                .isBetween(23, 24);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE v_vector_chunks00 SET vectors = zeroblob(80000000)",
                "UPDATE v_metadatachunks00 SET data = zeroblob(80000000)",
                "UPDATE v_chunks SET rowids = zeroblob(80000000)",
                "UPDATE v_chunks SET validity = zeroblob(80000000), size = 640000000"
            })
    void sizesAreComparedBeforeAnythingIsAllocated(String damage) throws Exception {
        Path file = twoChunks();
        TestSql.run(file, damage);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v");
            List<Runnable> calls = List.of(
                    () -> vectors.search(filled(1), 3),
                    () -> vectors.get(3),
                    () -> vectors.delete(3),
                    () -> vectors.insert(filled(1), 1));
            for (Runnable call : calls) {
                long before = threads.getCurrentThreadAllocatedBytes();
                assertThatThrownBy(call::run).isInstanceOf(VaultCorruptException.class);
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isFalse();
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
        }
    }

    @Test
    void chunksOfNewTablesAreSmall() throws Exception {
        Path file = folder.resolve("a.db");
        int[] dimensions = {1, 16, 17, 384, 1536, 8192};
        int[] slots = {1024, 1024, 960, 40, 8, 8};
        try (Vault vault = Vault.open(file)) {
            for (int i = 0; i < dimensions.length; i++) {
                VectorKVault vectors = vault.vectors("v" + i, VectorOptions.l2(dimensions[i]));
                for (int n = 0; n < 10; n++) {
                    float[] vector = new float[dimensions[i]];
                    vector[0] = n;
                    vectors.insert(vector, n);
                }
                float[] query = new float[dimensions[i]];
                query[0] = 9;
                assertThat(vectors.search(query, 1).get(0).value()).contains(9L);
            }
        }
        for (int i = 0; i < slots.length; i++) {
            assertThat(TestSql.number(file, "SELECT max(size) FROM v" + i + "_chunks"))
                    .isEqualTo(slots[i]);
        }
    }

    @Test
    void aSearchEndsWhenItsThreadIsInterrupted() throws Exception {
        try (Vault vault = Vault.open(twoChunks())) {
            VectorKVault vectors = vault.vectors("v");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> vectors.search(filled(1), 1))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
            assertThat(vectors.search(filled(1), 1)).hasSize(1);
            vault.transact(() -> {
                vectors.insert(filled(50), 50);
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> vectors.search(filled(1), 1)).isInstanceOf(VaultException.class);
                assertThat(Thread.interrupted()).isTrue();
            });
            assertThat(vectors.count()).isEqualTo(13);

            CountDownLatch searches = new CountDownLatch(3);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        vectors.search(filled(1), 1);
                        searches.countDown();
                    }
                } catch (VaultException e) {
                    thrown.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("not interrupted", e));
                }
            });
            thread.start();
            searches.await();
            thread.interrupt();
            thread.join(Duration.ofSeconds(60).toMillis());
            assertThat(thrown.get()).isInstanceOf(VaultException.class).hasMessageContaining("interrupted");
        }
    }

    /** Row ids that do not rise would have a scan go round for ever, or meet rows that are not there. */
    @ParameterizedTest
    @CsvSource({
        "v_rowids, 4, 0, rows out of order",
        "v_rowids, 1, 100, where this vector is not",
        "t_content, 4, 0, out of order",
        "t_content, 1, 100, out of order"
    })
    void aScanOfRowsOutOfOrderEnds(String table, int row, int becomes, String said) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(2));
            for (int i = 0; i < 5; i++) {
                vectors.insert(vector(i, i), i);
                vault.text("t").insert("hello", i);
            }
        }
        int root = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'");
        byte[] bytes = Files.readAllBytes(file);
        int page = (root - 1) * TestSql.number(file, "PRAGMA page_size");
        int pointer = page + 8 + 2 * row;
        int cell = page + ((bytes[pointer] & 0xFF) << 8 | bytes[pointer + 1] & 0xFF);
        int at = cell + (bytes[cell] < 0 ? 2 : 1); // behind the record's size
        assertThat(bytes[at]).isEqualTo((byte) (row + 1));
        bytes[at] = (byte) becomes;
        Files.write(file, bytes);
        try (Vault vault = Vault.open(file)) {
            Iterable<?> damaged = table.startsWith("v")
                    ? vault.vectors("v").scan()
                    : vault.text("t").scan();
            assertThatThrownBy(() -> damaged.forEach(each -> {}))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining(said);
        }
    }
}
