package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultBusyException;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Filter;
import io.kohakuvault.testkit.ChildJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.util.TransferPair;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batches of every kind, by several threads, of a file that two other processes write, VACUUM and compact: each batch is
 * one state's, whatever happens to the file while it is held; no buffer stays out, and no mapping. Ten seconds, or as
 * many as {@code vault.chaos.seconds} says; {@code vault.chaos.seed} repeats what readers and writers draw.
 */
class ArrowChaosIT {
    private static final int SECONDS = Integer.getInteger("vault.chaos.seconds", 10);
    private static final long SEED = Long.getLong("vault.chaos.seed", System.nanoTime());
    private static final int READERS = 3;

    /** Ways of reading, each of which every thread goes at least once. */
    private static final int KINDS = 8;

    private static final List<String> COLUMNS = List.of("a", "b", "n", "s", "v");

    @TempDir
    Path folder;

    private final Map<String, LongAdder> done = new ConcurrentSkipListMap<>();
    private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);

    private boolean isOver() {
        return System.nanoTime() > end;
    }

    @Test
    void whateverIsReadIsOneState() throws Exception {
        System.out.println("vault.chaos.seed=" + SEED);
        Path file = folder.resolve("v.db");
        ChaosWriter.make(file);
        ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
        List<ChildJvm> writers = new ArrayList<>();
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            for (int i = 0; i < 2; i++) {
                writers.add(ChildJvm.start(
                        "writer-" + i,
                        System.getProperty("java.class.path"),
                        ChildJvm.jvmFlags(),
                        folder,
                        ChaosWriter.class.getName(),
                        file.toString(),
                        String.valueOf(SEED + i)));
            }
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(SEED - 1 - i);
                readers.add(threads.submit(() -> read(file, allocator, random)));
            }
            readers.add(threads.submit(() -> follow(file, allocator)));
            for (Future<?> reader : readers) {
                reader.get(SECONDS + 600L, TimeUnit.SECONDS);
            }
            for (ChildJvm writer : writers) {
                assertThat(writer.isAlive()).as(writer.tail()).isTrue();
            }
        } finally {
            threads.shutdownNow();
            writers.forEach(ChildJvm::close);
        }
        System.out.println(new TreeMap<>(done));
        assertThat(done.keySet())
                .contains("duckdb", "export", "follow", "held", "left", "scan", "split", "take", "where");
        verify(file);
        noMappingStays(file);
    }

    /** By itself: a variable of the caller's would keep the vault's mappings. */
    private static void verify(Path file) {
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
    }

    /** A mapping is given back by the collector, once nothing reaches it any more. */
    private static void noMappingStays(Path file) throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) {
            return;
        }
        long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        List<String> mapped;
        do {
            System.gc();
            try (Stream<String> lines = Files.lines(maps)) {
                mapped = lines.filter(line -> line.contains(file.toString())).toList();
            }
        } while (!mapped.isEmpty() && System.nanoTime() < last);
        assertThat(mapped).isEmpty();
    }

    /** Each thread has a vault of its own, which it closes and opens again from time to time. */
    private Void read(Path file, BufferAllocator root, Random random) throws Exception {
        int round = 0;
        try (BufferAllocator allocator = root.newChildAllocator("reader", 0, Long.MAX_VALUE)) {
            while (!isOver() || round < KINDS) {
                try (Vault vault = Vault.open(file)) {
                    for (int i = random.nextInt(200); i >= 0 && (!isOver() || round < KINDS); i--) {
                        one(vault, allocator, random, round < KINDS ? round : random.nextInt(KINDS));
                        round++;
                    }
                } catch (VaultBusyException e) {
                    done("busy");
                }
                assertThat(allocator.getAllocatedMemory()).isZero();
            }
        }
        return null;
    }

    private void done(String what) {
        done.computeIfAbsent(what, w -> new LongAdder()).increment();
    }

    private void one(Vault vault, BufferAllocator allocator, Random random, int kind) throws Exception {
        if (kind == 0) {
            held(vault, allocator, random);
            return;
        }
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = shaped(VaultArrow.scan(snapshot, "t"), random);
            long rows = scan.rowCount();
            switch (kind) {
                case 1 -> {
                    long read = 0;
                    List<ArrowScan> parts = scan.split(1 + random.nextInt(4));
                    Collections.shuffle(parts, random);
                    for (ArrowScan part : parts) {
                        read += check(part, allocator);
                    }
                    assertThat(read).isEqualTo(rows);
                    done("split");
                }
                case 2 -> {
                    long[] taken = random.longs(rows == 0 ? 0 : random.nextInt(500), 0, Math.max(1, rows))
                            .toArray();
                    assertThat(check(scan.take(taken), allocator)).isEqualTo(taken.length);
                    done("take");
                }
                case 3 -> {
                    int from = random.nextInt(1_000);
                    Filter filter = Filter.where("a", from, from + random.nextInt(500));
                    long matching = check(scan.where(filter), allocator);
                    assertThat(check(scan.where(filter).copied(), allocator)).isEqualTo(matching);
                    assertThat(check(scan.skipping(filter), allocator)).isBetween(matching, rows);
                    done("where");
                }
                case 4 -> duckDb(scan, allocator);
                case 5 -> exported(scan, allocator, random);
                case 6 -> {
                    try (VaultArrowReader reader = scan.open(allocator)) {
                        for (int i = random.nextInt(3); i >= 0 && reader.loadNextBatch(); i--) {
                            check(reader.getVectorSchemaRoot()); // and leaves the rest
                        }
                    }
                    done("left");
                }
                default -> {
                    assertThat(rows % (rows == VaultArrow.scan(snapshot, "t").rowCount() ? ChaosWriter.GROUP : 1))
                            .isZero();
                    assertThat(check(scan, allocator)).isEqualTo(rows);
                    done("scan");
                }
            }
        }
    }

    /** Which columns and rows, and how large the batches are, and whether they are copies. */
    private static ArrowScan shaped(ArrowScan scan, Random random) {
        ArrowScan shaped = scan;
        if (random.nextBoolean()) {
            long rows = scan.rowCount();
            long from = (long) (random.nextDouble() * rows);
            shaped = shaped.rows(from, from + (long) (random.nextDouble() * (rows - from)));
        }
        List<String> columns = new ArrayList<>(COLUMNS);
        Collections.shuffle(columns, random);
        columns.remove("a");
        columns = columns.subList(0, random.nextInt(columns.size() + 1));
        columns.add(0, "a");
        ArrowScan chosen = shaped.columns(columns.toArray(new String[0]));
        return switch (random.nextInt(4)) {
            case 0 -> chosen.copied(1 + random.nextInt(20_000));
            case 1 -> chosen.batchRows(1, 1 + random.nextInt(5_000));
            case 2 -> chosen.batchRows(2_000, 65_536);
            default -> chosen;
        };
    }

    private static long check(ArrowScan scan, BufferAllocator allocator) throws IOException {
        try (VaultArrowReader reader = scan.open(allocator)) {
            return check(reader);
        }
    }

    private static long check(ArrowReader reader) throws IOException {
        long rows = 0;
        while (reader.loadNextBatch()) {
            check(reader.getVectorSchemaRoot());
            rows += reader.getVectorSchemaRoot().getRowCount();
        }
        return rows;
    }

    private static void check(VectorSchemaRoot root) {
        check(root.getFieldVectors(), root.getRowCount());
    }

    private static void check(List<FieldVector> vectors, int rows) {
        BigIntVector a = (BigIntVector) vectors.get(0);
        for (FieldVector vector : vectors) {
            for (int i = 0; i < rows; i++) {
                if (!holds(vector, i, a.get(i))) {
                    throw new AssertionError("row " + i + " of " + rows + " has a = " + a.get(i) + ", and "
                            + vector.getName() + " = " + vector.getObject(i));
                }
            }
        }
    }

    private static boolean holds(FieldVector vector, int i, long a) {
        if (vector instanceof BigIntVector numbers) {
            return numbers.get(i) == (numbers.getName().equals("a") ? a : -a);
        } else if (vector instanceof IntVector numbers) {
            Integer number = ChaosWriter.number(a);
            return number == null ? numbers.isNull(i) : !numbers.isNull(i) && numbers.get(i) == number;
        } else if (vector instanceof LargeVarCharVector texts) {
            return new String(texts.get(i), StandardCharsets.UTF_8).equals(ChaosWriter.text(a));
        }
        Float4Vector items = (Float4Vector) ((FixedSizeListVector) vector).getDataVector();
        for (int j = 0; j < 16; j++) {
            if (items.get(16 * i + j) != ChaosWriter.item(a, j)) {
                return false;
            }
        }
        return true;
    }

    /** A batch that outlives its reader and its snapshot, while the file goes on changing. */
    private void held(Vault vault, BufferAllocator allocator, Random random) throws Exception {
        List<FieldVector> kept = new ArrayList<>();
        int rows = 0;
        try {
            try (Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader =
                            shaped(VaultArrow.scan(snapshot, "t"), random).open(allocator)) {
                if (reader.loadNextBatch()) {
                    rows = reader.getVectorSchemaRoot().getRowCount();
                    for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                        TransferPair pair = vector.getTransferPair(allocator);
                        pair.transfer();
                        kept.add((FieldVector) pair.getTo());
                    }
                }
            }
            for (int i = random.nextInt(4); i >= 0; i--) {
                try (Snapshot later = vault.snapshot()) {
                    check(shaped(VaultArrow.scan(later, "t"), random), allocator);
                }
                if (!kept.isEmpty()) {
                    check(kept, rows);
                }
            }
        } finally {
            kept.forEach(FieldVector::close);
        }
        done("held");
    }

    private void duckDb(ArrowScan scan, BufferAllocator allocator) throws SQLException {
        try (DuckDBConnection duck = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
                Statement statement = duck.createStatement()) {
            ArrowScan all = scan.columns("a");
            DuckDbArrow.register(duck, "t", all.open(allocator), allocator);
            try (ResultSet found = statement.executeQuery("SELECT count(*), count(*) FILTER (a < 0) FROM t")) {
                found.next();
                assertThat(found.getLong(1)).isEqualTo(all.rowCount());
                assertThat(found.getLong(2)).isZero();
            }
        }
        done("duckdb");
    }

    private void exported(ArrowScan scan, BufferAllocator allocator, Random random) throws IOException {
        Path file = folder.resolve("export-" + random.nextInt(Integer.MAX_VALUE) + ".arrow");
        try {
            assertThat(ArrowExport.of(scan, allocator).to(file)).isEqualTo(scan.rowCount());
            try (ArrowFileReader reader = new ArrowFileReader(FileChannel.open(file), allocator)) {
                assertThat(check(reader)).isEqualTo(scan.rowCount());
            }
        } finally {
            Files.deleteIfExists(file);
        }
        done("export");
    }

    /** Row i of the table that is appended to alone holds i, and comes once. */
    private Void follow(Path file, BufferAllocator root) throws Exception {
        long next = 0;
        try (BufferAllocator allocator = root.newChildAllocator("follower", 0, Long.MAX_VALUE)) {
            while (!isOver()) {
                try (Vault vault = Vault.open(file);
                        ArrowFollower follower = VaultArrow.follow(vault, "log", next)) {
                    for (int i = 0; i < 500 && !isOver(); i++) {
                        next = followed(follower, next, allocator);
                    }
                } catch (VaultBusyException e) {
                    done("busy");
                }
            }
        }
        assertThat(next).isPositive();
        return null;
    }

    private long followed(ArrowFollower follower, long from, BufferAllocator allocator) throws Exception {
        FollowEvent event = follower.await(Duration.ofMillis(200));
        assertThat(event).isIn(FollowEvent.ROWS, FollowEvent.TIMEOUT);
        long next = from;
        if (event == FollowEvent.ROWS) {
            try (VaultArrowReader reader = follower.scan().open(allocator)) {
                while (reader.loadNextBatch()) {
                    BigIntVector n = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                    for (int i = 0; i < n.getValueCount(); i++) {
                        assertThat(n.get(i)).isEqualTo(next++);
                    }
                }
            }
            done("follow");
        }
        return next;
    }
}
