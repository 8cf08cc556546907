package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of rows that are executed long since, while DuckDB computes the next rows for minutes. */
class CancelledFetchTest {
    /** Of its first four million rows most are handed out at once: some wait until a batch of theirs is full. */
    private static final String QUERY =
            "SELECT i FROM (VALUES (1), (2)) v(n), range(100000000000) r(i) WHERE i < 2000000 OR hash(n + i) = 1";

    private static final long AT_ONCE = 1_500_000;

    @TempDir
    Path folder;

    private Vault vault;
    private VaultSql sql;

    @BeforeEach
    void open() throws SQLException {
        vault = Vault.open(folder.resolve("v.db"));
        sql = VaultSql.open(vault);
    }

    @AfterEach
    void closesCleanly() throws SQLException {
        sql.close();
        vault.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "the statement", "closing"})
    void rowsThatAreFetched(String by) throws Exception {
        AtomicLong fetched = new AtomicLong();
        AtomicReference<Statement> executed = new AtomicReference<>();
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
            try (Connection connection = sql.connection();
                    Statement statement = connection.createStatement()) {
                executed.set(statement);
                statement.execute("SET SESSION jdbc_stream_results = true");
                try (ResultSet rows = statement.executeQuery(QUERY)) {
                    while (rows.next()) {
                        fetched.incrementAndGet();
                    }
                }
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
        Await.until("rows come", () -> fetched.get() > AT_ONCE || reading.isDone(), () -> fetched + " did");
        switch (by) {
            case "closing" -> sql.close();
            case "the statement" -> executed.get().cancel();
            default -> sql.cancel();
        }
        assertThatThrownBy(() -> reading.get(2, TimeUnit.MINUTES)).cause().isInstanceOf(SQLException.class);
    }

    /** What a connection has been cancelled in the middle of is not what it executes next. */
    @Test
    void theConnectionGoesOn() throws Exception {
        try (Connection connection = sql.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION jdbc_stream_results = true");
            try (ResultSet rows = statement.executeQuery(QUERY)) {
                assertThat(rows.next()).isTrue();
                sql.cancel();
                assertThatThrownBy(() -> {
                            while (rows.next()) {
                                rows.getLong(1);
                            }
                        })
                        .isInstanceOf(SQLException.class);
            }
            sql.cancel(); // of nothing
            try (ResultSet rows = statement.executeQuery("SELECT 43")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(43);
            }
        }
    }

    @Test
    void batchesOfAFile() throws Exception {
        CompletableFuture<Long> copying = CompletableFuture.supplyAsync(() -> {
            try {
                return sql.copyToArrow(QUERY, folder.resolve("r.arrow"));
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
        Await.until("rows are written", () -> written() > 8 * AT_ONCE || copying.isDone(), () -> written() + " bytes");
        sql.cancel();
        assertThatThrownBy(() -> copying.get(2, TimeUnit.MINUTES))
                .cause()
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("cancelled");
        assertThat(written()).isZero();
    }

    private long written() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().contains("r.arrow"))
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
