package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of an index that stand out of order: a scan that meets them says so, and does not blame its caller. */
class DisorderedKeysTest {
    private static final int KEYS = 300;

    @TempDir
    Path folder;

    /** The key is overwritten in the index alone; a first page has 64 entries. */
    @ParameterizedTest
    @CsvSource({
        "k163, a163, true",
        "k163, k101, true",
        "k163, z163, false",
        "k164, a164, false",
        "k120, k110, true",
        "k299, k298, false",
        "k399, a399, false"
    })
    void scansAreEndedWhereTheIndexIsOutOfOrder(String was, String becomes, boolean inPage) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            for (int i = 0; i < KEYS; i++) {
                vault.kv("kv").put("k" + (100 + i), new byte[1]);
            }
        }
        int page = TestSql.number(file, "PRAGMA page_size");
        int root = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_kv_1'");
        byte[] bytes = Files.readAllBytes(file);
        int at = (root - 1) * page;
        assertThat(bytes[at]).as("a leaf").isEqualTo((byte) 10);
        byte[] key = was.getBytes(StandardCharsets.UTF_8);
        while (!new String(bytes, at, key.length, StandardCharsets.ISO_8859_1).equals(was)) {
            at++;
        }
        System.arraycopy(becomes.getBytes(StandardCharsets.UTF_8), 0, bytes, at, key.length);
        Files.write(file, bytes);
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            List<KvReader> readers = List.of(vault.kv("kv"), snapshot.kv("kv"));
            KvRange range = KvRange.all().from("k100");
            int told = 0;
            for (KvReader kv : readers) {
                told += isTold(kv, range) ? 1 : 0;
                isTold(kv, range.reversed());
            }
            boolean[] bySql = new boolean[1];
            vault.transact(() -> bySql[0] = isTold(vault.kv("kv"), range));
            assertThat(told + (bySql[0] ? 1 : 0)).isGreaterThanOrEqualTo(inPage ? 3 : 0);
        }
    }

    /**
     * Whether a scan says that the keys are out of order. One that begins a page behind the place may not come by it;
     * what it gives is in order then.
     */
    private static boolean isTold(KvReader kv, KvRange range) {
        List<byte[]> given = new ArrayList<>();
        try {
            kv.keys(range).forEach(given::add);
        } catch (VaultCorruptException e) {
            assertThat(e).hasMessageContaining("a.db").hasMessageContaining("out of order");
            return true;
        } finally {
            for (int i = 0; i < given.size(); i++) {
                assertThat(range.contains(given.get(i))).isTrue();
                if (i > 0) {
                    int order = Arrays.compareUnsigned(given.get(i - 1), given.get(i));
                    assertThat(range.isDescending() ? -order : order).isNegative();
                }
            }
        }
        return false;
    }
}
