package io.kohakuvault.internal.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.kv.KeyTable;
import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.OpenMode;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.state.FileState;
import io.kohakuvault.internal.state.NewestState;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.Origin;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes write, vacuum and checkpoint in every mode while this one takes snapshots and compares each mapped
 * block with what SQLite says within the same transaction: when the block is first seen, and again after a while, when
 * the writers have gone on.
 */
class MappingTortureIT {
    private static final long MOST_LOG_BYTES = 256L << 20;

    @TempDir
    Path folder;

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    @Test
    void mappedBlocksAreWhatSqliteSays() throws Exception {
        int snapshots = Integer.getInteger("vault.torture.snapshots", 2_000);
        Path path = folder.resolve("torture.db");
        Path wal = Path.of(path + "-wal");
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
        long keys = 0;
        SqliteFile file = SqliteFile.open(path, VaultOptions.defaults(), OpenMode.WRITE);
        PageFile pages = PageFile.acquire(path);
        Live live = new Live(file, pages);
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
                    () -> file.read(session -> session.hasTable("kv")),
                    () -> writers.get(0).tail());
            Random random = new Random(5);
            List<Held> older = new ArrayList<>();
            for (int n = 0; n < snapshots; n++) {
                Held held = new Held(file, pages, random);
                mapped += held.count(Origin.MAPPED);
                gathered += held.count(Origin.GATHERED);
                copied += held.count(Origin.COPIED);
                keys += held.keys(random);
                live.compare(random);
                live.compareBlocks(random);
                held.compare();
                older.add(held);
                if (older.size() > 5) {
                    older.remove(0).compareAndClose();
                }
                if (size(wal) > MOST_LOG_BYTES) {
                    // While there is always a reader the log cannot start over, and each snapshot looks at all of it:
                    // on a machine where writers are ahead it would grow faster than snapshots are taken.
                    older.forEach(Held::compareAndClose);
                    older.clear();
                    Await.until(
                            "the log has started over",
                            () -> size(wal) <= MOST_LOG_BYTES,
                            () -> writers.get(0).tail());
                }
                writers.forEach(w -> assertThat(w.isAlive()).as(w::tail).isTrue());
            }
            older.forEach(Held::compareAndClose);
            // How often the newest state stands in the file, and not in the log, is up to how far the writers are
            // ahead.
            Await.until(
                    "the newest state was found in the file often enough",
                    () -> {
                        live.compare(random);
                        live.compareBlocks(random);
                        return live.found > snapshots / 4 && live.blocks > snapshots / 4;
                    },
                    () -> live.found + " keys and " + live.blocks + " blocks\n"
                            + writers.get(0).tail());
        } finally {
            writers.forEach(ChildJvm::kill);
            file.close();
            pages.release();
        }
        System.out.printf(
                "%d snapshots: %d blocks mapped, %d gathered from overflow pages, %d read through SQLite, %d keys found in the mapped file,"
                        + " %d of %d keys and %d of %d blocks of the newest state likewise, no difference%n",
                snapshots, mapped, gathered, copied, keys, live.found, live.asked, live.blocks, live.asksForBlocks);
        assertThat(mapped).isGreaterThan(snapshots);
        assertThat(gathered).isGreaterThan(snapshots / 4);
        assertThat(keys).isGreaterThan(snapshots);
        assertThat(live.found).isGreaterThan(snapshots / 4);
        assertThat(live.blocks).isGreaterThan(snapshots / 4);
    }

    private static byte[] stored(Session session, byte[] key) {
        if (!session.hasTable("kv")) {
            return MappedKeys.ABSENT;
        }
        try (Rows rows = session.query("SELECT value FROM kv WHERE key = ?", key)) {
            return rows.next() ? Objects.requireNonNull(rows.getBlob(0)) : MappedKeys.ABSENT;
        }
    }

    private static byte[] key(Random random) {
        return ("key " + random.nextInt(5_000)).getBytes(StandardCharsets.UTF_8);
    }

    /** Keys and blocks of the newest state: between two equal answers of SQL there is no other. */
    private static final class Live {
        private final SqliteFile file;
        private final NewestState access;
        private final KeyTable keys;
        private long asked;
        private long found;
        private long asksForBlocks;
        private long blocks;

        Live(SqliteFile file, PageFile pages) {
            this.file = file;
            this.access = new NewestState(file, pages);
            this.keys = new KeyTable(access, "kv");
        }

        /** A block with its column's record, as one reader sees them. */
        private record Seen(String record, ByteBuffer payload, Optional<ByteBuffer> offsets, Origin origin) {
            static Optional<Seen> by(BlockReader reader, long colId, double place) {
                ColumnRecord column = reader.column(colId).orElse(null);
                if (column == null || column.length() == 0) {
                    return Optional.empty();
                }
                long row = (long) (place * column.length());
                List<Seen> seen = new ArrayList<>();
                reader.visit(
                        column,
                        row,
                        row + 1,
                        (block, from, to) -> seen.add(new Seen(
                                column.toString(),
                                copy(block.payload()),
                                Optional.ofNullable(block.offsets()).map(Seen::copy),
                                block.origin())));
                return Optional.of(seen.get(0));
            }

            private static ByteBuffer copy(ByteBuffer mapped) {
                return ByteBuffer.allocate(mapped.remaining())
                        .put(mapped.duplicate())
                        .flip();
            }

            boolean isSame(Seen other) {
                return record.equals(other.record) && payload.equals(other.payload) && offsets.equals(other.offsets);
            }
        }

        void compareBlocks(Random random) {
            List<ColumnRecord> columns = file.read(BlockTables::columns);
            for (int i = 0; i < 4; i++) {
                keys.spent(1_000_000_000);
                long colId = columns.get(random.nextInt(columns.size())).colId();
                double place = random.nextDouble();
                Optional<Seen> before = file.read(session -> Seen.by(BlockReader.of(session), colId, place));
                Optional<Seen> direct = BlockReader.read(access, reader -> Seen.by(reader, colId, place));
                Optional<Seen> after = file.read(session -> Seen.by(BlockReader.of(session), colId, place));
                asksForBlocks++;
                if (before.isPresent() && after.isPresent() && before.get().isSame(after.get())) {
                    assertThat(direct.orElseThrow().isSame(before.get())).isTrue();
                    blocks += direct.get().origin() == Origin.COPIED ? 0 : 1;
                }
            }
        }

        void compare(Random random) {
            keys.spent(1_000_000_000); // however dear it is
            for (int i = 0; i < 8; i++) {
                byte[] key = key(random);
                byte[] before = file.read(session -> stored(session, key));
                byte[] direct = null;
                try (KeyTable.View view = keys.open()) {
                    direct = view == null ? null : view.find(key);
                }
                byte[] after = file.read(session -> stored(session, key));
                asked++;
                if (direct != null && Arrays.equals(before, after)) {
                    assertThat(direct).isEqualTo(before);
                    assertThat(direct == MappedKeys.ABSENT).isEqualTo(before == MappedKeys.ABSENT);
                    found++;
                }
            }
        }
    }

    /** A snapshot with all its blocks. */
    private static final class Held implements AutoCloseable {
        private final FileState state;
        private final List<ColumnRecord> columns = new ArrayList<>();
        private final List<BlockView> views = new ArrayList<>();
        private final List<BlockEntry> entries = new ArrayList<>();
        private final Map<byte[], byte[]> lookedUp = new IdentityHashMap<>();

        Held(SqliteFile file, PageFile pages, Random random) {
            state = new FileState(file, pages, () -> {});
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

        /** How many keys were found without SQL. */
        long keys(Random random) {
            KeyTable lookup = new KeyTable(state, "kv");
            lookup.spent(1_000_000_000);
            long n = 0;
            try (KeyTable.View view = lookup.open()) {
                if (view == null) {
                    return 0;
                }
                for (int i = 0; i < 20; i++) {
                    byte[] key = key(random);
                    byte[] direct = view.find(key);
                    if (direct != null) {
                        direct(key, direct);
                        n++;
                    }
                }
                byte[] from = key(random);
                int[] visited = {0};
                MappedKeys.Range range = new MappedKeys.Range(from, true, null, false, random.nextBoolean(), true);
                view.scan(range, (key, value) -> {
                    direct(key, Objects.requireNonNull(value));
                    return ++visited[0] < 20;
                });
                n += visited[0];
            }
            return n;
        }

        private void direct(byte[] key, byte[] value) {
            byte[] sql = state.read(session -> stored(session, key));
            assertThat(value).as(() -> new String(key, StandardCharsets.UTF_8)).isEqualTo(sql);
            lookedUp.put(key, value);
        }

        void compareAndClose() {
            compare();
            close();
        }

        void compare() {
            lookedUp.forEach((key, value) -> assertThat(value).isEqualTo(state.read(session -> stored(session, key))));
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
