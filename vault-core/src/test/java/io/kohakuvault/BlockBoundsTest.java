package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The least and the greatest value that a guarded file keeps of each full block. */
class BlockBoundsTest {
    private static final int LONGEST_BOUND = 64;

    @TempDir
    Path folder;

    /**
     * Bytes of few values, so that many begin alike: zeros at the end, the highest bit, and ends at and around the
     * eighth and the sixteenth byte.
     */
    private static byte @Nullable [] bytes(Random random, int mostBytes) {
        if (random.nextInt(10) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(mostBytes + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextInt(8) > 0 ? 7 : (byte) new int[] {0, 1, 0x7F, 0x80, 0xFF}[random.nextInt(5)];
        }
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 8", "2, 9", "3, 17", "4, 40", "5, 70", "6, 0"})
    void ofBytesInTheirUnsignedOrder(int seed, int mostBytes) throws Exception {
        Random random = new Random(seed);
        Path file = folder.resolve("b.db");
        List<byte @Nullable []> rows = new ArrayList<>();
        try (Vault vault =
                Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true).withPageSizeBytes(4096))) {
            Table table = vault.tables().ensure("t", t -> t.nullable("b", DType.BYTES));
            for (int call = 0; call < 60; call++) {
                vault.transact(() -> {
                    for (int i = random.nextInt(200); i >= 0; i--) {
                        byte[] value = bytes(random, mostBytes);
                        rows.add(value);
                        table.append(row -> row.setObject("b", value));
                    }
                });
            }
        }
        List<String> blocks = TestSql.strings(
                file,
                "SELECT b.row_count || ' ' || (e.crc32c IS NULL) || ' ' || iif(e.min_value IS NULL, '-', hex(e.min_value)) || ' ' || iif(e.max_value IS NULL, '-', hex(e.max_value)) "
                        + "FROM kvault_col_blocks b LEFT JOIN vault_block_ext e USING (block_id) ORDER BY b.block_no");
        int from = 0;
        int full = 0;
        for (String block : blocks) {
            String[] parts = block.split(" ", -1);
            int end = from + Integer.parseInt(parts[0]);
            if (parts[1].equals("0")) {
                full++;
                assertThat(parts[2] + " " + parts[3])
                        .as("rows %d to %d", from, end)
                        .isEqualTo(bounds(rows.subList(from, end)));
            }
            from = end;
        }
        assertThat(from).isEqualTo(rows.size());
        assertThat(full).isPositive();
    }

    private static String bounds(List<byte @Nullable []> rows) {
        List<byte[]> sorted = rows.stream()
                .filter(Objects::nonNull)
                .sorted((Comparator<byte[]>) Arrays::compareUnsigned)
                .toList();
        if (sorted.isEmpty()) {
            return "- -";
        }
        byte[] min = sorted.get(0);
        byte[] max = sorted.get(sorted.size() - 1);
        HexFormat hex = HexFormat.of().withUpperCase();
        return min.length > LONGEST_BOUND || max.length > LONGEST_BOUND
                ? "- -"
                : hex.formatHex(min) + " " + hex.formatHex(max);
    }
}
