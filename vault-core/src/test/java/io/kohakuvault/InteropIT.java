package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Table;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real KohakuVault 1.1.0 opens a file that Java wrote, compares every value of every kind and appends; then Java
 * reads on. Run by {@code mvn -Pinterop verify}; skipped, with the reason, where Python or the package cannot be had.
 */
@Tag("interop")
class InteropIT {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    private final Map<String, Object> manifest = new LinkedHashMap<>();

    @Test
    void kohakuVaultReadsAndAppendsToWhatJavaWrote() throws Exception {
        Path python = RealKohakuVault.python();
        for (int pageSize : new int[] {4096, 32768, 65536}) {
            Path file = folder.resolve("interop" + pageSize + ".db");
            try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(pageSize))) {
                write(vault);
                if (pageSize == 4096) {
                    write(vault); // appended to in place, in other transactions
                }
                edit(vault);
                describe(vault);
            }
            Path json = folder.resolve("manifest.json");
            Files.writeString(json, new ObjectMapper().writeValueAsString(manifest));
            Path scripts = Path.of("src/test/python");
            String before = RealKohakuVault.run(
                    python.toString(), scripts.resolve("check_cols.py").toString(), file.toString(), "--deep");
            assertThat(before).contains(" 0 errors");
            String said = RealKohakuVault.run(
                    python.toString(), scripts.resolve("interop.py").toString(), file.toString(), json.toString());
            System.out.println("interop, pages of " + pageSize + ": " + said.strip());
            assertThat(said).contains(" 0 differences");
            readOn(file);
            String after = RealKohakuVault.run(
                    python.toString(), scripts.resolve("check_cols.py").toString(), file.toString(), "--deep");
            assertThat(after).contains(" 0 errors");
        }
    }

    @Test
    void kohakuVaultReadsAGuardedFileAndCannotWriteItsColumns() throws Exception {
        Path python = RealKohakuVault.python();
        Path file = folder.resolve("guarded.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true))) {
            vault.columns()
                    .ensure("i64", DType.I64)
                    .appendAll(java.util.stream.LongStream.range(0, 5000).toArray());
            vault.columns().ensure("str", DType.STR).appendAll(List.of("a", "b", ""));
        }
        Path script = Path.of("src/test/python/guard.py");
        assertThat(RealKohakuVault.run(python.toString(), script.toString(), file.toString()))
                .contains("10 attempts refused");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.kv("kv").get("from python")).asString().isEqualTo("yes");
            vault.columns().ensure("i64", DType.I64).append(1);
            vault.columns().ensure("str", DType.STR).insert(0, "z");
        }
    }

    @Test
    void kohakuVaultReadsWhatWasMigratedFromItsOlderLayout() throws Exception {
        Path python = RealKohakuVault.python();
        Path file = io.kohakuvault.testkit.Golden.database("columns-0x", folder);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().migrateLegacyColumns()).isEqualTo(79);
        }
        Path checks = Path.of("src/test/python/check_cols.py");
        assertThat(RealKohakuVault.run(python.toString(), checks.toString(), file.toString(), "--deep"))
                .contains(" 0 errors");
    }

    /**
     * Changes in the middle of columns of every width; what is right is for the model tests to say, here Python must
     * agree.
     */
    private static void edit(Vault vault) {
        Random random = new Random(2);
        for (var info : vault.columns().list()) {
            DType dtype = DType.parse(info.dtype());
            if (info.name().contains(".") || info.length() == 0 || dtype instanceof DType.FloatingType) {
                continue;
            }
            BytesColumn column = vault.columns().ensureRaw(info.name(), dtype);
            for (int i = 0; i < 20; i++) {
                long at = (long) (random.nextDouble() * column.length());
                byte[] element = column.get((long) (random.nextDouble() * column.length()));
                switch (random.nextInt(4)) {
                    case 0 -> column.insertAll(at, Collections.nCopies(1 + random.nextInt(500), element));
                    case 1 -> column.remove(at, Math.min(column.length(), at + random.nextInt(700)));
                    case 2 -> column.set(at, element);
                    default -> column.insert(at, element);
                }
            }
        }
    }

    private void write(Vault vault) {
        Random random = new Random(1);
        var c = vault.columns();
        long[] longs = random.longs(10_000).toArray();
        for (DType.IntegerType type :
                List.of(DType.I8, DType.U8, DType.I16, DType.U16, DType.I32, DType.U32, DType.I64, DType.U64)) {
            int bits = 8 * type.elementSizeBytes();
            boolean unsigned = type.token().startsWith("u");
            long[] values = new long[longs.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = bits == 64 ? longs[i] : unsigned ? longs[i] >>> (64 - bits) : longs[i] >> (64 - bits);
            }
            c.ensure(type.token(), type).appendAll(values);
        }
        for (DType.FloatingType type : List.of(DType.F16, DType.F32, DType.F64)) {
            c.ensure(type.token(), type)
                    .appendAll(random.doubles(5_000, -1000, 1000).toArray());
        }
        boolean[] flags = new boolean[40_000];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = random.nextBoolean();
        }
        c.ensure("bool", DType.BOOL).appendAll(flags);
        List<String> texts = new ArrayList<>();
        List<byte[]> bytes = new ArrayList<>();
        List<byte[]> padded = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            texts.add("日本 é ".repeat(random.nextInt(10)) + i);
            byte[] b = new byte[random.nextInt(400) == 0 ? 100_000 : random.nextInt(30)];
            random.nextBytes(b);
            bytes.add(b);
            padded.add(HEX.parseHex(String.format("%010x", i)));
            vectors.add(new float[] {i, random.nextFloat(), -1});
        }
        c.ensure("str", DType.STR).appendAll(texts);
        c.ensure("bytes", DType.BYTES).appendAll(bytes);
        c.ensure("bytes:5", new DType.BytesType(5)).appendAll(padded);
        c.ensure("vec:f32:3", DType.vector(ElementType.F32, 3)).appendAll(vectors);
        c.ensure("empty", DType.STR);

        Table table = vault.tables()
                .ensure(
                        "events",
                        s -> s.timestamp("at", TimeUnit.MS)
                                .nullable("n", DType.I32)
                                .nullable("note", DType.STR));
        RowBatch batch = table.newBatch();
        for (int i = 0; i < 5_000; i++) {
            int n = i;
            batch.add(r -> {
                r.set("at", Instant.ofEpochMilli(1_700_000_000_000L + n));
                if (n % 3 > 0) {
                    r.set("n", n).set("note", "note " + n);
                }
            });
        }
        table.append(batch);

        KVault kv = vault.kv("kv");
        vault.transact(() -> {
            kv.put(new byte[] {0, (byte) 0xFF}, new byte[] {1, 2, 3});
            kv.put("looks like a header", HEX.parseHex("894b0106000000005600414243"));
            kv.put("empty", new byte[0]);
            Object[] values = {
                "text é",
                "",
                0L,
                1L,
                -1L,
                999_999_999_999L,
                1_000_000_000_000L,
                1_700_000_000_000L,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                new BigInteger("18446744073709551615"),
                new BigInteger("123456789012345678901234567890"),
                0.0,
                -0.0,
                0.1,
                1.0,
                1e300,
                Double.MIN_VALUE,
                Double.POSITIVE_INFINITY,
                true,
                false,
                List.of(1L, "two", List.of()),
                Map.of("a", 1L, "b", List.of(2.5))
            };
            for (int i = 0; i < values.length; i++) {
                kv.putValue("value " + (char) ('A' + i), values[i]);
            }
            for (int i = 0; i < 300; i++) {
                String text = "document " + (i % 2 == 0 ? "even" : "odd") + " number" + i;
                if (i % 5 == 0) { // changed where it stands
                    long id = vault.text("docs").insert("another text", "another value");
                    vault.text("docs").updateTexts(id, List.of(text));
                    vault.text("docs").updateValue(id, "value " + i);
                } else {
                    vault.text("docs").insert(text, "value " + i);
                }
            }
            vault.text("docs").indexValues();
            for (Metric metric : List.of(Metric.COSINE, Metric.L2, Metric.L1)) {
                VectorKVault store = vault.vectors(
                        "vec_" + metric.name().toLowerCase(java.util.Locale.ROOT), VectorOptions.of(8, metric));
                for (int i = 0; i < 1_100; i++) {
                    long id = store.insert(vector(random), i % 7 == 0 ? "another value" : "v" + i);
                    if (i % 7 == 0) { // changed where it stands
                        store.updateVector(id, vector(random));
                        store.updateValue(id, "v" + i);
                    }
                    if (i % 10 == 3) {
                        store.delete(id);
                    }
                }
                store.indexValues();
            }
        });
    }

    private static float[] vector(Random random) {
        float[] v = new float[8];
        for (int i = 0; i < v.length; i++) {
            v[i] = (float) random.nextGaussian();
        }
        return v;
    }

    /** What Java itself reads, as the script compares it. */
    private void describe(Vault vault) {
        manifest.clear();
        List<Object> kv = new ArrayList<>();
        for (KvEntry entry : vault.kv("kv").prefix("")) {
            kv.add(Map.of(
                    "key",
                    HEX.formatHex(entry.key()),
                    "value",
                    plain(vault.kv("kv").findValue(entry.key()).orElseThrow())));
        }
        manifest.put("kv", kv);
        List<Object> columns = new ArrayList<>();
        vault.columns().list().forEach(info -> {
            var c = vault.columns();
            long n = info.length();
            DType dtype = DType.parse(info.dtype());
            List<Object> values = new ArrayList<>();
            if (dtype instanceof DType.IntegerType) {
                for (long v : c.longs(info.name()).slice(0, n)) {
                    values.add(info.dtype().equals("u64") ? new BigInteger(Long.toUnsignedString(v)) : (Object) v);
                }
            } else if (dtype instanceof DType.FloatingType) {
                for (double v : c.doubles(info.name()).slice(0, n)) {
                    values.add(plain(v));
                }
            } else if (dtype instanceof DType.BooleanType) {
                for (boolean v : c.booleans(info.name()).slice(0, n)) {
                    values.add(v);
                }
            } else if (dtype instanceof DType.StringType) {
                values.addAll(c.strings(info.name()).slice(0, n));
            } else if (dtype instanceof DType.VectorType) {
                for (float[] v : c.floatVectors(info.name()).slice(0, n)) {
                    List<Object> numbers = new ArrayList<>();
                    for (float x : v) {
                        numbers.add(plain((double) x));
                    }
                    values.add(numbers);
                }
            } else {
                c.bytes(info.name()).slice(0, n).forEach(v -> values.add(HEX.formatHex(v)));
            }
            columns.add(Map.of("name", info.name(), "dtype", info.dtype(), "values", values));
        });
        manifest.put("columns", columns);
        List<Object> queries = new ArrayList<>();
        for (String q : List.of("document even", "number7", "odd number9", "nothing")) {
            List<TextHit> hits = vault.text("docs").search(q, 50);
            Map<String, Object> values = new LinkedHashMap<>();
            hits.forEach(h -> values.put(Long.toString(h.id()), h.value().orElseThrow()));
            queries.add(Map.of(
                    "query", q, "ids", hits.stream().map(TextHit::id).sorted().toList(), "values", values));
        }
        // Of many equal scores either language may choose any: such a query is not compared.
        queries.remove(0);
        manifest.put("text", queries);
        Map<String, Object> vectors = new LinkedHashMap<>();
        Random random = new Random(2);
        for (Metric metric : List.of(Metric.COSINE, Metric.L2, Metric.L1)) {
            String name = "vec_" + metric.name().toLowerCase(java.util.Locale.ROOT);
            VectorKVault store = vault.vectors(name, VectorOptions.of(8, metric));
            List<Object> searches = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                float[] q = vector(random);
                List<VectorHit> hits = store.search(q, 10);
                searches.add(Map.of(
                        "vector", q,
                        "ids", hits.stream().map(VectorHit::id).toList(),
                        "distances",
                                hits.stream()
                                        .map(h -> HEX.toHexDigits(Float.floatToRawIntBits((float) h.distance())))
                                        .toList(),
                        "values",
                                hits.stream().map(h -> h.value().orElseThrow()).toList()));
            }
            vectors.put(
                    name,
                    Map.of(
                            "dimensions",
                            8,
                            "metric",
                            metric == Metric.COSINE ? "cosine" : metric.name(),
                            "count",
                            store.count(),
                            "queries",
                            searches));
        }
        manifest.put("vectors", vectors);
    }

    private static Object plain(Object value) {
        if (value instanceof byte[] bytes) {
            return HEX.formatHex(bytes);
        } else if (value instanceof Double d) {
            return HEX.toHexDigits(Double.doubleToRawLongBits(d));
        }
        return value;
    }

    private static void readOn(Path file) {
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            var c = snapshot.columns();
            long n = c.longs("i64").length();
            assertThat(c.longs("i64").slice(n - 3, n)).containsExactly(1, -2, 3);
            assertThat(c.doubles("f32").get(c.doubles("f32").length() - 1)).isEqualTo(0.5);
            assertThat(c.booleans("bool").get(c.booleans("bool").length() - 1)).isTrue();
            long s = c.strings("str").length();
            assertThat(c.strings("str").slice(s - 3, s)).containsExactly("aus Python", "", "x".repeat(50_000));
            assertThat(c.bytes("bytes").get(c.bytes("bytes").length() - 1)).containsExactly(0, 1);
            assertThat(c.floatVectors("vec:f32:3")
                            .get(c.floatVectors("vec:f32:3").length() - 1))
                    .containsExactly(1, 2, 3);
            assertThat(c.longs("made in python").slice(2_998, 3_000)).containsExactly(2_998, 2_999);
            assertThat(snapshot.kv("kv").findValue("python int")).contains(123_456_789L);
            Map<?, ?> map =
                    (Map<?, ?>) snapshot.kv("kv").findValue("from python").orElseThrow();
            assertThat((List<?>) map.get("list")).hasSize(4);
            assertThat(snapshot.text("docs").search("from python", 3)).hasSize(1);
            assertThat(snapshot.vectors("vec_l2")
                            .search(new float[] {9, 9, 9, 9, 9, 9, 9, 1}, 1)
                            .get(0)
                            .value())
                    .contains("py");
            vault.columns().ensure("i64", DType.I64).append(4);
            vault.columns().ensure("made in python", DType.I64).append(3_000);
            vault.columns().ensure("str", DType.STR).append("und aus Java");
            vault.vectors("vec_l2", VectorOptions.of(8, Metric.L2)).insert(new float[8], "java");
            assertThat(vault.vectors("vec_l2").idsWith("py")).hasSize(1); // Python kept the index
            assertThat(vault.columns().longs("i64").get(n)).isEqualTo(4);
        }
    }
}
