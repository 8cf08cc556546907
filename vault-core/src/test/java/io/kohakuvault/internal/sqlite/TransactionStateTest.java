package io.kohakuvault.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transaction takes in each of its states, and what a handle's access lets through. */
class TransactionStateTest {
    @TempDir
    Path folder;

    private SqliteFile file;

    @BeforeEach
    void open() {
        file = SqliteFile.open(folder.resolve("a.db"), VaultOptions.defaults(), OpenMode.WRITE);
        file.run(transaction -> transaction.session().execute("CREATE TABLE t (n)"));
    }

    @AfterEach
    void close() {
        file.close();
    }

    private long rows() {
        return file.read(session -> session.queryLong("SELECT count(*) FROM t"));
    }

    private static void insert(Transaction transaction) {
        transaction.session().update("INSERT INTO t VALUES (1)");
    }

    @Test
    void oneThatHasEndedTakesNothing() {
        List<Transaction> kept = new ArrayList<>();
        file.run(transaction -> {
            insert(transaction);
            kept.add(transaction);
        });
        assertThatThrownBy(() -> file.run(transaction -> {
                    kept.add(transaction);
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");
        for (Transaction ended : kept) {
            assertThatThrownBy(() -> insert(ended))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has ended");
            assertThatThrownBy(() -> ended.call(again -> true))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has ended");
            // Not even while another one is open.
            file.run(transaction -> assertThatThrownBy(() -> insert(ended)).isInstanceOf(IllegalStateException.class));
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void oneOfAnotherThreadTakesNothing() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        file.<Boolean, InterruptedException>write(transaction -> {
            Thread other = new Thread(() -> {
                try {
                    insert(transaction);
                } catch (RuntimeException e) {
                    thrown.add(e);
                }
            });
            other.start();
            other.join();
            return true;
        });
        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(rows()).isZero();
    }

    @Test
    void oneInWhichACallFailedAfterItWroteIsRolledBackWhoeverCatchesThat() {
        assertThatThrownBy(() -> file.run(transaction -> {
                    insert(transaction);
                    assertThatThrownBy(() -> file.run(inner -> {
                                insert(inner);
                                throw new IllegalArgumentException("half done");
                            }))
                            .hasMessage("half done");
                    assertThat(transaction.isDoomed()).isTrue();
                    assertThatThrownBy(transaction::session)
                            .isInstanceOf(VaultException.class)
                            .hasMessageContaining("half done");
                }))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("half done");
        assertThat(rows()).isZero();
        file.run(TransactionStateTest::insert);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aCallThatFailedBeforeItWroteSpoilsNothing() {
        file.run(transaction -> {
            insert(transaction);
            assertThatThrownBy(() -> file.run(inner -> {
                        throw new IllegalArgumentException("nothing done");
                    }))
                    .hasMessage("nothing done");
            insert(transaction);
        });
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void whatIsDoneAfterARollbackIsDoneThenAndOnlyThen() {
        List<String> done = new ArrayList<>();
        file.run(transaction -> transaction.onRollback(session -> done.add("committed")));
        assertThatThrownBy(() -> file.run(transaction -> {
                    transaction.onRollback(session -> done.add("rolled back"));
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");
        file.writer().onRollback(session -> done.add("outside"));
        assertThatThrownBy(() -> file.run(transaction -> {
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");
        assertThat(done).containsExactly("rolled back");
    }

    @Test
    void aPartJoinsOnlyATransactionOfItsThread() {
        Access<SqliteFile> live = Access.live(file, file);
        assertThatThrownBy(() -> live.join(transaction -> true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no transaction of this thread");
        live.run(transaction -> assertThat(live.<Transaction, RuntimeException>join(inner -> inner))
                .isSameAs(transaction));
    }

    @Test
    void nothingIsWrittenWhereNothingChanges() {
        List<Access<SqliteFile>> frozen = List.of(
                Access.frozen(file, file.path(), "frozen"),
                Access.live(file, file).readOnly("frozen"));
        for (Access<SqliteFile> access : frozen) {
            assertThat(access.isWritable()).isFalse();
            for (ThrowingCallable write : List.<ThrowingCallable>of(
                    access::checkWritable,
                    () -> access.run(TransactionStateTest::insert),
                    () -> access.join(transaction -> true))) {
                assertThatThrownBy(write)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("frozen");
            }
            assertThat(access.<Long>read(session -> session.queryLong("SELECT count(*) FROM t")))
                    .isZero();
        }
        try (SqliteFile reading = SqliteFile.open(folder.resolve("a.db"), VaultOptions.defaults(), OpenMode.READ)) {
            Access<SqliteFile> access = Access.live(reading, reading);
            assertThat(access.isWritable()).isFalse();
            assertThatThrownBy(access::checkWritable)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("opened read-only");
            assertThatThrownBy(() -> access.run(TransactionStateTest::insert))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatCode(() -> access.onRollback(session -> {})).doesNotThrowAnyException();
        }
        assertThat(rows()).isZero();
    }
}
