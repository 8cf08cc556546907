package io.kohakuvault.internal.page;

import java.nio.ByteBuffer;

/** Puts bytes into an array that come in pieces. */
final class ByteTarget implements BytePieces {
    private final byte[] target;
    private final int end;
    private int at;

    ByteTarget(byte[] target, int from, int count) {
        this.target = target;
        this.at = from;
        this.end = from + count;
    }

    @Override
    public void add(ByteBuffer page, int from, int length) {
        page.get(from, target, at, length);
        at += length;
    }

    @Override
    public boolean isFull() {
        return at == end;
    }
}
