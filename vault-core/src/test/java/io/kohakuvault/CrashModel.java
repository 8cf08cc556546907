package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a vault must hold after so many random transactions. Each follows from its number alone and from what was there.
 */
final class CrashModel {
    private static final VectorOptions VECTORS = VectorOptions.of(3, Metric.L2);

    private final TreeMap<String, byte[]> keys = new TreeMap<>();
    private final List<Long> longs = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String> rows = new ArrayList<>();
    private final Map<Long, String> documents = new HashMap<>();
    private final Map<Long, Float> vectors = new HashMap<>();
    private long nextDocument = 1;
    private long nextVector = 1;
    private int steps;

    static CrashModel after(int steps) {
        CrashModel model = new CrashModel();
        for (int n = 0; n < steps; n++) {
            model.step(null);
        }
        return model;
    }

    int steps() {
        return steps;
    }

    /** The next transaction, on the model and, where there is one, on the vault. */
    void step(Vault vault) {
        int n = steps;
        Random random = new Random(n * 31L + 7);
        if (vault == null) {
            change(random, null, n);
        } else {
            vault.transact(() -> {
                change(random, vault, n);
                vault.kv("journal").putValue("steps", n + 1);
            });
        }
        steps++;
    }

    private void change(Random random, Vault vault, int n) {
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(6)) {
                case 0 -> keyValues(random, vault);
                case 1 -> longs(random, vault);
                case 2 -> strings(random, vault);
                case 3 -> table(random, vault, n);
                case 4 -> documents(random, vault, n);
                default -> vectors(random, vault, n);
            }
        }
    }

    private void keyValues(Random random, Vault vault) {
        String key = "k" + random.nextInt(200);
        if (random.nextInt(4) == 0) {
            keys.remove(key);
            if (vault != null) {
                vault.kv("kv").delete(key);
            }
        } else {
            byte[] value = new byte[random.nextInt(20) == 0 ? 20_000 : random.nextInt(100)];
            random.nextBytes(value);
            keys.put(key, value);
            if (vault != null) {
                vault.kv("kv").put(key, value);
            }
        }
    }

    private void longs(Random random, Vault vault) {
        LongColumn column = vault == null ? null : vault.columns().ensure("longs", DType.I64);
        int at = random.nextInt(longs.size() + 1);
        int what = longs.size() > 4_000 ? 0 : 1 + random.nextInt(4);
        if (what == 0) {
            longs.subList(at, longs.size()).clear();
            if (column != null) {
                column.truncate(at);
            }
        } else if (what == 1 && at < longs.size()) {
            longs.set(at, (long) at);
            if (column != null) {
                column.set(at, at);
            }
        } else {
            long[] more = random.longs(1 + random.nextInt(300)).toArray();
            int where = what == 2 ? at : longs.size();
            longs.addAll(where, Arrays.stream(more).boxed().toList());
            if (column != null) {
                column.insert(where, more);
            }
        }
    }

    private void strings(Random random, Vault vault) {
        StrColumn column = vault == null ? null : vault.columns().ensure("texts", DType.STR);
        int at = random.nextInt(texts.size() + 1);
        int to = Math.min(texts.size(), at + random.nextInt(400));
        if (random.nextInt(3) == 0) {
            texts.subList(at, to).clear();
            if (column != null) {
                column.remove(at, to);
            }
        } else {
            List<String> more = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(100); i++) {
                more.add("text ".repeat(random.nextInt(6)) + i);
            }
            int where = random.nextBoolean() ? at : texts.size();
            texts.addAll(where, more);
            if (column != null) {
                column.insertAll(where, more);
            }
        }
    }

    private static Table table(Vault vault) {
        return vault.tables().ensure("t", s -> s.column("a", DType.I32).nullable("b", DType.STR));
    }

    private void table(Random random, Vault vault, int n) {
        int at = random.nextInt(rows.size() + 1);
        int what = random.nextInt(5);
        if (what == 0 && at < rows.size()) {
            String b = random.nextInt(3) == 0 ? null : "c".repeat(random.nextInt(30)) + n;
            String row = rows.get(at);
            rows.set(at, row.substring(0, row.indexOf('/') + 1) + b);
            if (vault != null) {
                table(vault).set(at, r -> r.set("b", b));
            }
            return;
        } else if (what == 1 && at < rows.size()) {
            int to = Math.min(rows.size(), at + random.nextInt(60));
            rows.subList(at, to).clear();
            if (vault != null) {
                table(vault).remove(at, to);
            }
            return;
        }
        int count = 1 + random.nextInt(30);
        var batch = vault == null ? null : table(vault).newBatch();
        for (int i = 0; i < count; i++) {
            int a = n * 100 + i;
            String b = random.nextInt(3) == 0 ? null : "b" + a;
            rows.add(a + "/" + b);
            if (batch != null) {
                batch.add(r -> r.set("a", a).set("b", b));
            }
        }
        if (batch != null) {
            table(vault).append(batch);
        }
    }

    private void documents(Random random, Vault vault, int n) {
        if (!documents.isEmpty() && random.nextInt(4) == 0) {
            long id = documents.keySet().stream()
                    .sorted()
                    .skip(random.nextInt(documents.size()))
                    .findFirst()
                    .orElseThrow();
            documents.remove(id);
            if (vault != null) {
                vault.text("docs").delete(id);
            }
            return;
        }
        String text = "document number " + n;
        documents.put(nextDocument, text);
        if (vault != null) {
            assertThat(vault.text("docs").insert(text, n)).isEqualTo(nextDocument);
        }
        nextDocument++;
    }

    private void vectors(Random random, Vault vault, int n) {
        if (!vectors.isEmpty() && random.nextInt(4) == 0) {
            long id = vectors.keySet().stream()
                    .sorted()
                    .skip(random.nextInt(vectors.size()))
                    .findFirst()
                    .orElseThrow();
            vectors.remove(id);
            if (vault != null) {
                vault.vectors("vecs", VECTORS).delete(id);
            }
            return;
        }
        vectors.put(nextVector, (float) n);
        if (vault != null) {
            assertThat(vault.vectors("vecs", VECTORS).insert(new float[] {n, 1, 2}, n))
                    .isEqualTo(nextVector);
        }
        nextVector++;
    }

    /** How many transactions a file says that it holds. */
    static int stepsOf(Vault vault) {
        return vault.kv("journal")
                .findValue("steps")
                .map(n -> ((Long) n).intValue())
                .orElse(0);
    }

    /** Compares everything. */
    void check(Vault vault) {
        Map<String, byte[]> found = new TreeMap<>();
        vault.kv("kv").prefix("").forEach(e -> found.put(e.keyText(), e.value()));
        assertThat(found.keySet()).isEqualTo(keys.keySet());
        keys.forEach((key, value) -> assertThat(found.get(key)).isEqualTo(value));
        if (!longs.isEmpty()) {
            assertThat(vault.columns().longs("longs").asList()).isEqualTo(longs);
        }
        if (!texts.isEmpty()) {
            assertThat(vault.columns().strings("texts").slice(0, texts.size())).isEqualTo(texts);
            assertThat(vault.columns().strings("texts").length()).isEqualTo(texts.size());
        }
        if (!rows.isEmpty()) {
            List<Row> read = vault.tables().get("t").rows(0, rows.size());
            assertThat(vault.tables().get("t").length()).isEqualTo(rows.size());
            assertThat(read.stream().map(r -> r.get("a") + "/" + r.get("b")).toList())
                    .isEqualTo(rows);
        }
        assertThat(vault.text("docs").ids()).containsExactlyInAnyOrderElementsOf(documents.keySet());
        documents.forEach((id, text) ->
                assertThat(vault.text("docs").find(id).orElseThrow().texts()).containsExactly(text));
        var store = vault.vectors("vecs", VECTORS);
        assertThat(store.ids()).containsExactlyInAnyOrderElementsOf(vectors.keySet());
        vectors.forEach((id, first) -> {
            assertThat(store.find(id).orElseThrow().vector()).containsExactly(first, 1, 2);
            assertThat(store.find(id).orElseThrow().value()).contains((long) (float) first);
        });
    }
}
