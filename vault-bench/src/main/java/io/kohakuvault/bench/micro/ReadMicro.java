package io.kohakuvault.bench.micro;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongReader;
import io.kohakuvault.column.StrReader;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Single reads of 100,000 entries and a million elements, of the newest state and of a snapshot. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g"})
public class ReadMicro {
    private static final int ENTRIES = 100_000;
    private static final int ELEMENTS = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(7);
    private final Path folder;
    private final Vault vault;
    private final Snapshot snapshot;
    private final KvReader live;
    private final KvReader still;
    private final LongReader numbers;
    private final StrReader texts;

    private static byte[] key(long i) {
        return ByteBuffer.allocate(16)
                .putLong(i * 0x9E3779B97F4A7C15L)
                .putLong(i)
                .array();
    }

    /** Writes the file. */
    public ReadMicro() {
        try {
            folder = Files.createTempDirectory("vault-micro");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path file = folder.resolve("a.db");
        try (Vault writing = Vault.open(file)) {
            List<KvEntry> entries = new ArrayList<>();
            for (int i = 0; i < ENTRIES; i++) {
                entries.add(new KvEntry(key(i), new byte[256]));
            }
            writing.kv("kv").putAll(entries);
            writing.columns()
                    .ensure("n", DType.I64)
                    .appendAll(random.longs(ELEMENTS).toArray());
            List<String> words = new ArrayList<>();
            for (int i = 0; i < ELEMENTS; i++) {
                words.add("element number " + i);
            }
            writing.columns().ensure("s", DType.STR).appendAll(words);
        }
        vault = Vault.open(file);
        snapshot = vault.snapshot();
        live = vault.kv("kv");
        still = snapshot.kv("kv");
        numbers = snapshot.columns().longs("n");
        texts = snapshot.columns().strings("s");
    }

    /** Deletes it. */
    @TearDown
    public void close() throws IOException {
        snapshot.close();
        vault.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** A key of the newest state. */
    @Benchmark
    public byte[] keyOfTheNewestState() {
        return Objects.requireNonNull(live.get(key(random.nextInt(ENTRIES))));
    }

    /** A key of a snapshot. */
    @Benchmark
    public byte[] keyOfASnapshot() {
        return Objects.requireNonNull(still.get(key(random.nextInt(ENTRIES))));
    }

    /** A key that is not there. */
    @Benchmark
    public boolean missingKeyOfASnapshot() {
        return still.exists(key(ENTRIES + random.nextInt(ENTRIES)));
    }

    /** A hundred numbers. */
    @Benchmark
    public long[] hundredNumbers() {
        long from = random.nextInt(ELEMENTS - 100);
        return numbers.slice(from, from + 100);
    }

    /** One text. */
    @Benchmark
    public String oneText() {
        return texts.get(random.nextInt(ELEMENTS));
    }
}
