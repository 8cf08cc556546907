package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongReader;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.kv.KvReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Another connection commits, copies the log back or starts it over before each statement of a reader in turn: whatever
 * comes between two looks at the file, a snapshot sees one state, and the newest state is not older than what was
 * committed before the call.
 */
class InterleavedCommitsTest {
    private static final VaultOptions SMALL_PAGES = VaultOptions.defaults().withPageSizeBytes(4096);
    private static final int KEYS = 1_000;
    private static final int ROWS = 4_000;

    /** More than it takes until neither keys nor columns are read by SQL. */
    private static final int ROUNDS = 20;

    @TempDir
    Path folder;

    private Path file;
    private long state;
    private final AtomicBoolean disturbed = new AtomicBoolean();

    @AfterEach
    void unhook() {
        Session.hook(null);
    }

    /** What the other connection does. */
    enum Deed {
        COMMIT(false),
        COMMIT_AFTER_COPYING_BACK(true),
        COMMIT_AND_EMPTY_THE_LOG(false),
        COPY_BACK(false),
        COPY_BACK_AND_START_OVER(false),
        REWRITE(false);

        /** Whether nothing stands in the log alone when the reader begins. */
        private final boolean copiedBackBefore;

        Deed(boolean copiedBackBefore) {
            this.copiedBackBefore = copiedBackBefore;
        }
    }

    private static String key(int i) {
        return String.format("key %05d", i);
    }

    /** The next state: its number stands at both ends and in the middle of keys and column, on pages of their own. */
    private void commit(Vault vault) {
        long next = state + 1;
        vault.transact(() -> {
            for (int part = 0; part < 3; part++) {
                vault.kv("kv")
                        .put(key(part * (KEYS - 1) / 2), Long.toString(next).getBytes(StandardCharsets.UTF_8));
                vault.columns().ensure("n", DType.I64).set(part * (ROWS - 1L) / 2, next);
            }
        });
        state = next;
    }

    private void fill(Vault vault) {
        vault.transact(() -> {
            for (int i = 0; i < KEYS; i++) {
                vault.kv("kv").put(key(i), "0".getBytes(StandardCharsets.UTF_8));
            }
            vault.columns().ensure("n", DType.I64).appendAll(new long[ROWS]);
        });
        commit(vault);
    }

    private static Set<Long> seen(KvReader keys, LongReader column) {
        Set<Long> seen = new HashSet<>();
        for (int part = 0; part < 3; part++) {
            byte[] value = keys.get(key(part * (KEYS - 1) / 2));
            seen.add(Long.parseLong(new String(value, StandardCharsets.UTF_8)));
            seen.add(column.get(part * (ROWS - 1L) / 2));
        }
        return seen;
    }

    private void act(Deed deed, Vault other) {
        try {
            switch (deed) {
                case COMMIT, COMMIT_AFTER_COPYING_BACK -> commit(other);
                case COMMIT_AND_EMPTY_THE_LOG -> {
                    commit(other);
                    TestSql.run(file, "PRAGMA busy_timeout = 0", "PRAGMA wal_checkpoint(TRUNCATE)");
                }
                case COPY_BACK -> TestSql.run(file, "PRAGMA wal_checkpoint(PASSIVE)");
                case COPY_BACK_AND_START_OVER -> {
                    TestSql.run(file, "PRAGMA wal_checkpoint(PASSIVE)");
                    commit(other);
                }
                case REWRITE -> TestSql.run(file, "VACUUM");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many statements of any vault it takes. */
    private static int statements(Runnable reading) {
        AtomicInteger statements = new AtomicInteger();
        Session.hook(sql -> statements.incrementAndGet());
        reading.run();
        Session.hook(null);
        return statements.get();
    }

    /** Runs something, and the deed before its statement number {@code when}; whether it had so many. */
    private boolean interleaved(int when, Deed deed, Vault other, Runnable reading) {
        AtomicInteger statements = new AtomicInteger();
        AtomicBoolean done = disturbed;
        done.set(false);
        AtomicBoolean acting = new AtomicBoolean();
        Thread reader = Thread.currentThread();
        Session.hook(sql -> {
            if (Thread.currentThread() == reader && !acting.get() && statements.getAndIncrement() == when) {
                acting.set(true);
                act(deed, other);
                acting.set(false);
                done.set(true);
            }
        });
        reading.run();
        Session.hook(null);
        return done.get();
    }

    private void prepare(Deed deed, Vault other) throws SQLException {
        commit(other);
        if (deed.copiedBackBefore) {
            TestSql.run(file, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotSeesOneStateWhateverHappensBetweenItsLooks(Deed deed) throws Exception {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL_PAGES);
                Vault other = Vault.open(file, SMALL_PAGES)) {
            fill(other);
            boolean reached = true;
            int when = 0;
            for (; reached; when++) {
                prepare(deed, other);
                long before = state;
                List<Set<Long>> seen = new ArrayList<>();
                reached = interleaved(when, deed, other, () -> {
                    try (Snapshot snapshot = vault.snapshot()) {
                        KvReader keys = snapshot.kv("kv");
                        LongReader column = snapshot.columns().longs("n");
                        for (int i = 0; i < ROUNDS; i++) {
                            seen.add(seen(keys, column));
                        }
                        if (!disturbed.get()) {
                            assertThat(statements(() -> keys.get(key(0))))
                                    .as("statements of a key's lookup at last")
                                    .isZero();
                        }
                    }
                });
                assertThat(new HashSet<>(seen))
                        .as("%s before statement %d, states %d to %d", deed, when, before, state)
                        .hasSize(1);
                assertThat(seen.get(0)).hasSize(1).allSatisfy(n -> assertThat(n).isBetween(before, state));
            }
            assertThat(when).isGreaterThan(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNewestStateIsNeverOlderThanTheLastCommit(Deed deed) throws Exception {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL_PAGES);
                Vault other = Vault.open(file, SMALL_PAGES)) {
            fill(other);
            KvReader keys = vault.kv("kv");
            LongReader column = vault.columns().longs("n");
            boolean reached = true;
            int when = 0;
            for (; reached; when++) {
                prepare(deed, other);
                int statement = when;
                reached = interleaved(when, deed, other, () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        long atLeast = state;
                        assertThat(seen(keys, column))
                                .as("%s before statement %d", deed, statement)
                                .allSatisfy(n -> assertThat(n).isGreaterThanOrEqualTo(atLeast));
                    }
                });
            }
            assertThat(when).isGreaterThan(10);
        }
    }

    /**
     * A frame that was being overwritten while it was read: its header is the old one, its page that of another state.
     * SQLite writes a new log's header before its first frame, by which that is noticed.
     */
    @Test
    void aFrameOfALogThatIsStartedOverIsNotBelieved() throws Exception {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL_PAGES);
                Vault other = Vault.open(file, SMALL_PAGES)) {
            other.transact(() -> {
                for (int i = 0; i < KEYS; i++) {
                    other.kv("kv").put(key(i), ("right " + i).getBytes(StandardCharsets.UTF_8));
                }
            });
            Snapshot[] opened = {null};
            // Copied back when the snapshot has looked what the newest state is, and before it begins: then the log is
            // free to start over.
            boolean reached = interleaved(0, Deed.COPY_BACK, other, () -> opened[0] = vault.snapshot());
            assertThat(reached).isTrue();
            try (Snapshot snapshot = opened[0]) {
                KvReader keys = snapshot.kv("kv");
                AtomicInteger statements = new AtomicInteger();
                Session.hook(sql -> statements.incrementAndGet());
                for (int before = -1; statements.get() != before; ) { // until the file is followed
                    before = statements.get();
                    for (int i = 0; i < 20; i++) {
                        assertThat(keys.get(key(0)))
                                .asString(StandardCharsets.UTF_8)
                                .isEqualTo("right 0");
                    }
                }
                Session.hook(null);
                byte[] before = header();
                other.kv("other").put("k", new byte[1]);
                assertThat(header()).as("the log has started over").isNotEqualTo(before);
                garble();
                for (int i = 0; i < KEYS; i++) {
                    assertThat(keys.get(key(i)))
                            .asString(StandardCharsets.UTF_8)
                            .isEqualTo("right " + i);
                }
            }
        }
    }

    /** What stands in it then is of later states, though as many frames, of the same pages. */
    @Test
    void aLogThatWasStartedOverBeforeItIsLookedAtHasNothingOfTheSnapshot() throws Exception {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL_PAGES);
                Vault other = Vault.open(file, SMALL_PAGES)) {
            fill(other);
            TestSql.run(file, "PRAGMA wal_checkpoint(TRUNCATE)");
            commit(other);
            long before = state;
            Snapshot[] opened = {null};
            assertThat(interleaved(0, Deed.COPY_BACK, other, () -> opened[0] = vault.snapshot()))
                    .isTrue();
            try (Snapshot snapshot = opened[0]) {
                byte[] header = header();
                commit(other);
                assertThat(header()).as("the log has started over").isNotEqualTo(header);
                KvReader keys = snapshot.kv("kv");
                LongReader column = snapshot.columns().longs("n");
                for (int i = 0; i < ROUNDS; i++) {
                    assertThat(seen(keys, column)).containsExactly(before);
                }
                assertThat(statements(() -> keys.get(key(0)))).isZero();
            }
        }
    }

    private byte[] header() throws IOException {
        byte[] header = new byte[32];
        try (RandomAccessFile log = new RandomAccessFile(file + "-wal", "r")) {
            log.readFully(header);
        }
        return header;
    }

    /** Makes every "right" a "wrong" in what the old log has left. */
    private void garble() throws IOException {
        Path log = Path.of(file + "-wal");
        String bytes = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("right " + (KEYS - 1));
        try (RandomAccessFile out = new RandomAccessFile(log.toFile(), "rw")) {
            for (int at = bytes.indexOf("right "); at >= 0; at = bytes.indexOf("right ", at + 1)) {
                out.seek(at);
                out.write("wrong ".getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
