package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.column.Column;
import io.kohakuvault.column.FloatVectorColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Content.Kind;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One word for one thing, for every kind: opening, finding, listing, scanning, deleting. */
class GrammarTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    @Test
    void aColumnThatExistsIsOpenedForWritingWithoutItsDType() {
        try (Vault vault = Vault.open(file())) {
            vault.columns().ensure("n", DType.U16).append(1);
            vault.columns().longs("n").appendAll(new long[] {2, 3});
            assertThat(vault.columns().longs("n").asList()).containsExactly(1L, 2L, 3L);
            vault.columns().ensure("s", DType.STR).append("a");
            vault.columns().strings("s").set(0, "b");
            assertThat(vault.columns().strings("s").get(0)).isEqualTo("b");

            Table table = vault.tables().create("t", b -> b.column("x", DType.I64));
            table.append(row -> row.set("x", 7));
            LongColumn owned = vault.columns().longs("t.x");
            assertThat(owned.get(0)).isEqualTo(7);
            assertThatThrownBy(() -> owned.append(8))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("belongs to the table 't'");
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.columns().column("n").asList()).isEqualTo(List.of(1L, 2L, 3L));
            }
        }
        try (Vault vault = Vault.openReadOnly(file())) {
            LongColumn column = vault.columns().longs("n");
            assertThat(column.length()).isEqualTo(3);
            assertThatThrownBy(() -> column.append(8)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aColumnOfADTypeKnownAtRunTimeIsTheHandleOfItsKind() {
        try (Vault vault = Vault.open(file())) {
            for (String token :
                    List.of("i64", "f32", "bool", "str", "bytes", "msgpack", "cbor", "vec:f32:3", "vec:i16")) {
                DType dtype = DType.parse(token);
                Column made = vault.columns().create(token, dtype);
                assertThat(made.dtype()).isEqualTo(dtype);
                assertThat(vault.columns().ensure(token, dtype)).hasSameClassAs(made);
                assertThat(vault.columns().column(token)).hasSameClassAs(made);
                assertThatThrownBy(() -> vault.columns().create(token, dtype))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("already");
            }
            assertThat(vault.columns().column("vec:f32:3")).isInstanceOf(FloatVectorColumn.class);
            if (vault.columns().column("str") instanceof StrColumn strings) {
                strings.append("x");
            }
            assertThat(vault.columns().column("str").asList()).isEqualTo(List.of("x"));
            assertThatThrownBy(() -> vault.columns().ensure("str", DType.parse("i8")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.columns().column("none")).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void creatingRefusesANameThatIsTaken() {
        try (Vault vault = Vault.open(file())) {
            vault.tables().create("t", b -> b.column("x", DType.I64));
            assertThatThrownBy(() -> vault.tables().create("t", b -> b.column("x", DType.I64)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is a table 't' already");
            assertThat(vault.tables().contains("t")).isTrue();
            assertThat(vault.tables().contains("u")).isFalse();
        }
    }

    @Test
    void findAnswersWhatMayBeMissingAndGetThrows() {
        try (Vault vault = Vault.open(file())) {
            vault.kv("kv").put("a", new byte[] {1});
            vault.kv("kv").putValue("n", 5L);
            assertThat(vault.kv("kv").find("a")).get().isEqualTo(new byte[] {1});
            assertThat(vault.kv("kv").find("b")).isEmpty();
            assertThat(vault.kv("kv").find("n", Codec.ofType(Long.class))).contains(5L);
            assertThat(vault.kv("kv").findValue("b")).isEmpty();
            assertThat(vault.tables().find("t")).isEmpty();
            assertThat(vault.columns().find("c")).isEmpty();
            vault.tables().create("t", b -> b.column("x", DType.I64)).append(row -> row.set("x", 1));
            vault.columns().create("c", DType.I64);
            assertThat(vault.tables().find("t").orElseThrow().length()).isEqualTo(1);
            assertThat(vault.columns().find("c").orElseThrow()).isInstanceOf(LongColumn.class);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.tables().find("t").orElseThrow().length()).isEqualTo(1);
                assertThat(snapshot.tables().find("u")).isEmpty();
                assertThat(snapshot.columns().find("t.x")).isPresent();
            }
            assertThatThrownBy(() -> vault.tables().get("u")).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> vault.columns().column("u")).isInstanceOf(NoSuchElementException.class);
            long id = vault.text("docs").insert("hello", 1L);
            assertThat(vault.text("docs").get(id).texts()).containsExactly("hello");
            assertThat(vault.text("docs").find(id + 1)).isEmpty();
            assertThatThrownBy(() -> vault.text("docs").get(id + 1))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("docs");
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.l2(2));
            long vector = vectors.insert(new float[] {1, 2}, null);
            assertThat(vectors.get(vector).vector()).containsExactly(1, 2);
            assertThatThrownBy(() -> vectors.get(vector + 1))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("vecs");
        }
    }

    @Test
    void everythingIsScannedAPageAtATime() {
        try (Vault vault = Vault.open(file())) {
            TextVault docs = vault.text("docs");
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.l2(2));
            Table table = vault.tables().create("t", b -> b.column("x", DType.I64));
            vault.transact(() -> {
                for (int i = 0; i < 1000; i++) {
                    docs.insert("text " + i + " x".repeat(i % 7 == 0 ? 20_000 : 0), (long) i);
                    vectors.insert(new float[] {i, 1}, (long) i);
                    vault.kv("kv").putValue("k" + i, (long) i);
                    long x = i;
                    table.append(row -> row.set("x", x));
                }
                docs.delete(500);
                vectors.delete(500);
            });
            List<Long> ids = new ArrayList<>();
            for (TextDocument document : docs.scan()) {
                assertThat(document.value()).contains(document.id() - 1);
                ids.add(document.id());
            }
            assertThat(ids).hasSize(999).isSorted().doesNotContain(500L).isEqualTo(Ids.of(docs));
            ids.clear();
            for (StoredVector vector : vectors.scan()) {
                assertThat(vector.vector()[0]).isEqualTo(vector.id() - 1);
                ids.add(vector.id());
            }
            assertThat(ids).hasSize(999).isSorted().isEqualTo(Ids.of(vectors));
            long next = 0;
            for (Row row : table.scan("x")) {
                assertThat(row.getLong("x")).isEqualTo(next);
                assertThat(row.index()).isEqualTo(next++);
            }
            assertThat(next).isEqualTo(1000);
            long sum = 0;
            for (Map.Entry<byte[], Long> entry : vault.kv("kv").scan(KvRange.all(), Codec.ofType(Long.class))) {
                sum += entry.getValue();
            }
            assertThat(sum).isEqualTo(499_500);
            try (Snapshot snapshot = vault.snapshot()) {
                vault.transact(() -> docs.ids().forEach(docs::delete));
                assertThat(docs.scan()).isEmpty();
                assertThat(snapshot.text("docs").scan()).hasSize(999);
                assertThat(snapshot.vectors("vecs").scan()).hasSize(999);
            }
        }
    }

    private void fill(Vault vault) throws IOException {
        vault.kv("kv").put("small", new byte[] {1});
        vault.kv("kv").put("large", new ByteArrayInputStream(new byte[20 << 20]));
        vault.columns().ensure("c", DType.I64).append(1);
        vault.tables().create("t", b -> b.column("x", DType.I64)).append(row -> row.set("x", 7));
        vault.text("docs").insert("hello", 1L);
        VectorKVault vectors = vault.vectors("vecs", VectorOptions.cosine(2));
        vectors.insert(new float[] {1, 2}, 3L);
        vault.transact(() -> vault.offsets().advance(vault.offsets().claim("sink", "topic", 0), 5));
    }

    private static final Map<Kind, String> NAMES = Map.of(
            Kind.KEY_VALUES, "kv",
            Kind.COLUMN, "c",
            Kind.TABLE, "t",
            Kind.DOCUMENTS, "docs",
            Kind.VECTORS, "vecs",
            Kind.OFFSETS, "sink");

    @Test
    void everyKindIsListedFoundAndDeletedAndMadeAnew() throws IOException {
        try (Vault vault = Vault.open(file(), VaultOptions.defaults().withSegmentThresholdBytes(1 << 20));
                Vault other = Vault.open(file())) {
            fill(vault);
            TextVault docs = other.text("docs");
            VectorKVault vectors = other.vectors("vecs");
            Snapshot before = vault.snapshot();
            for (int round = 0; round < 2; round++) {
                assertThat(vault.contents().list())
                        .hasSize(7)
                        .extracting(Content::kind)
                        .containsAll(NAMES.keySet());
                for (Map.Entry<Kind, String> entry : NAMES.entrySet()) {
                    Kind kind = entry.getKey();
                    String name = entry.getValue();
                    assertThat(vault.contents().names(kind)).contains(name);
                    assertThat(vault.contents().contains(kind, name)).isTrue();
                    assertThatThrownBy(() -> vault.transact(() -> {
                                assertThat(vault.contents().delete(kind, name)).isTrue();
                                assertThat(vault.contents().contains(kind, name))
                                        .isFalse();
                                throw new IOException("to roll it back");
                            }))
                            .isInstanceOf(IOException.class);
                    assertThat(other.contents().contains(kind, name)).isTrue();
                    assertThat(vault.contents().delete(kind, name)).isTrue();
                    assertThat(vault.contents().delete(kind, name)).isFalse();
                    assertThat(vault.contents().contains(kind, name)).isFalse();
                    assertThat(other.contents().contains(kind, name)).isFalse();
                    assertThat(before.contents().contains(kind, name)).isTrue();
                }
                assertThat(vault.contents().list()).isEmpty();
                assertThat(vault.maintenance().verify((done, total) -> true).findings())
                        .isEmpty();
                assertThat(vault.kv("kv").get("small")).isNull();
                assertThat(docs.count()).isZero();
                assertThatThrownBy(vectors::count)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("dropped");
                if (round == 0) {
                    assertThat(before.kv("kv").get("large")).hasSize(20 << 20);
                    assertThat(before.vectors("vecs").count()).isEqualTo(1);
                    before.close();
                    fill(vault);
                    assertThat(other.kv("kv").get("large")).hasSize(20 << 20);
                    assertThat(other.vectors("vecs").search(new float[] {1, 2}, 1))
                            .hasSize(1);
                    vectors = other.vectors("vecs");
                    before = other.snapshot();
                }
            }
            before.close();
        }
    }

    @Test
    void deletingRefusesWhatIsOfAnotherKindOrIsPartOfATable() throws IOException {
        try (Vault vault = Vault.open(file())) {
            fill(vault);
            assertThatThrownBy(() -> vault.contents().delete(Kind.COLUMN, "t.x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("belongs to a table");
            assertThatThrownBy(() -> vault.contents().delete(Kind.DOCUMENTS, "kv"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.contents().delete(Kind.VECTORS, "docs"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.contents().delete(Kind.KEY_VALUES, "docs"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(vault.contents().list()).hasSize(7);
            assertThat(vault.contents().contains(Kind.KEY_VALUES, "KV")).isTrue();
            assertThat(vault.contents().delete(Kind.VECTORS, "VECS")).isTrue();
        }
        try (Vault vault = Vault.openReadOnly(file())) {
            assertThat(vault.contents().contains(Kind.VECTORS, "vecs")).isFalse();
            assertThatThrownBy(() -> vault.contents().delete(Kind.DOCUMENTS, "docs"))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void deletingTakesNothingThatOnlySoundsAlike() throws Exception {
        try (Vault vault = Vault.open(file())) {
            vault.vectors("emb", VectorOptions.l2(2)).insert(new float[] {1, 2}, 1L);
            assertThatThrownBy(() -> vault.kv("emb_info").put("a", new byte[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the vectors 'emb'");
            vault.kv("emb_auxiliary").put("a", new byte[1]);
            vault.kv("emb_metadatatext00").put("a", new byte[1]);
            assertThatThrownBy(() -> vault.contents().delete(Kind.KEY_VALUES, "emb_info"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the vectors 'emb'");
            assertThat(vault.vectors("emb").count()).isEqualTo(1);
            assertThat(vault.contents().delete(Kind.VECTORS, "emb")).isTrue();
            assertThat(vault.kv("emb_auxiliary").get("a")).hasSize(1);
            assertThat(vault.contents().delete(Kind.KEY_VALUES, "emb_metadatatext00"))
                    .isTrue();
            TestSql.run(file(), "CREATE TABLE \"odd name\" (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
            assertThat(vault.contents().delete(Kind.KEY_VALUES, "odd name")).isTrue();
            assertThat(vault.contents().delete(Kind.KEY_VALUES, "odd name")).isFalse();
            assertThat(vault.contents().delete(Kind.VECTORS, "another one")).isFalse();
            assertThat(vault.contents().names(Kind.KEY_VALUES)).containsExactly("emb_auxiliary");
        }
    }

    /** 256 of them would not fit the memory that tests have. */
    @Test
    void valuesCountInAPageOfAScan() {
        try (Vault vault = Vault.open(file())) {
            byte[] large = new byte[6 << 20];
            vault.transact(() -> {
                for (int i = 0; i < 200; i++) {
                    vault.text("docs").insert("x", large);
                    vault.vectors("vecs", VectorOptions.l2(2)).insert(new float[] {i, 1}, large);
                }
            });
            long count = 0;
            for (TextDocument document : vault.text("docs").scan()) {
                count += document.id() > 0 ? 1 : 0;
            }
            for (StoredVector vector : vault.vectors("vecs").scan()) {
                count += vector.id() > 0 ? 1 : 0;
            }
            assertThat(count).isEqualTo(400);
        }
    }

    @Test
    void vectorsAreDeletedWithAnOpenBatchAndMadeAnewInOneTransaction() {
        try (Vault vault = Vault.open(file())) {
            vault.vectors("vecs", VectorOptions.l2(2)).insert(new float[] {1, 2}, 1L);
            vault.transact(() -> {
                vault.vectors("vecs").insert(new float[] {3, 4}, 2L);
                assertThat(vault.contents().delete(Kind.VECTORS, "vecs")).isTrue();
                vault.vectors("vecs", VectorOptions.l2(3)).insert(new float[] {1, 2, 3}, 3L);
            });
            assertThat(vault.vectors("vecs").count()).isEqualTo(1);
            assertThat(vault.vectors("vecs").dimensions()).isEqualTo(3);
            assertThat(vault.maintenance().verify((done, total) -> true).findings())
                    .isEmpty();
        }
        try (Vault vault = Vault.open(file())) {
            assertThat(vault.vectors("vecs").get(1).value()).contains(3L);
            DType vector = DType.vector(ElementType.F32, 3);
            assertThat(vector.token()).isEqualTo("vec:f32:3");
        }
    }
}
