package io.kohakuvault.internal.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.Origin;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes write, vacuum and checkpoint in every mode while this one takes snapshots and compares each mapped block with what SQLite
 * says within the same transaction: when the block is first seen, and again after a while, when the writers have gone on.
 */
class MappingTortureIT {
    @TempDir
    Path folder;

    @Test
    void mappedBlocksAreWhatSqliteSays() {
        int snapshots = Integer.getInteger("vault.torture.snapshots", 2_000);
        Path path = folder.resolve("torture.db");
        try (Vault vault = Vault.open(path, VaultOptions.defaults().withPageSizeBytes(8192))) {
            for (int i = 0; i < 4; i++) {
                vault.columns().ensure("c" + i, DType.I64).appendAll(new long[400_000]);
            }
            for (int i = 0; i < 2; i++) {
                vault.columns().ensure("wide" + i, DType.BYTES).appendAll(Collections.nCopies(200, new byte[30_000]));
            }
        }
        List<ChildJvm> writers = new ArrayList<>();
        long mapped = 0;
        long gathered = 0;
        long copied = 0;
        SqliteFile file = SqliteFile.open(path, VaultOptions.defaults(), false);
        PageFile pages = PageFile.acquire(path);
        try {
            for (int i = 0; i < 2; i++) {
                writers.add(ChildJvm.start(
                        "writer" + i,
                        System.getProperty("java.class.path"),
                        ChildJvm.jvmFlags(),
                        folder,
                        TortureWriter.class.getName(),
                        path.toString(),
                        Integer.toString(i)));
            }
            Await.until(
                    "the writers have begun",
                    Duration.ofSeconds(60),
                    () -> file.read(BlockTables::columns).stream()
                                    .mapToLong(ColumnRecord::length)
                                    .sum()
                            > 50_000,
                    () -> writers.get(0).tail());
            Random random = new Random(5);
            List<Held> older = new ArrayList<>();
            for (int n = 0; n < snapshots; n++) {
                Held held = new Held(file, pages, random);
                mapped += held.count(Origin.MAPPED);
                gathered += held.count(Origin.GATHERED);
                copied += held.count(Origin.COPIED);
                held.compare();
                older.add(held);
                if (older.size() > 5) {
                    Held oldest = older.remove(0);
                    oldest.compare();
                    oldest.close();
                }
                writers.forEach(w -> assertThat(w.isAlive()).as(w::tail).isTrue());
            }
            older.forEach(held -> {
                held.compare();
                held.close();
            });
        } finally {
            writers.forEach(ChildJvm::kill);
            file.close();
            pages.release();
        }
        System.out.printf(
                "%d snapshots: %d blocks mapped, %d gathered from overflow pages, %d read through SQLite, no difference%n",
                snapshots, mapped, gathered, copied);
        assertThat(mapped).isGreaterThan(snapshots);
        assertThat(gathered).isGreaterThan(snapshots / 4);
    }

    /** A snapshot with all its blocks. */
    private static final class Held implements AutoCloseable {
        private final SnapshotState state;
        private final List<ColumnRecord> columns = new ArrayList<>();
        private final List<BlockView> views = new ArrayList<>();
        private final List<BlockEntry> entries = new ArrayList<>();

        Held(SqliteFile file, PageFile pages, Random random) {
            state = new SnapshotState(file, pages, () -> {});
            for (ColumnRecord record : state.read(BlockTables::columns)) {
                SnapshotColumn column = new SnapshotColumn(state, record, record.name(), Optional.empty(), false);
                List<BlockEntry> directory = record.length() == 0
                        ? List.of()
                        : state.read(s -> BlockTables.entries(s, record, 0, record.length()));
                for (BlockEntry entry : directory) {
                    // A sample is enough of each snapshot: what finds faults is how many moments are looked at.
                    if (entry.rowCount() > 0 && random.nextInt(directory.size()) < 12) {
                        columns.add(record);
                        entries.add(entry);
                        views.add(column.block(entry.firstRow()));
                    }
                }
            }
        }

        long count(Origin origin) {
            return views.stream().filter(v -> v.origin() == origin).count();
        }

        void compare() {
            for (int i = 0; i < views.size(); i++) {
                BlockEntry entry = entries.get(i);
                ColumnRecord column = columns.get(i);
                BlockView view = views.get(i);
                BlockData sql = state.read(s -> BlockReader.of(s).load(column, entry));
                assertSame(view.payload(), sql.payload(), column, entry);
                ByteBuffer offsets = view.offsets();
                ByteBuffer sqlOffsets = sql.offsets();
                if (offsets != null && sqlOffsets != null) {
                    assertSame(offsets, sqlOffsets, column, entry);
                }
            }
        }

        private static void assertSame(ByteBuffer a, ByteBuffer b, ColumnRecord column, BlockEntry entry) {
            if (a.mismatch(b) >= 0) {
                throw new AssertionError(column + " " + entry + " differs at byte " + a.mismatch(b));
            }
        }

        @Override
        public void close() {
            views.forEach(BlockView::close);
            state.close();
        }
    }
}
