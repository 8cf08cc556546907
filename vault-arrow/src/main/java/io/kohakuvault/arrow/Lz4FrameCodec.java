package io.kohakuvault.arrow;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;

/** LZ4 frames of independent blocks without checksums, for writers alone. */
final class Lz4FrameCodec extends AbstractCompressionCodec {
    /** The magic number, the flags, blocks of 4 MiB at most, and the checksum of these two bytes. */
    private static final byte[] HEADER = {0x04, 0x22, 0x4D, 0x18, 0x60, 0x70, 0x73};

    private static final int BLOCK_BYTES = 4 << 20;
    private static final int NOT_COMPRESSED = 1 << 31;

    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();

    /** Makes this one, whichever is asked for. */
    static final class Factory implements CompressionCodec.Factory {
        @Override
        public CompressionCodec createCodec(CodecType type) {
            return new Lz4FrameCodec();
        }

        @Override
        public CompressionCodec createCodec(CodecType type, int level) {
            return new Lz4FrameCodec();
        }
    }

    @Override
    protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf plain) {
        long size = plain.writerIndex();
        long blocks = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
        long most = CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH
                + HEADER.length
                + blocks * (Integer.BYTES + compressor.maxCompressedLength((int) Math.min(size, BLOCK_BYTES)))
                + Integer.BYTES;
        ArrowBuf frame = allocator.buffer(most);
        long at = CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH;
        frame.setBytes(at, HEADER);
        at += HEADER.length;
        for (long from = 0; from < size; from += BLOCK_BYTES) {
            int length = (int) Math.min(BLOCK_BYTES, size - from);
            int room = compressor.maxCompressedLength(length);
            ByteBuffer source = plain.nioBuffer(from, length);
            ByteBuffer target = frame.nioBuffer(at + Integer.BYTES, room);
            int compressed = compressor.compress(source, 0, length, target, 0, room);
            if (compressed < length) {
                frame.setInt(at, compressed);
                at += Integer.BYTES + compressed;
            } else {
                frame.setInt(at, length | NOT_COMPRESSED);
                frame.setBytes(at + Integer.BYTES, plain, from, length);
                at += Integer.BYTES + length;
            }
        }
        frame.setInt(at, 0);
        frame.writerIndex(at + Integer.BYTES);
        return frame;
    }

    @Override
    protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf compressed) {
        throw new UnsupportedOperationException("readers have codecs of their own");
    }

    @Override
    public CodecType getCodecType() {
        return CodecType.LZ4_FRAME;
    }
}
