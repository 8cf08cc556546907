package io.kohakuvault.internal.block;

import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The checked bytes of one block.
 *
 * @param payload used bytes, little-endian, read-only by convention
 * @param offsets row_count + 1 offsets for a variable size, else null
 * @param validity bitmap of at least row_count bits, or null when all are present
 */
@SuppressWarnings("ArrayRecordComponent") // a view on its way to a reader, never compared
public record BlockData(
        BlockEntry entry, ByteBuffer payload, @Nullable ByteBuffer offsets, byte @Nullable [] validity, Origin origin) {

    /** The row of the column at which the block begins. */
    public long firstRow() {
        return entry.firstRow();
    }

    /** Whether a row of the column is in the block. */
    public boolean holds(long row) {
        return row >= entry.firstRow() && row < entry.endRow();
    }

    /** Where element i of the block begins in the payload, for columns of variable size. */
    public int start(int i) {
        ByteBuffer o = offsets;
        return o == null ? 0 : (int) o.getLong(8 * i);
    }
}
