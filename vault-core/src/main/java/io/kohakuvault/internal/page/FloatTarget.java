package io.kohakuvault.internal.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Puts little-endian floats together whose bytes come in pieces, a page's at a time; one may lie across two pages. */
final class FloatTarget implements BytePieces {
    private final float[] target;
    private final int end;
    private int at;
    private int carried;
    private int carry;

    FloatTarget(float[] target, int from, int count) {
        this.target = target;
        this.at = from;
        this.end = from + count;
    }

    @Override
    public void add(ByteBuffer page, int from, int length) {
        int next = from;
        int left = length;
        while (carried > 0 && left > 0) {
            carry(page.get(next++));
            left--;
        }
        int whole = left / 4;
        if (whole > 0) {
            page.slice(next, 4 * whole)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(target, at, whole);
            at += whole;
        }
        for (int i = next + 4 * whole; i < next + left; i++) {
            carry(page.get(i));
        }
    }

    private void carry(byte b) {
        carry |= (b & 0xFF) << (8 * carried);
        carried++;
        if (carried == 4) {
            target[at++] = Float.intBitsToFloat(carry);
            carried = 0;
            carry = 0;
        }
    }

    @Override
    public boolean isFull() {
        return at == end && carried == 0;
    }
}
