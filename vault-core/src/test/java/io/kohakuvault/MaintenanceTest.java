package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.maintenance.FoundContent;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.maintenance.VaultStats;
import io.kohakuvault.maintenance.VerifyReport;
import io.kohakuvault.spi.Origin;
import io.kohakuvault.table.Row;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verifying, repairing, copying and compacting. */
class MaintenanceTest {
    @TempDir
    Path folder;

    private static void fill(Vault vault) throws IOException {
        vault.columns()
                .ensure("i", DType.I64)
                .appendAll(new Random(1).longs(10_000).toArray());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            texts.add("text " + i);
        }
        vault.columns().ensure("s", DType.STR).appendAll(texts);
        var table = vault.tables().ensure("t", t -> t.column("a", DType.I32).nullable("b", DType.STR));
        var batch = table.newBatch();
        for (int i = 0; i < 20_000; i++) {
            int n = i;
            batch.add(r -> r.set("a", n).set("b", n % 3 == 0 ? null : "b" + n));
        }
        table.append(batch);
        vault.kv("kv").putValue("k", "value");
        vault.kv("kv").put("big", new ByteArrayInputStream(new byte[3_000_000]));
        for (int i = 0; i < 20; i++) {
            vault.text("docs").insert("document number " + i, i);
            vault.vectors("vecs", VectorOptions.of(4, Metric.L2)).insert(new float[] {i, 1, 2, 3}, i);
        }
    }

    private static final VaultOptions SMALL =
            VaultOptions.defaults().withPageSizeBytes(4096).withSegmentThresholdBytes(1_000_000);

    private static List<String> errors(VerifyReport report) {
        return report.findings().stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .map(Finding::toString)
                .toList();
    }

    @Test
    void whatAnotherProgramsChecksSayDoesNotKeepAFileFromBeingRepaired() throws Exception {
        Path file = folder.resolve("checks.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[] {1});
        }
        TestSql.run(
                file,
                "CREATE TABLE fails(x CHECK (x > 0))",
                "CREATE TABLE throws(x CHECK (json(x) IS NOT NULL))",
                "PRAGMA ignore_check_constraints = ON",
                "INSERT INTO fails VALUES (-1)",
                "INSERT INTO throws VALUES ('{')");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().repair()).isEmpty();
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
    }

    @Test
    void soundFilesAreFoundSound() throws IOException {
        for (String golden : List.of("columns-1x", "columns-0x", "kv-text-vector", "vector384")) {
            try (Vault vault = Vault.open(Golden.database(golden, folder))) {
                VerifyReport report = vault.maintenance().verify(Progress.none());
                assertThat(errors(report)).as(golden).isEmpty();
                assertThat(report.isSound()).isTrue();
                assertThat(vault.maintenance().repair())
                        .as(golden)
                        .allMatch(done -> done.startsWith("removed") && done.contains("values of no"));
            }
        }
        try (Vault vault = Vault.open(folder.resolve("a.db"), SMALL.withGuardNewFiles(true))) {
            fill(vault);
            VerifyReport report = vault.maintenance().verify(Progress.none());
            assertThat(report.findings()).isEmpty();
            assertThat(report.checksums()).isGreaterThan(20);
            assertThat(vault.maintenance().repair()).isEmpty();
            assertThat(vault.contents().list())
                    .contains(
                            new FoundContent(Content.Kind.KEY_VALUES, "kv", "", 2),
                            new FoundContent(Content.Kind.TABLE, "t", "2 columns", 20_000),
                            new FoundContent(Content.Kind.COLUMN, "t.b", "str", 20_000),
                            new FoundContent(Content.Kind.DOCUMENTS, "docs", "content", 20),
                            new FoundContent(Content.Kind.VECTORS, "vecs", "float 4 l2", 20));
        }
    }

    /** What check_cols.py calls an error, and more: each is found. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE kvault_col_format SET version = 1, singleton = 1; DELETE FROM kvault_col_format",
                "ALTER TABLE kvault_col_data ADD COLUMN more INTEGER",
                "ALTER TABLE kvault_col_columns RENAME COLUMN block_bytes TO bytes_block",
                "DELETE FROM kvault_col_data WHERE block_id = (SELECT max(block_id) FROM kvault_col_data)",
                "INSERT INTO kvault_col_data VALUES (99999, x'00', NULL)",
                "INSERT INTO kvault_col_blocks VALUES (99999, 99999, 0, 0, 0, 0, 1, 1)",
                "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'kvault_col_columns'",
                "UPDATE kvault_col_columns SET elem_size = 4 WHERE name = 'i'",
                "UPDATE kvault_col_columns SET elem_size = 8 WHERE name = 's'",
                "UPDATE kvault_col_columns SET length = length + 1 WHERE name = 'i'",
                "UPDATE kvault_col_columns SET length = length - 1 WHERE name = 's'",
                "UPDATE kvault_col_columns SET block_bytes = 1024 WHERE name = 'i'",
                "UPDATE kvault_col_columns SET block_bytes = 600000000 WHERE name = 'i'",
                "UPDATE kvault_col_columns SET name = '' WHERE name = 'i'",
                "UPDATE kvault_col_blocks SET row_count = row_count - 1 WHERE block_id = 1",
                "UPDATE kvault_col_blocks SET used_bytes = used_bytes - 8 WHERE block_id = 1",
                "UPDATE kvault_col_blocks SET used_bytes = capacity_bytes + 1 WHERE block_id = 1",
                "UPDATE kvault_col_blocks SET row_capacity = 0 WHERE block_id = 1",
                "UPDATE kvault_col_blocks SET row_capacity = 10 WHERE block_id = (SELECT max(block_id) FROM kvault_col_blocks WHERE col_id = 1)",
                "UPDATE kvault_col_blocks SET block_no = block_no + 1000 WHERE col_id = 1 AND block_no > 3",
                "UPDATE kvault_col_blocks SET first_row = first_row + 1 WHERE col_id = 2 AND block_no = 2",
                "UPDATE kvault_col_data SET payload = x'00' WHERE block_id = 1",
                "UPDATE kvault_col_data SET offsets = NULL WHERE block_id = (SELECT min(block_id) FROM kvault_col_blocks WHERE col_id = 2)",
                "UPDATE kvault_col_data SET offsets = x'01' || substr(offsets, 2) WHERE block_id = (SELECT min(block_id) FROM kvault_col_blocks WHERE col_id = 2)",
                "UPDATE kvault_col_data SET offsets = substr(offsets, 1, 16) || x'ff' || substr(offsets, 18) WHERE block_id = (SELECT min(block_id) FROM kvault_col_blocks WHERE col_id = 2)",
                "UPDATE kvault_col_data SET offsets = substr(offsets, 1, 40) WHERE block_id = (SELECT min(block_id) FROM kvault_col_blocks WHERE col_id = 2)",
                "UPDATE kvault_col_data SET payload = x'77' || substr(payload, 2) WHERE block_id = 1",
                "INSERT INTO vault_block_ext (block_id, row_count, null_count) VALUES (99999, 1, 0)",
                "UPDATE vault_block_ext SET validity = x'00' WHERE validity IS NOT NULL",
                "DELETE FROM kvault_col_blocks WHERE block_id = (SELECT max(block_id) FROM kvault_col_blocks); UPDATE kvault_col_columns SET length = length - 1 WHERE name = 't.b'",
                "UPDATE kv SET key = 'text' WHERE key = x'6b'",
                "UPDATE kv SET value = 'text' WHERE key = x'6b'",
                "DELETE FROM kv_segments WHERE segment = 1",
                "DELETE FROM docs_values WHERE id = 3",
                "DELETE FROM vecs_values WHERE id = 3",
                "DELETE FROM vecs_rowids WHERE rowid = 3",
                "UPDATE vecs_rowids SET chunk_offset = 900 WHERE rowid = 3",
                "UPDATE vecs_chunks SET rowids = x'00'",
                "UPDATE vecs_vector_chunks00 SET vectors = x'00'"
            })
    void everyFaultIsFound(String faults) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL.withGuardNewFiles(true))) {
            fill(vault);
        }
        List<String> statements = new ArrayList<>(List.of(
                "PRAGMA foreign_keys = OFF",
                "DROP TRIGGER vault_guard_insert_block",
                "DROP TRIGGER vault_guard_delete_block"));
        statements.addAll(List.of(faults.split("; ")));
        TestSql.run(file, statements.toArray(String[]::new));
        Vault vault;
        try {
            vault = Vault.open(file);
        } catch (VaultException e) {
            assertThat(faults).contains("kvault_col_format");
            return;
        }
        try (vault) {
            assertThat(errors(vault.maintenance().verify(Progress.none()))).isNotEmpty();
        }
    }

    @Test
    void repairMendsWhatFollowsFromTheRest() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL.withGuardNewFiles(true))) {
            fill(vault);
            for (int i = 1; i < 10; i++) {
                vault.vectors("vecs", VectorOptions.of(4, Metric.L2)).delete(i);
            }
        }
        TestSql.run(
                file,
                "PRAGMA foreign_keys = OFF",
                "DROP INDEX kvault_col_row_index",
                "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'kvault_col_columns'",
                "INSERT INTO kvault_col_data VALUES (99999, x'00', NULL)",
                "INSERT INTO vault_block_ext (block_id, row_count, null_count) VALUES (99999, 1, 0)",
                "UPDATE vault_block_ext SET crc32c = NULL",
                "DELETE FROM kv WHERE key = CAST('big' AS BLOB)",
                "INSERT INTO docs_values (value) VALUES (x'00')",
                "INSERT INTO vecs_values (value) VALUES (x'00')");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings()).hasSizeGreaterThan(5);
            assertThat(vault.maintenance().repair()).hasSize(8);
            VerifyReport report = vault.maintenance().verify(Progress.none());
            assertThat(report.findings()).isEmpty();
            assertThat(report.checksums()).isGreaterThan(20);
            assertThat(vault.maintenance().repair()).isEmpty();
            assertThat(vault.columns().longs("i").length()).isEqualTo(10_000);
            assertThat(vault.text("docs").count()).isEqualTo(20);
        }
    }

    @Test
    void aBackupIsWholeWhileTheFileIsWritten() throws Exception {
        Path file = folder.resolve("a.db");
        Path copy = folder.resolve("copy.db");
        try (Vault vault = Vault.open(file, SMALL)) {
            fill(vault);
            AtomicBoolean stop = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                for (int i = 0; !stop.get(); i++) {
                    int n = i;
                    vault.transact(() -> {
                        vault.kv("pair").putValue("n", n);
                        vault.columns().ensure("pair", DType.I64).append(n);
                    });
                }
            });
            writer.start();
            vault.maintenance().backup(copy, Progress.none());
            stop.set(true);
            writer.join();
            assertThatThrownBy(() -> vault.maintenance().backup(copy, Progress.none()))
                    .isInstanceOf(VaultIoException.class)
                    .hasMessageContaining("exists already");
            Path never = folder.resolve("never.db");
            assertThatThrownBy(() -> vault.maintenance().backup(never, (done, total) -> false))
                    .isInstanceOf(CancellationException.class);
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(p -> p.getFileName().toString()))
                        .noneMatch(name -> name.startsWith("never") || name.endsWith(".part"));
            }
        }
        try (Vault vault = Vault.open(copy)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
            long pairs = vault.columns().contains("pair")
                    ? vault.columns().longs("pair").length()
                    : 0;
            assertThat(vault.kv("pair").findValue("n").map(n -> (Long) n + 1).orElse(0L))
                    .isEqualTo(pairs);
            assertThat(vault.text("docs").search("document", 100)).hasSize(20);
            assertThat(vault.vectors("vecs", VectorOptions.of(4, Metric.L2)).count())
                    .isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 32768, 65536})
    void compactingKeepsEverythingAndLaysBlocksOutInPages(int pageSize) throws Exception {
        Path file = Golden.database("columns-1x", folder);
        try (Vault vault = Vault.open(file)) {
            fill(vault);
            vault.columns().ensure("garbage", DType.BYTES).append(new byte[5_000_000]);
            vault.columns().delete("garbage");
            List<Row> rows = vault.tables().get("t").rows(0, 20_000);
            vault.maintenance().checkpoint();
            long before = Files.size(file);
            vault.maintenance().compact(pageSize, Progress.none());
            vault.maintenance().checkpoint();
            VaultStats stats = vault.maintenance().stats();
            assertThat(stats.pageSizeBytes()).isEqualTo(pageSize == 0 ? 4096 : pageSize);
            assertThat(stats.freePages()).isZero();
            if (stats.pageSizeBytes() == 4096) { // larger pages give each small column a larger block
                assertThat(stats.fileBytes()).isLessThan(before);
            }
            assertThat(errors(vault.maintenance().verify(Progress.none()))).isEmpty();
            assertThat(vault.tables().get("t").rows(0, 20_000).stream()
                            .map(Row::toMap)
                            .toList())
                    .isEqualTo(rows.stream().map(Row::toMap).toList());
            try (Snapshot snapshot = vault.snapshot();
                    var block = snapshot.blocks().column("i").block(0)) {
                assertThat(block.origin()).isEqualTo(Origin.MAPPED);
            }
            vault.columns().delete("i");
            vault.columns().delete("s");
            vault.tables().delete("t");
            assertThat(GoldenTest.compare(vault, Golden.manifest("columns-1x"), false))
                    .isEqualTo(95);
            vault.columns().ensure("after", DType.I64).appendAll(new long[10_000]);
        }
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.columns().longs("after").length()).isEqualTo(10_000);
        }
    }

    @Test
    void thePageSizeIsNotChangedUnderAReader() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL)) {
            vault.kv("kv").put("k", new byte[1]);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.kv("kv").count()).isEqualTo(1);
                assertThatThrownBy(() -> vault.maintenance().compact(8192, Progress.none()))
                        .isInstanceOf(VaultBusyException.class);
            }
            try (Vault other = Vault.open(file)) {
                assertThat(other.kv("kv").count()).isEqualTo(1);
                assertThatThrownBy(() -> vault.maintenance().compact(8192, Progress.none()))
                        .isInstanceOf(VaultBusyException.class);
            }
            assertThatThrownBy(() -> vault.maintenance().compact(5000, Progress.none()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.maintenance().compact(0, (done, total) -> false))
                    .isInstanceOf(CancellationException.class);
            vault.maintenance().compact(8192, Progress.none());
            vault.maintenance().optimize();
            assertThat(vault.kv("kv").count()).isEqualTo(1);
        }
    }

    @Test
    void whatHoldsTheLogBackIsTold() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"), SMALL)) {
            fill(vault);
            vault.maintenance().checkpoint();
            Snapshot snapshot = vault.snapshot();
            vault.kv("kv").put("after", new byte[10_000]);
            VaultStats stats = vault.maintenance().stats();
            assertThat(stats.walFrames()).isGreaterThan(stats.walFramesCopied());
            assertThat(stats.readers()).hasSize(1);
            assertThat(stats.readers().get(0)).contains("whatHoldsTheLogBackIsTold");
            assertThatThrownBy(vault::close).hasMessageContaining("MaintenanceTest.java");
            snapshot.close();
            stats = vault.maintenance().stats();
            assertThat(stats.walFramesCopied()).isEqualTo(stats.walFrames());
        }
    }

    /** A page that SQLite cannot read makes it end the transaction; the findings are told all the same. */
    @Test
    void pagesThatSqliteCannotReadAreFindings() throws IOException {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL)) {
            fill(vault);
        }
        byte[] whole = Files.readAllBytes(file);
        int told = 0;
        int unopened = 0;
        for (int page = 1; page < whole.length / 4096; page += 7) {
            byte[] damaged = whole.clone();
            java.util.Arrays.fill(damaged, page * 4096, (page + 1) * 4096, (byte) 0);
            Path copy = folder.resolve("page " + page + ".db");
            Files.write(copy, damaged);
            Vault vault;
            try {
                vault = Vault.openReadOnly(copy);
            } catch (VaultCorruptException e) { // what is needed to open it cannot be read
                unopened++;
                continue;
            }
            try (vault) {
                told += vault.maintenance().verify(Progress.none()).isSound() ? 0 : 1;
            }
        }
        assertThat(unopened).isLessThan(10);
        assertThat(told).isGreaterThan(whole.length / 4096 / 7 / 2);
    }

    /** A key that its index no longer finds is there all the same, and so are its segments. */
    @Test
    void repairRemovesNothingThatADamagedIndexHides() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("before", new byte[1]);
            vault.kv("kv").put("some key", new ByteArrayInputStream(new byte[20_000_000]));
        }
        int pageSize = TestSql.number(file, "PRAGMA page_size");
        int root = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'kv'");
        byte[] key = "some key".getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Files.readAllBytes(file);
        int at = (root - 1) * pageSize;
        while (!Arrays.equals(bytes, at, at + key.length, key, 0, key.length)) {
            at++;
        }
        assertThat(at).isLessThan(root * pageSize);
        try (var damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.seek(at + key.length - 1);
            damaged.write('x');
        }
        long segments = TestSql.count(file, "kv_segments");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.maintenance().repair())
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("nothing was repaired")
                    .hasMessageContaining("REINDEX");
        }
        assertThat(TestSql.count(file, "kv_segments")).isEqualTo(segments).isPositive();
        TestSql.run(file, "REINDEX");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().repair()).isEmpty();
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
            assertThat(vault.kv("kv").get("some key")).hasSize(20_000_000);
        }
    }
}
