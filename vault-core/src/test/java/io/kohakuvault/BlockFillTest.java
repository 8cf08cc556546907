package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks of variable size fill their pages, in whatever portions the elements come. */
class BlockFillTest {
    @TempDir
    Path folder;

    private static Table table(Vault vault) {
        return vault.tables().ensure("t", s -> s.column("s", DType.STR).nullable("n", DType.STR));
    }

    private static List<String> values(String sizes, int rows) {
        Random random = new Random(sizes.hashCode());
        String[] bounds = sizes.split("-");
        int least = Integer.parseInt(bounds[0]);
        int greatest = Integer.parseInt(bounds[1]);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            values.add(Character.toString('a' + i % 26).repeat(least + random.nextInt(greatest - least + 1)));
        }
        return values;
    }

    /**
     * Appends so many rows a call; every 5th value of the second column is null. A new vault takes over after so many
     * calls.
     */
    private Path write(List<String> values, int pageSize, int portion, int callsAVault) {
        Path file = folder.resolve(pageSize + "-" + portion + "-" + callsAVault + ".db");
        VaultOptions options =
                VaultOptions.defaults().withPageSizeBytes(pageSize).withGuardNewFiles(true);
        int row = 0;
        while (row < values.size()) {
            try (Vault vault = Vault.open(file, options)) {
                int begin = row;
                row = vault.compute(() -> append(table(vault), values, begin, portion, callsAVault));
            }
        }
        return file;
    }

    private static int append(Table table, List<String> values, int begin, int portion, int calls) {
        int row = begin;
        for (int call = 0; call < calls && row < values.size(); call++) {
            RowBatch batch = table.newBatch();
            for (int i = 0; i < portion && row < values.size(); i++, row++) {
                String value = values.get(row);
                String orNull = row % 5 == 0 ? null : value;
                batch.add(r -> r.set("s", value).set("n", orNull));
            }
            table.append(batch);
        }
        return row;
    }

    private static int number(Path file, String query) {
        try {
            return TestSql.number(file, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(Path file, List<String> values, int pageSize) {
        try (Vault vault = Vault.openReadOnly(file)) {
            List<Row> rows = vault.tables().get("t").rows(0, values.size());
            assertThat(rows).extracting(row -> row.get("s")).isEqualTo(values);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i).get("n")).isEqualTo(i % 5 == 0 ? null : values.get(i));
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
        assertThat(
                        number(
                                file,
                                "SELECT count(*) FROM kvault_col_blocks JOIN kvault_col_data d USING (block_id) "
                                        + "WHERE length(d.payload) <> capacity_bytes OR length(d.offsets) <> 8 * (row_capacity + 1)"))
                .as("blocks that are not as large as their entries say")
                .isZero();
        assertThat(number(
                        file,
                        "SELECT count(*) FROM kvault_col_blocks WHERE row_capacity > 1 AND capacity_bytes + 8 * row_capacity > "
                                + pageSize))
                .as("blocks of several rows that do not fit a page")
                .isZero();
        assertThat(number(
                        file,
                        "SELECT count(*) FROM (SELECT block_no < max(block_no) OVER (PARTITION BY col_id) AS full, block_id "
                                + "FROM kvault_col_blocks) b LEFT JOIN vault_block_ext e ON e.block_id = b.block_id "
                                + "AND e.crc32c IS NOT NULL WHERE b.full AND e.block_id IS NULL"))
                .as("full blocks without a checksum")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 0-0, 4000",
        "4096, 0-4, 4000",
        "4096, 20-60, 2000",
        "4096, 300-1500, 800",
        "4096, 1-9000, 300",
        "32768, 2-2, 12000",
        "32768, 10-30, 6000",
        "32768, 500-3000, 1500",
        "32768, 1-25000, 300"
    })
    void rowsThatComeOneByOneTakeNoMorePagesThanABatch(int pageSize, String sizes, int rows) {
        List<String> values = values(sizes, rows);
        Path together = write(values, pageSize, rows, 1);
        check(together, values, pageSize);
        int blocks = number(together, "SELECT count(*) FROM kvault_col_blocks");
        for (int portion : new int[] {1, 3, 50}) {
            for (int calls : new int[] {Integer.MAX_VALUE, 1 + rows / portion / 7}) {
                Path file = write(values, pageSize, portion, calls);
                check(file, values, pageSize);
                assertThat(number(file, "SELECT count(*) FROM kvault_col_blocks"))
                        .as("blocks in portions of %d, %d a vault, beside %d of one batch", portion, calls, blocks)
                        .isLessThanOrEqualTo(blocks * 23 / 20 + 4);
            }
        }
    }

    /** What the first elements were like says nothing of the ones after them. */
    @Test
    void aBlockThatWasDividedByOthersIsDividedAnew() {
        List<String> values = values("900-1000", 20);
        values.addAll(values("1-3", 10_000));
        values.addAll(values("900-1000", 200));
        long bytes = values.stream().mapToLong(v -> v.length() + 8L).sum();
        int pages = (int) (2 * bytes / 32_768);
        for (int portion : new int[] {1, 20, values.size()}) {
            Path file = write(values, 32_768, portion, Integer.MAX_VALUE);
            check(file, values, 32_768);
            assertThat(number(file, "SELECT count(*) FROM kvault_col_blocks"))
                    .as("blocks in portions of %d, beside %d pages of bytes", portion, pages)
                    .isLessThanOrEqualTo(pages * 23 / 20 + 4);
        }
    }
}
