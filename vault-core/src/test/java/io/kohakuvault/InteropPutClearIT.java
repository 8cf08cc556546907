package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.ValueEncoding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.NewVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real KohakuVault goes on in tables that were emptied here, replaced by key, or made with settings. */
@Tag("interop")
class InteropPutClearIT {
    @TempDir
    Path folder;

    private Path file;

    private String python(String script) throws Exception {
        String code = "import numpy as np, sys\nfrom kohakuvault import KVault, TextVault, VectorKVault\n" + script;
        return RealKohakuVault.run(RealKohakuVault.python().toString(), "-c", code.replace("FILE", "'" + file + "'"))
                .strip();
    }

    private static float[] vector(Random random) {
        float[] vector = new float[64];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    @Test
    void emptiedTablesAreFilledByEither() throws Exception {
        RealKohakuVault.python();
        file = folder.resolve("a.db");
        Random random = new Random(8);
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(64));
            TextVault texts = vault.text("t");
            List<NewVector> many = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) { // several chunks
                many.add(new NewVector(vector(random), "old"));
                texts.insert("an old document " + i, "old");
            }
            vectors.insertAll(many);
            vectors.clear();
            texts.clear();
            assertThat(python("""
                    v = VectorKVault(FILE, table='v', dimensions=64, metric='l2')
                    t = TextVault(FILE, table='t')
                    print(v.count(), t.count(), len(t.search('old', k=5)), len(v.search(np.ones(64, dtype=np.float32), k=5)))
                    for i in range(700):
                        v.insert(np.full(64, i, dtype=np.float32), 'py%d' % i)
                    print(v.search(np.full(64, 41.2, dtype=np.float32), k=1)[0][2])
                    print(t.get_by_id(t.insert('a python document', 'py')))
                    """)).isEqualTo("0 0 0 0\npy41\n('a python document', 'py')");
            assertThat(vectors.count()).isEqualTo(700);
            float[] near = new float[64];
            java.util.Arrays.fill(near, 512.3f);
            assertThat(vectors.search(near, 1).get(0).value()).contains("py512");
            vectors.put(near, "py3"); // replaces Python's
            assertThat(vectors.search(near, 2))
                    .extracting(hit -> hit.value().orElseThrow())
                    .contains("py3");
            texts.put("another text", "py");
            assertThat(python("""
                    v = VectorKVault(FILE, table='v', dimensions=64, metric='l2')
                    t = TextVault(FILE, table='t')
                    print(v.count(), v.search(np.full(64, 512.3, dtype=np.float32), k=1)[0][2], t.search('another text')[0][2], t.count())
                    """)).isEqualTo("700 py3 py 1");
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    /** What is searched in mapped pages and by several threads is what KohakuVault finds, to the bit. */
    @Test
    void everyWayOfSearchingFindsTheSame() throws Exception {
        RealKohakuVault.python();
        file = folder.resolve("b.db");
        Random random = new Random(9);
        float[] query = vector(random);
        try (Vault vault = Vault.open(file)) {
            for (Metric metric : List.of(Metric.COSINE, Metric.L2, Metric.L1)) {
                String name = metric.name().toLowerCase(Locale.ROOT);
                VectorKVault vectors = vault.vectors(name, VectorOptions.of(64, metric));
                List<NewVector> many = new ArrayList<>();
                for (int i = 0; i < 9_000; i++) {
                    many.add(new NewVector(vector(random), "v" + i));
                }
                vectors.insertAll(many);
                List<List<VectorHit>> found = List.of(
                        vectors.search(query, 15),
                        vectors.search(query, 15),
                        vectors.search(VectorQuery.of(query).withThreads(3), 15));
                String numbers = java.util.stream.IntStream.range(0, 64)
                        .mapToObj(i -> Integer.toString(Float.floatToIntBits(query[i])))
                        .collect(Collectors.joining(","));
                String theirs = python("v = VectorKVault(FILE, table='" + name + "', dimensions=64, metric='" + name
                        + "')\nq = np.array([" + numbers + "], dtype=np.int32).view(np.float32)\n"
                        + "print([(i, np.float32(d).view(np.int32).item(), x) for i, d, x in v.search(q, k=15)])");
                for (List<VectorHit> hits : found) {
                    String ours = hits.stream()
                            .map(hit -> "(" + hit.id() + ", " + Float.floatToIntBits((float) hit.distance()) + ", '"
                                    + hit.value().orElseThrow() + "')")
                            .collect(Collectors.joining(", ", "[", "]"));
                    assertThat(ours).as(name).isEqualTo(theirs);
                }
            }
        }
    }

    @Test
    void settingsOfTokenizersAndChosenEncodings() throws Exception {
        RealKohakuVault.python();
        file = folder.resolve("c.db");
        try (Vault vault = Vault.open(file)) {
            TextVault texts = vault.text(
                    "t",
                    TextOptions.defaults()
                            .withPrefixes(2)
                            .withTokenizer(
                                    TextOptions.Tokenizer.UNICODE61,
                                    Map.of("tokenchars", "-_'", "remove_diacritics", "0")));
            texts.insert("error E-42_b isn't café", ValueEncoding.JSON.of(Map.of("a", List.of(1, 2.5))));
            vault.kv("kv").putValue("j", ValueEncoding.JSON.of(Map.of("b", "ü")));
            vault.kv("kv").putValue("c", ValueEncoding.CBOR.of(List.of(1.5, -7, "x")));
            vault.kv("kv").putValue("m", ValueEncoding.MESSAGE_PACK.of("text"));
            assertThat(python("""
                    t = TextVault(FILE, table='t')
                    print(t.search('E-42_b')[0][2], len(t.search('42')), len(t.search("isn't")), len(t.search('cafe')))
                    t.insert('python E-43', 'p')
                    k = KVault(FILE, table='kv')
                    print(k['j'], k['c'], k['m'])
                    """)).isEqualTo("{'a': [1, 2.5]} 0 1 0\n{'b': 'ü'} [1.5, -7, 'x'] text");
            assertThat(texts.search(TextQuery.phrase("e-43"), 2)).hasSize(1);
        }
    }
}
