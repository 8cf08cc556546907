package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that were handed out and are others now, wherever they are. */
class FollowCheckTest {
    private static final int ROWS = 20_000;

    @TempDir
    Path folder;

    private Vault vault;
    private Table table;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("a.db"));
        table = vault.tables()
                .ensure(
                        "t",
                        s -> s.column("n", DType.I64)
                                .nullable("text", DType.STR)
                                .nullable("f", DType.F32));
        append(0, ROWS);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private void append(long from, long to) {
        for (long i = from; i < to; ) {
            long end = Math.min(to, i + 7_000);
            long start = i;
            var batch = table.newBatch();
            LongStream.range(start, end)
                    .forEach(n -> batch.add(row -> {
                        row.set("n", n);
                        if (n % 3 != 0) {
                            row.set("text", n % 3 == 1 ? "" : "row " + n);
                        }
                        if (n % 5 != 0) {
                            row.set("f", n / 2f);
                        }
                    }));
            table.append(batch);
            i = end;
        }
    }

    private ArrowFollower follow(long from) throws InterruptedException {
        ArrowFollower follower = VaultArrow.follow(vault, "t", from, FollowCheck.ROWS);
        if (from < ROWS) {
            assertThat(follower.await(Duration.ofMinutes(1))).isEqualTo(FollowEvent.ROWS);
        }
        assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
        assertThat(follower.changedFrom()).isEqualTo(-1);
        return follower;
    }

    private static long chunk(long base, long row) {
        return base + (row - base) / 1024 * 1024;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5_000, 19_999})
    void correctionsAreToldWhereTheyBegin(long from) throws Exception {
        try (ArrowFollower follower = follow(from)) {
            append(ROWS, ROWS + 100);
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.ROWS);
            assertThat(follower.firstRow()).isEqualTo(ROWS);
            Random random = new Random(13);
            for (String what : new String[] {"n", "text", "f", "null", "empty"}) {
                long any = from + random.nextInt((int) (ROWS - from));
                long row = any + 2 - any % 3; // has a text
                switch (what) {
                    case "n" -> table.set(row, r -> r.set("n", -1));
                    case "text" -> table.set(row, r -> r.set("text", "another text"));
                    case "f" -> table.set(row, r -> r.set("f", -1f));
                    case "null" -> table.set(row, r -> r.setNull("text"));
                    default -> table.set(row, r -> r.set("text", ""));
                }
                assertThat(follower.await(Duration.ZERO)).as(what).isEqualTo(FollowEvent.CHANGED);
                assertThat(follower.changedFrom()).as(what).isEqualTo(chunk(from, row));
                assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED); // until it is sought
                follower.seek(follower.changedFrom());
                assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.ROWS);
                assertThat(follower.nextRow()).isEqualTo(ROWS + 100);
                assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
                follower.seek(from);
                assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.ROWS);
            }
        }
    }

    @Test
    void whatLeavesRowsAsTheyAreIsNoChange() throws Exception {
        try (ArrowFollower follower = follow(100)) {
            table.set(50, r -> r.set("n", -1)); // never handed out
            table.set(500, r -> r.set("n", 500)); // what it is already
            vault.maintenance().checkpoint();
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
            table.addColumn(SchemaColumn.of("more", DType.I32, true));
            vault.kv("kv").put("k", new byte[1]);
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
            append(ROWS, ROWS + 5_000); // fills the last block up
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.ROWS);
            table.deleteColumn("text");
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
        }
    }

    @Test
    void removedAndInsertedRowsAreToldWhereTheyBegin() throws Exception {
        try (ArrowFollower follower = follow(0)) {
            table.remove(ROWS - 10, ROWS);
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED);
            assertThat(follower.changedFrom()).isEqualTo(chunk(0, ROWS - 10));
            follower.seek(0);
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.ROWS);
            table.remove(5_000, 5_001);
            append(ROWS - 10, ROWS); // as many as before, and more
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED);
            assertThat(follower.changedFrom()).isEqualTo(chunk(0, 5_000));
        }
    }

    /** Whoever goes on from a change still has the rows before it. */
    @ParameterizedTest
    @ValueSource(longs = {0, 5_000})
    void rowsBeforeTheOneThatWasSoughtAreCompared(long from) throws Exception {
        try (ArrowFollower follower = follow(from)) {
            table.set(12_000, r -> r.set("n", -1));
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED);
            follower.seek(follower.changedFrom());
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.ROWS);
            table.set(6_000, r -> r.set("n", -1));
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED);
            assertThat(follower.changedFrom()).isEqualTo(chunk(from, 6_000));
            follower.seek(ROWS); // who does not want the rows that have changed
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
            table.set(12_000, r -> r.set("n", -2));
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED);
            assertThat(follower.changedFrom()).isEqualTo(chunk(from, 12_000));
            follower.seek(15_000); // within a checksum's rows
            table.set(14_999, r -> r.set("n", -2));
            assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED);
            assertThat(follower.changedFrom()).isEqualTo(chunk(from, 14_999));
        }
    }
}
