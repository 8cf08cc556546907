package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table against a sorted map: the same random operations on both, with keys of every byte. */
class KvModelTest {
    private static final byte[] ALPHABET = {0, 1, 'a', 'b', (byte) 0x7F, (byte) 0x80, (byte) 0xFE, (byte) 0xFF};

    @TempDir
    Path folder;

    private static byte[] key(Random random) {
        byte[] key = new byte[random.nextInt(50) == 0 ? random.nextInt(3000) : random.nextInt(5)];
        for (int i = 0; i < key.length; i++) {
            key[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return key;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesLikeASortedMap(long seed) {
        Random random = new Random(seed);
        NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(4096);
        try (Vault vault = Vault.open(folder.resolve("kv.db"), options)) {
            KVault kv = vault.kv("t");
            for (int step = 0; step < 600; step++) {
                String as = "step " + step + ", seed " + seed;
                byte[] key = key(random);
                byte[] value = new byte[random.nextInt(60)];
                random.nextBytes(value);
                switch (random.nextInt(10)) {
                    case 0 -> assertThat(kv.delete(key)).as(as).isEqualTo(model.remove(key) != null);
                    case 1 -> assertThat(kv.putIfAbsent(key, value)).as(as).isEqualTo(model.putIfAbsent(key, value));
                    case 2 ->
                        assertThat(kv.computeIfAbsent(key, k -> value))
                                .as(as)
                                .isEqualTo(model.computeIfAbsent(key, k -> value));
                    case 3 -> {
                        List<KvEntry> entries = new ArrayList<>();
                        for (int i = 0; i < 100; i++) {
                            entries.add(new KvEntry(key(random), value));
                        }
                        kv.putAll(entries);
                        entries.forEach(e -> model.put(e.key(), e.value()));
                    }
                    case 4 -> {
                        KvRange range = range(random);
                        if (random.nextInt(8) == 0) {
                            long removed = kv.deleteAll(range);
                            int before = model.size();
                            model.keySet().removeIf(range::contains);
                            assertThat(removed).as(as).isEqualTo(before - model.size());
                        }
                    }
                    default -> {
                        kv.put(key, value);
                        model.put(key, value);
                    }
                }
                if (step % 10 == 0) {
                    try (Snapshot snapshot = vault.snapshot()) {
                        check(random, kv, model, as);
                        check(random, snapshot.kv("t"), model, as + " in a snapshot");
                    }
                }
            }
        }
    }

    private static KvRange range(Random random) {
        KvRange range = random.nextInt(3) == 0 ? KvRange.prefix(key(random)) : KvRange.all();
        if (random.nextBoolean()) {
            byte[] low = key(random);
            range = random.nextBoolean() ? range.from(low) : range.above(low);
        }
        if (random.nextBoolean()) {
            byte[] high = key(random);
            range = random.nextBoolean() ? range.through(high) : range.below(high);
        }
        return random.nextBoolean() ? range : range.reversed();
    }

    private static void check(Random random, KvReader kv, NavigableMap<byte[], byte[]> model, String as) {
        KvRange range = range(random);
        List<byte[]> expected = new ArrayList<>();
        (range.isDescending() ? model.descendingMap() : model).keySet().forEach(key -> {
            if (range.contains(key)) {
                expected.add(key);
            }
        });
        List<byte[]> keys = new ArrayList<>();
        kv.keys(range).forEach(keys::add);
        assertThat(texts(keys)).as("%s %s", as, range).isEqualTo(texts(expected));
        assertThat(kv.count(range)).isEqualTo(expected.size());
        int at = 0;
        for (KvEntry entry : kv.scan(range)) {
            assertThat(entry.value()).isEqualTo(model.get(expected.get(at++)));
        }
        // In parts, each resumed behind the last key of the one before.
        List<byte[]> parts = new ArrayList<>();
        KvRange rest = range.limit(1 + random.nextInt(7));
        while (true) {
            int before = parts.size();
            kv.keys(rest).forEach(parts::add);
            if (parts.size() == before) {
                break;
            }
            rest = rest.resumeAfter(parts.get(parts.size() - 1));
        }
        assertThat(texts(parts)).as("%s %s in parts", as, range).isEqualTo(texts(expected));
        List<byte[]> wanted = List.of(key(random), key(random), key(random));
        List<byte[]> all = kv.getAll(wanted);
        for (int i = 0; i < 3; i++) {
            assertThat(all.get(i)).isEqualTo(model.get(wanted.get(i)));
            assertThat(kv.exists(wanted.get(i))).isEqualTo(model.containsKey(wanted.get(i)));
        }
    }

    private static List<String> texts(List<byte[]> keys) {
        return keys.stream().map(HexFormat.of()::formatHex).toList();
    }

    @Test
    void aKeyOfAMebibyteAndTheEmptyOneAreKeys() {
        try (Vault vault = Vault.open(folder.resolve("kv.db"))) {
            KVault kv = vault.kv("t");
            byte[] huge = new byte[1 << 20];
            Arrays.fill(huge, (byte) 0xFF);
            kv.put(huge, new byte[] {1});
            kv.put(new byte[0], new byte[] {2});
            assertThat(kv.get(huge)).containsExactly(1);
            assertThat(kv.get("")).containsExactly(2);
            List<Integer> lengths = new ArrayList<>();
            kv.keys(KvRange.prefix(new byte[] {-1, -1})).forEach(k -> lengths.add(k.length));
            assertThat(lengths).containsExactly(1 << 20);
        }
    }

    @Test
    void textKeysOrderByTheirUtf8Bytes() {
        try (Vault vault = Vault.open(folder.resolve("kv.db"))) {
            KVault kv = vault.kv("t");
            Map<String, byte[]> entries = new LinkedHashMap<>();
            // String.compareTo puts the emoji, two surrogates, before the ligature
            for (String key : List.of("\uFB01", "😀", "z", "é", "")) {
                entries.put(key, key.getBytes(StandardCharsets.UTF_8));
            }
            kv.putAll(entries);
            assertThat(kv.asMap().keySet()).containsExactly("", "z", "é", "\uFB01", "😀");
            assertThat(kv.asMap().descendingMap().firstKey()).isEqualTo("😀");
            assertThat(kv.asMap().headMap("\uFB01").keySet()).containsExactly("", "z", "é");
            assertThat(kv.getAllText(List.of("z", "missing", "é"))).containsOnlyKeys("z", "é");
            assertThat(kv.asMap().replace("z", "z".getBytes(StandardCharsets.UTF_8), new byte[] {1}))
                    .isTrue();
            kv.put(new byte[] {(byte) 0xFF}, new byte[0]);
            assertThatThrownBy(() -> kv.asMap().lastKey())
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("x'ff'");
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.kv("t").asMap().get("z")).containsExactly(1);
                assertThatThrownBy(() -> snapshot.kv("t").asMap().put("a", new byte[0]))
                        .isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }

    @Test
    void objectsGoThroughACodec() {
        record Point(long x, double y) {}
        Codec<Point> codec = Codec.of(
                p -> Map.of("x", p.x(), "y", p.y()),
                v -> new Point((Long) ((Map<?, ?>) v).get("x"), (Double) ((Map<?, ?>) v).get("y")));
        try (Vault vault = Vault.open(folder.resolve("kv.db"))) {
            KVault kv = vault.kv("t");
            kv.put("p", new Point(1, 2.5), codec);
            assertThat(kv.find("p", codec)).contains(new Point(1, 2.5));
            assertThat(kv.findValue("p")).contains(Map.of("x", 1L, "y", 2.5));
            assertThat(kv.find("missing", codec)).isEmpty();
            var map = kv.asMap(codec);
            map.merge("p", new Point(5, 0), (a, b) -> new Point(a.x() + b.x(), a.y()));
            assertThat(map).containsEntry("p", new Point(6, 2.5));
            kv.put("text", "no point", Codec.ofType(String.class));
            assertThatThrownBy(() -> kv.find("text", Codec.ofType(Long.class)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("String and no Long");
        }
    }

    @Test
    void aTableThatAnotherConnectionDropsIsMadeAgain() {
        Path file = folder.resolve("kv.db");
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            vault.kv("t").put("a", new byte[] {1});
            assertThat(other.kv("t").get("a")).containsExactly(1);
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.kv("new").put("a", new byte[] {1});
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            assertThat(vault.kv("new").get("a")).isNull();
            vault.kv("new").put("a", new byte[] {2});
            assertThat(other.kv("new").get("a")).containsExactly(2);
        }
    }
}
