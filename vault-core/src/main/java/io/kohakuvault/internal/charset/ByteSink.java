package io.kohakuvault.internal.charset;

import java.util.Arrays;

/** Bytes that grow, like ByteArrayOutputStream without its locks. Not thread-safe. */
public final class ByteSink {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int used;

    public ByteSink(int expectedBytes) {
        this.bytes = new byte[Math.max(16, expectedBytes)];
    }

    public void add(int value) {
        if (used == bytes.length) {
            grow(1);
        }
        bytes[used++] = (byte) value;
    }

    /** Adds a number's bytes, the most significant first, without leading zeros but for the number 0. */
    void addCode(int code) {
        if (code > 0xFFFF) {
            add(code >> 16);
        }
        if (code > 0xFF) {
            add(code >> 8);
        }
        add(code);
    }

    public void addAll(byte[] more, int from, int length) {
        if (length > bytes.length - used) {
            grow(length);
        }
        System.arraycopy(more, from, bytes, used, length);
        used += length;
    }

    private void grow(int more) {
        if (more > MAX_BYTES - used) {
            throw new IllegalArgumentException("a text of more than 2 GiB; split it");
        }
        bytes = Arrays.copyOf(bytes, Math.max(used + more, (int) Math.min(MAX_BYTES, 2L * bytes.length)));
    }

    public byte[] toByteArray() {
        return used == bytes.length ? bytes : Arrays.copyOf(bytes, used);
    }
}
