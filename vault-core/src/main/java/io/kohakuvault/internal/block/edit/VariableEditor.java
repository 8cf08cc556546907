package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.BlockChecks;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockSizes;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.sqlite.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes within a column of variable-size elements. The layout lets blocks be as full as they like, so a change
 * rewrites the blocks that hold the changed rows, and of those behind it no more than their places in the directory.
 * Used with the write lock held.
 */
final class VariableEditor {
    private final Session session;
    private final ColumnRecord column;
    private final int pageSize;
    private final BlockUpkeep upkeep;
    private long newLength;

    VariableEditor(Session session, ColumnRecord column, int pageSize, BlockUpkeep upkeep) {
        this.session = session;
        this.column = column;
        this.pageSize = pageSize;
        this.upkeep = upkeep;
    }

    /** Replaces the rows [from, to) by the elements given; {@code from} is less than the column's length. */
    void splice(long from, long to, Elements with) {
        List<BlockEntry> touched = new ArrayList<>(BlockTables.entries(session, column, from, Math.max(to, from + 1)));
        BlockChecks.all(session.file(), column, touched, from, Math.max(to, from + 1));
        newLength = column.length() + with.rows() - (to - from);
        BlockEntry first = touched.get(0);
        BlockEntry last = touched.get(touched.size() - 1);
        Elements content = new Elements(0, with.rows() + 16);
        BlockData head = read(first);
        add(content, head, 0, (int) (from - first.firstRow()));
        content.addAll(with);
        if (to < last.endRow()) {
            BlockData end = touched.size() == 1 ? head : read(last);
            add(content, end, (int) (to - last.firstRow()), last.rowCount());
        }
        long begin = first.firstRow();
        if (content.rows() > 0 && weight(content, 0, content.rows()) < room() / 4) {
            content = join(content, touched);
            begin = touched.get(0).firstRow();
        }
        write(content, begin, touched, with.rows() - (to - from));
    }

    private void add(Elements content, BlockData block, int from, int to) {
        if (from < to) {
            content.addBlock(block, upkeep.present(block.entry()), from, to);
        }
    }

    private BlockData read(BlockEntry entry) {
        return BlockReader.of(session).load(column, entry);
    }

    /**
     * Few rows are left: they go together with a neighbour where one has room, so that blocks do not become ever
     * smaller.
     */
    private Elements join(Elements content, List<BlockEntry> touched) {
        long own = weight(content, 0, content.rows());
        BlockEntry after = BlockTables.entryAfter(session, column.colId(), touched.get(touched.size() - 1))
                .orElse(null);
        if (after != null && after.rowCount() > 0 && own + weight(after) <= room() * 3L / 4) {
            BlockChecks.entry(session.file(), column, after);
            add(content, read(after), 0, after.rowCount());
            touched.add(after);
            return content;
        }
        BlockEntry before =
                BlockTables.entryBefore(session, column.colId(), touched.get(0)).orElse(null);
        if (before != null && before.rowCount() > 0 && own + weight(before) <= room() * 3L / 4) {
            BlockChecks.entry(session.file(), column, before);
            Elements joined = new Elements(0, before.rowCount() + content.rows());
            add(joined, read(before), 0, before.rowCount());
            joined.addAll(content);
            touched.add(0, before);
            return joined;
        }
        return content;
    }

    private static long weight(BlockEntry entry) {
        return entry.usedBytes() + 8L * entry.rowCount();
    }

    private static long weight(Elements elements, int from, int to) {
        return (long) elements.start(to) - elements.start(from) + 8L * (to - from);
    }

    /**
     * Bytes for elements and offsets of a block: a page's worth, or as much as KohakuVault's blocks of this column
     * have.
     */
    private int room() {
        return column.blockBytes() == BlockSizes.variable(pageSize)
                ? BlockSizes.variableRoom(pageSize) - 8
                : (int) Math.min(Integer.MAX_VALUE / 2, column.blockBytes() + column.blockBytes() / 2);
    }

    private void write(Elements content, long begin, List<BlockEntry> old, long moreRows) {
        BlockEntry last = old.get(old.size() - 1);
        int[] cuts = cuts(content);
        int blocks = cuts.length - 1;
        for (int i = blocks; i < old.size(); i++) {
            BlockWriter.delete(session, old.get(i).blockId());
        }
        if (moreRows != 0 || blocks != old.size()) {
            BlockWriter.moveFollowing(session, column.colId(), last.blockNo(), moreRows, blocks - old.size());
        }
        long blockNo = old.get(0).blockNo();
        for (int i = 0; i < blocks; i++) {
            // Blocks that stay keep their numbers, which may have gaps; new ones go behind the last of them.
            blockNo = i < old.size() ? old.get(i).blockNo() : blockNo + 1;
            writeBlock(content, cuts[i], cuts[i + 1], begin + cuts[i], blockNo, i < old.size() ? old.get(i) : null);
        }
    }

    /**
     * Where blocks begin, and the end: as few as hold the elements, evenly filled, so that each takes further
     * insertions.
     */
    private int[] cuts(Elements content) {
        int rows = content.rows();
        int room = room();
        long total = weight(content, 0, rows);
        long target = total / Math.max(1, (total + room - 1) / room);
        List<Integer> cuts = new ArrayList<>(List.of(0));
        int start = 0;
        for (int row = 0; row < rows; row++) {
            long so = weight(content, start, row);
            if (row > start && (so >= target || so + weight(content, row, row + 1) > room)) {
                cuts.add(row);
                start = row;
            }
        }
        if (rows > 0) {
            cuts.add(rows);
        }
        return cuts.stream().mapToInt(Integer::intValue).toArray();
    }

    private void writeBlock(Elements content, int from, int to, long firstRow, long blockNo, @Nullable BlockEntry old) {
        int rows = to - from;
        int bytes = content.start(to) - content.start(from);
        int room = room();
        int rowCapacity = rows;
        int capacity = Math.max(1, bytes);
        long spare = (long) room - bytes - 8L * rows;
        if (spare > 0) {
            rowCapacity += (int) (spare / (Math.max(1, bytes / rows) + 8));
            capacity = room - 8 * rowCapacity;
        }
        byte[] payload = new byte[capacity];
        System.arraycopy(content.bytes(), content.start(from), payload, 0, bytes);
        ByteBuffer offsets = ByteBuffer.allocate(8 * (rowCapacity + 1)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= rows; i++) {
            offsets.putLong(8 * i, (long) content.start(from + i) - content.start(from));
        }
        BlockEntry entry =
                new BlockEntry(old == null ? 0 : old.blockId(), blockNo, firstRow, rows, bytes, capacity, rowCapacity);
        if (old == null) {
            entry = BlockWriter.insert(session, column.colId(), entry, payload, offsets.array());
        } else {
            BlockWriter.update(session, entry, payload, offsets.array());
        }
        // The last block of the column takes what is appended next.
        boolean full = firstRow + rows < newLength;
        upkeep.rewritten(entry, full, payload, offsets.array(), content.present(from, to));
    }
}
