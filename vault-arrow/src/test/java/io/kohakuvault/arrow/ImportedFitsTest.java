package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBResultSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What columns are to be, where Arrow's type says less. */
class ImportedFitsTest {
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
    void close() {
        vault.close();
        allocator.close();
    }

    private long load(String query, List<SchemaColumn> columns) throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement setting = duck.createStatement();
                Statement sql = duck.createStatement();
                ResultSet result = query(setting, sql, query);
                ArrowReader reader = (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator, 10)) {
            List<SchemaColumn> told = DuckDbArrow.columns(result.getMetaData());
            return ArrowImport.of(reader)
                    .withColumns(columns.isEmpty() ? told : columns)
                    .into(vault, "t");
        }
    }

    private static ResultSet query(Statement setting, Statement sql, String query) throws SQLException {
        setting.execute("SET TimeZone = 'Etc/UTC'");
        return sql.executeQuery(query);
    }

    private static Row row(Table table, long row) {
        return table.rows(row, row + 1).get(0);
    }

    private static SchemaColumn column(String token, boolean nullable) {
        LogicalType logical = LogicalType.parse(token).orElseThrow();
        return logical instanceof LogicalType.Other
                ? SchemaColumn.of("x", DType.parse(token), nullable)
                : SchemaColumn.of("x", logical, nullable);
    }

    /** The same columns whether the table is made or there already. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            uuid                       | '00000000-0000-0001-0000-000000000002'
            json                       | '{"a": 1}'
            list                       | '["a", 1]'
            map                        | '{"a": 1}'
            msgpack                    | '\\xD1\\x00\\x05'::BLOB
            str:8                      | 'eight'
            str:latin1                 | 'é'
            bytes:3                    | '\\x01\\x02\\x03'::BLOB
            timestamp:s                | TIMESTAMP '2024-01-02 03:04:05'
            timestamp:ms:Europe/Berlin | (TIMESTAMP '2024-01-02 03:04:05.678')::TIMESTAMPTZ
            timestamp:us               | TIMESTAMP_NS '1901-01-02 03:04:05.678901'
            time:ms                    | TIME '03:04:05.678'
            time:us                    | TIME_NS '03:04:05.678901'
            u8                         | 200::INTEGER
            u64                        | 18446744073709551615::HUGEINT
            f16                        | 1.5::DOUBLE
            vec:f32:3                  | [1, 2, 3]::FLOAT[]
            vec:f16:3                  | [1, 0.5, 3]::FLOAT[3]
            vec:bool:2                 | [true, false]
            vec:i64:2:2                | [1, 2, 3, 4]::BIGINT[]
            """)
    void valuesBecomeWhatIsWanted(String token, String value) throws Exception {
        String rows = "SELECT " + value + " AS x UNION ALL SELECT NULL";
        SchemaColumn wanted = column(token, true);
        if (value.contains("TIMESTAMPTZ")) {
            rows = rows.replace("SELECT NULL", "SELECT NULL::TIMESTAMPTZ");
        }
        assertThat(load(rows, List.of(wanted))).isEqualTo(2);
        Table table = vault.tables().get("t");
        assertThat(table.schema().columns()).containsExactly(wanted);
        load(rows, List.of(column("i64", true)));
        assertThat(table.length()).isEqualTo(4);
        assertThat(row(table, 2).get("x"))
                .usingRecursiveComparison()
                .isEqualTo(row(table, 0).get("x"));
        assertThat(row(table, 0).isNull("x")).isFalse();
        assertThat(row(table, 3).isNull("x")).isTrue();
    }

    /** Values are never cut: the row is named, and nothing is written. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            uuid         | 'no uuid'                                  | UUID
            uuid         | '1-1-1-1-1'                                | UUID
            uuid         | '1000000001-001-0001-0001-00000000001'     | UUID
            list         | '[1] [2]'                                  | JSON
            list         | 'null'                                     | list
            list         | '{"a": 1, "a": 2}'                         | JSON
            list         | '{"a": 1}'                                 | list
            list         | '5'                                        | list
            map          | '[1]'                                      | map
            msgpack      | '\\x01\\x02'::BLOB                          | behind
            msgpack      | '\\xC1'::BLOB                              | x
            cbor         | '\\x01\\x02'::BLOB                          | behind
            msgpack      | ''::BLOB                                   | x
            f16          | 0.1::DOUBLE                                | 0.1
            str:latin1   | '€'                                        | latin1
            str:ascii    | 'é'                                        | ascii
            list         | 'no json'                                  | JSON
            str:2        | 'long'                                     | 2
            bytes:3      | '\\x01'::BLOB                              | 3
            timestamp:ms | TIMESTAMP '2024-01-02 03:04:05.678901'     | finer
            time:ms      | TIME '03:04:05.678901'                     | finer
            u8           | 300::INTEGER                               | 300
            u8           | (-1)::INTEGER                              | -1
            u64          | 18446744073709551616::HUGEINT              | 18446744073709551616
            f16          | 0.1::FLOAT                                 | 0.1
            vec:f32:3    | [1, 2]::FLOAT[]                            | 2
            vec:f32:2    | [1, NULL]::FLOAT[]                         | null
            vec:f16:1    | [0.1]::FLOAT[]                             | 0.1
            """)
    void whatDoesNotFitIsNamed(String token, String value, String said) {
        assertThatThrownBy(() -> load("SELECT " + value + " AS x", List.of(column(token, true))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x'")
                .hasMessageContaining(said);
        assertThat(vault.tables().find("t")).isEmpty();
    }

    /** A column of somebody else's type stays what it is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            uuid         | 7::BIGINT                              | i64
            vec:f32:2    | [1, 2]::DOUBLE[]                       | list
            vec:f32:2    | [1, 2, 3]::FLOAT[3]                    | vec:f32:3
            timestamp:ns | TIMESTAMP '2024-01-02 03:04:05.678901' | timestamp:us
            timestamp:ms | DATE '2024-01-02'                      | date
            timestamp:ms:UTC | TIMESTAMP '2024-01-02 03:04:05'    | timestamp:us
            i32          | 7::BIGINT                              | i64
            u8           | 'seven'                                | str
            """)
    void whatCannotBeItStaysWhatItIs(String token, String value, String stays) throws Exception {
        load("SELECT " + value + " AS x", List.of(column(token, true)));
        assertThat(vault.tables().get("t").schema().columns()).containsExactly(column(stays, true));
    }

    @Test
    void nullsAreRefusedWhereTheColumnTakesNone() throws Exception {
        assertThatThrownBy(() -> load("SELECT NULL::BIGINT AS x", List.of(column("i64", false))))
                .hasMessageContaining("'x'");
        assertThat(vault.tables().find("t")).isEmpty();
        load("SELECT 7::BIGINT AS x", List.of(column("i64", false)));
        assertThat(vault.tables().get("t").schema().columns()).containsExactly(column("i64", false));
        assertThatThrownBy(() -> load("SELECT 1 AS x", List.of(column("i64", true), column("i32", true))))
                .hasMessageContaining("'x' is given twice");
    }

    /** DuckDB's Arrow has UUIDs and JSON as text. */
    @Test
    void aResultTellsOfUuidsAndJson() throws Exception {
        load("SELECT '00000000-0000-0001-0000-000000000002'::UUID AS id, '[1]'::JSON AS doc, 'a' AS text", List.of());
        Row row = row(vault.tables().get("t"), 0);
        assertThat(row.get("id")).isEqualTo(new UUID(1, 2));
        assertThat(vault.tables().get("t").schema().columns())
                .containsExactly(
                        SchemaColumn.of("id", new LogicalType.Uuid(), true),
                        SchemaColumn.of("doc", new LogicalType.Json(), true),
                        SchemaColumn.of("text", DType.STR, true));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement();
                ResultSet twice = sql.executeQuery("SELECT uuid() AS a, uuid() AS a, uuid() AS b")) {
            assertThat(DuckDbArrow.columns(twice.getMetaData()))
                    .extracting(SchemaColumn::name)
                    .containsExactly("b");
        }
    }
}
