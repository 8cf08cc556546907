package io.kohakuvault.bench.micro;

import io.kohakuvault.Vault;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Searches, reads and writes of single vectors in a table of 20,000 with 384 dimensions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g"})
public class VectorMicro {
    private static final int VECTORS = 20_000;
    private static final int DIMENSIONS = 384;
    private static final int TOGETHER = 1000;

    private final Random random = new Random(7);
    private final Path folder;
    private final Vault vault;
    private final VectorKVault searched;
    private final VectorKVault written;
    private final float[] vector = vector();

    private float[] vector() {
        float[] numbers = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Writes the file. */
    public VectorMicro() {
        try {
            folder = Files.createTempDirectory("vault-micro");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        vault = Vault.open(folder.resolve("a.db"));
        searched = vault.vectors("searched", VectorOptions.cosine(DIMENSIONS));
        written = vault.vectors("written", VectorOptions.cosine(DIMENSIONS));
        vault.transact(() -> {
            for (int i = 0; i < VECTORS; i++) {
                searched.insert(vector(), i);
            }
        });
    }

    /** Ten of all. */
    @Benchmark
    public List<VectorHit> search() {
        return searched.search(vector, 10);
    }

    /** One by its id. */
    @Benchmark
    public StoredVector get() {
        return searched.find(1 + random.nextInt(VECTORS)).orElseThrow();
    }

    /** One in a commit of its own. */
    @Benchmark
    public long insertAlone() {
        return written.insert(vector, 1);
    }

    /** One of a thousand in a commit. */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public void insertTogether() {
        vault.transact(() -> {
            for (int i = 0; i < TOGETHER; i++) {
                written.insert(vector, i);
            }
        });
    }

    /** One in and out again, each in a commit of its own. */
    @Benchmark
    public boolean insertAndDelete() {
        return written.delete(written.insert(vector, 1));
    }

    /** Removes the file. */
    @TearDown
    public void remove() throws IOException {
        vault.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
