package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.guard.ZoneMap;
import io.kohakuvault.internal.column.ValueTest;
import java.util.BitSet;
import java.util.function.Predicate;

/** What is asked of one column of a table, for a range of rows that the table has. */
final class ColumnReads {
    private final BlockReader reader;
    private final ColumnRecord record;
    private final boolean nullable;

    ColumnReads(BlockReader reader, ColumnRecord record, TableColumn column) {
        this.reader = reader;
        this.record = record;
        this.nullable = column.schema().nullable();
    }

    /** Which rows have a value, counted from the first. */
    BitSet present(long from, long to) {
        BitSet present = new BitSet();
        if (!nullable) {
            present.set(0, Math.toIntExact(to - from));
            return present;
        }
        reader.visit(record, from, to, (block, first, last) -> {
            byte[] validity = reader.validity(block.entry());
            for (int i = first; i < last; i++) {
                present.set((int) (block.firstRow() + i - from), BlockReader.isPresent(validity, i));
            }
        });
        return present;
    }

    /**
     * Which of some rows have no value.
     *
     * @param among counted from the first; blocks that have none of them are not read
     */
    BitSet absent(BitSet among, long from, long to) {
        BitSet absent = new BitSet();
        if (!nullable) {
            return absent;
        }
        reader.visit(record, from, to, holdsOneOf(among, from), (block, first, last) -> {
            byte[] validity = reader.validity(block.entry());
            if (validity != null) {
                select(among, absent, block, first, last, from, (b, i) -> !BlockReader.isPresent(validity, i));
            }
        });
        return absent;
    }

    /** Which of some rows have a value that is wanted. */
    BitSet holding(ValueTest test, BitSet among, long from, long to) {
        BitSet holding = new BitSet();
        ZoneMap.visit(reader, record, from, to, false, test, holdsOneOf(among, from), (block, first, last) -> {
            byte[] validity = nullable ? reader.validity(block.entry()) : null;
            if (validity == null) {
                select(among, holding, block, first, last, from, test::holds);
            } else {
                select(
                        among,
                        holding,
                        block,
                        first,
                        last,
                        from,
                        (b, i) -> BlockReader.isPresent(validity, i) && test.holds(b, i));
            }
        });
        return holding;
    }

    private static Predicate<BlockEntry> holdsOneOf(BitSet among, long from) {
        return entry -> {
            int next = among.nextSetBit((int) Math.max(0, entry.firstRow() - from));
            return next >= 0 && from + next < entry.endRow();
        };
    }

    @FunctionalInterface
    private interface Wanted {
        boolean test(BlockData block, int i);
    }

    private static void select(
            BitSet among, BitSet selected, BlockData block, int first, int last, long from, Wanted wanted) {
        int offset = (int) (block.firstRow() - from); // of the block's row 0, which may be before the range
        int end = offset + last;
        for (int row = among.nextSetBit(offset + first); row >= 0 && row < end; row = among.nextSetBit(row + 1)) {
            if (wanted.test(block, row - offset)) {
                selected.set(row);
            }
        }
    }
}
