package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.column.ColumnInfo;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What reading columns of KohakuVault 0.x costs, in statements and chunks: as much as there is to read, and not its
 * square.
 */
class LegacyColumnTest {
    private static final int ELEMENTS = 4_000;

    @TempDir
    Path folder;

    private Path file;
    private final List<String> statements = new ArrayList<>();

    @BeforeEach
    void unpack() {
        file = Golden.database("columns-0x", folder);
    }

    @AfterEach
    void unhook() {
        Session.hook(null);
    }

    private void count() {
        statements.clear();
        Thread test = Thread.currentThread();
        Session.hook(sql -> {
            if (Thread.currentThread() == test) {
                statements.add(sql);
            }
        });
    }

    private long counted(String part) {
        return statements.stream().filter(sql -> sql.contains(part)).count();
    }

    /**
     * A column of variable size whose elements, 8 bytes each, stand in two chunks by turns, as after many changes of
     * values.
     */
    private void scattered() throws Exception {
        ByteBuffer[] chunks = {allocate(4 * ELEMENTS), allocate(4 * ELEMENTS)};
        ByteBuffer index = allocate(12 * ELEMENTS);
        for (int i = 0; i < ELEMENTS; i++) {
            ByteBuffer chunk = chunks[i % 2];
            index.putInt(i % 2).putInt(chunk.position());
            chunk.putLong(i);
            index.putInt(chunk.position());
        }
        HexFormat hex = HexFormat.of();
        TestSql.run(
                file,
                "INSERT INTO col_meta VALUES (9001, 'scattered_data', 'bytes', 1, 0, 128, 128, " + 4 * ELEMENTS + ")",
                "INSERT INTO col_meta VALUES (9002, 'scattered_idx', 'adaptive_idx', 12, " + ELEMENTS + ", 128, 128, "
                        + 12 * ELEMENTS + ")",
                chunk(9001, 0, hex.formatHex(chunks[0].array())),
                chunk(9001, 1, hex.formatHex(chunks[1].array())),
                chunk(9002, 0, hex.formatHex(index.array())));
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String chunk(int colId, int number, String hex) {
        return "INSERT INTO col_chunks (col_id, chunk_idx, data, actual_size) VALUES (" + colId + ", " + number + ", x'"
                + hex + "', " + hex.length() / 2 + ")";
    }

    @Test
    void aChunkIsReadOnceForManyBatchesAndElements() throws Exception {
        scattered();
        try (Vault vault = Vault.openReadOnly(file);
                Snapshot snapshot = vault.snapshot()) {
            for (var columns : List.of(vault.columns(), snapshot.columns())) {
                var column = columns.bytes("scattered");
                count();
                long n = 0;
                for (List<byte[]> batch : column.batches(10)) {
                    for (byte[] element : batch) {
                        assertThat(ByteBuffer.wrap(element)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getLong())
                                .isEqualTo(n++);
                    }
                }
                assertThat(n).isEqualTo(ELEMENTS);
                assertThat(counted("FROM col_chunks")).isEqualTo(3);
                count();
                assertThat(column.slice(0, ELEMENTS)).hasSize(ELEMENTS);
                assertThat(counted("FROM col_chunks")).isZero();
                var numbers = columns.longs("default chunks");
                count();
                for (long i = 0; i < numbers.length(); i++) {
                    numbers.get(i);
                }
                assertThat(counted("FROM col_chunks")).isEqualTo(1);
            }
        }
    }

    @Test
    void whatAnotherProcessHasChangedIsRead() throws Exception {
        try (Vault vault = Vault.open(file)) {
            var column = vault.columns().longs("default chunks");
            long first = column.get(0);
            TestSql.run(
                    file,
                    "UPDATE col_chunks SET data = x'" + "07".repeat(8)
                            + "' || substr(data, 9) WHERE chunk_idx = 0 AND col_id = "
                            + "(SELECT col_id FROM col_meta WHERE name = 'default chunks')");
            assertThat(column.get(0)).isEqualTo(0x0707070707070707L).isNotEqualTo(first);
        }
    }

    @Test
    void aColumnIsFoundWithoutLookingAtTheOthers() throws Exception {
        List<Integer> totals = new ArrayList<>();
        for (int copies = 1; copies <= 3; copies++) {
            try (Vault vault = Vault.open(file)) {
                List<ColumnInfo> infos = vault.columns().list();
                count();
                for (ColumnInfo info : infos) {
                    var column = vault.columns().bytes(info.name());
                    assertThat(column.slice(0, column.length())).hasSize((int) info.length());
                }
                assertThat(counted("FROM col_meta ORDER BY")).isZero();
                totals.add(statements.size() / infos.size());
                count();
                assertThat(vault.contents().list()).hasSizeGreaterThanOrEqualTo(infos.size());
                assertThat(vault.columns().list()).hasSize(infos.size());
                assertThat(counted("FROM col_meta")).isEqualTo(2);
                count();
                vault.maintenance().verify(Progress.none());
                assertThat(counted("FROM col_meta")).isLessThanOrEqualTo(2);
            }
            Session.hook(null);
            TestSql.run(
                    file,
                    "INSERT INTO col_meta SELECT col_id + 1000000 * " + copies
                            + ", CASE WHEN name LIKE '%\\_data' ESCAPE '\\' THEN "
                            + "substr(name, 1, length(name) - 5) || '" + copies
                            + "_data' WHEN name LIKE '%\\_idx' ESCAPE '\\' THEN "
                            + "substr(name, 1, length(name) - 4) || '" + copies + "_idx' ELSE name || '" + copies
                            + "' END, dtype, "
                            + "elem_size, length, chunk_bytes, min_chunk_bytes, max_chunk_bytes FROM col_meta WHERE col_id < 1000000",
                    "INSERT INTO col_chunks (col_id, chunk_idx, data, actual_size) SELECT col_id + 1000000 * " + copies
                            + ", chunk_idx, data, actual_size FROM col_chunks WHERE col_id < 1000000");
        }
        assertThat(totals).as("statements a column").containsExactly(totals.get(0), totals.get(0), totals.get(0));
    }

    @Test
    void namesAreResolvedAsWhenAllAreListed() throws Exception {
        TestSql.run(
                file,
                "INSERT INTO col_meta VALUES (9001, 'x_data', 'bytes', 1, 0, 128, 128, 1000)",
                "INSERT INTO col_meta VALUES (9002, 'x_idx', 'adaptive_idx', 12, 0, 128, 128, 1000)",
                "INSERT INTO col_meta VALUES (9003, 'x', 'i64', 8, 0, 128, 128, 1000)",
                "INSERT INTO col_meta VALUES (9004, 'y_data', 'i64', 8, 0, 128, 128, 1000)",
                "INSERT INTO col_meta VALUES (9005, '_data', 'i64', 8, 0, 128, 128, 1000)",
                "INSERT INTO col_meta VALUES (9006, 'z_idx', 'i64', 8, 0, 128, 128, 1000)",
                "INSERT INTO col_meta VALUES (9007, 'z_data', 'f64', 8, 0, 128, 128, 1000)");
        try (Vault vault = Vault.openReadOnly(file)) {
            List<String> listed =
                    vault.columns().list().stream().map(ColumnInfo::name).toList();
            assertThat(listed)
                    .contains("x", "y_data", "_data", "z_idx", "z_data")
                    .doesNotContain("x_data", "y", "z");
            for (String name :
                    List.of("x", "x_data", "x_idx", "y", "y_data", "_data", "z", "z_idx", "z_data", "_idx", "")) {
                assertThat(vault.columns().contains(name)).as(name).isEqualTo(listed.contains(name));
            }
            assertThat(vault.columns().bytes("x").dtype().token()).isEqualTo("bytes");
        }
    }

    @Test
    void sizesThatCannotBeAreNoticedBeforeRoomIsMade() throws Exception {
        String[] damages = {
            "UPDATE col_meta SET elem_size = 2147483000, max_chunk_bytes = 2147483000, dtype = 'bytes:2147483000' WHERE name = 'i64'",
            "UPDATE col_meta SET elem_size = 500000000, max_chunk_bytes = 500000000, dtype = 'bytes:500000000' WHERE name = 'f64'",
            "UPDATE col_meta SET length = 9223372036854775807 WHERE name = 'bytes5'",
            "UPDATE col_meta SET elem_size = 4 WHERE name = 'str_idx'",
            "UPDATE col_chunks SET data = x'00000000' || x'00000000' || x'ffffff7f' || substr(data, 13) WHERE chunk_idx = 0"
                    + " AND col_id = (SELECT col_id FROM col_meta WHERE name = 'bytes_idx')"
        };
        List<String> names = List.of("i64", "f64", "bytes5", "str", "bytes");
        for (String damage : damages) {
            TestSql.run(file, damage);
        }
        try (Vault vault = Vault.openReadOnly(file)) {
            for (String name : names) {
                assertThatThrownBy(() -> vault.columns().bytes(name).get(0))
                        .as(name)
                        .isInstanceOf(VaultException.class);
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings()).hasSizeGreaterThanOrEqualTo(4);
        }
    }
}
