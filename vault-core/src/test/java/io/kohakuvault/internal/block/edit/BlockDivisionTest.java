package io.kohakuvault.internal.block.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockSizes;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A block's bytes and offsets together fill its page and never more. */
class BlockDivisionTest {
    private static ColumnRecord column(int pageSize) {
        return new ColumnRecord(1, "s", "str", 0, 0, BlockSizes.blockBytes(DType.STR, pageSize));
    }

    private static Elements elements(int count, int sizeBytes) {
        Elements elements = new Elements(0, count);
        for (int i = 0; i < count; i++) {
            elements.addBytes(new byte[sizeBytes], 0, sizeBytes);
        }
        return elements;
    }

    /**
     * Figures of the file format; the largest record that a leaf page of SQLite takes has 35 bytes less than the page.
     */
    @Test
    void blocksAreAsLargeAsAPageTakes() {
        assertThat(BlockSizes.blockBytes(DType.I64, 4096)).isEqualTo(4032);
        assertThat(BlockSizes.blockBytes(DType.I64, 32_768)).isEqualTo(32_704);
        assertThat(BlockSizes.blockBytes(DType.I64, 65_536)).isEqualTo(65_472);
        assertThat(BlockSizes.blockBytes(DType.STR, 4096)).isEqualTo(2688);
        assertThat(BlockSizes.blockBytes(DType.STR, 32_768)).isEqualTo(21_808);
        assertThat(BlockSizes.variableRoom(4096)).isEqualTo(4053);
        assertThat(BlockSizes.variableRoom(65_536)).isEqualTo(65_493);
    }

    @Test
    void asManyOfABatchGoIntoABlockAsFit() {
        Random random = new Random(1);
        for (int pageSize : new int[] {4096, 32_768}) {
            for (int i = 0; i < 200; i++) {
                Elements elements = new Elements(0, 4_000);
                int most = 1 << random.nextInt(10);
                for (int n = 0; n < 6_000; n++) {
                    int size = random.nextInt(most);
                    elements.addBytes(new byte[size], 0, size);
                }
                int row = random.nextInt(100);
                BlockDivision division = BlockDivision.first(column(pageSize), pageSize, elements, row);
                int room = BlockSizes.variableRoom(pageSize) - 8;
                assertThat(division.capacityBytes() + 8 * division.rowCapacity())
                        .isEqualTo(room);
                int rows = division.rowCapacity();
                assertThat(elements.start(row + rows) - elements.start(row))
                        .isLessThanOrEqualTo(division.capacityBytes());
                if (rows < room / 9) {
                    assertThat(elements.start(row + rows + 1) - elements.start(row) + 8 * (rows + 1))
                            .isGreaterThan(room);
                }
            }
        }
    }

    @Test
    void fewElementsSayNothingOfThoseThatWillComeAndManyDo() {
        ColumnRecord column = column(32_768);
        BlockDivision few = BlockDivision.first(column, 32_768, elements(7, 2), 0);
        assertThat(few.rowCapacity()).isEqualTo((int) column.blockBytes() / 16);
        BlockDivision many = BlockDivision.first(column, 32_768, elements(8, 2), 0);
        assertThat(many.rowCapacity()).isEqualTo((BlockSizes.variableRoom(32_768) - 8) / 10);
        BlockDivision large = BlockDivision.first(column, 32_768, elements(2, 12_000), 0);
        assertThat(large.capacityBytes()).isGreaterThanOrEqualTo(24_000);
        assertThat(large.rowCapacity()).isGreaterThanOrEqualTo(2);
        BlockDivision empty = BlockDivision.first(column, 32_768, elements(9_000, 0), 0);
        assertThat(empty.capacityBytes()).isPositive();
        assertThat(empty.rowCapacity()).isEqualTo((BlockSizes.variableRoom(32_768) - 8) / 9);
    }

    @Test
    void whatFitsNoPageGetsABlockOfItsSize() {
        ColumnRecord column = column(4096);
        int most = BlockSizes.variableRoom(4096) - 16;
        assertThat(BlockDivision.first(column, 4096, elements(1, most), 0)).isEqualTo(new BlockDivision(1, most));
        assertThat(BlockDivision.first(column, 4096, elements(3, most + 1), 1))
                .isEqualTo(new BlockDivision(1, most + 1));
        assertThat(BlockDivision.first(column, 4096, elements(3, 100_000), 0)).isEqualTo(new BlockDivision(1, 100_000));
    }

    /** Blocks of KohakuVault's size in a file of other pages stay as KohakuVault makes them. */
    @Test
    void blocksOfAnotherPageSizeAreDividedAsKohakuVaultDoesIt() {
        ColumnRecord column = column(4096);
        assertThat(BlockDivision.first(column, 32_768, elements(500, 2), 0))
                .isEqualTo(new BlockDivision((int) column.blockBytes() / 16, (int) column.blockBytes()));
        assertThat(BlockDivision.isWorthwhile(column, 32_768, 1, 2)).isFalse();
        int size = (int) column.blockBytes();
        assertThat(BlockDivision.first(column, 32_768, elements(1, size + 1), 0))
                .isEqualTo(new BlockDivision(1, size + 1));
        assertThat(BlockDivision.first(column, 32_768, elements(1, size), 0))
                .isEqualTo(new BlockDivision(size / 16, size));
    }

    @Test
    void aBlockIsDividedAnewForAnEighthOfItsPageByWhatItHoldsAndWhatComes() {
        ColumnRecord column = column(32_768);
        int room = BlockSizes.variableRoom(32_768) - 8;
        int rows = 1_000;
        int used = room - 8 * rows - room / 8;
        assertThat(BlockDivision.isWorthwhile(column, 32_768, rows, used)).isTrue();
        assertThat(BlockDivision.isWorthwhile(column, 32_768, rows, used + 1)).isFalse();
        assertThat(BlockDivision.isWorthwhile(column, 32_768, 0, 0)).isFalse();
        assertThat(BlockDivision.isWorthwhile(new ColumnRecord(1, "n", "i64", 8, 0, 32_704), 32_768, 1, 8))
                .isFalse();
        BlockDivision division = BlockDivision.of(column, 32_768, 1_363, 2 * 1_363, elements(1, 2), 0);
        assertThat(division.rowCapacity()).isEqualTo(room / 10);
        assertThat(division.capacityBytes() + 8 * division.rowCapacity()).isEqualTo(room);
        BlockDivision exact = BlockDivision.of(column, 32_768, 10, 10_000, elements(100, 1_000), 50);
        assertThat(exact.rowCapacity()).isEqualTo(10 + (room - 10_000 - 80) / 1_008);
        BlockDivision wide = BlockDivision.of(column, 32_768, 10, 10_000, elements(60, 20), 58); // two more
        assertThat(wide.capacityBytes()).isGreaterThanOrEqualTo(10_040);
        assertThat(wide.rowCapacity()).isBetween(12, 40);
    }
}
