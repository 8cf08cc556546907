package io.kohakuvault.internal.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Puts little-endian words of four bytes together that come in pieces; one may lie across two pages. */
abstract class WordTarget implements BytePieces {
    private final int end;
    private int at;
    private int carried;
    private int carry;

    private WordTarget(int from, int count) {
        this.at = from;
        this.end = from + count;
    }

    /** Words as floats. */
    static WordTarget of(float[] target, int from, int count) {
        return new WordTarget(from, count) {
            @Override
            void take(ByteBuffer words, int at, int whole) {
                words.asFloatBuffer().get(target, at, whole);
            }

            @Override
            void take(int word, int at) {
                target[at] = Float.intBitsToFloat(word);
            }
        };
    }

    /** Words as ints. */
    static WordTarget of(int[] target, int from, int count) {
        return new WordTarget(from, count) {
            @Override
            void take(ByteBuffer words, int at, int whole) {
                words.asIntBuffer().get(target, at, whole);
            }

            @Override
            void take(int word, int at) {
                target[at] = word;
            }
        };
    }

    abstract void take(ByteBuffer words, int at, int whole);

    abstract void take(int word, int at);

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
            take(page.slice(next, 4 * whole).order(ByteOrder.LITTLE_ENDIAN), at, whole);
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
            take(carry, at++);
            carried = 0;
            carry = 0;
        }
    }

    @Override
    public boolean isFull() {
        return at == end && carried == 0;
    }
}
