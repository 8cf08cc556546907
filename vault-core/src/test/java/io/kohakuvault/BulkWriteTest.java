package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvBatch;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many entries, documents and rows in one call are the same as one by one. */
class BulkWriteTest {
    @TempDir
    Path folder;

    @Test
    void aBatchOfEntriesIsTheCallsInTheirOrder() throws IOException {
        for (long seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            try (Vault vault = Vault.open(folder.resolve(seed + ".db"))) {
                KVault kv = vault.kv("kv");
                Map<String, Object> expected = new HashMap<>();
                if (seed % 3 == 0) { // a value in segments, which an entry of the batch replaces or deletes
                    kv.put("key1", new ByteArrayInputStream(new byte[3 << 20]));
                    expected.put("key1", -1);
                }
                KvBatch batch = kv.newBatch();
                for (int i = random.nextInt(500); i >= 0; i--) {
                    String key = "key" + random.nextInt(60);
                    switch (random.nextInt(5)) {
                        case 0 -> {
                            batch.delete(key);
                            expected.remove(key);
                        }
                        case 1 -> {
                            byte[] large = new byte[random.nextInt(20) == 0 ? 2 << 20 : 100];
                            batch.put(key, large);
                            expected.put(key, large.length);
                        }
                        default -> {
                            batch.putValue(key, (long) i);
                            expected.put(key, (long) i);
                        }
                    }
                }
                int size = batch.size();
                batch.putValue("taken back", 1L);
                batch.truncate(size);
                kv.write(batch);
                assertThat(kv.count()).isEqualTo(expected.size());
                expected.forEach((key, value) -> assertThat(kv.findValue(key).orElseThrow())
                        .isEqualTo(value instanceof Integer length ? new byte[length < 0 ? 3 << 20 : length] : value));
                assertThat(batch.size()).isEqualTo(size);
                batch.clear();
                assertThat(batch.sizeBytes()).isZero();
            }
        }
    }

    @Test
    void aBatchRefusesWhatCannotBeStoredWhenItIsAdded() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KvBatch batch = vault.kv("kv").newBatch();
            assertThatThrownBy(() -> batch.putValue("k", new Object())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> batch.putValue("k", "x\uD800")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> batch.truncate(1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(batch.size()).isZero();
            vault.kv("kv").write(batch);
            assertThat(vault.kv("kv").count()).isZero();
        }
    }

    @Test
    void aBatchIsAllOrNothing() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KvBatch batch = vault.kv("kv").newBatch();
            for (int i = 0; i < 1_000; i++) {
                batch.putValue("key" + i, (long) i);
            }
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.kv("kv").write(batch);
                        throw new IllegalStateException("undone");
                    }))
                    .hasMessage("undone");
            assertThat(vault.kv("kv").count()).isZero();
            vault.kv("kv").write(batch);
            assertThat(vault.kv("kv").count()).isEqualTo(1_000);
        }
    }

    /** Ids go on from the highest that ever was, also when the last documents were deleted. */
    @Test
    void documentsGetRisingIdsThatNoneHadBefore() {
        for (int before : new int[] {0, 1, 70}) {
            try (Vault vault = Vault.open(folder.resolve(before + ".db"))) {
                TextVault text = vault.text("notes", TextOptions.defaults().withColumns("title", "body"));
                long last = 0;
                for (int i = 0; i < before; i++) {
                    last = text.insert(List.of("old", "word" + i), i);
                }
                if (before > 0) {
                    text.delete(last);
                }
                List<NewDocument> documents = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    documents.add(new NewDocument(List.of("title " + i, "body" + i), Map.of("i", (long) i)));
                }
                long[] ids = text.insertAll(documents);
                assertThat(ids).hasSize(300).isSorted().doesNotHaveDuplicates();
                assertThat(ids[0]).isEqualTo(last + 1);
                assertThat(text.count()).isEqualTo(300 + Math.max(0, before - 1));
                assertThat(text.search("body77", 2)).singleElement().satisfies(hit -> {
                    assertThat(hit.id()).isEqualTo(ids[77]);
                    assertThat(hit.value()).contains(Map.of("i", 77L));
                });
                assertThat(text.insert(List.of("next", "one"), null)).isEqualTo(ids[299] + 1);
                assertThat(text.insertAll(List.of())).isEmpty();
                assertThat(vault.maintenance().verify(Progress.none()).findings())
                        .isEmpty();
            }
        }
    }

    @Test
    void oneWrongDocumentAddsNone() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault text = vault.text("notes");
            assertThatThrownBy(() -> text.insertAll(List.of(
                            new NewDocument(List.of("right"), 1L), new NewDocument(List.of("one", "too many"), 2L))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(text.count()).isZero();
        }
    }

    @Test
    void columnsAreSetByTheirPlace() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("l", DType.I64)
                                    .nullable("d", DType.F32)
                                    .nullable("b", DType.BOOL)
                                    .nullable("s", DType.STR)
                                    .nullable("o", DType.MSGPACK));
            table.append(
                    row -> row.set(0, 7).set(1, 0.5).set(2, true).set(3, "text").setObject(4, List.of(1L)));
            table.append(row -> row.set(0, 2.0).set(3, (String) null).set("d", 1));
            List<Row> rows = table.rows(0, 2);
            assertThat(rows.get(0).toMap())
                    .isEqualTo(Map.of("l", 7L, "d", 0.5, "b", true, "s", "text", "o", List.of(1L)));
            assertThat(rows.get(1).get("l")).isEqualTo(2L);
            assertThat(rows.get(1).get("d")).isEqualTo(1.0);
            assertThat(rows.get(1).get("s")).isNull();
            for (int wrong : new int[] {-1, 5}) {
                assertThatThrownBy(() -> table.append(row -> row.set(wrong, 1)))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessageContaining("5 columns");
            }
            assertThatThrownBy(() -> table.append(row -> row.set(0, 1).set("l", 2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("twice");
            assertThatThrownBy(() -> table.append(row -> row.set(0, "no number")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'l'");
            assertThat(table.length()).isEqualTo(2);
        }
    }
}
