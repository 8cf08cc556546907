package io.kohakuvault.spark;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as Spark's {@link Platform} takes them: an address, or an array with an offset. Whoever has one keeps the
 * buffer reachable, for the collector unmaps what is not.
 *
 * @param base null for an address
 * @param offset the address, or the offset within the array object
 */
record Memory(@Nullable Object base, long offset) {
    private static final @Nullable VarHandle ADDRESS = address();

    /** Where java.nio is not opened to this code, as Spark's own scripts do, mapped bytes are copied. */
    private static @Nullable VarHandle address() {
        try {
            return MethodHandles.privateLookupIn(Buffer.class, MethodHandles.lookup())
                    .findVarHandle(Buffer.class, "address", long.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    static Memory of(byte[] array) {
        return new Memory(array, Platform.BYTE_ARRAY_OFFSET);
    }

    /** The bytes between a buffer's position and its limit. */
    static Memory of(ByteBuffer buffer) {
        VarHandle address = ADDRESS;
        if (buffer.isDirect() && address != null) {
            return new Memory(null, (long) address.get((Buffer) buffer) + buffer.position());
        } else if (buffer.hasArray()) {
            return new Memory(
                    buffer.array(), (long) Platform.BYTE_ARRAY_OFFSET + buffer.arrayOffset() + buffer.position());
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return of(copy);
    }

    /** Whether {@link #of(ByteBuffer)} hands out mapped bytes by address. */
    static boolean isMappable() {
        return ADDRESS != null;
    }

    void copy(long from, Memory to, long target, long bytes) {
        Platform.copyMemory(base, offset + from, to.base, to.offset + target, bytes);
    }

    long getLong(long at) {
        return Platform.getLong(base, offset + at);
    }
}
