package io.kohakuvault.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** SQLite's variable-length integers, beside an encoder written from the file format's description. */
class VarintTest {
    private static byte[] encoded(long value) {
        if (value >>> 56 != 0) { // nine bytes, the last one whole
            byte[] bytes = new byte[9];
            bytes[8] = (byte) value;
            long rest = value >>> 8;
            for (int i = 7; i >= 0; i--, rest >>>= 7) {
                bytes[i] = (byte) (rest & 0x7F | 0x80);
            }
            return bytes;
        }
        int length = 1;
        while (length < 8 && value >>> 7 * length != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        for (int i = length - 1; i >= 0; i--, value >>>= 7) {
            bytes[i] = (byte) (value & 0x7F | (i < length - 1 ? 0x80 : 0));
        }
        return bytes;
    }

    private static void check(long value) {
        byte[] bytes = encoded(value);
        ByteBuffer page = ByteBuffer.allocate(bytes.length + 5);
        page.put(0, new byte[] {-1, -1, -1});
        page.put(3, bytes);
        assertThat(Varint.read(page, 3)).isEqualTo(value);
        assertThat(Varint.length(page, 3)).isEqualTo(bytes.length);
    }

    @Test
    void valuesOfEveryLengthAreRead() {
        for (int bits = 0; bits < 64; bits++) {
            long power = 1L << bits;
            for (long value :
                    new long[] {power - 1, power, power + 1, -power, ~power, power | 1, 0x5555555555555555L >>> bits}) {
                check(value);
            }
        }
    }

    @Test
    void oneThatTheBufferDoesNotHoldIsRefused() {
        ByteBuffer cut = ByteBuffer.wrap(new byte[] {-1, -1});
        assertThatThrownBy(() -> Varint.read(cut, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Varint.length(cut, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
