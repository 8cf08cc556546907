package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.testkit.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys that a snapshot looks up in the mapped file: the same answers as SQL's, while others write, delete and
 * checkpoint.
 */
class SnapshotKeysTest {
    @TempDir
    Path folder;

    private final AtomicLong queries = new AtomicLong();

    @AfterEach
    void stopCounting() {
        Session.hook(null);
    }

    private static byte[] key(Random random) {
        byte[] key = new byte
                [switch (random.nextInt(10)) {
                    case 0 -> random.nextInt(2);
                    case 1 -> 2000 + random.nextInt(3000);
                    default -> 1 + random.nextInt(40);
                }];
        random.nextBytes(key);
        if (key.length > 3 && random.nextBoolean()) {
            Arrays.fill(key, 0, key.length - 2, (byte) 0xFF); // long common beginnings
        }
        return key;
    }

    private static byte[] value(Random random) {
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(50_000) : random.nextInt(300)];
        random.nextBytes(value);
        return value;
    }

    private static void change(Vault vault, TreeMap<byte[], byte[]> model, Random random, int changes) {
        vault.transact(() -> {
            List<byte[]> keys = new ArrayList<>(model.keySet());
            for (int i = 0; i < changes; i++) {
                byte[] key =
                        keys.isEmpty() || random.nextInt(3) > 0 ? key(random) : keys.get(random.nextInt(keys.size()));
                if (random.nextInt(4) == 0) {
                    vault.kv("kv").delete(key);
                    model.remove(key);
                } else {
                    byte[] value = value(random);
                    vault.kv("kv").put(key, value);
                    model.put(key, value);
                }
            }
        });
    }

    private static void compare(KvReader kv, TreeMap<byte[], byte[]> model, Random random) {
        List<byte[]> keys = new ArrayList<>(model.keySet());
        for (int i = 0; i < 16; i++) { // SQL answers these
            assertThat(kv.exists("no such key " + i)).isFalse();
        }
        for (byte[] key : keys) {
            assertThat(kv.get(key)).isEqualTo(model.get(key));
        }
        for (int i = 0; i < 200; i++) {
            byte[] key = key(random);
            assertThat(kv.get(key)).isEqualTo(model.get(key));
            assertThat(kv.exists(key)).isEqualTo(model.containsKey(key));
        }
        assertThat(kv.getAll(keys)).usingElementComparator(Arrays::compare).containsExactlyElementsOf(model.values());
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 65536})
    void answersAreThoseOfTheMomentWhateverIsWrittenSince(int pageSize) {
        VaultOptions options =
                VaultOptions.defaults().withPageSizeBytes(pageSize).withBusyTimeout(Duration.ofMillis(1));
        try (Vault vault = Vault.open(folder.resolve("a.db"), options)) {
            for (int seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
                vault.transact(() -> vault.kv("kv").deleteAll(io.kohakuvault.kv.KvRange.all()));
                change(vault, model, random, 400);
                vault.maintenance().checkpoint();
                if (seed % 2 == 0) {
                    change(vault, model, random, 20); // some pages stand in the -wal
                }
                TreeMap<byte[], byte[]> then = new TreeMap<>(model);
                try (Snapshot snapshot = vault.snapshot()) {
                    compare(snapshot.kv("kv"), then, random);
                    for (int i = 0; i < 3; i++) {
                        change(vault, model, random, 200);
                        vault.maintenance().checkpoint();
                        compare(snapshot.kv("kv"), then, random);
                    }
                }
            }
        }
    }

    @Test
    void nothingIsAskedOfSqliteOnceTheFileIsFollowed() {
        Path file = folder.resolve("a.db");
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        try (Vault vault = Vault.open(file)) {
            vault.transact(() -> {
                for (int i = 0; i < 5000; i++) {
                    byte[] key = ("key " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    model.put(key, new byte[] {(byte) i});
                    vault.kv("kv").put(key, model.get(key));
                }
            });
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            KvReader kv;
            try (Snapshot snapshot = vault.snapshot()) {
                kv = snapshot.kv("kv");
                for (int i = 0; i < 16; i++) {
                    assertThat(kv.get("key " + i)).containsExactly(i);
                }
                Session.hook(sql -> queries.incrementAndGet());
                model.forEach((key, value) -> assertThat(kv.get(key)).isEqualTo(value));
                assertThat(kv.get("missing")).isNull();
                Session.hook(null);
                assertThat(queries).hasValue(0);
            }
            assertThatThrownBy(() -> kv.get("key 1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void tablesOfOtherShapesAreReadTheOldWay() throws Exception {
        Path file = folder.resolve("a.db");
        TestSql.run(
                file,
                "CREATE TABLE norowid (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID",
                "CREATE TABLE descending (key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (key DESC))",
                "CREATE TABLE nocase (key BLOB COLLATE NOCASE PRIMARY KEY, value BLOB)",
                "CREATE TABLE more (size INTEGER DEFAULT 7, value BLOB, note TEXT, key BLOB PRIMARY KEY)");
        for (String table : List.of("norowid", "descending", "nocase", "more")) {
            for (int i = 0; i < 50; i++) {
                TestSql.run(
                        file,
                        "INSERT INTO " + table + " (key, value) VALUES (CAST('" + i + "' AS BLOB), CAST('v" + i
                                + "' AS BLOB))");
            }
            try (Vault vault = Vault.openReadOnly(file);
                    Snapshot snapshot = vault.snapshot()) {
                KvReader kv = snapshot.kv(table);
                for (int round = 0; round < 2; round++) {
                    for (int i = 0; i < 50; i++) {
                        assertThat(kv.get("" + i)).as(table).asString().isEqualTo("v" + i);
                    }
                    assertThat(kv.get("none")).isNull();
                }
            }
        }
    }

    @Test
    void filesOfKohakuVaultGiveTheSameEitherWay() throws IOException {
        try (Vault vault = Vault.openReadOnly(Golden.database("kv-text-vector", folder));
                Snapshot snapshot = vault.snapshot()) {
            KvReader kv = snapshot.kv("kv");
            int n = 0;
            for (int round = 0; round < 2; round++) {
                for (byte[] key : vault.kv("kv").keys(io.kohakuvault.kv.KvRange.all())) {
                    assertThat(kv.get(key)).isEqualTo(vault.kv("kv").get(key));
                    n++;
                }
            }
            assertThat(n).isGreaterThan(32);
        }
    }

    /**
     * Every pointer of the index's root made zero in turn: SQL calls that damage, and a scan must not just leave the
     * keys out.
     */
    @Test
    void aDamagedIndexIsNotScannedAsIfKeysWereMissing() throws Exception {
        Path file = folder.resolve("a.db");
        int keys = 4_000;
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096))) {
            vault.transact(() -> {
                for (int i = 0; i < keys; i++) {
                    vault.kv("kv").put("a key of some length " + i, new byte[1]);
                }
            });
        }
        byte[] sound = java.nio.file.Files.readAllBytes(file);
        int root = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_kv_1'");
        java.nio.ByteBuffer page =
                java.nio.ByteBuffer.wrap(sound, (root - 1) * 4096, 4096).slice();
        assertThat(page.get(0)).isEqualTo((byte) 2);
        int cells = page.getShort(3);
        assertThat(cells).isGreaterThan(3);
        for (int i = 0; i <= cells; i++) {
            byte[] bytes = sound.clone();
            int at = (root - 1) * 4096 + (i == cells ? 8 : page.getShort(12 + 2 * i) & 0xFFFF);
            Arrays.fill(bytes, at, at + 4, (byte) 0);
            java.nio.file.Files.write(file, bytes);
            for (boolean descending : new boolean[] {false, true}) {
                try (Vault vault = Vault.open(file);
                        Snapshot snapshot = vault.snapshot()) {
                    var range = io.kohakuvault.kv.KvRange.all();
                    int[] found = {0};
                    assertThatThrownBy(() -> {
                                for (int n = 0; n < 20; n++) { // from some time on in the mapped file
                                    found[0] = 0;
                                    snapshot.kv("kv")
                                            .scan(descending ? range.reversed() : range)
                                            .forEach(entry -> found[0]++);
                                    assertThat(found[0]).isEqualTo(keys);
                                }
                            })
                            .isInstanceOf(VaultException.class);
                }
            }
        }
    }
}
