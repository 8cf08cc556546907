package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files: every answer is an answer or a VaultException. A sample here; every byte of a small file and 10,000
 * mutants of the golden files with {@code -Pfuzz}.
 */
class FuzzTest {
    @TempDir
    Path folder;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();

    private boolean sound;
    private long fileBytes;

    @Test
    void anyByteOfASmallFileMayBeFlipped() throws IOException {
        Path file = folder.resolve("small.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096))) {
            vault.columns().ensure("i", DType.I64).appendAll(new long[600]);
            vault.columns().ensure("s", DType.STR).appendAll(List.of("a", "bc", "", "def"));
            var table = vault.tables().ensure("t", s -> s.column("a", DType.I8).nullable("b", DType.MSGPACK));
            table.append(r -> r.set("a", 1));
            table.append(r -> r.set("a", 2).set("b", List.of(1L, "x")));
            vault.kv("kv").putValue("k", 5);
            vault.kv("kv").putValue("m", List.of("a", 1.5));
            vault.text("docs").insert("some words", "value");
            vault.vectors("vecs", VectorOptions.of(2, Metric.COSINE)).insert(new float[] {1, 2}, "v");
        }
        byte[] sound = Files.readAllBytes(file);
        boolean all = Boolean.getBoolean("vault.fuzz");
        Random random = new Random(3);
        int tried = 0;
        for (int at = Integer.getInteger("vault.fuzz.from", 0);
                at < sound.length;
                at += all ? 1 : 1 + random.nextInt(400)) {
            byte[] bytes = sound.clone();
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            read(bytes, "byte " + at + " of the small file");
            tried++;
        }
        System.out.println(tried + " of " + sound.length + " bytes flipped: answers and VaultExceptions only");
    }

    /** Lengths of nine bytes, huge and negative, anywhere in the two trees that keys are looked up in. */
    @Test
    void lengthsInTheTreesOfKeysMayBeAnything() throws Exception {
        Path file = folder.resolve("keys.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096))) {
            for (int i = 0; i < 30; i++) {
                vault.kv("kv").put("key " + i, new byte[60]);
            }
        }
        byte[] sound = Files.readAllBytes(file);
        int step = Boolean.getBoolean("vault.fuzz") ? 1 : 29;
        for (String tree : List.of("kv", "sqlite_autoindex_kv_1")) {
            int root = TestSql.number(file, "SELECT rootpage FROM sqlite_master WHERE name = '" + tree + "'");
            for (int at = (root - 1) * 4096; at < root * 4096 - 9; at += step) {
                for (byte filler : new byte[] {(byte) 0xFF, (byte) 0x80}) {
                    byte[] bytes = sound.clone();
                    java.util.Arrays.fill(bytes, at, at + 8, filler);
                    bytes[at + 8] = (byte) at;
                    read(bytes, filler + " from byte " + at + " of " + tree);
                }
            }
        }
    }

    @Test
    void mutantsOfTheGoldenFilesAreAnsweredOrRefused() throws IOException {
        int mutants = Boolean.getBoolean("vault.fuzz") ? 10_000 : 60;
        List<String> names = List.of("columns-1x", "columns-0x", "kv-text-vector", "vec0");
        byte[][] sound = new byte[names.size()][];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = Files.readAllBytes(Golden.database(names.get(i), folder));
        }
        for (int n = 0; n < mutants; n++) {
            Random random = new Random(n);
            byte[] bytes = sound[random.nextInt(sound.length)].clone();
            int faults = 1 + random.nextInt(8);
            for (int i = 0; i < faults; i++) {
                int at = random.nextInt(bytes.length);
                switch (random.nextInt(4)) {
                    case 0 -> bytes[at] = (byte) random.nextInt(256);
                    case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0 : 0xFF);
                    case 2 -> {
                        int from = random.nextInt(bytes.length);
                        int length = Math.min(random.nextInt(64), bytes.length - Math.max(at, from));
                        System.arraycopy(bytes, from, bytes, at, length);
                    }
                    default -> {
                        if (random.nextInt(20) == 0) {
                            bytes = java.util.Arrays.copyOf(bytes, at);
                            if (bytes.length == 0) {
                                bytes = new byte[1];
                            }
                        }
                    }
                }
            }
            read(bytes, "mutant " + n);
        }
        System.out.println(mutants + " mutants: answers and VaultExceptions only");
    }

    /** Reads everything in every way. */
    private void read(byte[] bytes, String what) throws IOException {
        Path file = folder.resolve("damaged.db");
        Files.write(file, bytes);
        fileBytes = bytes.length;
        try (Vault vault = Vault.openReadOnly(file)) {
            sound = false;
            attempt(
                    what,
                    () -> sound = vault.maintenance().verify(Progress.none()).isSound());
            attempt(what, () -> {
                for (Content content : vault.contents().list()) {
                    attempt(what + ", " + content, () -> read(vault, content));
                }
            });
        } catch (VaultException e) {
            // refused as a whole
        } catch (Throwable t) {
            throw new AssertionError(what + ": " + t, t);
        } finally {
            Files.deleteIfExists(Path.of(file + "-wal"));
            Files.deleteIfExists(Path.of(file + "-shm"));
        }
    }

    private void attempt(String what, Runnable reading) {
        try {
            reading.run();
        } catch (VaultException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
        } catch (NoSuchElementException e) {
            // An index has lost it; then verifying says so.
            assertThat(sound).as(what + ": " + e).isFalse();
        } catch (IllegalArgumentException e) {
            // A name that the damage has made cannot be asked for.
            assertThat(e).as(what).hasMessageContaining("must be letters");
        }
    }

    /** Reads one item: nothing is allocated on the word of a damaged length beyond what the file could hold, twice. */
    private void bounded(String what, Runnable reading) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reading.run();
        } finally {
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated by " + what)
                    .isLessThan(2 * fileBytes + (2 << 20));
        }
    }

    private void drain(String what, Iterable<?> items) {
        drain(what, items, item -> assertThat(item).isNotNull());
    }

    private <T> void drain(String what, Iterable<T> items, Consumer<T> taker) {
        Iterator<T> rest = items.iterator();
        boolean[] more = {true};
        while (more[0]) {
            bounded(what, () -> {
                more[0] = rest.hasNext();
                if (more[0]) {
                    taker.accept(rest.next());
                }
            });
        }
    }

    private void read(Vault vault, Content content) {
        String name = content.name();
        switch (content.kind()) {
            case KEY_VALUES -> {
                List<byte[]> keys = new ArrayList<>();
                attempt(name, () -> drain(name, vault.kv(name).keys(KvRange.all()), keys::add));
                keys.forEach(key -> attempt(
                        name,
                        () -> bounded(name, () -> {
                            assertThat(vault.kv(name).findValue(key)).isNotNull();
                        })));
                try (Snapshot snapshot = vault.snapshot()) {
                    var kv = snapshot.kv(name);
                    for (int i = 0; i < 16; i++) { // from then on in the mapped file
                        attempt(name, () -> kv.exists("no such key"));
                    }
                    keys.forEach(key -> attempt(name, () -> bounded(name, () -> kv.findValue(key))));
                    attempt(name, () -> drain(name, kv.scan(KvRange.all())));
                    attempt(name, () -> drain(name, kv.scan(KvRange.all().reversed())));
                }
            }
            case COLUMN, LEGACY_COLUMN -> {
                var raw = vault.columns().bytes(name);
                drain(name, raw.batches(1000));
                DType dtype = raw.dtype();
                if (dtype instanceof DType.PackedType) {
                    attempt(name, () -> drain(name, vault.columns().values(name).batches(100)));
                } else if (dtype instanceof DType.VectorType) {
                    attempt(name, () -> drain(name, vault.columns().arrays(name).batches(100)));
                } else if (dtype instanceof DType.StringType) {
                    attempt(
                            name,
                            () -> drain(name, vault.columns().strings(name).batches(100)));
                }
                try (Snapshot snapshot = vault.snapshot()) {
                    drain(name, snapshot.columns().bytes(name).batches(500));
                }
            }
            case TABLE -> {
                var table = vault.tables().get(name);
                long length = Math.min(10_000, table.length());
                table.rows(0, length);
            }
            case DOCUMENTS -> {
                var docs = vault.text(name);
                docs.ids().forEach(id -> attempt(name, () -> bounded(name, () -> docs.get(id))));
                docs.search("words", 5);
            }
            case VECTORS -> {
                try (Snapshot snapshot = vault.snapshot()) {
                    var vectors = snapshot.vectors(name);
                    vectors.ids().forEach(id -> attempt(name, () -> bounded(name, () -> vectors.get(id))));
                    float[] query = new float[vectors.dimensions()];
                    java.util.Arrays.fill(query, 1);
                    attempt(name, () -> vectors.search(query, 3));
                }
            }
            case OFFSETS -> vault.offsets();
        }
    }
}
