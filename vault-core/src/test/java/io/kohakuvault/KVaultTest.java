package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KVaultTest {
    @TempDir
    Path folder;

    @Test
    void keepsBytesAsTheyAre() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("media");
            assertThat(kv.get("missing")).isNull();
            assertThat(kv.exists("missing")).isFalse();
            assertThat(kv.count()).isZero();
            byte[] header = {(byte) 0x89, 0x4B, 1, 6, 0, 0, 0, 0, 0x56, 0x4B, 'x'};
            for (byte[] value :
                    List.of(new byte[0], new byte[] {0}, header, Arrays.copyOf(header, 9), new byte[100_000])) {
                kv.put("k", value);
                assertThat(kv.get("k")).isEqualTo(value);
                assertThat(kv.findValue("k"))
                        .hasValueSatisfying(v -> assertThat((byte[]) v).isEqualTo(value));
            }
            kv.put(new byte[0], new byte[] {7});
            assertThat(kv.get(new byte[0])).containsExactly(7);
            assertThat(kv.delete("k")).isTrue();
            assertThat(kv.delete("k")).isFalse();
            assertThat(kv.count()).isEqualTo(1);
        }
    }

    @Test
    void valuesDescribeThemselves() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("v");
            List<Object> values = List.of(
                    "text",
                    "",
                    0L,
                    1L,
                    -1L,
                    1_000_000_000_000L,
                    1_700_000_000_000L,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    1.5,
                    0.1,
                    -0.0,
                    0.0,
                    Double.MIN_VALUE,
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    1e300,
                    true,
                    false,
                    new BigInteger("18446744073709551615"),
                    new BigInteger("-99999999999999999999999"),
                    List.of(1L, "a", List.of()),
                    Map.of("a", 1L, "b", Map.of("c", 2.5)),
                    new NumericArray(ElementType.I8, List.of(2), new byte[] {1, 2}));
            for (Object value : values) {
                kv.putValue("k", value);
                assertThat(kv.findValue("k")).as("%s", value).contains(value);
            }
            kv.putValue("null", null);
            assertThat(kv.findValue("null")).isEmpty();
            assertThat(kv.exists("null")).isTrue();
            assertThatThrownBy(() -> kv.putValue("k", new Object())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void scansOfLargeValuesArePagedByBytes() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("k");
            for (int i = 0; i < 10; i++) {
                kv.put("key" + i, new byte[3_000_000]);
            }
            int found = 0;
            for (KvEntry entry : kv.prefix("key")) {
                assertThat(entry.keyText()).isEqualTo("key" + found++);
            }
            assertThat(found).isEqualTo(10);
        }
    }

    @Test
    void halfASurrogatePairIsRefusedNotReplaced() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("k");
            for (Object value : List.of("x\uD800", List.of("\uDC00"), Map.of("\uD800", 1L))) {
                assertThatThrownBy(() -> kv.putValue("k", value)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> kv.put("\uD800", new byte[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.text("t").insert("\uD800", 1L)).isInstanceOf(IllegalArgumentException.class);
            kv.putValue("😀", "😀");
            assertThat(kv.findValue("😀")).contains("😀");
        }
    }

    @Test
    void prefixScansAreCompleteForEveryByte() {
        long seed = 42;
        Random random = new Random(seed);
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("k");
            vault.transact(() -> {
                for (int i = 0; i < 2_000; i++) {
                    byte[] key = new byte[random.nextInt(5)];
                    for (int j = 0; j < key.length; j++) {
                        key[j] = new byte[] {0, 1, 0x7F, (byte) 0x80, (byte) 0xFE, (byte) 0xFF}[random.nextInt(6)];
                    }
                    byte[] value = {(byte) i};
                    kv.put(key, value);
                    model.put(key, value);
                }
            });
            List<byte[]> prefixes = List.of(
                    new byte[0],
                    new byte[] {(byte) 0xFF},
                    new byte[] {(byte) 0xFF, (byte) 0xFF},
                    new byte[] {0},
                    new byte[] {(byte) 0x7F, (byte) 0xFF},
                    new byte[] {(byte) 0xFE});
            try (Snapshot snapshot = vault.snapshot()) {
                for (byte[] prefix : prefixes) {
                    List<byte[]> expected = model.keySet().stream()
                            .filter(k ->
                                    k.length >= prefix.length && Arrays.equals(Arrays.copyOf(k, prefix.length), prefix))
                            .toList();
                    for (var reader : List.of(kv, snapshot.kv("k"))) {
                        List<byte[]> found = new ArrayList<>();
                        for (KvEntry entry : reader.prefix(prefix)) {
                            found.add(entry.key());
                            assertThat(entry.value()).isEqualTo(model.get(entry.key()));
                        }
                        assertThat(found)
                                .as("seed %d", seed)
                                .usingElementComparator(Arrays::compareUnsigned)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void namesNeverReachSqlAsCode() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            for (String name : List.of("", "1a", "a b", "a\"; DROP TABLE x; --", "select", "vault_x", "sqlite_x")) {
                assertThatThrownBy(() -> vault.kv(name)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
