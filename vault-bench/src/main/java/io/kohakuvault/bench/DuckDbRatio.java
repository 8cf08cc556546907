package io.kohakuvault.bench;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.VaultArrowReader;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Table;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;

/** A table of a vault loaded into DuckDB, beside the same batches from an Arrow IPC file by the same bridge. */
final class DuckDbRatio {
    private static final int ROWS = 500_000;
    private static final int ROUNDS = 11;

    private DuckDbRatio() {}

    /** How many times as fast as from Arrow IPC it is loaded. */
    static double of(Path folder) throws Exception {
        Path file = folder.resolve("duck.db");
        Path ipc = folder.resolve("duck.arrow");
        Workloads.remove(file);
        fill(file);
        try (BufferAllocator allocator = VaultArrow.allocator();
                Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            writeIpc(snapshot, ipc, allocator);
            Timing[] timings = Timing.inTurn(
                    ROUNDS,
                    new String[] {"from a vault into DuckDB", "from Arrow IPC into DuckDB"},
                    () -> load(VaultArrow.scan(snapshot, "t").open(allocator), allocator),
                    () -> load(new ArrowFileReader(FileChannel.open(ipc), allocator), allocator));
            System.out.println(timings[0].against(timings[1]));
            return timings[0].timesAsFastAs(timings[1]);
        }
    }

    private static void fill(Path file) {
        long[] numbers = PeerData.outs(10, ROWS);
        double[] fractions = new double[ROWS];
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            fractions[i] = PeerData.fraction(12, i);
            texts.add(PeerData.text(i));
        }
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("n", DType.I64).column("x", DType.F64).column("s", DType.STR));
            table.appendColumns(
                    columns -> columns.set("n", numbers).set("x", fractions).set("s", texts));
        }
    }

    private static void writeIpc(Snapshot snapshot, Path file, BufferAllocator allocator) throws Exception {
        try (VaultArrowReader from = VaultArrow.scan(snapshot, "t").open(allocator);
                VectorSchemaRoot to =
                        VectorSchemaRoot.create(from.getVectorSchemaRoot().getSchema(), allocator);
                var out = Files.newOutputStream(file);
                ArrowFileWriter writer = new ArrowFileWriter(to, null, Channels.newChannel(out))) {
            while (from.loadNextBatch()) {
                try (var batch = new VectorUnloader(from.getVectorSchemaRoot()).getRecordBatch()) {
                    new VectorLoader(to).load(batch);
                }
                writer.writeBatch();
            }
        }
    }

    private static long load(ArrowReader reader, BufferAllocator allocator) throws SQLException {
        try (DuckDBConnection connection =
                        DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
                Statement statement = connection.createStatement()) {
            DuckDbArrow.register(connection, "source", reader, allocator);
            statement.execute("CREATE TABLE loaded AS SELECT * FROM source");
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM loaded")) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
