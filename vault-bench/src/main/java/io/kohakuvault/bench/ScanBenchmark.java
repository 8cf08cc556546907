package io.kohakuvault.bench;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.VaultArrowReader;
import io.kohakuvault.codec.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Sums a column of 20 million i64 (160 MB): a vault's mapped blocks, an Arrow IPC file mapped by hand, Arrow's own file
 * reader.
 */
public final class ScanBenchmark {
    private static final int BATCH = 1 << 16;
    private static final int ROUNDS = 15;

    private final int rows;

    private ScanBenchmark(int rows) {
        this.rows = rows;
    }

    /**
     * Runs it.
     *
     * @param args none
     */
    public static void main(String[] args) throws Exception {
        new ScanBenchmark(20_000_000).run(Path.of(System.getProperty("bench.folder")));
    }

    /** How many times as fast as Arrow IPC, mapped by hand, a vault's mapped blocks are summed. */
    static double ratio(Path folder, int rows) throws Exception {
        Timing[] timings = new ScanBenchmark(rows).run(folder);
        return timings[0].timesAsFastAs(timings[1]);
    }

    private Timing[] run(Path folder) throws Exception {
        Files.createDirectories(folder);
        Path vaultFile = folder.resolve("scan.db");
        Path ipcFile = folder.resolve("scan.arrow");
        Workloads.remove(vaultFile);
        long[] values = new Random(10).longs(rows).toArray();
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            try (Vault vault = Vault.open(vaultFile)) {
                vault.columns().ensure("v", DType.I64).appendAll(values);
            }
            writeIpc(values, ipcFile, allocator);
            try (Vault vault = Vault.open(vaultFile)) {
                Timing[] t = Timing.inTurn(
                        ROUNDS,
                        new String[] {
                            "vault, mapped blocks",
                            "Arrow IPC, mapped by hand",
                            "Arrow IPC, ArrowFileReader",
                            "vault, long[] slices"
                        },
                        () -> vault(vault, allocator),
                        () -> mappedIpc(ipcFile, allocator),
                        () -> fileReader(ipcFile, allocator),
                        () -> slices(vault));
                System.out.printf("%nsum of %,d i64, open and scan, %d rounds in turn%n", rows, ROUNDS);
                for (Timing timing : t) {
                    System.out.println(timing.against(t[1]));
                }
                try (Snapshot snapshot = vault.snapshot();
                        VaultArrowReader reader =
                                VaultArrow.scanColumns(snapshot, "v").open(allocator)) {
                    while (reader.loadNextBatch()) {
                        // only for its counts
                    }
                    System.out.println(reader.stats());
                }
                return t;
            }
        }
    }

    private void writeIpc(long[] values, Path file, BufferAllocator allocator) throws IOException {
        Schema schema = new Schema(List.of(Field.notNullable("v", new ArrowType.Int(64, true))));
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                var out = Files.newOutputStream(file);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, Channels.newChannel(out))) {
            BigIntVector vector = (BigIntVector) root.getVector(0);
            for (int from = 0; from < rows; from += BATCH) {
                int n = Math.min(BATCH, rows - from);
                vector.allocateNew(n);
                for (int i = 0; i < n; i++) {
                    vector.set(i, values[from + i]);
                }
                root.setRowCount(n);
                writer.writeBatch();
            }
        }
    }

    private static long sum(VectorSchemaRoot root) {
        int count = root.getRowCount();
        LongBuffer longs = root.getVector(0)
                .getDataBuffer()
                .nioBuffer(0, 8 * count)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += longs.get(i);
        }
        return sum;
    }

    private static long vault(Vault vault, BufferAllocator allocator) throws IOException {
        long sum = 0;
        try (Snapshot snapshot = vault.snapshot();
                VaultArrowReader reader = VaultArrow.scanColumns(snapshot, "v").open(allocator)) {
            while (reader.loadNextBatch()) {
                sum += sum(reader.getVectorSchemaRoot());
            }
        }
        return sum;
    }

    private long slices(Vault vault) {
        long sum = 0;
        try (Snapshot snapshot = vault.snapshot()) {
            var column = snapshot.columns().longs("v");
            for (int from = 0; from < rows; from += BATCH) {
                for (long value : column.slice(from, Math.min(rows, from + BATCH))) {
                    sum += value;
                }
            }
        }
        return sum;
    }

    private static long fileReader(Path file, BufferAllocator allocator) throws IOException {
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            while (reader.loadNextBatch()) {
                sum += sum(reader.getVectorSchemaRoot());
            }
        }
        return sum;
    }

    private static long mappedIpc(Path file, BufferAllocator allocator) throws IOException {
        long sum = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                ArrowFileReader footer = new ArrowFileReader(channel, allocator)) {
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            try (VectorSchemaRoot root =
                    VectorSchemaRoot.create(footer.getVectorSchemaRoot().getSchema(), allocator)) {
                VectorLoader loader = new VectorLoader(root);
                for (ArrowBlock block : footer.getRecordBlocks()) {
                    ByteBuffer metadata = map.slice((int) block.getOffset() + 8, block.getMetadataLength() - 8)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
                    RecordBatch header =
                            (RecordBatch) Message.getRootAsMessage(metadata).header(new RecordBatch());
                    ByteBuffer body =
                            map.slice((int) block.getOffset() + block.getMetadataLength(), (int) block.getBodyLength());
                    ArrowBuf buffer = allocator.wrapForeignAllocation(
                            new ForeignAllocation(block.getBodyLength(), MemoryUtil.getByteBufferAddress(body)) {
                                @Override
                                protected void release0() {
                                    // the mapping outlives the loop
                                }
                            });
                    try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(header, buffer)) {
                        loader.load(batch);
                    }
                    sum += sum(root);
                }
            }
        }
        return sum;
    }
}
