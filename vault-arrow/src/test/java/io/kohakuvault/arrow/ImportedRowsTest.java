package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBResultSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which row a value stands in that is refused, infinite times among them; and whose the table is that is appended to. */
class ImportedRowsTest {
    /** What DuckDB exports at a time at least. */
    private static final int BATCH = 2048;

    @TempDir
    Path folder;

    private BufferAllocator allocator;
    private Vault vault;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
        vault = Vault.open(folder.resolve("v.db"));
    }

    @AfterEach
    void nothingLeaks() {
        vault.close();
        allocator.close();
    }

    @FunctionalInterface
    private interface Use {
        void of(ArrowReader reader) throws IOException;
    }

    private void query(String sql, Use use) throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql);
                ArrowReader reader = (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator, BATCH)) {
            use.of(reader);
        }
    }

    private void ensure() {
        vault.tables()
                .ensure(
                        "t",
                        s -> s.column("n", DType.I64)
                                .nullable("at", new LogicalType.Time(TimeUnit.US))
                                .nullable("s", new LogicalType.Timestamp(TimeUnit.S, null))
                                .nullable("money", new LogicalType.Decimal(4, 1))
                                .nullable("id", new LogicalType.Uuid())
                                .nullable("ms", new LogicalType.Timestamp(TimeUnit.MS, null)));
    }

    /** Row 5000 is the 904th of batch 2, whatever there is refused: by its conversion, or by the table. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nullif(i, 5000) AS n | 'n' is not nullable",
                "i AS n, if(i = 5000, 'none', '00000000-0000-0000-0000-000000000000') AS id | column 'id', ",
                "i AS n, if(i = 5000, 'infinity'::TIMESTAMP_S, 'epoch'::TIMESTAMP_S) AS s | 's'",
                "i AS n, if(i = 5000, TIMESTAMP '2020-01-01 00:00:00.0001', 'epoch'::TIMESTAMP) AS ms | column 'ms', ",
            })
    void aValueThatIsRefusedIsNamedByItsRow(String columns, String said) throws Exception {
        ensure();
        query(
                "SELECT " + columns + " FROM range(7000) r(i)",
                reader -> assertThatThrownBy(() -> ArrowImport.of(reader)
                                .withTransactionRows(BATCH)
                                .into(vault, "t"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("row 5000 (row 904 of batch 2): ")
                        .hasMessageContaining(said));
        assertThat(vault.tables().get("t").length()).isEqualTo(2 * BATCH);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMP, time is infinity",
        "TIMESTAMPTZ, time is infinity",
        "TIMESTAMP_MS, time is infinity",
        "TIMESTAMP_NS, time is infinity",
        "TIMESTAMP_S, time is infinity",
        "DATE, date is infinity",
    })
    void infiniteTimesAreRefusedWhereThatIsAsked(String type, String said) throws Exception {
        for (String sign : new String[] {"", "-"}) {
            String value = "'" + sign + "infinity'::" + type;
            for (String rows : new String[] {value, "if(i = 1, NULL, " + value + ")", "[" + value + "]"}) {
                query(
                        "SELECT if(i = 3, " + rows + ", NULL) AS c FROM range(5) r(i)",
                        reader -> assertThatThrownBy(() ->
                                        ArrowImport.of(reader).withoutInfinite().into(vault, "t"))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("column 'c', row 3: the " + said.replace("is ", "is " + sign)));
                query(
                        "SELECT " + rows + " AS c FROM range(1) r(i)",
                        reader -> assertThatThrownBy(() ->
                                        ArrowImport.of(reader).withoutInfinite().into(vault, "t"))
                                .hasMessageContaining("column 'c', row 0: the " + said.replace("is ", "is " + sign)));
            }
        }
        assertThat(vault.tables().contains("t")).isFalse();
    }

    /** To Arrow they are numbers: what a scan has written comes back whatever it is. */
    @Test
    void withoutThatTheyAreTheNumbersThatTheyAreInArrow() throws Exception {
        query(
                "SELECT 'infinity'::DATE AS d, '-infinity'::TIMESTAMP AS t, DATE '5881580-07-10' AS last",
                reader -> ArrowImport.of(reader).into(vault, "t"));
        assertThat(vault.tables().get("t").rows(0, 1).get(0).get("d"))
                .isEqualTo(LocalDate.ofEpochDay(Integer.MAX_VALUE));
        query(
                "SELECT DATE '5881580-07-10' AS last",
                reader -> assertThat(ArrowImport.of(reader).withoutInfinite().into(vault, "finite"))
                        .isEqualTo(1));
    }

    /** The reader's schema is asked for after the table was looked for: then another vault on the file makes it. */
    private ArrowReader makingBefore(ArrowReader reader, Runnable makes) {
        boolean[] isMade = new boolean[1];
        return new ForwardingArrowReader(allocator, reader, ArrowReader::loadNextBatch, field -> {
            if (!isMade[0]) {
                isMade[0] = true;
                makes.run();
            }
            return field;
        });
    }

    @Test
    void aTableThatSomebodyElseHasJustMadeIsAppendedTo() throws Exception {
        try (Vault other = Vault.open(folder.resolve("v.db"))) {
            query("SELECT i AS n, '00000000-0000-0000-0000-000000000001' AS id FROM range(3) r(i)", its -> {
                ArrowReader reader = makingBefore(
                        its,
                        () -> other.tables()
                                .ensure("made", s -> s.column("n", DType.I64).nullable("id", new LogicalType.Uuid()))
                                .append(row -> row.set("n", 9)));
                assertThat(ArrowImport.of(reader).into(vault, "made")).isEqualTo(3);
            });
            assertThat(other.tables().get("made").rows(0, 4))
                    .extracting(row -> row.get("n"))
                    .containsExactly(9L, 0L, 1L, 2L);
        }
    }

    @Test
    void aTableOfAnotherKindThatSomebodyElseHasJustMadeIsNot() throws Exception {
        try (Vault other = Vault.open(folder.resolve("v.db"))) {
            query("SELECT i AS n FROM range(3) r(i)", its -> {
                ArrowReader reader =
                        makingBefore(its, () -> other.tables().ensure("made", s -> s.column("n", DType.STR)));
                assertThatThrownBy(() -> ArrowImport.of(reader).into(vault, "made"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("column 'n' of table 'made' is n str");
            });
            assertThat(other.tables().get("made").length()).isZero();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
