package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.guard.ZoneMap;
import io.kohakuvault.internal.column.ValueTest;
import java.util.BitSet;
import java.util.Set;
import java.util.function.Predicate;

/** What is asked of one column of a table, for a range of rows that the table has. */
final class ColumnReads {
    /** Where fewer than one in so many rows of a block are left, they are looked at one by one. */
    private static final int FEW = 16;

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
        ZoneMap zones = ZoneMap.of(reader, record, from, to);
        Predicate<BlockEntry> concerned = holdsOneOf(among, from);
        Predicate<BlockEntry> wanted = entry -> {
            if (!concerned.test(entry)) {
                return false;
            }
            ZoneMap.Share share = zones.share(entry, test);
            if (share == ZoneMap.Share.ALL) {
                addRows(entry, holding, from, to);
            }
            return share == ZoneMap.Share.UNKNOWN;
        };
        Marks marks = new Marks((int) (to - from));
        reader.visit(record, from, to, wanted, (block, first, last) -> {
            byte[] validity = nullable ? reader.validity(block.entry()) : null;
            int offset = (int) (block.firstRow() - from);
            if (among.get(offset + first, offset + last).cardinality() > (last - first) / FEW) {
                long[] words = marks.words();
                test.mark(block, first, last, words, offset);
                for (int i = first; validity != null && i < last; i++) {
                    if (!BlockReader.isPresent(validity, i)) {
                        words[(offset + i) >> 6] &= ~(1L << (offset + i));
                    }
                }
            } else if (validity == null) {
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
        marks.addTo(holding);
        holding.and(among);
        return holding;
    }

    /** Rows of the blocks that may have a value that is wanted, without reading them. */
    BitSet possible(ValueTest test, long from, long to) {
        ZoneMap zones = ZoneMap.of(reader, record, from, to);
        return rows(entry -> zones.mayHold(entry, test), from, to);
    }

    /** Rows of the blocks that have nulls, without reading them. */
    BitSet possiblyAbsent(long from, long to) {
        if (!nullable) {
            return new BitSet();
        }
        Set<Long> withNulls = reader.read(session -> BlockTables.blocksWithNulls(session, record.colId(), from, to));
        return rows(entry -> withNulls.contains(entry.blockId()), from, to);
    }

    private BitSet rows(Predicate<BlockEntry> wanted, long from, long to) {
        BitSet rows = new BitSet();
        Predicate<BlockEntry> looked = entry -> {
            if (wanted.test(entry)) {
                addRows(entry, rows, from, to);
            }
            return false; // its bytes are not
        };
        reader.visit(record, from, to, looked, (block, first, last) -> {});
        return rows;
    }

    private static void addRows(BlockEntry entry, BitSet rows, long from, long to) {
        rows.set((int) (Math.max(from, entry.firstRow()) - from), (int) (Math.min(to, entry.endRow()) - from));
    }

    private static Predicate<BlockEntry> holdsOneOf(BitSet among, long from) {
        return entry -> {
            int next = among.nextSetBit((int) Math.max(0, entry.firstRow() - from));
            return next >= 0 && from + next < entry.endRow();
        };
    }

    /** A bit for each row, in memory once a block is read: most windows of a guarded file have none that is. */
    private static final class Marks {
        private final int rows;
        private long[] words = {};

        Marks(int rows) {
            this.rows = rows;
        }

        long[] words() {
            if (words.length == 0) {
                words = new long[(rows + 63) >> 6];
            }
            return words;
        }

        void addTo(BitSet set) {
            if (words.length > 0) {
                set.or(BitSet.valueOf(words));
            }
        }
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
