package io.kohakuvault.internal.block;

import io.kohakuvault.codec.DType;
import io.kohakuvault.spi.Origin;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Elements on their way into a column, in the column's own bytes: encoded once, then copied block by block. Not
 * thread-safe. One holds at most 2 GiB.
 */
public final class Elements {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final int elemSize;
    private byte[] bytes;
    private int used;
    private int[] ends;
    private int rows;
    private byte[] validity = {};
    private int nulls;

    /**
     * @param elemSize bytes of an element, 0 for variable size
     * @param expectedRows how many will come, roughly
     */
    public Elements(int elemSize, int expectedRows) {
        this.elemSize = elemSize;
        this.bytes = new byte[(int) Math.min(1 << 20, Math.max(16L, (long) expectedRows * Math.max(elemSize, 16)))];
        this.ends = elemSize > 0 ? new int[0] : new int[Math.max(4, expectedRows)];
    }

    public int rows() {
        return rows;
    }

    public int sizeBytes() {
        return used;
    }

    public int nulls() {
        return nulls;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where element i begins. */
    public int start(int i) {
        return elemSize > 0 ? i * elemSize : i == 0 ? 0 : ends[i - 1];
    }

    public boolean isPresent(int i) {
        return nulls == 0 || i >> 3 >= validity.length || (validity[i >> 3] >> (i & 7) & 1) == 0;
    }

    /** Forgets all elements and keeps the memory. */
    public void clear() {
        used = 0;
        rows = 0;
        nulls = 0;
        Arrays.fill(validity, (byte) 0);
    }

    /** Takes back what was added after there were {@code rows} elements: a record that failed half way. */
    public void truncate(int toRows) {
        for (int i = toRows; i < rows; i++) {
            if (!isPresent(i)) {
                validity[i >> 3] &= (byte) ~(1 << (i & 7));
                nulls--;
            }
        }
        used = start(toRows);
        rows = toRows;
    }

    /** The elements, of a fixed size, as a block of their own. */
    public BlockData asBlock() {
        return new BlockData(
                new BlockEntry(0, 0, 0, rows, used, Math.max(1, used), Math.max(1, rows)),
                ByteBuffer.wrap(bytes, 0, used).slice().order(ByteOrder.LITTLE_ENDIAN),
                null,
                null,
                Origin.COPIED);
    }

    /** Adds an integer or the bits of a float in the column's width. */
    public void addBits(long bits) {
        int at = reserve(elemSize);
        switch (elemSize) {
            case 1 -> bytes[at] = (byte) bits;
            case 2 -> SHORTS.set(bytes, at, (short) bits);
            case 4 -> INTS.set(bytes, at, (int) bits);
            default -> LONGS.set(bytes, at, bits);
        }
        rows++;
    }

    /** Adds one element's bytes; shorter ones of a fixed size are padded with zeros. */
    public void addBytes(byte[] element, int from, int length) {
        if (length > DType.MAX_ELEMENT_BYTES) {
            throw new IllegalArgumentException("an element may have 512 MiB, but was given " + length + " bytes");
        }
        if (elemSize > 0) {
            int at = reserve(elemSize);
            System.arraycopy(element, from, bytes, at, length);
            Arrays.fill(bytes, at + length, at + elemSize, (byte) 0);
        } else {
            int at = reserve(length);
            System.arraycopy(element, from, bytes, at, length);
            end();
        }
        rows++;
    }

    /** Adds a text of ASCII alone to a column of variable size; false, with nothing added, when it is another one. */
    public boolean addAscii(String text) {
        int length = text.length();
        int at = reserve(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                used = at;
                return false;
            }
            bytes[at + i] = (byte) c;
        }
        end();
        rows++;
        return true;
    }

    /** Adds the last element once more. */
    public void addLast() {
        int from = start(rows - 1);
        int length = used - from;
        int at = reserve(length);
        System.arraycopy(bytes, from, bytes, at, length);
        if (elemSize == 0) {
            end();
        }
        rows++;
    }

    /** Adds the elements [from, to) of a block of the same column. */
    public void addBlock(BlockData block, int from, int to) {
        ByteBuffer payload = block.payload();
        int start = elemSize > 0 ? from * elemSize : block.start(from);
        int end = elemSize > 0 ? to * elemSize : block.start(to);
        int at = reserve(end - start);
        payload.get(start, bytes, at, end - start);
        if (elemSize == 0) {
            for (int i = from + 1; i <= to; i++) {
                putEnd(rows + i - from - 1, at + block.start(i) - start);
            }
        }
        rows += to - from;
    }

    /**
     * {@link #addBlock(BlockData, int, int)} of a nullable column. The bytes of nulls stay as they are: who does not
     * know nulls may have written there.
     *
     * @param present the block's bitmap, null when all are present
     */
    public void addBlock(BlockData block, byte @Nullable [] present, int from, int to) {
        int at = rows;
        addBlock(block, from, to);
        for (int i = from; present != null && i < to; i++) {
            if (!BlockReader.isPresent(present, i)) {
                markNull(at + i - from);
            }
        }
    }

    /** Which of the elements [from, to) are present, as a block's bitmap; null when all are. */
    public byte @Nullable [] present(int from, int to) {
        byte[] bits = null;
        for (int i = from; nulls > 0 && i < to; i++) {
            if (!isPresent(i)) {
                if (bits == null) {
                    bits = new byte[(to - from + 7) / 8];
                    Arrays.fill(bits, (byte) -1);
                }
                bits[(i - from) >> 3] &= (byte) ~(1 << ((i - from) & 7));
            }
        }
        return bits;
    }

    /** Adds all elements of another of the same column, nulls too. */
    public void addAll(Elements other) {
        for (int i = 0; other.nulls > 0 && i < other.rows; i++) {
            if (!other.isPresent(i)) {
                markNull(rows + i);
            }
        }
        int at = reserve(other.used);
        System.arraycopy(other.bytes, 0, bytes, at, other.used);
        if (elemSize == 0) {
            for (int i = 0; i < other.rows; i++) {
                putEnd(rows + i, at + other.ends[i]);
            }
        }
        rows += other.rows;
    }

    /** Adds elements of a fixed size as they are stored: the buffer's remaining bytes, which are taken from it. */
    public void addRaw(ByteBuffer source) {
        int count = source.remaining() / elemSize;
        if (count * elemSize != source.remaining()) {
            throw new IllegalArgumentException(
                    source.remaining() + " bytes are no whole number of elements of " + elemSize + " bytes");
        }
        int length = source.remaining();
        source.get(bytes, reserve(length), length);
        rows += count;
    }

    public void addDoubles(double[] values, int from, int count) {
        int at = reserve(8L * count);
        ByteBuffer.wrap(bytes, at, 8 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .put(values, from, count);
        rows += count;
    }

    public void addInts(int[] values, int from, int count) {
        int at = reserve(4L * count);
        ByteBuffer.wrap(bytes, at, 4 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .put(values, from, count);
        rows += count;
    }

    /** Adds the elements of an array of floats as one element or as many of them, as the column's size says. */
    public void addFloats(float[] values, int from, int count) {
        int at = reserve(4L * count);
        ByteBuffer.wrap(bytes, at, 4 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .put(values, from, count);
        rows += 4 * count / elemSize;
    }

    public void addLongs(long[] values, int from, int count) {
        if (elemSize != 8) {
            for (int i = 0; i < count; i++) {
                addBits(values[from + i]);
            }
            return;
        }
        int at = reserve(8L * count);
        ByteBuffer.wrap(bytes, at, 8 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .put(values, from, count);
        rows += count;
    }

    /** Adds a null: zero or empty to those who do not know nulls. */
    public void addNull() {
        markNull(rows);
        int at = reserve(elemSize);
        Arrays.fill(bytes, at, at + elemSize, (byte) 0);
        if (elemSize == 0) {
            end();
        }
        rows++;
    }

    private void markNull(int row) {
        int byteAt = row >> 3;
        if (byteAt >= validity.length) {
            validity = Arrays.copyOf(validity, Math.max(2 * validity.length, byteAt + 64));
        }
        // The array marks nulls, so that it may be shorter than the rows.
        validity[byteAt] |= (byte) (1 << (row & 7));
        nulls++;
    }

    private void end() {
        putEnd(rows, used);
    }

    private void putEnd(int row, int end) {
        if (row >= ends.length) {
            ends = Arrays.copyOf(ends, Math.max(16, 2 * row));
        }
        ends[row] = end;
    }

    private int reserve(long more) {
        long needed = used + more;
        if (needed > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("more than 2 GiB in one call; append in several");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * bytes.length)));
        }
        int at = used;
        used = (int) needed;
        return at;
    }
}
