package io.kohakuvault.internal.page;

import java.nio.ByteBuffer;

/** SQLite's variable-length integers: big-endian, 7 bits a byte, the ninth byte whole. */
final class Varint {
    private Varint() {}

    static long read(ByteBuffer bytes, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            byte b = bytes.get(at + i);
            value = (value << 7) | (b & 0x7F);
            if (b >= 0) {
                return value;
            }
        }
        return (value << 8) | (bytes.get(at + 8) & 0xFF);
    }

    static int length(ByteBuffer bytes, int at) {
        for (int i = 0; i < 8; i++) {
            if (bytes.get(at + i) >= 0) {
                return i + 1;
            }
        }
        return 9;
    }
}
