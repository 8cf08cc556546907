package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.guard.ZoneMap;
import java.util.BitSet;
import java.util.stream.LongStream;

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

    /** Which rows have a value in a range, ascending. */
    long[] within(RangeTest range, long from, long to) {
        LongStream.Builder found = LongStream.builder();
        ZoneMap.visit(reader, record, from, to, false, range, (block, first, last) -> {
            byte[] validity = nullable ? reader.validity(block.entry()) : null;
            for (int i = first; i < last; i++) {
                if (BlockReader.isPresent(validity, i) && range.holds(block, i)) {
                    found.add(block.firstRow() + i);
                }
            }
        });
        return found.build().toArray();
    }
}
