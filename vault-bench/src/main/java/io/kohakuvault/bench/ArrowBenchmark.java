package io.kohakuvault.bench;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.arrow.ArrowExport;
import io.kohakuvault.arrow.ArrowScan;
import io.kohakuvault.arrow.IpcCompression;
import io.kohakuvault.arrow.IpcFormat;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.VaultArrowReader;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.duckdb.DuckDBConnection;

/**
 * What scans cost by how they are asked for, over 20 million rows: DuckDB with batches that end where blocks end and
 * with copied ones, beside a file of its own; 1 % of the rows by a filter, beside reading all; an export as Arrow IPC,
 * beside writing the same bytes.
 */
public final class ArrowBenchmark {
    private static final int ROWS = 20_000_000;
    private static final int ROUNDS = 7;
    private static final String QUERY = "SELECT count(*) FILTER (WHERE v > 0), sum(v::HUGEINT) % 1000000 FROM ";
    private static final Filter HUNDREDTH = Filter.where("k", ROWS / 2, ROWS / 2 + ROWS / 100);

    private final BufferAllocator allocator;
    private final Snapshot snapshot;

    private ArrowBenchmark(BufferAllocator allocator, Snapshot snapshot) {
        this.allocator = allocator;
        this.snapshot = snapshot;
    }

    /**
     * Runs it.
     *
     * @param args a folder
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        Path file = folder.resolve("arrow.db");
        Workloads.remove(file);
        long[] keys = new long[ROWS];
        Arrays.setAll(keys, i -> i);
        long[] values = new Random(1).longs(ROWS).toArray();
        BulkLoad.create(
                file,
                VaultOptions.defaults().withGuardNewFiles(true),
                vault -> vault.tables()
                        .ensure("t", s -> s.column("k", DType.I64).column("v", DType.I64))
                        .appendColumns(c -> c.set("k", keys).set("v", values)));
        try (BufferAllocator allocator = VaultArrow.allocator();
                Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            ArrowBenchmark benchmark = new ArrowBenchmark(allocator, snapshot);
            benchmark.duckDb(folder.resolve("own-" + System.nanoTime() + ".duckdb"));
            benchmark.filters();
            benchmark.exports(folder);
        }
    }

    private ArrowScan values() {
        return VaultArrow.scan(snapshot, "t").columns("v");
    }

    private void duckDb(Path own) throws Exception {
        try (DuckDBConnection duck =
                        DriverManager.getConnection("jdbc:duckdb:" + own).unwrap(DuckDBConnection.class);
                Statement statement = duck.createStatement()) {
            DuckDbArrow.register(duck, "source", values().copied().open(allocator), allocator);
            statement.execute("CREATE TABLE own AS SELECT * FROM source");
            statement.execute("CHECKPOINT");
            Timing[] t = Timing.inTurn(
                    ROUNDS,
                    new String[] {"DuckDB, blocks as batches", "DuckDB, copied()", "DuckDB, a file of its own"},
                    () -> stream(duck, values()),
                    () -> stream(duck, values().copied()),
                    () -> count(statement, "own"));
            System.out.printf("%ncount and sum of %,d i64%n", ROWS);
            print(t);
        }
    }

    private long stream(DuckDBConnection duck, ArrowScan scan) throws SQLException {
        DuckDbArrow.register(duck, "source", scan.open(allocator), allocator);
        try (Statement statement = duck.createStatement()) {
            return count(statement, "source");
        }
    }

    private static long count(Statement statement, String from) throws SQLException {
        try (ResultSet rows = statement.executeQuery(QUERY + from)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void filters() throws Exception {
        Timing[] t = Timing.inTurn(
                ROUNDS,
                new String[] {"where()", "skipping(), filtered by hand", "all rows, filtered by hand"},
                () -> sum(VaultArrow.scan(snapshot, "t").columns("v", "k").where(HUNDREDTH), false),
                () -> sum(VaultArrow.scan(snapshot, "t").columns("v", "k").skipping(HUNDREDTH), true),
                () -> sum(VaultArrow.scan(snapshot, "t").columns("v", "k"), true));
        System.out.printf("%nsum of 1 %% of %,d rows%n", ROWS);
        print(t);
    }

    private long sum(ArrowScan scan, boolean filtered) throws IOException {
        long sum = 0;
        try (VaultArrowReader reader = scan.open(allocator)) {
            while (reader.loadNextBatch()) {
                BigIntVector v = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                BigIntVector k = (BigIntVector) reader.getVectorSchemaRoot().getVector(1);
                for (int i = 0; i < v.getValueCount(); i++) {
                    long key = k.get(i);
                    if (!filtered || (key >= ROWS / 2 && key < ROWS / 2 + ROWS / 100)) {
                        sum += v.get(i);
                    }
                }
            }
        }
        return sum;
    }

    private void exports(Path folder) throws Exception {
        ArrowScan scan = VaultArrow.scan(snapshot, "t");
        ArrowExport export = ArrowExport.of(scan, allocator);
        Path model = folder.resolve("model.arrow");
        Files.deleteIfExists(model);
        export.to(model);
        long size = Files.size(model);
        Timing[] t = Timing.inTurn(
                ROUNDS,
                new String[] {"IPC file", "IPC stream to the same", "the same bytes"},
                () -> written(folder, export::to),
                () -> written(folder, target -> {
                    try (OutputStream out = Files.newOutputStream(target)) {
                        return export.withFormat(IpcFormat.STREAM).to(out);
                    }
                }),
                () -> written(folder, target -> {
                    copy(model, target);
                    return ROWS;
                }));
        System.out.printf("%nexport of %,d rows of two i64, %,d bytes%n", ROWS, size);
        print(t);
        System.out.printf("%.2f GB/s, raw %.2f GB/s%n", size / t[0].best() / 1e6, size / t[2].best() / 1e6);
        ArrowExport tenth = ArrowExport.of(scan.rows(0, ROWS / 10), allocator);
        Timing[] compressed = Timing.inTurn(
                ROUNDS,
                new String[] {"zstd", "lz4", "not compressed"},
                () -> written(folder, tenth.withCompression(IpcCompression.ZSTD)::to),
                () -> written(folder, tenth.withCompression(IpcCompression.LZ4)::to),
                () -> written(folder, tenth::to));
        System.out.printf("%nexport of %,d of them%n", ROWS / 10);
        print(compressed);
    }

    private interface Writing {
        long to(Path target) throws IOException;
    }

    /** To a file that is not there, and is not there afterwards. */
    private static long written(Path folder, Writing writing) throws IOException {
        Path target = folder.resolve("written.arrow");
        Files.deleteIfExists(target);
        long rows = writing.to(target);
        Files.delete(target);
        return rows;
    }

    /** From a buffer in memory, as an export writes its batches. */
    private static void copy(Path from, Path target) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(512 << 10);
            source.read(bytes);
            for (long left = source.size(); left > 0; left -= bytes.limit()) {
                bytes.clear().limit((int) Math.min(bytes.capacity(), left));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
        }
    }

    private static void print(Timing[] timings) {
        for (Timing timing : timings) {
            System.out.println(timing.against(timings[timings.length - 1]));
        }
    }
}
