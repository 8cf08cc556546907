package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowImport;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Schema;
import io.kohakuvault.testkit.ChildJvm;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results as Arrow: what their fields say of columns; and results into tables that others make, or with no end. */
class ArrowResultTest {
    @TempDir
    Path folder;

    private Vault vault;
    private VaultSql sql;
    private Path file;

    @BeforeEach
    void open() throws SQLException {
        file = folder.resolve("r.arrow");
        vault = Vault.open(folder.resolve("v.db"));
        vault.tables()
                .ensure(
                        "t",
                        s -> s.column("n", DType.I64)
                                .nullable("h", DType.F16)
                                .nullable("code", DType.parse("str:4"))
                                .nullable("tags", new LogicalType.ListOf())
                                .nullable("attributes", new LogicalType.MapOf())
                                .nullable("doc", new LogicalType.Json())
                                .nullable("id", new LogicalType.Uuid())
                                .nullable("packed", DType.parse("msgpack"))
                                .nullable("v", DType.parse("vec:f32:2:2"))
                                .nullable("money", new LogicalType.Decimal(9, 2))
                                .column("at", new LogicalType.Timestamp(TimeUnit.S, null)))
                .append(row -> row.set("n", 1)
                        .set("h", 1.5)
                        .set("code", "ab")
                        .set("tags", List.of("a", 1))
                        .set("attributes", Map.of("k", true))
                        .set("doc", "{\"a\":1}")
                        .setObject("id", new UUID(1, 2))
                        .setObject("packed", 5)
                        .set("at", Instant.EPOCH));
        sql = VaultSql.open(vault);
    }

    @AfterEach
    void closesCleanly() throws SQLException {
        sql.close();
        vault.close();
    }

    private Schema imported(String query) throws Exception {
        sql.copyToArrow(query, file);
        try (BufferAllocator allocator = VaultArrow.allocator();
                ArrowFileReader reader = new ArrowFileReader(FileChannel.open(file), allocator)) {
            ArrowImport.of(reader).into(vault, "again");
        }
        return vault.tables().get("again").schema();
    }

    @Test
    void anImportMakesTheColumnsAgain() throws Exception {
        assertThat(imported("SELECT * FROM t").columns())
                .extracting(column -> List.of(column.name(), column.dtype(), column.logicalType()))
                .isEqualTo(vault.tables().get("t").schema().columns().stream()
                        .map(column -> List.of(column.name(), column.dtype(), column.logicalType()))
                        .toList());
        assertThat(vault.tables().get("again").rows(0, 1).get(0).toMap())
                .isEqualTo(vault.tables().get("t").rows(0, 1).get(0).toMap());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT h AS half, n + 1 AS more, tags FROM t WHERE n > 0 | half f16 null, more i64 null, tags msgpack list null",
                "SELECT max(h) AS h FROM t | h f32 null",
                "SELECT x.h FROM t AS x JOIN t AS y ON x.n = y.n | h f16 null",
                "SELECT h, uuid() AS fresh, '[1]'::JSON AS j FROM t | h f16 null, fresh bytes:16 uuid null, j str json null",
            })
    void whatIsCertainIsToldAndNothingElse(String query, String columns) throws Exception {
        assertThat(imported(query).columns()).extracting(Object::toString).containsExactly(columns.split(", "));
    }

    /** A table that is new to the connections, and one that has been made anew as something else. */
    @Test
    void typesAreThoseOfTheTableThatIsRead() throws Exception {
        vault.tables().ensure("late", s -> s.nullable("h", DType.F16)).append(row -> row.set("h", 0.5));
        assertThat(imported("SELECT h FROM late").columns().get(0).dtype()).isEqualTo(DType.F16);
        vault.tables().delete("late");
        vault.tables().delete("again");
        vault.tables().ensure("late", s -> s.nullable("h", DType.F64)).append(row -> row.set("h", 0.5));
        assertThat(imported("SELECT h FROM late").columns().get(0).dtype()).isEqualTo(DType.F64);
    }

    @ParameterizedTest
    @CsvSource({"TIMESTAMP, time", "TIMESTAMPTZ, time", "DATE, date"})
    void infiniteTimesAreRefusedByRow(String type, String what) {
        assertThatThrownBy(() -> sql.insertInto(
                        "SELECT i AS n, if(i = 70000, '-infinity', '2026-01-01')::" + type
                                + " AS c FROM range(80000) r(i)",
                        vault,
                        "made"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column 'c', row 70000 ")
                .hasMessageContaining("the " + what + " is -infinity");
        assertThat(vault.tables().contains("made")).isFalse();
    }

    /** The largest number of a table's own column is that number again, which DuckDB calls infinity. */
    @Test
    void aTablesOwnNumberIsNotInfinite() throws Exception {
        vault.tables()
                .ensure("last", s -> s.column("ts", new LogicalType.Timestamp(TimeUnit.US, null)))
                .append(row -> row.set("ts", Long.MAX_VALUE));
        sql.insertInto("SELECT ts FROM last", vault, "copy");
        sql.insertInto("SELECT * FROM last", vault, "copy");
        Object last = vault.tables().get("last").rows(0, 1).get(0).get("ts");
        assertThat(vault.tables().get("copy").rows(0, 2))
                .extracting(row -> row.get("ts"))
                .containsExactly(last, last);
        assertThatThrownBy(() -> sql.insertInto("SELECT max(ts) AS ts FROM last", vault, "copy"))
                .hasMessageContaining("column 'ts', row 0: the time is infinity");
    }

    /** What a process does that inserts into tables which others make at the same time: {@code file rounds}. */
    public static final class Inserter {
        private Inserter() {}

        public static void main(String[] args) throws Exception {
            try (Vault vault = Vault.open(Path.of(args[0]));
                    VaultSql sql = VaultSql.open(vault)) {
                for (int round = 0; round < Integer.parseInt(args[1]); round++) {
                    vault.tables().get("there").append(row -> row.set("who", 1));
                    long end = System.nanoTime() + 30_000_000_000L;
                    while (vault.tables().get("there").length() < 2L * (round + 1) && System.nanoTime() < end) {
                        Thread.onSpinWait(); // until the other one is there too
                    }
                    sql.insertInto("SELECT i AS n, uuid() AS id FROM range(100) r(i)", vault, "made" + round);
                }
            }
        }
    }

    @Test
    void twoProcessesThatMakeOneTableBothAppend() {
        int rounds = 20;
        vault.tables().ensure("there", s -> s.column("who", DType.I8));
        List<ChildJvm> processes = Stream.of("a", "b")
                .map(name -> ChildJvm.start(
                        name,
                        System.getProperty("java.class.path"),
                        ChildJvm.jvmFlags(),
                        folder,
                        Inserter.class.getName(),
                        vault.path().toString(),
                        Integer.toString(rounds)))
                .toList();
        try {
            for (ChildJvm process : processes) {
                assertThat(process.await()).as(process.tail()).isZero();
            }
        } finally {
            processes.forEach(ChildJvm::close);
        }
        for (int round = 0; round < rounds; round++) {
            assertThat(vault.tables().get("made" + round).length()).isEqualTo(200);
        }
    }
}
