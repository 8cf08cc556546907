package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.RowSize;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {
    @TempDir
    Path folder;

    @Test
    void whatIsNoVaultIsRefusedByName() throws Exception {
        Path text = Files.writeString(
                folder.resolve("text.db"), "this is no database, it is a text of some length".repeat(100));
        for (boolean readOnly : List.of(true, false)) {
            assertThatThrownBy(() -> (readOnly ? Vault.openReadOnly(text) : Vault.open(text)).close())
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining("text.db")
                    .hasMessageContaining("not a SQLite database");
        }
        assertThatThrownBy(() -> Vault.openReadOnly(folder.resolve("missing.db")))
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("no such file");
        assertThat(folder.resolve("missing.db")).doesNotExist();
        assertThatThrownBy(() -> Vault.open(folder)).isInstanceOf(VaultIoException.class);
        assertThatThrownBy(() -> Vault.open(folder.resolve("no/such/folder.db")))
                .isInstanceOf(VaultIoException.class);
    }

    /** Declarations that damage, or another program, has made into what this library does not know. */
    @Test
    void documentsThatNoRowHoldsAreRefused() {
        String half = "é".repeat(130_000_000); // 260 MB in UTF-8
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withColumns("a", "b", "c", "d"));
            assertThatThrownBy(() -> docs.insert(List.of(half, half, half, half), "v"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1040000000")
                    .hasMessageContaining("several documents");
            assertThat(docs.insert(List.of("a", "b", "c", "d"), "v")).isEqualTo(1);
            String mixed = "aé€\ud83d\ude00".repeat(7_000_000);
            assertThat(RowSize.utf8Bytes(Collections.nCopies(10, mixed))).isEqualTo(700_000_000L);
        }
    }

    @Test
    void declarationsOfVectorsThatCannotBeReadAreRefused() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.vectors("vecs", VectorOptions.cosine(2)).insert(new float[] {1, 2}, "v");
            vault.kv("kv").put("k", new byte[1]);
        }
        declare(file, "float[2]", "FLOAT [2 ]"); // the same to sqlite-vec
        try (Vault vault = Vault.openReadOnly(file);
                Snapshot snapshot = vault.snapshot()) {
            assertThat(snapshot.vectors("vecs").ids()).hasSize(1);
            assertThatThrownBy(() -> snapshot.vectors("kv")).isInstanceOf(IllegalArgumentException.class);
        }
        String[] was = {"FLOAT [2 ]", "float[0]", "float[99999999999]", "bit[2]", "cosine"};
        String[] becomes = {"float[0]", "float[99999999999]", "bit[2]", "float[2]", "cosime"};
        for (int i = 0; i < was.length; i++) {
            declare(file, was[i], becomes[i]);
            if (becomes[i].equals("float[2]")) {
                continue; // whole again
            }
            try (Vault vault = Vault.openReadOnly(file);
                    Snapshot snapshot = vault.snapshot()) {
                assertThatThrownBy(() -> snapshot.vectors("vecs"))
                        .as(becomes[i])
                        .isInstanceOf(VaultFormatException.class)
                        .hasMessageContaining("vecs");
                assertThat(vault.contents().list()).isNotEmpty();
                assertThat(vault.maintenance().verify(Progress.none())).isNotNull();
            }
        }
    }

    private static void declare(Path file, String was, String becomes) throws Exception {
        TestSql.run(
                file,
                "PRAGMA writable_schema = 1",
                "UPDATE sqlite_master SET sql = replace(sql, '" + was + "', '" + becomes + "') WHERE name = 'vecs'");
        assertThat(TestSql.number(file, "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%" + becomes + "%'"))
                .as(becomes)
                .isEqualTo(1);
    }

    @Test
    void aTableOfDocumentsThatLostAColumnIsNotTheQuerysFault() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.text("docs").insert("some words", "v");
        }
        TestSql.run(file, "ALTER TABLE docs_values RENAME COLUMN id TO i");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThatThrownBy(() -> vault.text("docs").search("words", 5))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("v.id");
            assertThatThrownBy(() -> vault.text("docs").search(TextQuery.fts5("\"words"), 5))
                    .isInstanceOf(VaultException.class);
        }
        TestSql.run(file, "ALTER TABLE docs_values RENAME COLUMN i TO id");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThatThrownBy(() -> vault.text("docs").search(TextQuery.fts5("\"words"), 5))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anUnknownDtypeOfTheOlderLayoutIsAFindingAndStopsNothingElse() throws Exception {
        Path file = Golden.database("columns-0x", folder);
        TestSql.run(file, "UPDATE col_meta SET dtype = 'vec:f32]5' WHERE name = 'vecfix.f32'");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .anySatisfy(finding -> assertThat(finding.toString()).contains("vecfix.f32", "unknown dtype"));
            assertThatThrownBy(() -> vault.columns().arrays("vecfix.f32")).isInstanceOf(VaultFormatException.class);
            assertThat(vault.columns().arrays("vecfix.f64").length()).isEqualTo(6);
        }
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.tables().ensure("t", s -> s.column("a", DType.I64)).append(r -> r.set("a", 1));
        }
        for (String table : List.of("vault_format", "kvault_col_format")) {
            sql(file, "UPDATE " + table + " SET version = 2");
            assertThatThrownBy(() -> Vault.open(file))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining(table)
                    .hasMessageContaining("version 2");
            assertThatThrownBy(() -> Vault.openReadOnly(file)).isInstanceOf(VaultFormatException.class);
            sql(file, "UPDATE " + table + " SET version = 1");
        }
        Vault.open(file).close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE kvault_col_blocks SET row_count = row_count + 1 WHERE col_id = 1 AND block_no = 2 | holds rows
            UPDATE kvault_col_blocks SET row_count = -1 WHERE col_id = 1 AND block_no = 0            | row_count -1
            UPDATE kvault_col_blocks SET row_count = 1 << 40 WHERE col_id = 1 AND block_no = 0       | row_count -1
            UPDATE kvault_col_blocks SET first_row = 1 WHERE col_id = 1 AND block_no = 0             | no block holds row 0
            DELETE FROM kvault_col_blocks WHERE col_id = 1 AND block_no = 1                          | no block holds row
            UPDATE kvault_col_data SET payload = x'00' WHERE block_id = 1                            | payload of 1 bytes
            DELETE FROM kvault_col_data WHERE block_id = 1                                           | has no row 1
            UPDATE kvault_col_columns SET elem_size = 4 WHERE col_id = 1                             | elem_size 4
            UPDATE kvault_col_columns SET length = 100000 WHERE col_id = 1                           | expected
            """)
    void damagedBlocksOfNumbersAreNamed(String damage, String message) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("n", DType.I64).appendAll(new long[10_000]);
        }
        damage(
                file,
                damage,
                message,
                vault -> vault.columns().longs("n").slice(0, 10_000),
                vault -> vault.columns().ensure("n", DType.I64).append(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE kvault_col_data SET offsets = randomblob(length(offsets)) WHERE block_id = 1       | offsets that begin at
            UPDATE kvault_col_data SET offsets = NULL WHERE block_id = 1                             | no offsets
            UPDATE kvault_col_data SET offsets = x'0000000000000000' WHERE block_id = 1              | bytes of offsets
            UPDATE kvault_col_data SET offsets = zeroblob(length(offsets)) WHERE block_id = 1        | offsets that end at 0
            UPDATE kvault_col_blocks SET used_bytes = used_bytes - 1 WHERE block_id = 1              | offset
            """)
    void damagedBlocksOfTextAreNamed(String damage, String message) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("s", DType.STR).appendAll(List.of("one", "two", "three"));
        }
        damage(
                file,
                damage,
                message,
                vault -> vault.columns().strings("s").slice(0, 3),
                vault -> vault.columns().ensure("s", DType.STR).append("four"));
    }

    @Test
    void promisedRoomThatIsNotThereIsNotUsed() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("s", DType.STR).appendAll(List.of("one", "two"));
        }
        sql(file, "UPDATE kvault_col_blocks SET row_capacity = 1 << 28, capacity_bytes = 2147483647");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("s", DType.STR).appendAll(java.util.Collections.nCopies(5_000, "three"));
            assertThat(vault.columns().strings("s").slice(0, 3)).containsExactly("one", "two", "three");
            assertThat(vault.columns().strings("s").get(5_001)).isEqualTo("three");
        }
    }

    @Test
    void anEmptyLastBlockIsEnlargedNotLeftBehind() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("s", DType.STR).append("one");
        }
        sql(file, "INSERT INTO kvault_col_blocks VALUES (7, 1, 1, 1, 0, 0, 100, 4)");
        sql(file, "INSERT INTO kvault_col_data VALUES (7, zeroblob(100), zeroblob(40))");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("s", DType.STR).append("x".repeat(50_000));
            vault.columns().ensure("s", DType.STR).append("last");
            assertThat(vault.columns().strings("s").get(1)).hasSize(50_000);
            assertThat(vault.columns().strings("s").get(2)).isEqualTo("last");
        }
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement();
                var rows = s.executeQuery("SELECT count(*) FROM kvault_col_blocks WHERE row_count = 0")) {
            assertThat(rows.getInt(1)).isZero();
        }
    }

    @Test
    void aDtypeThatContradictsTheElementsIsSaidEverywhere() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns()
                    .ensure("v", DType.vector(io.kohakuvault.codec.ElementType.F32, 6))
                    .append(new float[6]);
        }
        sql(file, "UPDATE kvault_col_columns SET dtype = 'vec:f32:4'");
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            assertThatThrownBy(() -> vault.columns().floatVectors("v")).isInstanceOf(VaultCorruptException.class);
            assertThatThrownBy(() -> snapshot.blocks().column("v")).isInstanceOf(VaultCorruptException.class);
        }
    }

    private interface Use {
        void on(Vault vault);
    }

    private static void damage(Path file, String damage, String message, Use read, Use append) throws Exception {
        sql(file, damage);
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> read.on(vault))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining(message);
            try (Snapshot snapshot = vault.snapshot()) {
                String name = vault.columns().list().get(0).name();
                assertThatThrownBy(() -> {
                            var column = snapshot.blocks().column(name);
                            for (long row = 0; row < column.length(); row = column.blockEnd(row)) {
                                column.block(row).close();
                            }
                            snapshot.columns().longs(name); // elem_size against dtype
                        })
                        .isInstanceOfAny(VaultCorruptException.class, IllegalArgumentException.class);
            }
            byte[] before = dump(vault);
            try {
                append.on(vault);
            } catch (VaultCorruptException e) {
                assertThat(dump(vault)).isEqualTo(before);
            }
        }
    }

    private static byte[] dump(Vault vault) {
        return vault.columns().list().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void sql(Path file, String sql) throws Exception {
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement s = c.createStatement()) {
            s.executeUpdate(sql);
        }
    }

    @Test
    void aNameThatIsTakenIsSaid() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.text("docs").insert("text", 1L);
            assertThatThrownBy(() -> vault.kv("docs").put("a", new byte[1]))
                    .hasMessageContaining("holds no key-values");
            assertThatThrownBy(() -> vault.kv("docs").get("a")).hasMessageContaining("holds no key-values");
            var two = vault.text(
                    "docs", io.kohakuvault.text.TextOptions.defaults().withColumns("title", "body"));
            assertThatThrownBy(() -> two.insert(List.of("a", "b"), 1L)).hasMessageContaining("[content, value_ref]");
            vault.kv("kv").put("a", new byte[1]);
            assertThatThrownBy(() -> vault.text("kv").insert("a", 1L)).hasMessageContaining("[key, value]");
            assertThatThrownBy(() -> vault.text("kv").search("a", 1)).hasMessageContaining("[key, value]");
        }
    }

    @Test
    void aValueThatIsNoValueIsNamed() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[1]);
        }
        sql(file, "UPDATE kv SET value = x'894B0203000000005600'");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.kv("kv").findValue("a"))
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("key x'61'");
            assertThat(vault.kv("kv").get("a")).hasSize(10);
        }
        sql(file, "UPDATE kv SET value = 'text'");
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.kv("kv").get("a")).isInstanceOf(VaultCorruptException.class);
        }
    }
}
