package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Content.Kind;
import io.kohakuvault.maintenance.ContentCatalog;
import io.kohakuvault.vector.VectorOptions;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What key-values, documents and vectors take of a file. */
class ContentSizeTest {
    private static final long ALL = Long.MAX_VALUE;

    @TempDir
    Path folder;

    private Vault open() {
        return Vault.open(
                folder.resolve("sizes.db"),
                VaultOptions.defaults().withPageSizeBytes(4096).withSegmentThresholdBytes(1 << 16));
    }

    private static long bytes(ContentCatalog contents, Kind kind, String name) {
        return bytes(contents, kind, name, ALL);
    }

    private static long bytes(ContentCatalog contents, Kind kind, String name, long most) {
        return contents.storedBytes(kind, name, most).orElseThrow();
    }

    @Test
    void pagesOfATableItsIndexesAndTheTablesBesideItAreCounted() throws Exception {
        try (Vault vault = open()) {
            assertThat(vault.contents().storedBytes(Kind.KEY_VALUES, "kv", ALL)).isEmpty();
            vault.kv("kv").put("k", new byte[1]);
            long one = bytes(vault.contents(), Kind.KEY_VALUES, "KV");
            assertThat(one).isEqualTo(2 * 4096); // the table and the index of its keys
            vault.kv("kv").put("large", new byte[100_000]);
            long large = bytes(vault.contents(), Kind.KEY_VALUES, "kv");
            assertThat(large).isBetween(one + 98_000, one + 120_000);
            vault.kv("kv").put("streamed", new ByteArrayInputStream(new byte[300_000]));
            assertThat(bytes(vault.contents(), Kind.KEY_VALUES, "kv")).isBetween(large + 298_000, large + 350_000);

            vault.text("docs").insert("some words ".repeat(10_000), "value");
            assertThat(bytes(vault.contents(), Kind.DOCUMENTS, "docs")).isBetween(110_000L, 250_000L);
            float[] ones = new float[256];
            Arrays.fill(ones, 1);
            vault.vectors("near", VectorOptions.cosine(256)).insert(ones, "value");
            assertThat(bytes(vault.contents(), Kind.VECTORS, "near")).isBetween(20_000L, 2_000_000L);
            vault.maintenance().checkpoint();
            assertThat(bytes(vault.contents(), Kind.KEY_VALUES, "kv")
                            + bytes(vault.contents(), Kind.DOCUMENTS, "docs")
                            + bytes(vault.contents(), Kind.VECTORS, "near"))
                    .isLessThan(vault.maintenance().stats().fileBytes());
        }
    }

    @Test
    void keyValuesThatAreNamedLikeSegmentsOfOthersAreNotCountedWithThem() {
        try (Vault vault = open()) {
            vault.kv("kv_segments").put("large", new byte[100_000]);
            vault.kv("kv").put("k", new byte[1]);
            assertThat(bytes(vault.contents(), Kind.KEY_VALUES, "kv")).isEqualTo(2 * 4096);
        }
    }

    /** Those of another program may have more columns of vectors than one, and such as KohakuVault does not know. */
    @Test
    void allTablesThatVectorsAreDeclaredToHaveAreCounted() throws Exception {
        Path file = folder.resolve("sizes.db");
        try (Vault vault = open()) {
            vault.vectors("near", VectorOptions.cosine(8)).insert(new float[] {1, 0, 0, 0, 0, 0, 0, 0}, "value");
            long one = bytes(vault.contents(), Kind.VECTORS, "near");
            TestSql.run(file, "CREATE TABLE near_vector_chunks01 (rowid PRIMARY KEY, vectors BLOB NOT NULL)");
            TestSql.run(file, "INSERT INTO near_vector_chunks01 VALUES (1, zeroblob(100000))");
            TestSql.run(
                    file,
                    "PRAGMA writable_schema = ON",
                    "UPDATE sqlite_master SET sql = replace(sql, 'value_ref', 'other float[8], value_ref') "
                            + "WHERE name = 'near'",
                    "PRAGMA writable_schema = OFF");
            assertThat(TestSql.strings(file, "SELECT sql FROM sqlite_master WHERE name = 'near'"))
                    .singleElement()
                    .asString()
                    .contains("other float[8]");
            assertThat(bytes(vault.contents(), Kind.VECTORS, "near")).isGreaterThan(one + 100_000);
        }
    }

    @Test
    void aSnapshotHasTheSizesOfItsMoment() {
        try (Vault vault = open()) {
            vault.kv("kv").put("k", new byte[1]);
            try (Snapshot snapshot = vault.snapshot()) {
                vault.kv("kv").put("large", new byte[100_000]);
                assertThat(bytes(snapshot.contents(), Kind.KEY_VALUES, "kv")).isEqualTo(2 * 4096);
            }
        }
        try (Vault vault = Vault.openReadOnly(folder.resolve("sizes.db"))) {
            assertThat(bytes(vault.contents(), Kind.KEY_VALUES, "kv")).isGreaterThan(100_000);
        }
    }

    @Test
    void itStopsWhereItIsTold() {
        try (Vault vault = open()) {
            vault.kv("kv").put("large", new byte[1_000_000]);
            assertThat(vault.contents()
                            .storedBytes(Kind.KEY_VALUES, "kv", 50_000)
                            .orElseThrow())
                    .isBetween(50_000L, 54_096L);
            assertThatThrownBy(() -> vault.contents().storedBytes(Kind.KEY_VALUES, "kv", 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nothingIsSaidOfWhatSharesItsPages() {
        try (Vault vault = open()) {
            vault.columns().ensure("c", DType.I64).append(1);
            vault.tables().ensure("t", s -> s.column("c", DType.I64));
            assertThat(vault.contents().storedBytes(Kind.COLUMN, "c", ALL)).isEmpty();
            assertThat(vault.contents().storedBytes(Kind.TABLE, "t", ALL)).isEmpty();
            assertThat(vault.contents().storedBytes(Kind.DOCUMENTS, "c", ALL)).isEmpty();
        }
    }

    @Test
    void aFileThatHasATableOfThatNameIsNotAsked() throws Exception {
        Path file = folder.resolve("sizes.db");
        try (Vault vault = open()) {
            vault.kv("kv").put("k", new byte[1]);
        }
        TestSql.run(
                file,
                "CREATE VIEW DbStat (name, pgsize) AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                        + " SELECT 'kv', -i FROM n");
        try (Vault vault = open()) {
            assertThat(vault.contents().storedBytes(Kind.KEY_VALUES, "kv", ALL)).isEqualTo(OptionalLong.empty());
        }
    }

    @Test
    void aDamagedPageIsAPage() throws Exception {
        Path file = folder.resolve("sizes.db");
        try (Vault vault = open()) {
            vault.kv("kv").put("k", new byte[1]);
            vault.kv("other").put("k", new byte[1]);
        }
        byte[] bytes = Files.readAllBytes(file);
        // The first page of a tree that is neither a leaf nor an inner page.
        int root = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE name = 'kv'");
        Arrays.fill(bytes, (root - 1) * 4096, (root - 1) * 4096 + 64, (byte) 0x55);
        Files.write(file, bytes);
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(bytes(vault.contents(), Kind.KEY_VALUES, "kv")).isEqualTo(2 * 4096);
            assertThat(bytes(vault.contents(), Kind.KEY_VALUES, "other")).isEqualTo(2 * 4096);
        }
    }

    /** As long as it is told to walk, it walks; with nowhere to stop it does not go round for ever. */
    @Test
    void pagesThatLeadInACircle() throws Exception {
        Path file = folder.resolve("sizes.db");
        try (Vault vault = open()) {
            vault.transact(() -> {
                for (int i = 0; i < 1000; i++) {
                    vault.kv("kv").put("key " + i, new byte[100]);
                }
            });
        }
        int root = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE name = 'kv'");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        int page = (root - 1) * 4096;
        assertThat(bytes.get(page)).isEqualTo((byte) 5); // an inner page
        for (int i = 0; i < bytes.getShort(page + 3); i++) {
            bytes.putInt(page + bytes.getShort(page + 12 + 2 * i), root);
        }
        Files.write(file, bytes.array());
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(bytes(vault.contents(), Kind.KEY_VALUES, "kv", 10 * 4096))
                    .isEqualTo(10 * 4096);
            assertThatThrownBy(() -> bytes(vault.contents(), Kind.KEY_VALUES, "kv"))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("sizes.db");
        }
    }
}
