package io.kohakuvault.internal.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.VaultCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must hold of a block before its bytes are believed: each condition, broken by one. */
class BlockChecksTest {
    /** Blocks of 10 rows of 8 bytes; the third holds 5. */
    private static final ColumnRecord FIXED = new ColumnRecord(1, "n", "i64", 8, 25, 80);

    private static final ColumnRecord VARIABLE = new ColumnRecord(2, "s", "str", 0, 25, 100);

    private static void entry(ColumnRecord column, BlockEntry entry) {
        BlockChecks.entry("a.db", column, entry);
    }

    @Test
    void soundEntriesPass() {
        entry(FIXED, new BlockEntry(7, 0, 0, 10, 80, 80, 10));
        entry(FIXED, new BlockEntry(7, 1, 10, 10, 80, 90, 11));
        entry(FIXED, new BlockEntry(7, 2, 20, 5, 40, 80, 10));
        entry(FIXED, new BlockEntry(7, 3, 30, 0, 0, 80, 10)); // none yet
        entry(VARIABLE, new BlockEntry(7, 3, 4, 3, 0, 1, 3));
        entry(VARIABLE, new BlockEntry(7, 3, 4, 0, 0, 1, 1));
        entry(VARIABLE, new BlockEntry(7, 3, 4, 3, 9, 9, 4));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 10, -1, 80, 80, 10", // rows
        "1, 10, 10, -1, 80, 10", // bytes
        "1, 10, 0, 0, 0, 10", // capacities
        "1, 10, 10, 80, 80, 0",
        "1, 10, 10, 80, 80, 9",
        "1, 10, 10, 80, 79, 10",
        "1, 10, 10, 79, 80, 10", // fewer bytes than rows take
        "1, 11, 10, 80, 80, 10", // place
        "1, 9, 10, 80, 80, 10",
        "1, 10, 9, 80, 80, 10", // a block before the last is full
        "2, 20, 10, 80, 80, 10", // the last one ends with the column
        "2, 20, 4, 80, 80, 10",
        "3, 30, 1, 8, 80, 10"
    })
    void anEntryOfAFixedSizeThatCannotBeIsRefused(
            long blockNo, long firstRow, int rows, int used, int capacity, int rowCapacity) {
        assertThatThrownBy(() -> entry(FIXED, new BlockEntry(7, blockNo, firstRow, rows, used, capacity, rowCapacity)))
                .isInstanceOf(VaultCorruptException.class)
                .hasMessageContaining("row 7")
                .hasMessageContaining("'n'");
    }

    @Test
    void anEntryOfAVariableSizeThatCannotBeIsRefused() {
        for (BlockEntry broken : List.of(
                new BlockEntry(7, 3, 4, -1, 0, 1, 3),
                new BlockEntry(7, 3, 4, 0, -1, 1, 3),
                new BlockEntry(7, 3, 4, 0, 0, 0, 3),
                new BlockEntry(7, 3, 4, 0, 0, 1, 0),
                new BlockEntry(7, 3, 4, 4, 1, 1, 3),
                new BlockEntry(7, 3, 4, 3, 2, 1, 3))) {
            assertThatThrownBy(() -> entry(VARIABLE, broken)).isInstanceOf(VaultCorruptException.class);
            assertThatThrownBy(() -> BlockChecks.all("a.db", VARIABLE, List.of(broken), 4, 4))
                    .isInstanceOf(VaultCorruptException.class);
        }
    }

    @Test
    void blocksFollowEachOtherWithoutAGap() {
        BlockEntry first = new BlockEntry(1, 0, 0, 10, 5, 9, 10);
        BlockEntry second = new BlockEntry(2, 1, 10, 15, 5, 9, 15);
        BlockEntry empty = new BlockEntry(3, 2, 25, 0, 0, 9, 15);
        BlockChecks.all("a.db", VARIABLE, List.of(first, second, empty), 0, 25);
        BlockChecks.all("a.db", VARIABLE, List.of(second), 12, 25);
        BlockChecks.all("a.db", VARIABLE, List.of(), 3, 3);
        for (List<BlockEntry> gap : List.of(
                List.of(first),
                List.of(second),
                List.<BlockEntry>of(),
                List.of(first, empty),
                List.of(first, new BlockEntry(2, 1, 11, 14, 5, 9, 15)),
                List.of(first, new BlockEntry(2, 1, 0, 10, 5, 9, 15), second),
                List.of(first, new BlockEntry(2, 1, 10, 14, 5, 9, 15)))) {
            assertThatThrownBy(() -> BlockChecks.all("a.db", VARIABLE, gap, 0, 25))
                    .as("%s", gap)
                    .isInstanceOf(VaultCorruptException.class)
                    .hasMessageContaining("no block holds row");
        }
    }

    private static ByteBuffer offsets(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            bytes.putLong(8 * i, values[i]);
        }
        return bytes;
    }

    /** Both ways of asking say the same. */
    @Test
    void offsetsBeginAtZeroAscendAndEndWhereTheBytesDo() {
        BlockEntry entry = new BlockEntry(7, 0, 0, 3, 9, 20, 5);
        for (ByteBuffer sound :
                List.of(offsets(0, 2, 2, 9), offsets(0, 0, 0, 9), offsets(0, 9, 9, 9), offsets(0, 2, 2, 9, 4, 0, 99))) {
            assertThat(BlockChecks.offsetsHold(entry, sound)).isTrue();
            assertThatCode(() -> BlockChecks.offsets("a.db", VARIABLE, entry, sound))
                    .doesNotThrowAnyException();
        }
        for (ByteBuffer broken : List.of(
                offsets(0, 2, 9),
                offsets(1, 2, 2, 9),
                offsets(0, 3, 2, 9),
                offsets(0, 2, 10, 9),
                offsets(0, 2, 2, 8),
                offsets(0, 2, 2, 10),
                offsets(0, -1, 2, 9),
                offsets(0, Long.MAX_VALUE, Long.MIN_VALUE, 9),
                offsets(-1, 2, 2, 9),
                offsets())) {
            assertThat(BlockChecks.offsetsHold(entry, broken)).isFalse();
            assertThatThrownBy(() -> BlockChecks.offsets("a.db", VARIABLE, entry, broken))
                    .isInstanceOf(VaultCorruptException.class);
        }
        assertThat(BlockChecks.offsetsHold(entry, null)).isFalse();
        assertThatThrownBy(() -> BlockChecks.offsets("a.db", VARIABLE, entry, null))
                .hasMessageContaining("no offsets");
        BlockChecks.payload("a.db", VARIABLE, entry, 9);
        assertThatThrownBy(() -> BlockChecks.payload("a.db", VARIABLE, entry, 8))
                .hasMessageContaining("8 bytes");
    }
}
