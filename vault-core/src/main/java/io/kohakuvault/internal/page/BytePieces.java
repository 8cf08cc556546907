package io.kohakuvault.internal.page;

import java.nio.ByteBuffer;

/** Takes bytes that come in pieces, a page's at a time. */
interface BytePieces {
    /** Takes the next bytes. */
    void add(ByteBuffer page, int from, int length);

    /** Whether all that are wanted have come. */
    boolean isFull();
}
