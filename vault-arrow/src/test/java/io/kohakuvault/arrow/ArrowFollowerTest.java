package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowFollowerTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
    }

    @AfterEach
    void nothingLeaks() {
        allocator.close(); // throws when a buffer is still out
    }

    private static Table make(Vault vault, long... values) {
        Table table = vault.tables().ensure("t", s -> s.column("n", DType.I64).nullable("text", DType.STR));
        append(table, values);
        return table;
    }

    private static void append(Table table, long... values) {
        table.appendColumns(c -> c.set("n", values)
                .set("text", Arrays.stream(values).mapToObj(n -> "row " + n).toList()));
    }

    private List<Long> read(ArrowFollower follower) throws Exception {
        List<Long> values = new ArrayList<>();
        try (VaultArrowReader reader = follower.scan().columns("n").open(allocator)) {
            while (reader.loadNextBatch()) {
                BigIntVector n = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                for (int i = 0; i < n.getValueCount(); i++) {
                    values.add(n.get(i));
                }
            }
        }
        return values;
    }

    @Test
    void rowsComeAsTheyAreCommittedAndNoTransactionWaits() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = make(vault, 0, 1, 2);
            try (ArrowFollower follower = VaultArrow.follow(vault, "t", 1)) {
                assertThatThrownBy(follower::scan).isInstanceOf(IllegalStateException.class);
                assertThat(follower.await(LONG)).isEqualTo(FollowEvent.ROWS);
                assertThat(follower.firstRow()).isEqualTo(1);
                assertThat(follower.nextRow()).isEqualTo(3);
                assertThat(read(follower)).containsExactly(1L, 2L);
                assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
                assertThat(vault.maintenance().stats().readers()).isEmpty();
                assertThatThrownBy(follower::scan).isInstanceOf(IllegalStateException.class);
                vault.transact(() -> {
                    append(table, 3);
                    append(table, 4);
                });
                assertThat(follower.await(LONG)).isEqualTo(FollowEvent.ROWS);
                assertThat(read(follower)).containsExactly(3L, 4L);
                table.set(0, r -> r.set("n", 77)); // further back: not noticed
                vault.kv("kv").put("a", new byte[1]);
                assertThat(follower.await(Duration.ofMillis(1))).isEqualTo(FollowEvent.TIMEOUT);
                table.addColumn(SchemaColumn.of("more", DType.I64, true));
                assertThat(follower.await(Duration.ofMillis(1))).isEqualTo(FollowEvent.TIMEOUT);
                table.append(r -> r.set("n", 5));
                assertThat(follower.await(LONG)).isEqualTo(FollowEvent.ROWS);
                assertThat(read(follower)).containsExactly(5L);
                assertThat(follower.nextRow()).isEqualTo(follower.length()).isEqualTo(6);
            }
            assertThat(vault.maintenance().stats().readers()).isEmpty();
        }
    }

    @Test
    void rowsThatAreReadOnAreValidAfterTheNextWait() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            make(vault, LongStream.range(0, 10_000).toArray());
            try (ArrowFollower follower = VaultArrow.follow(vault, "t", 0)) {
                assertThat(follower.await(LONG)).isEqualTo(FollowEvent.ROWS);
                try (VaultArrowReader reader = follower.scan().columns("n").open(allocator)) {
                    assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
                    long sum = 0;
                    while (reader.loadNextBatch()) {
                        BigIntVector n =
                                (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                        for (int i = 0; i < n.getValueCount(); i++) {
                            sum += n.get(i);
                        }
                    }
                    assertThat(sum).isEqualTo(9_999L * 10_000 / 2);
                }
            }
        }
    }

    @Test
    void removedInsertedAndCorrectedRowsBeforeThePlaceAreTold() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = make(vault, 0, 1, 2, 3, 4);
            List<Runnable> changes = List.of(
                    () -> table.truncate(2),
                    () -> table.remove(0, 1), // and as many come again
                    () -> {
                        table.remove(1, 2);
                        append(table, 9);
                    },
                    () -> table.set(table.length() - 1, r -> r.set("n", 88)),
                    () -> table.set(table.length() - 1, r -> r.setNull("text")));
            for (Runnable change : changes) {
                append(table, 7, 8);
                try (ArrowFollower follower = VaultArrow.follow(vault, "t", table.length())) {
                    assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
                    change.run();
                    assertThat(follower.await(LONG)).isEqualTo(FollowEvent.CHANGED);
                    assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.CHANGED); // until seek()
                    assertThat(follower.length()).isEqualTo(table.length());
                    assertThatThrownBy(() -> follower.seek(table.length() + 1))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    follower.seek(0);
                    assertThat(follower.await(LONG)).isEqualTo(FollowEvent.ROWS);
                    assertThat(read(follower)).hasSize((int) table.length());
                }
            }
        }
    }

    @Test
    void whatCannotBeFollowedIsSaid() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            make(vault, 1);
            assertThatThrownBy(() -> VaultArrow.follow(vault, "missing", 0)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> VaultArrow.follow(vault, "t", 2))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("has 1 rows");
            assertThatThrownBy(() -> VaultArrow.follow(vault, "t", -1)).isInstanceOf(IndexOutOfBoundsException.class);
            try (ArrowFollower follower = VaultArrow.follow(vault, "t", 0)) {
                vault.tables().delete("t");
                assertThatThrownBy(() -> follower.await(LONG))
                        .isInstanceOf(NoSuchElementException.class)
                        .hasMessageContaining("'t'");
            }
            assertThat(vault.maintenance().stats().readers()).isEmpty();
        }
    }

    @Test
    void aClosedVaultIsNotFollowed() {
        Vault vault = Vault.open(folder.resolve("a.db"));
        make(vault, 1);
        try (ArrowFollower follower = VaultArrow.follow(vault, "t", 1)) {
            vault.close(); // no snapshot of the follower's is open
            assertThatThrownBy(() -> follower.await(LONG)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aWaitIsInterruptedAndClosed() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            make(vault);
            ArrowFollower follower = VaultArrow.follow(vault, "t", 0);
            CompletableFuture<Object> interrupted = new CompletableFuture<>();
            Thread waiting = new Thread(() -> {
                try {
                    interrupted.complete(follower.await(LONG));
                } catch (InterruptedException e) {
                    interrupted.complete(e);
                }
            });
            waiting.start();
            waiting.interrupt();
            assertThat(interrupted.get(1, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
            CompletableFuture<FollowEvent> closed = CompletableFuture.supplyAsync(() -> {
                try {
                    return follower.await(LONG);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            follower.close();
            follower.close();
            assertThat(closed.get(1, TimeUnit.MINUTES)).isEqualTo(FollowEvent.CLOSED);
            assertThat(follower.await(LONG)).isEqualTo(FollowEvent.CLOSED);
            assertThatThrownBy(follower::scan).hasMessageContaining("closed");
        }
    }

    /** Appends in a JVM of its own. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            try (Vault vault = Vault.open(Path.of(args[0]))) {
                Table table = vault.tables().get("t");
                long next = table.length();
                for (int commit = 0; commit < 300; commit++) {
                    long[] values =
                            LongStream.range(next, next + 1 + commit % 50).toArray();
                    append(table, values);
                    next += values.length;
                }
                append(table, -1);
            }
        }
    }

    @Test
    void whatAnotherProcessCommitsComesOnceAndInOrder() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            make(vault, 0, 1, 2);
            try (ChildJvm child = ChildJvm.start(
                            "writer",
                            System.getProperty("java.class.path"),
                            ChildJvm.jvmFlags(),
                            folder,
                            Writer.class.getName(),
                            file.toString());
                    ArrowFollower follower = VaultArrow.follow(vault, "t", 0)) {
                List<Long> values = new ArrayList<>();
                while (values.isEmpty() || values.get(values.size() - 1) >= 0) {
                    assertThat(follower.await(LONG)).as(child.tail()).isEqualTo(FollowEvent.ROWS);
                    values.addAll(read(follower));
                }
                assertThat(child.await()).isZero();
                int rows = values.size() - 1;
                assertThat(values.subList(0, rows))
                        .isEqualTo(LongStream.range(0, rows).boxed().toList());
                assertThat(rows).isGreaterThan(3 + 300);
                assertThat(follower.await(Duration.ZERO)).isEqualTo(FollowEvent.TIMEOUT);
            }
        }
    }
}
