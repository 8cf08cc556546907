package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** The different texts of a column, numbered as they come first. Immutable once it is made. */
final class TextDictionary {
    private static final int MOST_TEXTS = 1 << 20;
    private static final long MOST_BYTES = 256 << 20;

    private final ColumnBlocks column;
    private final @Nullable ElementConversion conversion;
    private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
    private final List<byte[]> texts = new ArrayList<>();
    private long bytes;

    private TextDictionary(ColumnBlocks column, @Nullable ElementConversion conversion) {
        this.column = column;
        this.conversion = conversion;
    }

    /**
     * Reads the rows of a scan.
     *
     * @param conversion from what is stored to UTF-8; null where that is it
     * @throws IllegalArgumentException when there are too many different texts; names the column
     */
    static TextDictionary of(ColumnBlocks column, @Nullable ElementConversion conversion, ScanPlan plan) {
        TextDictionary dictionary = new TextDictionary(column, conversion);
        TakenRows taken = plan.taken();
        for (long at = plan.from(); at < plan.to(); ) {
            long row = taken == null ? at : taken.row((int) at);
            try (BlockView block = column.block(row)) {
                int first = (int) (row - block.firstRow());
                int count = taken == null ? (int) Math.min(plan.to() - at, block.rows() - first) : 1;
                dictionary.add(block, first, count);
                at += count;
            }
        }
        return dictionary;
    }

    private void add(BlockView block, int first, int count) {
        byte[] validity = column.nullable() ? block.validity() : null;
        for (int i = first; i < first + count; i++) {
            if (!isPresent(validity, i)) {
                continue;
            }
            ByteBuffer stored = element(block, i);
            if (!numbers.containsKey(stored)) {
                byte[] copy = new byte[stored.remaining()];
                stored.get(copy);
                byte[] text = converted(copy, block.firstRow() + i);
                bytes += copy.length + text.length;
                if (texts.size() == MOST_TEXTS || bytes > MOST_BYTES) {
                    throw new IllegalArgumentException("column '" + column.name() + "' has more than " + texts.size()
                            + " different texts, too many for a dictionary; leave it out of dictionaries(…)");
                }
                numbers.put(ByteBuffer.wrap(copy), texts.size());
                texts.add(text);
            }
        }
    }

    private byte[] converted(byte[] stored, long row) {
        try {
            return conversion == null ? stored : conversion.convert(stored);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("column '" + column.name() + "', row " + row + ": " + e.getMessage(), e);
        }
    }

    /** What stands in a row of a block. */
    private ByteBuffer element(BlockView block, int i) {
        ByteBuffer offsets = block.offsets();
        int size = column.dtype().elementSizeBytes();
        int start = offsets == null ? i * size : (int) offsets.getLong(8 * i);
        int end = offsets == null ? start + size : (int) offsets.getLong(8 * (i + 1));
        return block.payload().slice(start, end - start);
    }

    /** The number of the text in a row of a block, which is there. */
    int number(BlockView block, int i) {
        return Objects.requireNonNull(numbers.get(element(block, i)), "rows of a snapshot stay");
    }

    /** Fills the vector of Arrow's dictionary; it may hold a part already. */
    void fill(ValueVector vector) {
        vector.reset();
        for (int i = 0; i < texts.size(); i++) {
            if (vector instanceof VarCharVector shorter) {
                shorter.setSafe(i, texts.get(i));
            } else {
                ((LargeVarCharVector) vector).setSafe(i, texts.get(i));
            }
        }
        vector.setValueCount(texts.size());
    }

    private static boolean isPresent(byte @Nullable [] validity, int i) {
        return validity == null || (validity[i >> 3] >> (i & 7) & 1) != 0;
    }
}
