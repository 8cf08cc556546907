package io.kohakuvault.internal.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header of the wal-index (https://sqlite.org/walformat.html), mapped: every commit of every process changes it
 * before the commit returns, so whether a state of the file is still the newest is known without a system call.
 * Thread-safe.
 */
public final class WalIndex {
    /** Both copies of the header, and behind them how many frames have been copied back. */
    static final int BYTES = 136;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int HEADER_BYTES = 48;
    private static final int INITIALISED = 12;
    private static final int LAST_FRAME = 16;
    private static final int COPIED_BACK = 96;

    private final ByteBuffer mapped;

    /** @param mapped the beginning of the -shm, aligned */
    WalIndex(ByteBuffer mapped) {
        this.mapped = mapped.order(ByteOrder.nativeOrder());
    }

    /** A state of the file: number of its last change, last frame, running checksum of the frames, salts. */
    public record Stamp(long first, long change, long lastFrame, long checksum, long salts, long own) {}

    /** The newest state; null while a writer is between the header's two copies. */
    public @Nullable Stamp stamp() {
        if (mapped.get(INITIALISED) == 0) {
            return null;
        }
        for (int at = 0; at < HEADER_BYTES; at += 8) {
            if (longAt(at) != longAt(at + HEADER_BYTES)) {
                return null;
            }
        }
        Stamp stamp = new Stamp(longAt(0), longAt(8), longAt(16), longAt(24), longAt(32), longAt(40));
        return isAt(stamp) ? stamp : null;
    }

    /** Whether no commit has returned since. */
    public boolean isAt(Stamp stamp) {
        return longAt(8) == stamp.change
                && longAt(16) == stamp.lastFrame
                && longAt(24) == stamp.checksum
                && longAt(32) == stamp.salts
                && longAt(40) == stamp.own;
    }

    /** How many frames a state has: the first half of its third part, in memory order. */
    long frames(Stamp stamp) {
        return (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? stamp.lastFrame : stamp.lastFrame >>> 32)
                & 0xFFFFFFFFL;
    }

    /** How many frames the newest state has. */
    long committedFrames() {
        return mapped.getInt(LAST_FRAME) & 0xFFFFFFFFL;
    }

    /** How many pages the database has in a state: the second half. */
    long pages(Stamp stamp) {
        return (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? stamp.lastFrame >>> 32 : stamp.lastFrame)
                & 0xFFFFFFFFL;
    }

    /** The salts of a state's frames as they stand in the -wal. */
    static boolean isOf(Stamp stamp, byte[] walHeader) {
        ByteBuffer salts = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, stamp.salts);
        return walHeader.length >= 24 && Arrays.equals(salts.array(), 0, 8, walHeader, 16, 24);
    }

    /** Whether all that is committed stands in the database file itself. */
    public boolean isCopiedBack() {
        return mapped.getInt(COPIED_BACK) == mapped.getInt(LAST_FRAME);
    }

    private long longAt(int at) {
        return (long) LONGS.getAcquire(mapped, at);
    }
}
