package io.kohakuvault.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What the header of the wal-index says, and when it says nothing. */
class WalIndexTest {
    private static final int COPY = 48;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(WalIndex.BYTES).order(ByteOrder.nativeOrder());
    private final WalIndex index = new WalIndex(bytes);

    WalIndexTest() {
        for (int copy = 0; copy < 2 * COPY; copy += COPY) {
            bytes.putInt(copy, 3_007_000); // version
            bytes.putInt(copy + 8, 41); // number of the change
            bytes.put(copy + 12, (byte) 1); // initialised
            bytes.putInt(copy + 16, 500); // last frame
            bytes.putInt(copy + 20, 77); // pages
            bytes.putLong(copy + 24, 0x1122334455667788L); // checksum of the frames
            bytes.putLong(copy + 32, 0x0102030405060708L); // salts
            bytes.putLong(copy + 40, 0x99AABBCCDDEEFF00L); // checksum of the header
        }
        bytes.putInt(96, 499); // copied back
    }

    @Test
    void aHeaderWithBothCopiesAlikeIsAState() {
        WalIndex.Stamp stamp = index.stamp();
        assertThat(stamp).isNotNull();
        assertThat(index.isAt(stamp)).isTrue();
        assertThat(index.frames(stamp)).isEqualTo(500);
        assertThat(index.pages(stamp)).isEqualTo(77);
        assertThat(index.committedFrames()).isEqualTo(500);
        assertThat(index.stamp()).isEqualTo(stamp);
    }

    @Test
    void countsAreUnsigned() {
        for (int copy = 0; copy < 2 * COPY; copy += COPY) {
            bytes.putInt(copy + 16, -2);
            bytes.putInt(copy + 20, -3);
        }
        WalIndex.Stamp stamp = index.stamp();
        assertThat(index.frames(stamp)).isEqualTo(0xFFFFFFFEL);
        assertThat(index.pages(stamp)).isEqualTo(0xFFFFFFFDL);
        assertThat(index.committedFrames()).isEqualTo(0xFFFFFFFEL);
    }

    @Test
    void nothingIsSaidWhileTheCopiesDiffer() {
        for (int at = 0; at < COPY; at++) {
            byte before = bytes.get(at);
            bytes.put(at, (byte) (before + 1));
            assertThat(index.stamp()).as("first copy, byte %d", at).isNull();
            bytes.put(at, before);
            bytes.put(COPY + at, (byte) (before + 1));
            assertThat(index.stamp()).as("second copy, byte %d", at).isNull();
            bytes.put(COPY + at, before);
        }
        assertThat(index.stamp()).isNotNull();
    }

    @Test
    void nothingIsSaidBeforeItIsInitialised() {
        bytes.put(12, (byte) 0);
        bytes.put(COPY + 12, (byte) 0);
        assertThat(index.stamp()).isNull();
    }

    /** A commit changes any of it; the first copy is the one that is written last. */
    @Test
    void aStateIsOverWithTheFirstChangedByte() {
        WalIndex.Stamp stamp = index.stamp();
        for (int at = 8; at < COPY; at++) {
            byte before = bytes.get(at);
            bytes.put(at, (byte) ~before);
            assertThat(index.isAt(stamp)).as("byte %d", at).isFalse();
            bytes.put(at, before);
        }
        assertThat(index.isAt(stamp)).isTrue();
    }

    @Test
    void itIsCopiedBackWhenTheLastFrameIs() {
        assertThat(index.isCopiedBack()).isFalse();
        bytes.putInt(96, 500);
        assertThat(index.isCopiedBack()).isTrue();
    }

    @Test
    void theSaltsAreThoseOfItsLog() {
        WalIndex.Stamp stamp = index.stamp();
        byte[] header = new byte[32];
        bytes.get(32, header, 16, 8);
        assertThat(WalIndex.isOf(stamp, header)).isTrue();
        for (int i = 16; i < 24; i++) {
            byte[] other = header.clone();
            other[i]++;
            assertThat(WalIndex.isOf(stamp, other)).isFalse();
        }
        assertThat(WalIndex.isOf(stamp, new byte[0])).isFalse();
        assertThat(WalIndex.isOf(stamp, new byte[23])).isFalse();
    }
}
