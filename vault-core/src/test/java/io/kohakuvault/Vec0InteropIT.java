package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                assertThat(vectors.count()).isEqualTo(150 - 15 + 90);
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
    }
}
